// The page's sections, as every test that goes through all of them knows them.
import type { Desk } from './desk.js';

/** By address, with the words of their heading. A pattern's is added by `listSections`. */
const SECTIONS: [hash: string, heading: string][] = [
  ['#/review', 'Review'],
  ['#/review?status=retired', 'Review'],
  ['#/approved', 'Approved answers'],
  ['#/why-not', 'Why not?'],
  ['#/try', 'Try a text'],
  ['#/monitoring', 'Monitoring'],
  ['#/safety', 'Safety'],
  ['#/mine', 'Learned from me'],
];

/** Every section, and the page of the pattern that the most was learned for. */
export async function listSections(desk: Desk): Promise<[hash: string, heading: string][]> {
  const { body } = await desk.call('admin', 'GET', '/api/patterns?sort=evidence&limit=1');
  const [first] = (body as { patterns: { id: string }[] }).patterns;
  return [...SECTIONS, [`#/pattern/${first!.id}`, 'Pattern']];
}
