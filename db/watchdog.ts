/** The watchdog's checks, a named row each, and what a run writes. Each check selects the keys of the rows that break it. */
import { type SQL, sql } from 'drizzle-orm';
import type { AlertFacts } from '../lib/safety/alerts.js';
import type { CheckId, Facts, Origin } from '../lib/safety/watchdog.js';
import { catalogObject } from './catalog.js';
import { execute, readResult, writeBatch } from './client.js';
import { SCHEMA_LEVEL } from './level.js';

const RUN_TIMEOUT_MS = 25_000;
const STATE_TIMEOUT_MS = 5_000;
/** For each of three tables. */
const TRIP_LOCK_TIMEOUT = '2s';
const COMPLETION_LOCK_TIMEOUT = '5s';
/** Evidence named in one run; more of it follows in the next. */
const KEYS_LIMIT = 1_000;

const isNewEvidence = (checkId: CheckId, key: SQL) =>
  sql`not exists (select from incident_evidence known join vouched on vouched.vouched_id = known.incident_id
    where known.check_id = ${checkId} and known.key = ${key})`;

/** Incidents that hold no more evidence than the audit saw them opened with: what is known by another one was planted there. */
const vouched = sql`vouched as materialized (select i.id as vouched_id from incidents i
  cross join lateral (select details -> 'evidence' as evidence from audit_log a
    where a.subject = i.id::text and a.action = 'incident_opened' order by a.id limit 1) opened
  where jsonb_typeof(opened.evidence) = 'number'
    and to_jsonb((select count(*) from incident_evidence e where e.incident_id = i.id)) <= opened.evidence)`;

/** By its rows: the function that says so may be what was replaced. */
const isLatched = sql`exists (select from kill_switch_latches l
  where not exists (select from kill_switch_releases r where r.latch_id = l.id))`;

const blank = sql.raw("E' \\t\\n\\r'");

/** What changed since a clean run, or the tables whole: once a day, and after anything that was not clean. */
export type Scope = 'new' | 'whole';

const checkQueries = (scope: Scope): Record<Exclude<CheckId, 'catalog'>, SQL> => ({
  executions: sql`select h.id::text as key from pattern_execution_history h
    where (h.was_auto_executed is distinct from false or coalesce(btrim(h.approved_by, ${blank}), '') = ''
      or coalesce(h.execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))
      and ${isNewEvidence('executions', sql`h.id::text`)}`,
  pattern_safety_columns: sql`select p.id::text as key from decision_patterns p
    where p.auto_executable is not false or p.requires_confirmation is not true or p.is_active is null`,
  // Approved in these words until then, and the last thing that the audit saw of it is that it was switched on.
  unapproved_active: sql`select p.id::text as key from decision_patterns p
    where p.is_active and (
      not exists (select from (select a.version, a.expires_at from activations a where a.pattern_id = p.id
          and a.version = p.version and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots)
          order by a.id desc limit 1) given
        join audit_log a on a.subject = p.id::text and a.action = 'activated' and a.details -> 'version' = to_jsonb(given.version)
          and v3pls_read_moment(a.details ->> 'expiresAt') = given.expires_at)
      or (select a.details ->> 'isActive' from audit_log a
        where a.subject = p.id::text and a.action = 'pattern_safety_changed' order by a.id desc limit 1) is distinct from 'true')`,
  queue: sql`select q.id::text as key from pattern_execution_queue q
    where q.status = 'pending' or ${isNewEvidence('queue', sql`q.id::text`)}`,
  // What a rollback repairs is a violation each time; an unknown key, which it cannot remove, only once.
  configuration: sql`select 'missing:' || r.config_key as key from v3pls_config_rules() r
      where not exists (select from pattern_learning_config c where c.config_key = r.config_key)
    union all select 'value:' || c.config_key from pattern_learning_config c join v3pls_config_rules() r using (config_key)
      where not v3pls_is_setting(c.config_key, c.config_value)
    union all select 'unknown:' || c.config_key from pattern_learning_config c
      where not exists (select from v3pls_config_rules() r where r.config_key = c.config_key)
        and ${isNewEvidence('configuration', sql`'unknown:' || c.config_key`)}
    union all select 'unaudited:' || c.config_key from pattern_learning_config c
      where v3pls_is_setting(c.config_key, c.config_value) and c.config_key in (select v3pls_unaudited_settings())`,
  // Released by a command, and what a release or a restoration did not close is still held.
  kill_switch: sql`select 'open:' || i.id as key from incidents i where i.state = 'open' and i.rollback = 'done' and not ${isLatched}
    union all select 'release:' || r.latch_id from kill_switch_releases r
      where not exists (select from releases c where c.id = r.release_id)
        and ${isNewEvidence('kill_switch', sql`'release:' || r.latch_id`)}
    union all select 'closed:' || i.id from incidents i where i.state = 'closed'
      and not exists (select from releases c where c.recorded_at = i.closed_at)
      and not exists (select from restorations c where c.incident_id = i.id)
      and ${isNewEvidence('kill_switch', sql`'closed:' || i.id`)}`,
  counters: sql`select c.key from (${scope === 'whole' ? ALL_COUNTERS : NEW_COUNTERS}) c where ${isNewEvidence('counters', sql`c.key`)}`,
  // By arrival and by event time: a late message is no rendering of a pattern that was learned after it was written.
  ground_truth: sql`with unattended as materialized (
      select id, text_key, lower(btrim(text)) as words, recorded_at, event_at from messages
      where direction = 'outgoing' and not is_person and text <> '' and (${scope === 'whole'} or watched_at is null)
        and ${isNewEvidence('ground_truth', sql`id`)}
    ), said as materialized (
      select v.recorded_at, v.first_seen, md5(lower(btrim(v.response_template)))::uuid as text_key, v.response_template,
        case when v.response_template ~ '\\{\\{[a-z_]+\\}\\}' then v3pls_like_of(v.response_template) end as likeness
      from pattern_versions v where v.response_template is not null and exists (select from unattended)
    )
    select u.id as key from unattended u join said s using (text_key)
      where s.recorded_at < u.recorded_at and s.first_seen < u.event_at
    union select u.id from unattended u join said s on u.words like s.likeness
      where s.recorded_at < u.recorded_at and s.first_seen < u.event_at and v3pls_renders(s.response_template, u.words)
    union select message_id from ground_truth_sightings where ${isNewEvidence('ground_truth', sql`message_id`)}`,
});

