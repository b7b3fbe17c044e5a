/** One run of the watchdog: check everything, then renew the lease, or latch and roll back. Overlapping, repeated and late runs are harmless. */

import { findCatalog } from '../db/catalog.js';
import { readFailure, SCHEMA_IS_OLDER, Unavailable } from '../db/errors.js';
import { SCHEMA_LEVEL } from '../db/level.js';
import { tidyPeople } from '../db/people.js';
import {
  askLatched,
  askLevel,
  askScope,
  completeRollbacks,
  engageKillSwitch,
  findEachViolation,
  findState,
  findViolations,
  recordCleanRun,
  recordRun,
  type Seen,
  tripAndRecord,
} from '../db/watchdog.js';
import type { Scope } from '../db/watchdog-checks.js';
import { followMarkedThreads } from './follow.js';
import { keepRetention } from './keep-retention.js';
import { logEvent } from './log.js';
import { refreshOperatorNames } from './operator-names.js';
import { QuoError } from './quo/client.js';
import { countAlerts } from './safety/alerts.js';
import { findCatalogFaults, isMeasured, OUR_TABLES } from './safety/catalog-check.js';
import {
  type CheckRow,
  countViolations,
  type Findings,
  judgeFindings,
  readFacts,
  type Verdict,
} from './safety/watchdog.js';

export type WatchdogAnswer = {
  status: 'clean' | 'rolled_back' | 'latched';
  checks: CheckRow[];
  incidentId?: string;
};

type Run = { findings: Findings; checks: CheckRow[]; startedAt: string; scope: Scope; seen: Seen };

const MARKED_THREADS = 50;
const MARKED_THREADS_MS = 5_000;
const RETENTION_MS = 3_000;
const NAMES_MS = 3_000;
const SCHEMA_IS_NEWER = 'The database schema is newer than this code: deploy the newer code.';

class OtherSchema extends Unavailable {}

let isClockOurs = false;

/** For tests that replace the database's clock, which the check of the catalog would name. Nothing else calls it. */
export function admitReplacedClock(isReplaced: boolean): void {
  isClockOurs = isReplaced;
}

/**
 * Every run is recorded, also one that fails.
 * @throws Unavailable when the database cannot be asked, or its schema is not this code's: then nothing is known, nothing is
 *   renewed and nothing is rolled back
 */
export async function runWatchdog(): Promise<WatchdogAnswer> {
  await requireThisLevel(await askLevel());
  const run = await askEverything(await askScope());
  const verdict = judgeFindings(run.findings);
  // A migration may have ended while the question ran: rows are read as they were then, and functions as they are.
  if (verdict.status === 'rolled_back') await requireThisLevel(await askLevel());
  try {
    return await conclude(verdict, run);
  } catch (error) {
    await recordFailure(run);
    throw error;
  }
}

async function askEverything(scope: Scope): Promise<Run> {
  const sentMs = Date.now();
  try {
    const { level, startedAt, alerts, seen, ...facts } = await findViolations(scope, OUR_TABLES);
    await requireThisLevel(level);
    const findings = readFacts(facts, isClockOurs);
    const counts = countAlerts(alerts, { sentMs, cameMs: Date.now() }, isMeasured(facts.catalog));
    return { findings, checks: countViolations(findings, counts), startedAt, scope, seen };
  } catch (error) {
    return askTheCatalog(error);
  }
}

/**
 * A check that fails is no reason to find nothing: the catalog tells what somebody took away, and where it is as it should be,
 * each check is asked alone. One that the database refuses to answer is unknown, which is a violation.
 * @throws the error that was, where it says nothing of the checks: no connection, no time
 */
async function askTheCatalog(error: unknown): Promise<Run> {
  if (error instanceof OtherSchema) throw error;
  const { level, startedAt, ...facts } = await findState(OUR_TABLES).catch(() => latchBlindly(error));
  await requireThisLevel(level);
  const findings = readFacts(facts, isClockOurs);
  const rest: Pick<Run, 'startedAt' | 'scope' | 'seen'> = {
    startedAt,
    scope: 'whole',
    seen: { news: [], messages: [] },
  };
  if (findings.standing.catalog) {
    const checks = countViolations(findings, null);
    // Without an answer, which is counted; what trips is that the catalog is not what it was.
    const unasked = Object.fromEntries(checks.map(({ id }) => [id, []]));
    return { ...rest, findings: { ...findings, violations: { ...unasked, ...findings.violations } }, checks };
  }
  const each = readFailure(error).kind === 'refused' ? await findEachViolation().catch(() => null) : null;
  if (each === null) {
    await recordFailure({ checks: countViolations(findings, null), startedAt });
    throw error;
  }
  const asked = { ...findings, violations: { ...findings.violations, ...each } };
  return { ...rest, findings: asked, checks: countViolations(asked, null) };
}

/**
 * What tells whether anything is engaged or open is gone itself. The kill switch waits for nothing and needs one table: the
 * rollback follows when a run can see again.
 * @throws the error that was, always
 */
async function latchBlindly(error: unknown): Promise<never> {
  const catalog = await findCatalog(OUR_TABLES).catch(() => null);
  await requireThisLevel(await askLevel());
  const isWrong = catalog !== null && findCatalogFaults(catalog, isClockOurs).length > 0;
  if (isWrong && !(await askLatched().catch(() => false))) await engageKillSwitch('watchdog', 'watchdog');
  await recordFailure({ checks: [] });
  throw error;
}

async function conclude(verdict: Verdict, { findings, checks, startedAt, scope, seen }: Run): Promise<WatchdogAnswer> {
  const run = { checks, startedAt, scope };
  switch (verdict.status) {
    case 'clean':
      await recordCleanRun(run, seen);
      break;
    case 'latched':
      await recordRun('latched', run);
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
  await keepRetention(RETENTION_MS).catch(error => logEvent('retention_failed', { code: readFailure(error).code }));
  await refreshOperatorNames(NAMES_MS).catch(error =>
    logEvent('operator_names_failed', { code: error instanceof QuoError ? error.code : readFailure(error).code }),
  );
  return { status: verdict.status, checks };
}

/** @throws Unavailable where the database is older or newer than this code, once the run is recorded as unknown */
async function requireThisLevel(level: number | null): Promise<void> {
  if (level === SCHEMA_LEVEL) return;
  logEvent('watchdog_unknown', { count: level });
  await recordRun('unknown', { checks: [{ id: 'schema_level', violations: 1 }] }).catch(sayUnrecorded);
  throw new OtherSchema((level ?? -1) < SCHEMA_LEVEL ? SCHEMA_IS_OLDER : SCHEMA_IS_NEWER);
}

async function recordFailure(run: { checks: CheckRow[]; startedAt?: string }): Promise<void> {
  await recordRun('failed', run).catch(sayUnrecorded);
}

function sayUnrecorded(error: unknown): void {
  logEvent('run_not_recorded', { code: readFailure(error).code });
}
