/** Why not?: comes next. */
import { SectionTitle } from '../parts/section-title.js';

export default function WhyNot() {
  return <SectionTitle title="Why not?" />;
}