/** The numbers are part of the key: the same forgery again is new evidence. */
const counterKey = sql`concat_ws(':', p.id, p.version, p.exchange_count, p.agreed_count, p.disagreed_count, p.confidence_score,
  p.execution_count, e.n, j.agreed, j.disagreed) as key`;
const areCountersWrong = sql`(p.exchange_count <> coalesce(e.n, 0) or p.agreed_count <> coalesce(j.agreed, 0)
  or p.disagreed_count <> coalesce(j.disagreed, 0) or p.confidence_score <> v3pls_confidence(p.id, p.version)
  or p.execution_count > (select count(*) from pattern_execution_history h where h.pattern_id = p.id))`;
const outcomeCounts = sql`count(*) filter (where outcome = 'agreed') as agreed, count(*) filter (where outcome = 'disagreed') as disagreed`;

const ALL_COUNTERS = sql`select ${counterKey} from decision_patterns p
  left join (select pattern_id, count(*) as n from exchanges where pattern_id is not null group by 1) e on e.pattern_id = p.id
  left join (select pattern_id, pattern_version, ${outcomeCounts}
    from (select distinct on (decision_id) pattern_id, pattern_version, outcome from shadow_judgements where would_reply
      order by decision_id, id desc) newest group by 1, 2) j on j.pattern_id = p.id and j.pattern_version = p.version
  where ${areCountersWrong}`;

const NEW_COUNTERS = sql`select ${counterKey} from (select distinct pattern_id from watchdog_news) news
  join decision_patterns p on p.id = news.pattern_id
  cross join lateral (select count(*) as n from exchanges where pattern_id = p.id) e
  cross join lateral (select ${outcomeCounts} from (select distinct on (decision_id) outcome from shadow_judgements
    where would_reply and pattern_id = p.id and pattern_version = p.version order by decision_id, id desc) newest) j
  where ${areCountersWrong}`;

/** The migration that the database is at. A database that hangs is found out by this short question, not by the long one. */
export function askLevel(): Promise<number> {
  return readResult(sql`select max(level) as result from schema_migrations`);
}

/** More news than this are no longer cheaper than everything. */
const NEWS_LIMIT = 5_000;

