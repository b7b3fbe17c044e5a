/** Approved answers: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function Approved() {
  return <SectionTitle title="Approved answers" />;
}
