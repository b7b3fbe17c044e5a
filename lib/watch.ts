/** One run of the watchdog: check everything, then renew the lease, or latch and roll back. Overlapping, repeated and late runs are harmless. */

import { readFailure } from '../db/errors.js';
import { findHealth } from '../db/monitoring.js';
import { tidyPeople } from '../db/people.js';
import {
  completeRollbacks,
  engageKillSwitch,
  findViolations,
  recordCleanRun,
  recordLatchedRun,
  tripAndRecord,
} from '../db/watchdog.js';
import { followMarkedThreads } from './follow.js';
import { logEvent } from './log.js';
import { requireSchema } from './require-schema.js';
import { countViolations, judgeFindings } from './safety/watchdog.js';

export type WatchdogAnswer = {
  status: 'clean' | 'rolled_back' | 'latched';
  checks: { id: string; violations: number }[];
  incidentId?: string;
};

const MARKED_THREADS = 50;
const MARKED_THREADS_MS = 5_000;

/** @throws Unavailable when the database cannot be asked: then nothing is renewed */
export async function runWatchdog(): Promise<WatchdogAnswer> {
  // A database that hangs is found out by a short question, not by the long one.
  requireSchema((await findHealth()).level);
  const findings = await findViolations();
  requireSchema(findings.level);
  const verdict = judgeFindings(findings);
  const checks = countViolations(findings);
  const run = { checks, startedAt: findings.startedAt };
  switch (verdict.status) {
    case 'clean':
      await recordCleanRun(run);
      break;
    case 'latched':
      await recordLatchedRun(run);
      break;
    case 'rolled_back': {
      if (verdict.evidence.length > 0 || !findings.isLatched) await engageKillSwitch('watchdog', 'watchdog');
      let incidentId = verdict.pending[0];
      if (verdict.opens) incidentId = await tripAndRecord(verdict.opens, verdict.evidence, run);
      if (verdict.pending.length > 0) await completeRollbacks(verdict.pending, run);
      return { status: 'rolled_back', checks, ...(incidentId ? { incidentId } : {}) };
    }
    default:
      verdict satisfies never;
  }
  // What a delivery left to the next run. It changes nothing of this run's result.
  await followMarkedThreads(MARKED_THREADS, MARKED_THREADS_MS).catch(error =>
    logEvent('marked_threads_failed', { code: readFailure(error).code }),
  );
  await tidyPeople().catch(error => logEvent('tidying_failed', { code: readFailure(error).code }));
  return { status: verdict.status, checks };
}
