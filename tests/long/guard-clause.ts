// A condition or an act within a guard, by the words that make it and what stands there once it is gone.
export type Clause = [owner: string, what: string, from: string, to: string];

/** Clauses of one function or view. `to` is what takes a condition out of its list, or nothing where an act is gone. */
export const clausesOf = (owner: string, to: string, clauses: Record<string, string | [from: string, to: string]>) =>
  Object.entries(clauses).map(
    ([what, words]): Clause => [owner, what, ...(Array.isArray(words) ? words : ([words, to] as const))],
  );
