/** What a run of the watchdog asks, in one statement where it can be, and what it writes. */
import { type SQL, sql } from 'drizzle-orm';
import type { AlertFacts } from '../lib/safety/alerts.js';
import type { CheckId, Facts, Origin } from '../lib/safety/watchdog.js';
import { catalogObject } from './catalog.js';
import { writeBatch } from './client.js';
import { readFailure } from './errors.js';
import { SCHEMA_LEVEL } from './level.js';
import { checkQueries, isLatched, type Scope, vouched } from './watchdog-checks.js';

const RUN_TIMEOUT_MS = 25_000;
const STATE_TIMEOUT_MS = 5_000;
const LEVEL_TIMEOUT_MS = 3_000;
/** For each of three tables. */
const TRIP_LOCK_TIMEOUT = '2s';
const COMPLETION_LOCK_TIMEOUT = '5s';
/** Evidence named in one run; more of it follows in the next. */
const KEYS_LIMIT = 1_000;
/** Rollbacks completed in one run; more of them follow in the next. */
const PENDING_LIMIT = 500;

/** What a database may set for everybody, and a run is not stopped or misled by. */
const SETTINGS = sql`select set_config('standard_conforming_strings', 'on', true), set_config('quote_all_identifiers', 'off', true),
  set_config('statement_timeout', ${String(RUN_TIMEOUT_MS)}, true)`;

/** One transaction. @returns the last statement's rows */
async function inRun<Row>(statements: readonly SQL[], timeoutMs = RUN_TIMEOUT_MS): Promise<Row[]> {
  const results = await writeBatch([SETTINGS, ...statements], timeoutMs);
  return results.at(-1)!.rows as Row[];
}

/** One statement that answers one row with one JSON column `result`. */
async function askInRun<T>(question: SQL, timeoutMs?: number): Promise<T> {
  const [row] = await inRun<{ result: T }>([question], timeoutMs);
  return row!.result;
}

/** The migration that the database is at. A database that hangs is found out by this short question, not by the long one. */
export function askLevel(): Promise<number> {
  return askInRun(sql`select max(level) as result from schema_migrations`, LEVEL_TIMEOUT_MS);
}

/** More news than this are no longer cheaper than everything. */
const NEWS_LIMIT = 5_000;

/** What the run that begins has to look at. */
export async function askScope(): Promise<Scope> {
  const isWhole = await askInRun<boolean>(sql`select (
    coalesce((select status from watchdog_runs order by id desc limit 1), '') <> 'clean'
    or not exists (select from watchdog_runs where is_whole and status = 'clean'
      and recorded_at between v3pls_now() - interval '1 day' and v3pls_now())
    or (select count(*) from (select from watchdog_news limit ${NEWS_LIMIT + 1}) n) > ${NEWS_LIMIT}) as result`);
  return isWhole ? 'whole' : 'new';
}

/** Whether the kill switch is engaged. */
export function askLatched(): Promise<boolean> {
  return askInRun(sql`select ${isLatched} as result`);
}

type State = Facts & { level: number; startedAt: string };

/** @param tables whose catalog is asked; null: all */
const stateFields = (tables: readonly string[] | null) => sql`
  'level', (select max(level) from schema_migrations), 'startedAt', v3pls_now(), 'isLatched', ${isLatched},
  'pending', (select coalesce(jsonb_agg(id order by opened_at), '[]') from (select id, opened_at from incidents
    where rollback = 'pending' order by opened_at limit ${PENDING_LIMIT}) p),
  'isPatternOn', exists (select from decision_patterns where is_active),
  'isLearningOn', exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false'),
  'unanswered', (select jsonb_build_object('source', l.source, 'actor', l.actor) from kill_switch_latches l
    where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null
      and not exists (select from incidents i where i.recorded_at >= l.recorded_at) order by l.id limit 1),
  'catalog', ${catalogObject(tables)}, 'release', (select coalesce(max(id), 0) from releases),
  'knownFaults', (select coalesce(jsonb_agg(key), '[]') from incident_evidence join vouched on vouched_id = incident_id
    where check_id = 'catalog' and split_part(key, '@', 2) = (select coalesce(max(id), 0)::text from releases))`;

/** Of this hour and the last one: what is still going on, whenever a run looks. */
const alertFields = sql`'alerts', jsonb_build_object('now', v3pls_now(),
  'clockMs', (extract(epoch from clock_timestamp()) * 1000)::float8,
  'lastRun', (select jsonb_build_object('status', status, 'at', finished_at) from watchdog_runs order by id desc limit 1),
  'leaseUntil', v3pls_lease_until(), 'leaseMinutes', 2 * v3pls_setting('watchdog_interval_minutes')::int + 1,
  'refused', (select coalesce(jsonb_agg(jsonb_build_object('reason', reason, 'count', count)), '[]') from delivery_counts
    where outcome = 'refused' and hour >= date_trunc('hour', v3pls_now()) - interval '1 hour'),
  'quarantined', (select count(*) from deliveries
    where outcome = 'quarantined' and recorded_at >= date_trunc('hour', v3pls_now()) - interval '1 hour'),
  'isSilent', coalesce((select max(recorded_at) from deliveries)
    < v3pls_now() - make_interval(hours => v3pls_setting('silence_hours')::int), false))`;

/** What a run has looked at, to be taken off the list by a clean one. */
export type Seen = { news: number[]; messages: string[] };

/** News, and outgoing texts of nobody, that one run takes off their lists; the next run takes more. */
const SEEN_LIMIT = 10_000;

