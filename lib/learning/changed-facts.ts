/**
 * Decides whether a fact of a template has been replaced: newer replies of the same pattern say another value in its place.
 *
 * It has changed exactly when, among the newest replies that may speak of facts (12 of them at most), in the order of their events:
 * 1. a reply is read only where it states a value of the same kind (a price, a time of day, a percentage, a duration, a rule in the same
 *    words) about the same thing: the words of meaning around it agree by two thirds or are contained in each other, and it limits itself
 *    to no customers or days ("students", "Saturday", "today") that the template does not name;
 * 2. of the newest three replies so read at least two say the same other value; one odd reply never flags. Where the newest of all is
 *    the first to say the template's value, the template is the newer one;
 * 3. since that value came up, at least three quarters of the replies so read say it. Where several values always lived side by side
 *    nothing has replaced anything: that is a matter for a slot, not for this flag;
 * 4. after a person's edit only replies from after the edit count: whoever rewrote the words has vouched for what they left.
 * The flag therefore goes when the template says the new value, when the replies return to the old one, or with any edit. Order of
 * arrival plays no part. It misses what is said in other words altogether; it is a hint, and changes nothing by itself.
 */
import { type FactMention, findMentions } from './fact-mentions.js';

export type DatedReply = { id: string; text: string; atMs: number };
export type FactChange = {
  /** As the template says it, and as the newest reply that says otherwise does. */
  fact: string;
  newer: string;
  /** How many of the replies looked at say the newer value. */
  seen: number;
};

/** More replies look further back for a value that comes and goes. */
const REPLIES_READ = 12;
const NEWEST = 3;
const AGREEING = 2;
/** Share of the replies since the newer value came up that must say it; lower flags patterns whose replies vary. Range 0-1. */
const SETTLED = 0.75;
/** Share of the words of meaning around two values that must agree where each has some of its own (Dice). Range 0-1. */
const SAME_ROLE = 2 / 3;

/**
 * @param replies templated, in any order; more than the newest 12 are left out
 * @param editedAtMs when a person last changed the words, null where nobody did
 */
export function findChangedFacts(
  template: string,
  replies: readonly DatedReply[],
  editedAtMs: number | null,
): FactChange[] {
  const facts = findMentions(template);
  if (facts.length === 0) return [];
  const newestFirst = replies
    .filter(reply => editedAtMs === null || reply.atMs > editedAtMs)
    .sort((a, b) => b.atMs - a.atMs || (a.id < b.id ? 1 : -1))
    .slice(0, REPLIES_READ);
  const said = readNewestFirst(template, facts, newestFirst);
  const changes = facts.flatMap((fact, i) => findChange(fact, said[i]!) ?? []);
  return changes.filter(
    (change, i) => changes.findIndex(other => other.fact === change.fact && other.newer === change.newer) === i,
  );
}

/** What the replies say each fact is. No further back than to three that all give the template's value: most patterns end there. */
function readNewestFirst(
  template: string,
  facts: readonly FactMention[],
  replies: readonly DatedReply[],
): FactMention[][] {
  const own = new Map(facts.map((fact, i) => [i, fact]));
  const said: FactMention[][] = facts.map(() => []);
  for (const { text } of replies) {
    for (const [i, mention] of text === template ? own : readFacts(facts, findMentions(text))) said[i]!.push(mention);
    const isSettled = (fact: FactMention, i: number) =>
      said[i]!.length >= NEWEST && said[i]!.every(({ key }) => key === fact.key);
    if (facts.every(isSettled)) break;
  }
  return said;
}

/** @param said newest first, what each reply that speaks of the fact says it is */
function findChange(fact: FactMention, said: readonly FactMention[]): FactChange | null {
  const newest = said.slice(0, NEWEST);
  const newer = newest.find(({ key }) => newest.filter(other => other.key === key).length >= AGREEING);
  if (!newer || newer.key === fact.key) return null;
  if (said[0]!.key === fact.key && said.findLastIndex(({ key }) => key === fact.key) === 0) return null;
  const seen = said.filter(({ key }) => key === newer.key).length;
  const since = said.findLastIndex(({ key }) => key === newer.key) + 1;
  return seen / since >= SETTLED ? { fact: fact.words, newer: newer.words, seen } : null;
}

/** Which of a reply's values stands in the place of which fact: the best pairs first, each at most once. */
function readFacts(facts: readonly FactMention[], mentions: readonly FactMention[]): Map<number, FactMention> {
  const pairs = facts
    .flatMap((fact, i) => mentions.map(mention => ({ i, mention, score: compareRoles(fact, mention) })))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  const readings = new Map<number, FactMention>();
  const taken = new Set<FactMention>();
  for (const { i, mention } of pairs) {
    if (readings.has(i) || taken.has(mention)) continue;
    readings.set(i, mention);
    taken.add(mention);
  }
  return readings;
}

/** @returns 0 where the two stand in different places, else more for nearer wordings and for the same value */
function compareRoles(fact: FactMention, mention: FactMention): number {
  if (fact.kind !== mention.kind) return 0;
  if (mention.limits.some(limit => !fact.limits.some(other => isSameWord(limit, other)))) return 0;
  const isSame = fact.key === mention.key;
  const neighbours = Number(fact.before === mention.before) + Number(fact.after === mention.after);
  const shared = mention.about.filter(word => fact.about.some(other => isSameWord(word, other))).length;
  const dice = (2 * shared) / (fact.about.length + mention.about.length || 1);
  const isContained = shared === Math.min(fact.about.length, mention.about.length);
  if (!isContained && dice < SAME_ROLE) return 0;
  // Nothing but grammar around it ("It's $35"): the same grammar must stand there; an unchanged value needs no proof.
  if (shared === 0 && !isSame && (fact.about.length + mention.about.length > 0 || neighbours < 2)) return 0;
  return 0.1 + neighbours + dice + Number(isSame);
}

/** "pass" and "passes", "kid" and "kids". */
function isSameWord(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  return (
    short === long ||
    (short.length >= 3 && long.length - short.length <= 2 && long.startsWith(short) && /s$/.test(long))
  );
}
