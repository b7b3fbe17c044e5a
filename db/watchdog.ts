/** The watchdog's checks, a named row each, and what a run writes. Each check selects the keys of the rows that break it. */
import { type SQL, sql } from 'drizzle-orm';
import type { CheckId, Findings } from '../lib/safety/watchdog.js';
import { execute, readResult, writeBatch } from './client.js';

const RUN_TIMEOUT_MS = 25_000;
/** Evidence named in one run; more of it follows in the next. */
const KEYS_LIMIT = 1_000;

const isNewEvidence = (checkId: CheckId, key: SQL) =>
  sql`not exists (select from incident_evidence known where known.check_id = ${checkId} and known.key = ${key})`;

const CHECK_QUERIES: Record<CheckId, SQL> = {
  executions: sql`select h.id::text as key from pattern_execution_history h
    where (h.was_auto_executed is distinct from false or coalesce(btrim(h.approved_by), '') = ''
      or coalesce(h.execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))
      and ${isNewEvidence('executions', sql`h.id::text`)}`,
  pattern_safety_columns: sql`select p.id::text as key from decision_patterns p
    where p.auto_executable is not false or p.requires_confirmation is not true or p.is_active is null`,
  unapproved_active: sql`select p.id::text as key from decision_patterns p
    where p.is_active and not exists (select from activations a where a.pattern_id = p.id and a.version = p.version
      and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots))`,
  queue: sql`select q.id::text as key from pattern_execution_queue q where ${isNewEvidence('queue', sql`q.id::text`)}`,
  configuration: sql`select c.key from (
      select 'missing:' || r.config_key as key from v3pls_config_rules() r
        where not exists (select from pattern_learning_config c where c.config_key = r.config_key)
      union all select 'unknown:' || c.config_key from pattern_learning_config c
        where not exists (select from v3pls_config_rules() r where r.config_key = c.config_key)
      union all select 'shadow_mode' from pattern_learning_config c where c.config_key = 'shadow_mode' and c.config_value <> 'true'
      union all select 'enabled' from pattern_learning_config c where c.config_key = 'enabled' and c.config_value not in ('true', 'false')
    ) c where ${isNewEvidence('configuration', sql`c.key`)}`,
  counters: sql`select p.id::text || ':' || p.version as key from decision_patterns p
    left join (select pattern_id, count(*) as n from exchanges where pattern_id is not null group by 1) e on e.pattern_id = p.id
    left join (select pattern_id, pattern_version, count(*) filter (where outcome = 'agreed') as agreed,
        count(*) filter (where outcome = 'disagreed') as disagreed
      from (select distinct on (decision_id) pattern_id, pattern_version, outcome from shadow_judgements where would_reply
        order by decision_id, id desc) newest group by 1, 2) j on j.pattern_id = p.id and j.pattern_version = p.version
    where (p.exchange_count <> coalesce(e.n, 0) or p.agreed_count <> coalesce(j.agreed, 0)
      or p.disagreed_count <> coalesce(j.disagreed, 0) or p.confidence_score <> v3pls_confidence(p.id, p.version)
      or p.execution_count > (select count(*) from pattern_execution_history h where h.pattern_id = p.id))
      and ${isNewEvidence('counters', sql`p.id::text || ':' || p.version`)}`,
  // By arrival and by event time: a late message is no rendering of a pattern that was learned after it was written.
  ground_truth: sql`select m.id as key from messages m
    where m.direction = 'outgoing' and not m.is_person and m.text <> ''
      and exists (select from pattern_versions v join decision_patterns p on p.id = v.pattern_id
        where v.recorded_at < m.recorded_at and p.first_seen < m.event_at and v3pls_renders(v.response_template, m.text))
      and ${isNewEvidence('ground_truth', sql`m.id`)}`,
};

export function findViolations(): Promise<Findings & { level: number; startedAt: string }> {
  const columns = Object.entries(CHECK_QUERIES).map(
    ([id, query]) => sql`${id}::text, (select coalesce(jsonb_agg(v.key), '[]') from (${query} limit ${KEYS_LIMIT}) v)`,
  );
  return readResult(
    sql`select jsonb_build_object('level', (select max(level) from schema_migrations), 'startedAt', v3pls_now(),
      'isLatched', v3pls_is_latched(),
      'pending', (select coalesce(jsonb_agg(id order by opened_at), '[]') from incidents where rollback = 'pending'),
      'violations', jsonb_build_object(${sql.join(columns, sql`, `)})) as result`,
    RUN_TIMEOUT_MS,
  );
}

type RunRecord = { checks: { id: string; violations: number }[]; startedAt: string };

/** A run that found nothing: expired activations fall back, and the lease is renewed. */
export async function recordCleanRun(run: RunRecord): Promise<void> {
  await writeBatch(
    [
      sql`update decision_patterns p set is_active = false where p.is_active and not exists (select from activations a
        where a.pattern_id = p.id and a.version = p.version and a.expires_at > v3pls_now())`,
      sql`with run as (${insertRun('clean', run, null)} returning id) select id from run`,
      sql`update watchdog_lease set run_id = (select max(id) from watchdog_runs)`,
    ],
    RUN_TIMEOUT_MS,
  );
}

export async function recordLatchedRun(run: RunRecord): Promise<void> {
  await execute(insertRun('latched', run, null), RUN_TIMEOUT_MS);
}

/** The kill switch: one INSERT, in a commit of its own. The reason is kept apart, where it may be blanked. */
export async function engageKillSwitch(source: string, actor: string): Promise<void> {
  await execute(sql`insert into kill_switch_latches (source, actor) values (${source}, ${actor})`);
}

/** Incident, snapshot and rollback in one transaction, after the latch. @returns the incident's id */
export async function tripAndRecord(evidence: { checkId: string; key: string }[], run: RunRecord): Promise<string> {
  const [tripped] = await writeBatch(
    [
      sql`select v3pls_trip('watchdog', 'watchdog', null, ${JSON.stringify(evidence)}::jsonb, '2s') as id`,
      insertRun('rolled_back', run, sql`(select id from incidents order by opened_at desc limit 1)`),
    ],
    RUN_TIMEOUT_MS,
  );
  return String(tripped!.rows[0]!.id);
}

/** Completes rollbacks that could not get their locks. */
export async function completeRollbacks(incidents: readonly string[], run: RunRecord): Promise<void> {
  await writeBatch(
    [
      ...incidents.map(id => sql`select v3pls_roll_back(${id}::uuid)`),
      insertRun('rolled_back', run, sql`${incidents[0]}::uuid`),
    ],
    RUN_TIMEOUT_MS,
  );
}

function insertRun(status: 'clean' | 'latched' | 'rolled_back', run: RunRecord, incidentId: SQL | null): SQL {
  return sql`insert into watchdog_runs (status, checks, started_at, incident_id)
    values (${status}, ${JSON.stringify(run.checks)}::jsonb, ${run.startedAt}::timestamptz, ${incidentId ?? null})`;
}
