/**
 * What a list of patterns is asked for, and the page's own answer to it from what it has already. The law: the own answer is
 * the server's rule applied to less, shown for the moment until the server's answer is there. Pure.
 */
import type { Pattern, PatternQuery, Sort, Status } from '../contract.js';

export type Filters = {
  /** Without one: everything but retired. */
  status: Status | null;
  type: string;
  q: string;
  sort: Sort;
};

export const NO_FILTERS: Filters = { status: null, type: '', q: '', sort: 'review' };

const STATUSES: readonly Status[] = ['learning', 'pending_review', 'active', 'retired', 'all'];
const SORTS: readonly Sort[] = ['review', 'evidence', 'confidence', 'created'];
/** As long as the server takes them. */
export const MOST_QUERY_CHARACTERS = 200;
const MOST_TYPE_CHARACTERS = 64;

/** Of an address: what is none of the known words counts as not said. */
export function readFilters(query: URLSearchParams): Filters {
  const [status, sort] = [query.get('status'), query.get('sort')];
  return {
    status: STATUSES.find(known => known === status) ?? null,
    type: (query.get('type') ?? '').slice(0, MOST_TYPE_CHARACTERS),
    q: (query.get('q') ?? '').slice(0, MOST_QUERY_CHARACTERS),
    sort: SORTS.find(known => known === sort) ?? 'review',
  };
}

/** For an address: only what differs from no filters at all. */
export function writeFilters({ status, type, q, sort }: Filters): string {
  const query = new URLSearchParams();
  if (status) query.set('status', status);
  if (type) query.set('type', type);
  if (q) query.set('q', q);
  if (sort !== 'review') query.set('sort', sort);
  return query.toString();
}

export function toQuery({ status, type, q, sort }: Filters): PatternQuery {
  return { sort, ...(status && { status }), ...(type && { type }), ...(q.trim() && { q: q.trim() }) };
}

export function isFiltered({ status, type, q }: Filters): boolean {
  return status !== null || type !== '' || q.trim() !== '';
}

/** As the server's search: the words somewhere in the question or the answer, in either case. */
export function fits(pattern: Pattern, { status, type, q }: Filters): boolean {
  if (status === null ? pattern.status === 'retired' : status !== 'all' && pattern.status !== status) return false;
  if (type !== '' && pattern.patternType !== type) return false;
  const wanted = q.trim().toLowerCase();
  return [pattern.triggerText, pattern.responseTemplate].some(text => text.toLowerCase().includes(wanted));
}

const RANK: Record<Pattern['status'], number> = { pending_review: 0, active: 1, learning: 2, retired: 3 };

const MEASURE: Record<Sort, (pattern: Pattern) => number> = {
  review: pattern => pattern.evidence.customers,
  evidence: pattern => pattern.evidence.exchanges,
  confidence: pattern => pattern.confidenceScore,
  created: pattern => Date.parse(pattern.createdAt),
};

/** As the server sorts: what waits for a decision first, then the most of what is measured. */
export function compareBy(sort: Sort): (a: Pattern, b: Pattern) => number {
  const measure = MEASURE[sort];
  const rank = (pattern: Pattern) => (sort === 'review' ? RANK[pattern.status] : 0);
  return (a, b) => rank(a) - rank(b) || measure(b) - measure(a) || (a.id < b.id ? -1 : 1);
}

/** @returns what fits of what is known, in order, at most `limit` */
export function answerFrom(known: readonly Pattern[], filters: Filters, limit: number): Pattern[] {
  return known
    .filter(pattern => fits(pattern, filters))
    .sort(compareBy(filters.sort))
    .slice(0, limit);
}
