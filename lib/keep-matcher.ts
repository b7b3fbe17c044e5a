/**
 * Keeps what other instances start from: the packed state, and the adjustment of match confidence. After the answer, from the
 * memory of the instance that learned; nobody waits for it, and one that does not come to its end leaves what was there.
 */
import { gzipSync } from 'node:zlib';
import { waitUntil } from '@vercel/functions';
import { outsideBudget } from '../db/client.js';
import { readFailure } from '../db/errors.js';
import { keepMatcherState, listOutcomes } from '../db/matcher-state.js';
import { packModel, STATE_FORMAT } from './learning/packed-state.js';
import { OUTCOMES_BETWEEN, OUTCOMES_COUNTED, recalibrate } from './learning/recalibration.js';
import { logEvent } from './log.js';
import { heldMatcher } from './matcher.js';

/** Learning revisions after which the state is packed again; reading so many changed exchanges costs about 0.1 s at a start. */
const PACK_EVERY = 200;
/** On a large line more of them, as a share of its examples: packing and sending it costs more there. */
const PACK_SHARE = 0.02;
/** Packing an instance has begun is not begun again before. */
const PAUSE_MS = 10_000;

let startedMs = Number.NEGATIVE_INFINITY;

/** Called after every answer; does nothing in nearly every case. */
export function keepMatcherLater(): void {
  const { isPackDue, isFitDue } = findDue();
  if (!isPackDue && !isFitDue) return;
  if (performance.now() - startedMs < PAUSE_MS) return;
  startedMs = performance.now();
  const keeping = outsideBudget(() => keepMatcher(isPackDue));
  waitUntil(keeping.catch(error => logEvent('keeping_failed', { code: readFailure(error).code })));
}

export async function keepMatcher(isPackDue: boolean): Promise<void> {
  const outcomes = await listOutcomes(OUTCOMES_COUNTED);
  // Memory and revision belong together at this moment, without a wait in between.
  const held = heldMatcher();
  if (!held) return;
  const packed = isPackDue ? { bytes: gzipSync(packModel(held.model)), format: STATE_FORMAT } : null;
  await keepMatcherState({ revision: held.revision, recalibration: recalibrate(outcomes), packed });
}

function findDue(): { isPackDue: boolean; isFitDue: boolean } {
  const held = heldMatcher();
  if (!held) return { isPackDue: false, isFitDue: false };
  const { model, revision, packedRevision, fittedRevision } = held;
  const between = Math.max(PACK_EVERY, model.examples.size * PACK_SHARE);
  return {
    isPackDue: model.examples.size >= PACK_EVERY && revision - packedRevision >= between,
    isFitDue: revision - fittedRevision >= OUTCOMES_BETWEEN,
  };
}
