/** The matcher of this warm instance: loaded once, then kept current by what each request's own query brings. */
import { gunzipSync } from 'node:zlib';
import { loadMatcherState, type MatcherDelta, type MatcherState } from '../db/matcher-state.js';
import { createModel, type Model, putExample, putPattern, removeExample, removePattern } from './learning/model.js';
import { MAX_PACKED, STATE_FORMAT, unpackModel } from './learning/packed-state.js';
import { logEvent } from './log.js';

type Held = {
  identity: string;
  revision: number;
  /** When it came to this revision, by `performance.now()`. */
  sinceMs: number;
  model: Model;
  /** As of the newest request: the revisions of what other instances start from. */
  packedRevision: number;
  fittedRevision: number;
};

/** No request lasts this long: a database that is still behind us then was put back to an earlier state. */
const OVERTAKEN_MS = 30_000;

let held: Held | null = null;
let loading: Promise<Held> | null = null;

/** The revision to ask changes from; -1 when nothing is loaded. */
export function knownRevision(): number {
  return held?.revision ?? -1;
}

/** What is loaded now, if anything. */
export function heldMatcher(): Readonly<Held> | null {
  return held;
}

/**
 * What an import wrote it had taught this memory before: the memory stands at the revision of that transaction, with the newest
 * examples that it has room for.
 */
export function advanceMatcher(revision: number): void {
  if (!held) return;
  held.revision = revision;
  held.sinceMs = performance.now();
  dropOldest(held.model);
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
  if (delta.revision < held.revision) return held;
  if (delta.revision > held.revision) {
    if (delta.isTruncated) return null;
    apply(held.model, delta);
    held.revision = delta.revision;
    held.sinceMs = performance.now();
  }
  held.model.recalibration = delta.recalibration;
  held.packedRevision = packedRevisionOf(delta);
  held.fittedRevision = delta.fittedRevision;
  return held;
}

/** Loads the whole state; requests that ask at once share one load. */
export function loadMatcher(): Promise<Held> {
  loading ??= load().finally(() => {
    loading = null;
  });
  return loading;
}

async function load(): Promise<Held> {
  let state = await loadMatcherState(STATE_FORMAT, MAX_PACKED);
  let model: Model;
  try {
    model = startModel(state);
  } catch {
    // Whatever wrote it: what it was made of is still there.
    logEvent('packed_state_unreadable', {});
    state = await loadMatcherState(null, MAX_PACKED);
    model = startModel(state);
  }
  const { identity, revision, fittedRevision, recalibration } = state;
  const packedRevision = packedRevisionOf(state);
  apply(model, state);
  model.recalibration = recalibration;
  held = { identity, revision, sinceMs: performance.now(), model, packedRevision, fittedRevision };
  return held;
}

/** -1 where nothing is packed that this code can read; what newer code packed is left to newer code. */
function packedRevisionOf({ packedFormat, packedRevision, revision }: MatcherDelta): number {
  if (packedFormat > STATE_FORMAT) return revision;
  return packedFormat === STATE_FORMAT ? packedRevision : -1;
}

function startModel({ packed }: MatcherState): Model {
  return packed === null ? createModel() : unpackModel(gunzipSync(Buffer.from(packed, 'base64')));
}

function apply(model: Model, delta: MatcherDelta): void {
  for (const pattern of delta.patterns) putPattern(model, pattern);
  for (const { patternId, ...example } of delta.examples) {
    if (patternId) putExample(model, { ...example, patternId });
    else removeExample(model, example.exchangeId);
  }
  for (const id of delta.removed) removePattern(model, id);
  dropOldest(model);
}

function dropOldest(model: Model): void {
  for (const id of model.examples.keys()) {
    if (model.examples.size <= MAX_PACKED) break;
    removeExample(model, id);
  }
}
