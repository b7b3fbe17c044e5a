/** The watchdog's checks, a named row each: every one selects the keys of the rows that break it. */
import { type SQL, sql } from 'drizzle-orm';
import type { CheckId } from '../lib/safety/watchdog.js';

const isNewEvidence = (checkId: CheckId, key: SQL) =>
  sql`not exists (select from incident_evidence known join vouched on vouched.vouched_id = known.incident_id
    where known.check_id = ${checkId} and known.key = ${key})`;

/** Incidents that hold no more evidence than the audit saw them opened with: what is known by another one was planted there. */
export const vouched = sql`vouched as materialized (select i.id as vouched_id from incidents i
  cross join lateral (select details -> 'evidence' as evidence from audit_log a
    where a.subject = i.id::text and a.action = 'incident_opened' order by a.id limit 1) opened
  where jsonb_typeof(opened.evidence) = 'number'
    and to_jsonb((select count(*) from incident_evidence e where e.incident_id = i.id)) <= opened.evidence)`;

/** By its rows: the function that says so may be what was replaced. */
export const isLatched = sql`exists (select from kill_switch_latches l
  where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null)`;

/** An id of somebody else's as a key: one that is longer than an index takes would be refused with the whole incident. */
const asKey = (id: SQL) => sql`case when length(${id}) > 128 then left(${id}, 100) || md5(${id}) else ${id} end`;

/** Approvals from before migration 19 were hashed anew then, and their audit rows, which nobody can change, were not. */
const REHASHED = sql`coalesce((select recorded_at from schema_migrations where level = 19), '-infinity')`;

const blank = sql.raw("E' \\t\\n\\r'");

/** What changed since a clean run, or the tables whole: once a day, and after anything that was not clean. */
export type Scope = 'new' | 'whole';

export const checkQueries = (scope: Scope): Record<Exclude<CheckId, 'catalog'>, SQL> => ({
  executions: sql`select h.id::text as key from pattern_execution_history h
    where (h.was_auto_executed is distinct from false or coalesce(btrim(h.approved_by, ${blank}), '') = ''
      or coalesce(h.execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))
      and ${isNewEvidence('executions', sql`h.id::text`)}`,
  pattern_safety_columns: sql`select p.id::text as key from decision_patterns p
    where p.auto_executable is not false or p.requires_confirmation is not true or p.is_active is null`,
  // Approved in these words until then, and the last thing that the audit saw of it is that it was switched on.
  unapproved_active: sql`select p.id::text as key from decision_patterns p
    where p.is_active and (
      not exists (select from (select a.version, a.expires_at, a.content_hash from activations a where a.pattern_id = p.id
          and a.version = p.version and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots)
          order by a.id desc limit 1) given
        join audit_log a on a.subject = p.id::text and a.action = 'activated' and a.details -> 'version' = to_jsonb(given.version)
          and v3pls_read_moment(a.details ->> 'expiresAt') = given.expires_at
          and (a.details ->> 'contentHash' = given.content_hash or a.recorded_at < ${REHASHED}))
      or (select a.details ->> 'isActive' from audit_log a
        where a.subject = p.id::text and a.action = 'pattern_safety_changed' order by a.id desc limit 1) is distinct from 'true')`,
  queue: sql`select q.id::text as key from pattern_execution_queue q
    where q.status = 'pending' or ${isNewEvidence('queue', sql`q.id::text`)}`,
  // What a rollback repairs is a violation each time; an unknown key, which it cannot remove, only once.
  configuration: sql`select 'missing:' || r.config_key as key from v3pls_config_rules() r
      where not exists (select from pattern_learning_config c where c.config_key = r.config_key)
    union all select 'value:' || c.config_key from pattern_learning_config c join v3pls_config_rules() r using (config_key)
      where not v3pls_is_setting(c.config_key, c.config_value)
    union all select 'unknown:' || ${asKey(sql`c.config_key`)} from pattern_learning_config c
      where not exists (select from v3pls_config_rules() r where r.config_key = c.config_key)
        and ${isNewEvidence('configuration', sql`'unknown:' || ${asKey(sql`c.config_key`)}`)}
    union all select 'unaudited:' || c.config_key from pattern_learning_config c
      where v3pls_is_setting(c.config_key, c.config_value) and c.config_key in (select v3pls_unaudited_settings())`,
  // A rollback is followed by a release, which opened no more than it says, and whoever closed an incident wrote it down.
  kill_switch: sql`select 'open:' || i.id as key from incidents i where i.rollback = 'done' and not ${isLatched}
      and not exists (select from releases c where c.recorded_at >= i.opened_at or c.recorded_at = i.closed_at)
    union all select 'release:' || r.latch_id from kill_switch_releases r
      where not exists (select from releases c where c.id = r.release_id)
        and ${isNewEvidence('kill_switch', sql`'release:' || r.latch_id`)}
    union all select 'released:' || c.id from releases c cross join lateral (select details -> 'latches' as latches from audit_log a
        where a.subject = c.id::text and a.action = 'released' and a.recorded_at = c.recorded_at order by a.id limit 1) said
      where jsonb_typeof(said.latches) = 'number'
        and to_jsonb((select count(*) from kill_switch_releases r where r.release_id = c.id)) > said.latches
        and ${isNewEvidence('kill_switch', sql`'released:' || c.id`)}
    union all select 'closed:' || i.id from incidents i where i.state = 'closed'
      and not exists (select from audit_log a where a.subject = i.id::text and a.action = 'incident_closed')
      and ${isNewEvidence('kill_switch', sql`'closed:' || i.id`)}
    union all select 'gone:' || ${asKey(sql`a.subject`)} from audit_log a
      where ${scope === 'whole'} and a.action = 'incident_opened' and not exists (select from incidents i where i.id::text = a.subject)
        and ${isNewEvidence('kill_switch', sql`'gone:' || ${asKey(sql`a.subject`)}`)}`,
  counters: sql`select c.key from (${scope === 'whole' ? ALL_COUNTERS : NEW_COUNTERS}) c where ${isNewEvidence('counters', sql`c.key`)}`,
  // By arrival and by event time: a late message is no rendering of a pattern that was learned after it was written.
  ground_truth: sql`with unattended as materialized (
      select id, text_key, lower(btrim(text)) as words, recorded_at, event_at from messages
      where direction = 'outgoing' and not is_person and text <> '' and (${scope === 'whole'} or watched_at is null)
        and ${isNewEvidence('ground_truth', asKey(sql`id`))}
    ), said as materialized (
      select v.recorded_at, v.first_seen, md5(lower(btrim(v.response_template)))::uuid as text_key, v.response_template,
        case when v.response_template ~ '[{][{][a-z_]+[}][}]' then v3pls_like_of(v.response_template) end as likeness
      from pattern_versions v where v.response_template is not null and exists (select from unattended)
    )
    select ${asKey(sql`u.id`)} as key from unattended u join said s using (text_key)
      where s.recorded_at < u.recorded_at and s.first_seen < u.event_at
    union select ${asKey(sql`u.id`)} from unattended u join said s on u.words like s.likeness
      where s.recorded_at < u.recorded_at and s.first_seen < u.event_at and v3pls_renders(s.response_template, u.words)
    union select ${asKey(sql`message_id`)} from ground_truth_sightings
      where ${isNewEvidence('ground_truth', asKey(sql`message_id`))}`,
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