const seenFields = sql`'seen', jsonb_build_object(
  'news', (select coalesce(jsonb_agg(id), '[]') from (select id from watchdog_news limit ${SEEN_LIMIT}) n),
  'messages', (select coalesce(jsonb_agg(id), '[]') from (select id from messages
    where direction = 'outgoing' and not is_person and watched_at is null limit ${SEEN_LIMIT}) m))`;

/** Everything that a run asks, in one statement. @param tables whose catalog is asked; null: all */
export function findViolations(
  scope: Scope = 'whole',
  tables: readonly string[] | null = null,
): Promise<State & { alerts: AlertFacts; seen: Seen }> {
  const columns = Object.entries(checkQueries(scope)).map(
    ([id, query]) => sql`${id}::text, (select coalesce(jsonb_agg(v.key), '[]') from (${query} limit ${KEYS_LIMIT}) v)`,
  );
  return askInRun(
    sql`with ${vouched} select jsonb_build_object(${stateFields(tables)}, ${alertFields}, ${seenFields},
      'violations', jsonb_build_object(${sql.join(columns, sql`, `)})) as result`,
  );
}

/** As much of it as can still be asked when a table of the checks is not what it was. Every check but the catalog's is left out. */
export function findState(tables: readonly string[] | null): Promise<State> {
  return askInRun(
    sql`with ${vouched} select jsonb_build_object(${stateFields(tables)}, 'violations', '{}'::jsonb) as result`,
    STATE_TIMEOUT_MS,
  );
}

/**
 * Each check alone, for when one of them fails and takes the others with it.
 * @returns null for a check that the database refuses to answer, whoever asks
 * @throws what says nothing of the check: no connection, no time, no room
 */
export async function findEachViolation(): Promise<Partial<Record<CheckId, string[] | null>>> {
  const found: Partial<Record<CheckId, string[] | null>> = {};
  for (const [id, query] of Object.entries(checkQueries('whole')))
    found[id as CheckId] = await inRun<{ key: string }>([sql`with ${vouched} ${query} limit ${KEYS_LIMIT}`]).then(
      rows => rows.map(({ key }) => key),
      error => {
        if (readFailure(error).kind !== 'refused') throw error;
        return null;
      },
    );
  return found;
}

type RunRecord = { checks: { id: string; violations: number }[]; startedAt: string; scope: Scope };
type RunStatus = 'clean' | 'latched' | 'rolled_back' | 'unknown' | 'failed';

/** A run that found nothing: expired activations fall back, what it looked at is no longer new, and the lease is renewed. */
export async function recordCleanRun(run: RunRecord, { news, messages }: Seen): Promise<void> {
  await inRun([
    // By what was seen, never up to a number or a time, which a late commit slips past.
    ...(news.length > 0 ? [sql`delete from watchdog_news where id = any (${`{${news.join(',')}}`}::bigint[])`] : []),
    ...(messages.length > 0
      ? [
          sql`update messages set watched_at = v3pls_now()
              where id in (select jsonb_array_elements_text(${JSON.stringify(messages)}::jsonb)) and watched_at is null`,
        ]
      : []),
    sql`update decision_patterns p set is_active = false where p.is_active and not exists (select from activations a
        where a.pattern_id = p.id and a.version = p.version and a.expires_at > v3pls_now())`,
    insertRun('clean', run, null),
    // A run that a newer one, or a migration, overtook leaves the lease.
    sql`update watchdog_lease l set run_id = r.id from (select max(id) as id from watchdog_runs where status = 'clean') r
        where coalesce(l.run_id, 0) < r.id and (select max(level) from schema_migrations) = ${SCHEMA_LEVEL}`,
  ]);
}

/** A run that changed nothing. @param run without `startedAt` where the database was not asked for it */
export async function recordRun(
  status: 'latched' | 'unknown' | 'failed',
  run: Pick<RunRecord, 'checks'> & Partial<RunRecord>,
): Promise<void> {
  await inRun([insertRun(status, run, null)]);
}

/** The kill switch: one INSERT, in a commit of its own, that waits for nothing. */
export async function engageKillSwitch(source: string, actor: string): Promise<void> {
  await inRun([sql`insert into kill_switch_latches (source, actor) values (${source}, ${actor})`]);
}

/** Incident, snapshot and rollback in one transaction, after the latch. @returns the incident's id */
export async function tripAndRecord(
  { source, actor }: Origin,
  evidence: { checkId: string; key: string }[],
  run: RunRecord,
): Promise<string> {
  const [tripped] = await inRun<{ incident_id: string }>([
    sql`with tripped as materialized (
        select v3pls_trip(${source}, ${actor}, null, ${JSON.stringify(evidence)}::jsonb, ${TRIP_LOCK_TIMEOUT}) as id
      ) ${insertRun('rolled_back', run, sql`(select id from tripped)`)} returning incident_id`,
  ]);
  return tripped!.incident_id;
}

/** Asks for rollbacks once more that could not be done. One that still cannot stays pending, and says why. */
export async function completeRollbacks(incidents: readonly string[], run: RunRecord): Promise<void> {
  await inRun([
    ...incidents.map(id => sql`select v3pls_try_roll_back(${id}::uuid, ${COMPLETION_LOCK_TIMEOUT})`),
    insertRun('rolled_back', run, sql`${incidents[0]}::uuid`),
  ]);
}

function insertRun(
  status: RunStatus,
  { checks, startedAt, scope = 'whole' }: Pick<RunRecord, 'checks'> & Partial<RunRecord>,
  incidentId: SQL | null,
): SQL {
  return sql`insert into watchdog_runs (status, checks, started_at, incident_id, is_whole) values (${status},
    ${JSON.stringify(checks)}::jsonb, coalesce(${startedAt ?? null}::timestamptz, v3pls_now()), ${incidentId ?? null},
    ${scope === 'whole'})`;
}
