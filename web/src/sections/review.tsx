/** Review: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function Review() {
  return <SectionTitle title="Review" />;
}
