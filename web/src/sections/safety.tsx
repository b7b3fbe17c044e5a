/** Safety: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function SafetySection() {
  return <SectionTitle title="Safety" />;
}
