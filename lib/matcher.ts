/** The matcher of this warm instance: loaded once, then kept current by what each request's own query brings. */
import { loadMatcherState, type MatcherDelta } from '../db/matcher-state.js';
import { createModel, type Model, putExample, putPattern, removeExample, removePattern } from './learning/model.js';

/** `sinceMs`: when it came to this revision, by `performance.now()`. */
type Held = { identity: string; revision: number; sinceMs: number; model: Model };

/** No request lasts this long: a database that is still behind us then was put back to an earlier state. */
const OVERTAKEN_MS = 30_000;

let held: Held | null = null;
let loading: Promise<Held> | null = null;

/** The revision to ask changes from; -1 when nothing is loaded. */
export function knownRevision(): number {
  return held?.revision ?? -1;
}

/** Forgets the state, so that the next request loads it anew. */
export function forgetMatcher(): void {
  held = null;
}

/**
 * Brings the matcher to this snapshot of the database.
 * @returns the model and the revision it stands at, or null when it has to be loaded first
 */
export function refreshMatcher(delta: MatcherDelta): Held | null {
  if (!held || held.identity !== delta.identity) return null;
  // An older snapshot of a request that overtook this one brings nothing new.
  if (delta.revision < held.revision && performance.now() - held.sinceMs > OVERTAKEN_MS) return null;
  if (delta.revision <= held.revision) return held;
  if (delta.isTruncated) return null;
  apply(held.model, delta);
  held.revision = delta.revision;
  held.sinceMs = performance.now();
  return held;
}

/** Loads the whole state; requests that ask at once share one load. */
export function loadMatcher(): Promise<Held> {
  loading ??= loadMatcherState()
    .then(state => {
      const model = createModel();
      apply(model, state);
      held = { identity: state.identity, revision: state.revision, sinceMs: performance.now(), model };
      return held;
    })
    .finally(() => {
      loading = null;
    });
  return loading;
}

function apply(model: Model, delta: MatcherDelta): void {
  for (const pattern of delta.patterns) putPattern(model, pattern);
  for (const { patternId, ...example } of delta.examples) {
    if (patternId) putExample(model, { ...example, patternId });
    else removeExample(model, example.exchangeId);
  }
  for (const id of delta.removed) removePattern(model, id);
}
