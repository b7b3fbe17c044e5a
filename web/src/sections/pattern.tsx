/** Pattern: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function PatternSection() {
  return <SectionTitle title="Pattern" />;
}
