/** What the plan monitors, counted from the rows: one statement for the page, a small one for a probe. */
import { sql } from 'drizzle-orm';
import { readResult } from './client.js';
import { type Latch, latchObject } from './incidents.js';
import { withStatus } from './patterns.js';

export type HealthFacts = {
  level: number;
  isLatched: boolean;
  openIncidents: number;
  isLeaseValid: boolean;
  isSilent: boolean;
};

export function findHealth(): Promise<HealthFacts> {
  return readResult(sql`select jsonb_build_object(
    'level', (select max(level) from schema_migrations),
    'isLatched', v3pls_is_latched(),
    'openIncidents', (select count(*) from incidents where state = 'open' or rollback = 'pending'),
    'isLeaseValid', coalesce(v3pls_now() <= v3pls_lease_until(), false),
    'isSilent', coalesce((select max(recorded_at) from deliveries)
      < v3pls_now() - make_interval(hours => v3pls_setting('silence_hours')::int), false)) as result`);
}

type DeliveryDay = {
  date: string;
  accepted: number;
  duplicate: number;
  ignored: number;
  quarantined: number;
  refused: number;
};

export type MonitoringFacts = {
  level: number;
  now: string;
  config: Record<string, string>;
  perDay: { date: string; created: number; avgConfidence: number; active: number }[];
  top: { id: string; triggerText: string; responseTemplate: string; exchanges: number; customers: number }[];
  executions: { total: number; automatic: number };
  deliveries: {
    accepted: number;
    ignored: number;
    quarantined: number;
    duplicate: number;
    refused: number;
    firstAt: string | null;
    lastAt: string | null;
    perDay: DeliveryDay[];
  };
  shadowPerDay: { date: string; turns: number; covered: number; judged: number; agreed: number; disagreed: number }[];
  shadow: { decisions: number; turns: number; covered: number; judged: number; agreed: number; disagreed: number };
  learned: number;
  skipped: Record<string, number>;
  lastRun: { at: string; status: string; checks: unknown } | null;
  leaseUntil: string | null;
  latch: Latch | null;
  openIncidents: number;
  totals: {
    patterns: number;
    active: number;
    avgConfidence: number | null;
    edited: number;
    pendingReview: number;
    /** Judged decisions that agreed, of the patterns' versions as they stand. */
    agreed: number;
    automaticExecutions: number;
  };
  workload: { turns: number; timed: number; medianSeconds: number | null };
};

/** A day of the business, newest first; more of them than this no chart shows. */
const DAYS_SHOWN = 400;

/** Days on which nothing came have no row. The counts that are kept by the hour go to the day on which the hour began. */
const deliveriesPerDay = sql`(select coalesce(jsonb_agg(d order by d.date desc), '[]') from (
  select date, coalesce(sum(n) filter (where outcome = 'accepted'), 0) as accepted,
    coalesce(sum(n) filter (where outcome = 'duplicate'), 0) as duplicate,
    coalesce(sum(n) filter (where outcome = 'ignored'), 0) as ignored,
    coalesce(sum(n) filter (where outcome = 'quarantined'), 0) as quarantined,
    coalesce(sum(n) filter (where outcome = 'refused'), 0) as refused
  from (
    select (d.recorded_at at time zone span.zone)::date as date, d.outcome, count(*) as n
    from deliveries d, span where d.recorded_at >= span.since group by 1, 2
    union all
    select (c.hour at time zone span.zone)::date, c.outcome, sum(c.count) from delivery_counts c, span
    where c.outcome in ('duplicate', 'refused') and c.hour >= span.since - interval '1 hour' group by 1, 2
  ) counted group by date order by date desc limit ${sql.raw(String(DAYS_SHOWN))}) d)`;

/** By the day on which the customer wrote, so that what is told late or imported stands where it happened. */
const shadowPerDay = sql`(select coalesce(jsonb_agg(d order by d.date desc), '[]') from (
  select (e.started_at at time zone span.zone)::date as date, count(*) as turns,
    count(*) filter (where d.kind = 'would_reply') as covered,
    count(*) filter (where d.kind = 'would_reply' and j.outcome in ('agreed', 'disagreed')) as judged,
    count(*) filter (where d.kind = 'would_reply' and j.outcome = 'agreed') as agreed,
    count(*) filter (where d.kind = 'would_reply' and j.outcome = 'disagreed') as disagreed
  from span cross join exchanges e join shadow_decisions d on d.thread_id = e.thread_id and not d.is_late
      and d.last_message_id = e.customer_message_ids[cardinality(e.customer_message_ids)]
    left join lateral (select outcome from shadow_judgements where decision_id = d.id order by id desc limit 1) j on true
  where e.started_at >= span.since and not e.is_withdrawn group by 1 order by 1 desc limit ${sql.raw(String(DAYS_SHOWN))}) d)`;

