// What the plan's checklists ask of the database. It only reads, and reads no text.
import { sql } from 'drizzle-orm';
import { readResult } from '../../db/client.js';

const TIMEOUT_MS = 15_000;

export type PlanFacts = {
  /** By the database's clock, as every moment here. */
  now: string;
  /** Tells this database from a copy of it. */
  database: string;
  /** PostgreSQL's own, `17.5` say. */
  version: string;
  /** Column defaults as the plan's own query shows them; null where there is none. */
  defaults: Record<string, string | null>;
  patterns: {
    count: number;
    active: number;
    executable: number;
    /** As sure as `auto_execute_threshold` asks, or surer. */
    confident: number;
    edited: number;
    lastDay: number;
    lastWeek: number;
  };
  /** Rows of the execution history; one that does not say is counted as automatic. */
  executions: { lastDay: number; automaticLastDay: number; automaticEver: number };
  /** When learning was last switched on, by the audit; null when it never was. */
  enabledAt: string | null;
  /** Exchanges since then, of the last seven days at most: answered by a person, learned, and why the others were not. */
  exchanges: { answered: number; learned: number; skipped: Record<string, number> };
  /** The watchdog in the last 24 hours, or since learning was switched on: runs by status, and the widest gap in minutes. */
  runs: { byStatus: Record<string, number>; widestGapMinutes: number };
  incidentsLastDay: number;
};

export function askPlanFacts(): Promise<PlanFacts> {
  return readResult(
    sql`
with switched as (
  select max(at) as at from audit_log where action = 'config_changed' and subject = 'enabled' and details ->> 'new' = 'true'
), span as (
  select v3pls_now() as now, greatest(v3pls_now() - interval '7 days', switched.at) as week,
    greatest(v3pls_now() - interval '1 day', switched.at) as day, switched.at as "enabledAt" from switched
), runs as (
  select r.status, r.finished_at as at from watchdog_runs r, span where r.finished_at between span.day and span.now
), gaps as (
  select at - lag(at) over (order by at) as gap
  from (select at from runs union all select day from span union all select now from span) moments
), answers as (
  select e.pattern_id, e.skipped from exchanges e, span
  where e.recorded_at >= span.week and not e.is_withdrawn and (e.pattern_id is not null or e.skipped is not null)
)
select jsonb_build_object(
  'now', span.now,
  'database', (select identity from learning_state),
  'version', split_part(current_setting('server_version'), ' ', 1),
  'defaults', (select coalesce(jsonb_object_agg(column_name, column_default), '{}') from information_schema.columns
    where table_schema = 'public' and table_name = 'decision_patterns'
      and column_name in ('is_active', 'auto_executable', 'requires_confirmation')),
  'patterns', (select jsonb_build_object('count', count(*), 'active', count(*) filter (where is_active),
      'executable', count(*) filter (where auto_executable is not false or requires_confirmation is not true),
      'confident', count(*) filter (where confidence_score >= (select v3pls_setting('auto_execute_threshold')::numeric)),
      'edited', count(*) filter (where edited_at is not null or retired_at is not null),
      'lastDay', count(*) filter (where created_at >= span.now - interval '1 day'),
      'lastWeek', count(*) filter (where created_at >= span.now - interval '7 days')) from decision_patterns),
  'executions', (select jsonb_build_object(
      'lastDay', count(*) filter (where created_at >= span.now - interval '1 day'),
      'automaticLastDay', count(*) filter (where created_at >= span.now - interval '1 day' and was_auto_executed is distinct from false),
      'automaticEver', count(*) filter (where was_auto_executed is distinct from false)) from pattern_execution_history),
  'enabledAt', span."enabledAt",
  'exchanges', jsonb_build_object('answered', (select count(*) from answers),
    'learned', (select count(*) from answers where pattern_id is not null),
    'skipped', (select coalesce(jsonb_object_agg(skipped, n), '{}')
      from (select skipped, count(*) as n from answers where skipped is not null group by 1) s)),
  'runs', jsonb_build_object(
    'byStatus', (select coalesce(jsonb_object_agg(status, n), '{}') from (select status, count(*) as n from runs group by 1) s),
    'widestGapMinutes', (select coalesce(extract(epoch from max(gap)) / 60, 0)::float8 from gaps)),
  'incidentsLastDay', (select count(*) from incidents where opened_at >= span.now - interval '1 day')
) as result from span`,
    TIMEOUT_MS,
  );
}

export type PatternVersion = { id: string; version: number; isActive: boolean };

export function askPatternVersions(): Promise<PatternVersion[]> {
  return readResult(
    sql`select coalesce(jsonb_agg(jsonb_build_object('id', id, 'version', version, 'isActive', is_active) order by created_at, id), '[]')
      as result from decision_patterns`,
    TIMEOUT_MS,
  );
}