/** What the run that begins has to look at. */
export async function askScope(): Promise<Scope> {
  const isWhole = await readResult<boolean>(sql`select (
    coalesce((select status from watchdog_runs order by id desc limit 1), '') <> 'clean'
    or not exists (select from watchdog_runs where is_whole and status = 'clean' and finished_at > v3pls_now() - interval '1 day')
    or (select count(*) from (select from watchdog_news limit ${NEWS_LIMIT + 1}) n) > ${NEWS_LIMIT}) as result`);
  return isWhole ? 'whole' : 'new';
}

/** Whether the kill switch is engaged. */
export function askLatched(): Promise<boolean> {
  return readResult(sql`select ${isLatched} as result`);
}

type State = Facts & { level: number; startedAt: string };

/** @param tables whose catalog is asked; null: all */
const stateFields = (tables: readonly string[] | null) => sql`
  'level', (select max(level) from schema_migrations), 'startedAt', v3pls_now(), 'isLatched', ${isLatched},
  'pending', (select coalesce(jsonb_agg(id order by opened_at), '[]') from incidents where rollback = 'pending'),
  'isPatternOn', exists (select from decision_patterns where is_active),
  'isLearningOn', exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false'),
  'unanswered', (select jsonb_build_object('source', l.source, 'actor', l.actor) from kill_switch_latches l
    where not exists (select from kill_switch_releases r where r.latch_id = l.id)
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

/** Outgoing texts of nobody that one run takes off the list; the next run takes more. */
const SEEN_LIMIT = 10_000;

const seenFields = sql`'seen', jsonb_build_object(
  'news', (select coalesce(jsonb_agg(id), '[]') from watchdog_news),
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
  return readResult(
    sql`with ${vouched} select jsonb_build_object(${stateFields(tables)}, ${alertFields}, ${seenFields},
      'violations', jsonb_build_object(${sql.join(columns, sql`, `)})) as result`,
    RUN_TIMEOUT_MS,
  );
}

/** As much of it as can still be asked when a table of the checks is not what it was. Every check but the catalog's is left out. */
export function findState(tables: readonly string[] | null): Promise<State> {
  return readResult(
    sql`with ${vouched} select jsonb_build_object(${stateFields(tables)}, 'violations', '{}'::jsonb) as result`,
    STATE_TIMEOUT_MS,
  );
}

type RunRecord = { checks: { id: string; violations: number }[]; startedAt: string; scope: Scope };
type RunStatus = 'clean' | 'latched' | 'rolled_back' | 'unknown' | 'failed';

/** A run that found nothing: expired activations fall back, what it looked at is no longer new, and the lease is renewed. */
export async function recordCleanRun(run: RunRecord, { news, messages }: Seen): Promise<void> {
  await writeBatch(
    [
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
    ],
    RUN_TIMEOUT_MS,
  );
}

/** A run that changed nothing. @param run without `startedAt` where the database was not asked for it */
export async function recordRun(
  status: 'latched' | 'unknown' | 'failed',
  run: Pick<RunRecord, 'checks'> & Partial<RunRecord>,
): Promise<void> {
  await execute(insertRun(status, run, null), RUN_TIMEOUT_MS);
}

/** The kill switch: one INSERT, in a commit of its own, that waits for nothing. */
export async function engageKillSwitch(source: string, actor: string): Promise<void> {
  await execute(sql`insert into kill_switch_latches (source, actor) values (${source}, ${actor})`);
}

/** Incident, snapshot and rollback in one transaction, after the latch. @returns the incident's id */
export async function tripAndRecord(
  { source, actor }: Origin,
  evidence: { checkId: string; key: string }[],
  run: RunRecord,
): Promise<string> {
  const [tripped] = await writeBatch(
    [
      sql`with tripped as materialized (
        select v3pls_trip(${source}, ${actor}, null, ${JSON.stringify(evidence)}::jsonb, ${TRIP_LOCK_TIMEOUT}) as id
      ) ${insertRun('rolled_back', run, sql`(select id from tripped)`)} returning incident_id`,
    ],
    RUN_TIMEOUT_MS,
  );
  return tripped!.rows[0]!.incident_id as string;
}

/** Asks for rollbacks once more that could not be done. One that still cannot stays pending, and says why. */
export async function completeRollbacks(incidents: readonly string[], run: RunRecord): Promise<void> {
  await writeBatch(
    [
      ...incidents.map(id => sql`select v3pls_try_roll_back(${id}::uuid, ${COMPLETION_LOCK_TIMEOUT})`),
      insertRun('rolled_back', run, sql`${incidents[0]}::uuid`),
    ],
    RUN_TIMEOUT_MS,
  );
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
