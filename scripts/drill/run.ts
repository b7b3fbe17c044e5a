// One whole drill: opens the stage, plays every scene, closes it, and makes the report.
import { sql } from 'drizzle-orm';
import { readResult } from '../../db/client.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { listDifferences } from './contents.js';
import { HOLD_LIMIT_MS, type LiveStage, openLiveStage, SILENCE_LIMIT_MS, STATEMENT_LIMIT_MS } from './live.js';
import { rehearse } from './rehearse.js';
import { makeReport, type Report, type Setting } from './report.js';
import { openEmbeddedStage, openGivenStage, openPostgresStage } from './scratch.js';
import type { Stage } from './stage.js';
import { makeSteps, type Steps, Unexpected } from './step.js';

export type Target =
  | { kind: 'embedded' }
  | { kind: 'postgres' }
  | { kind: 'given'; url: string }
  | { kind: 'live'; url?: string };

export type DrillOptions = {
  /** Progress, a line a step. */
  say?(line: string): void;
  /** Told once, what a process that must end at once calls before. */
  onOpen?(abandon: () => void): void;
  /** For tests: breaks a guard after the line is ready and before anything is planted. */
  beforePlanting?(): Promise<void>;
};

/** @throws Refusal where there is no database that may be used */
export async function runDrill(target: Target, options: DrillOptions = {}): Promise<Report> {
  const steps = makeSteps(options.say ?? (() => {}));
  return target.kind === 'live' ? drillLive(target.url, steps, options) : drillScratch(target, steps, options);
}

async function drillScratch(target: Exclude<Target, { kind: 'live' }>, steps: Steps, options: DrillOptions) {
  const { stage, close, abandon } = await openScratch(target);
  options.onOpen?.(abandon);
  try {
    const setting = await readSetting(stage);
    await rehearse({ stage, steps, beforePlanting: options.beforePlanting ?? (async () => {}) });
    const kept =
      'The database that was given keeps what the drill wrote: drop it, and do not use it for anything else.';
    return makeReport(setting, steps.list, target.kind === 'given' ? [kept] : []);
  } finally {
    await close();
  }
}

function openScratch(target: Exclude<Target, { kind: 'live' }>) {
  switch (target.kind) {
    case 'embedded':
      return openEmbeddedStage();
    case 'postgres':
      return openPostgresStage();
    case 'given':
      return openGivenStage(target.url);
    default:
      return target satisfies never;
  }
}

async function drillLive(url: string | undefined, steps: Steps, options: DrillOptions): Promise<Report> {
  const live = await openLiveStage(url);
  options.onOpen?.(live.abandon);
  try {
    const setting = await readSetting(live.stage);
    await rehearse({ stage: live.stage, steps, beforePlanting: options.beforePlanting ?? (async () => {}) });
    const unread = await compareAfter(live, steps);
    return makeReport(setting, steps.list, describeLimits(live.findLongestHoldMs(), unread));
  } finally {
    live.abandon();
  }
}

/** @returns the tables that could not be compared */
async function compareAfter(live: LiveStage, steps: Steps): Promise<string[]> {
  let unread: string[] = [];
  const expected = 'the transaction is aborted, and every table has the rows and the contents that it had';
  await steps.take('nothing remains', 'Nothing of the drill remains', expected, async () => {
    const { status, after } = await live.close().catch(() => {
      throw new Unexpected('the database could not be asked afterwards; the drill has sent no commit');
    });
    unread = [...after].filter(([, hash]) => hash === null).map(([name]) => name);
    const differing = listDifferences(live.before, after);
    const shortcomings = status === 'aborted' ? [] : [`PostgreSQL says of the transaction: ${status}`];
    // Where the transaction is known to be aborted, what differs was written by others meanwhile.
    const others =
      differing.length === 0 ? 'equal' : `equal but for ${differing.join(', ')}, which others wrote to meanwhile`;
    return {
      shortcomings,
      seen: `transaction ${status}; ${after.size} tables, count and hash of all rows ${others}`,
    };
  });
  return unread;
}

function describeLimits(longestMs: number, unread: string[]): string[] {
  const most = (HOLD_LIMIT_MS + STATEMENT_LIMIT_MS) / 1_000;
  return [
    `Locks were held for ${Math.round(longestMs)} ms at a stretch at most. They can be held for ${most} s: after ${HOLD_LIMIT_MS / 1_000} s the connection is dropped, and one statement may run on for ${STATEMENT_LIMIT_MS / 1_000} s; if this machine vanishes from the network, they go ${SILENCE_LIMIT_MS / 1_000} s after its last statement.`,
    'A delivery that comes in such a moment waits, and after 1.2 s stores its text alone; the next run follows it up. Evidence that comes in it is latched at once, and its rollback completed by the next run.',
    'Sequences have moved on, so some ids are left out: PostgreSQL never takes their numbers back. In one transaction the clock stands still, and what needs a commit was not rehearsed.',
    ...(unread.length === 0 ? [] : [`Not compared, since this role may not read them: ${unread.join(', ')}.`]),
  ];
}

function readSetting({ database, mode }: Stage): Promise<Setting> {
  return readResult<Setting>(sql`select jsonb_build_object('startedAt', to_char(clock_timestamp() at time zone 'UTC',
      'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'database', ${database}::text, 'version', split_part(current_setting('server_version'), ' ', 1),
    'level', ${SCHEMA_LEVEL}::int, 'mode', ${mode}::text) as result`);
}
