/** Learned from me: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function Mine() {
  return <SectionTitle title="Learned from me" />;
}
