/** Try a text: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function TryAText() {
  return <SectionTitle title="Try a text" />;
}