/** @param hours how far back counts go, by the time of writing; the days of shadow mode by the time of the text */
export function findMonitoring(hours: number): Promise<MonitoringFacts> {
  return readResult<MonitoringFacts>(sql`
with span as (select v3pls_now() - make_interval(hours => ${hours}::int) as since, v3pls_setting('business_timezone') as zone),
judged as (
  select distinct on (j.decision_id) j.outcome, j.would_reply, j.exchange_id from shadow_judgements j, span
  where j.created_at >= span.since order by j.decision_id, j.id desc
)
select jsonb_build_object(
  'level', (select max(level) from schema_migrations),
  'now', v3pls_now(),
  'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config),
  'perDay', (select coalesce(jsonb_agg(d order by d.date desc), '[]') from (
    select (p.created_at at time zone span.zone)::date as date, count(*) as created,
      round(avg(p.confidence_score), 4) as "avgConfidence", count(*) filter (where p.is_active) as active
    from decision_patterns p, span where p.created_at >= span.since group by 1 order by 1 desc limit ${sql.raw(String(DAYS_SHOWN))}) d),
  'top', (select coalesce(jsonb_agg(t order by t.exchanges desc, t.id), '[]') from (
    select id, trigger_text as "triggerText", response_template as "responseTemplate", exchange_count as exchanges,
      customer_count as customers from decision_patterns where retired_at is null order by exchange_count desc, id limit 5) t),
  'executions', (select jsonb_build_object('total', count(*), 'automatic', count(*) filter (where was_auto_executed is distinct from false))
    from pattern_execution_history h, span where h.created_at >= span.since),
  'deliveries', (select jsonb_build_object('accepted', count(*) filter (where outcome = 'accepted'),
      'ignored', count(*) filter (where outcome = 'ignored'), 'quarantined', count(*) filter (where outcome = 'quarantined'),
      'duplicate', (select coalesce(sum(count), 0) from delivery_counts c, span where c.outcome = 'duplicate' and c.hour >= span.since - interval '1 hour'),
      'refused', (select coalesce(sum(count), 0) from delivery_counts c, span where c.outcome = 'refused' and c.hour >= span.since - interval '1 hour'),
      'firstAt', (select min(recorded_at) from deliveries), 'lastAt', (select max(recorded_at) from deliveries),
      'perDay', ${deliveriesPerDay})
    from deliveries d, span where d.recorded_at >= span.since),
  'shadow', (select jsonb_build_object('decisions', count(*), 'turns', count(e.id), 'covered', count(e.id) filter (where d.kind = 'would_reply'),
      'judged', (select count(*) from judged where would_reply and outcome <> 'ignored'),
      'agreed', (select count(*) from judged where would_reply and outcome = 'agreed'),
      'disagreed', (select count(*) from judged where would_reply and outcome = 'disagreed'))
    -- One turn, one count: the decision on a turn's last text stands for the turn.
    from span cross join shadow_decisions d left join exchanges e on e.thread_id = d.thread_id and not d.is_late
      and e.customer_message_ids[cardinality(e.customer_message_ids)] = d.last_message_id
    where d.committed_at >= span.since),
  'shadowPerDay', ${shadowPerDay},
  'learned', (select count(*) from exchanges e, span where e.recorded_at >= span.since and e.pattern_id is not null),
  'skipped', (select coalesce(jsonb_object_agg(code, n), '{}') from (
    select skipped as code, count(*) as n from exchanges e, span
      where e.recorded_at >= span.since and skipped is not null and not is_withdrawn group by 1
    union all select 'not_a_person', count(*) from messages m, span
      where m.recorded_at >= span.since and m.direction = 'outgoing' and not m.is_person having count(*) > 0) s),
  'lastRun', (select jsonb_build_object('at', finished_at, 'status', status, 'checks', checks) from watchdog_runs order by id desc limit 1),
  'leaseUntil', v3pls_lease_until(),
  'latch', ${latchObject},
  'openIncidents', (select count(*) from incidents where state = 'open' or rollback = 'pending'),
  'totals', (select jsonb_build_object('patterns', count(*), 'active', count(*) filter (where status = 'active'),
      'avgConfidence', round(avg(confidence_score), 4), 'edited', count(*) filter (where edited_at is not null or retired_at is not null),
      'pendingReview', count(*) filter (where status = 'pending_review'),
      'agreed', coalesce(sum(agreed_count), 0),
      'automaticExecutions', (select count(*) from pattern_execution_history where was_auto_executed is distinct from false))
    from ${withStatus} p),
  'workload', (select jsonb_build_object('turns', count(*), 'timed', count(e.answered_at),
      'medianSeconds', percentile_cont(0.5) within group (order by extract(epoch from e.answered_at - e.asked_at)))
    from judged j join exchanges e on e.id = j.exchange_id where j.would_reply and j.outcome = 'agreed')
) as result from span`);
}
