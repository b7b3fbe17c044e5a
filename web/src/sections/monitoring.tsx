/** Monitoring: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function MonitoringSection() {
  return <SectionTitle title="Monitoring" />;
}
