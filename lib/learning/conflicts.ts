/**
 * Decides whether a pattern conflicts with another one: operators answer its question with the other's answer.
 *
 * Of the newest 20 judged decisions that would have replied with the pattern's present words, at least three were disagreed because the
 * operator's turn joined one and the same other pattern, and these are more than were agreed. The other pattern must not be retired.
 * A possible duplicate is the other way round: two patterns with nearly one answer.
 *
 * It is found from what operators really did and not from the two questions' likeness, because patterns are made by the reply: two that
 * share a question are ordinary ("we do" and "not on Mondays"), and matter only where the wrong one would have been said. For the same
 * reason it needs a record: a pattern that never would have replied conflicts with nothing. It stands on the pattern whose answer loses,
 * and goes with new words, with a merge, when either is retired, or when operators say its answer again.
 */

/** Fewer is a mistake of the matcher, or one operator's mood. */
const LEAST_TIMES = 3;

/** The newest judged decisions: how many agreed, and of the disagreed ones how many joined which other pattern. */
export type JudgedLately = { agreed: number; others: Conflict[] };
export type Conflict = { id: string; times: number };

/** @returns most frequent first, ties by id */
export function findConflicts({ agreed, others }: JudgedLately): Conflict[] {
  return others
    .filter(({ times }) => times >= LEAST_TIMES && times > agreed)
    .sort((a, b) => b.times - a.times || (a.id < b.id ? -1 : 1));
}
