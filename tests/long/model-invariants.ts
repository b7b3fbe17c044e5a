// What is always true (safety.md, section 1), each a query for what breaks it: ids, or any text. No row: it holds.
// `b` is what the model knew before the step (FACTS as jsonb), `n` what it knows after it; a query that uses neither is about
// a state alone. The watchdog's own checks of the same leave out what is known already; they are named in `as`.
import type { CheckId } from '../../lib/safety/watchdog.js';
import { BAD_EXECUTION, KEPT, LATCHED, TRACE } from './model-facts.js';

export type Invariant = {
  id: string;
  law: string;
  broken: string;
  /** The clock alone can break it: asked also where nothing else changed. */
  isTimed?: true;
  as?: CheckId;
};

/** A letter or a digit, at least. */
const isSomebody = (actor: string) => `${actor} ~ '[[:alnum:]]'`;
const isBlank = (id: string) => `not exists (select from reasons why where why.id = ${id} and btrim(why.text) <> '')`;
/** The settings of which less (-1) or more (1) is less safe. */
const LOOSER = [
  ...['auto_execute_threshold', 'min_executions_for_auto', 'review_min_customers', 'match_threshold'].map(key => [
    key,
    -1,
  ]),
  ...['activation_days', 'watchdog_interval_minutes', 'silence_hours'].map(key => [key, 1]),
].map(([key, sign]) => `('${key}', ${sign})`);

export const INVARIANTS: readonly Invariant[] = [
  {
    id: 'I1',
    law: 'nothing may execute, and everything asks',
    as: 'pattern_safety_columns',
    broken: `select id::text from decision_patterns
      where auto_executable is not false or requires_confirmation is not true or is_active is null`,
  },
  {
    id: 'I1',
    law: 'shadow mode is on, also for whoever asks the function',
    broken: `select 'shadow_mode' where v3pls_setting('shadow_mode') is distinct from 'true'
      or exists (select from pattern_learning_config where config_key = 'shadow_mode' and config_value <> 'true')`,
  },
  {
    id: 'I2',
    law: 'a pattern that was not there before is inactive, in its first version, with confidence 0.50',
    broken: `select id::text from decision_patterns where not (b -> 'patterns') ? id::text
      and (is_active or version <> 1 or confidence_score <> 0.50 or agreed_count + disagreed_count + exchange_count <> 0)`,
  },
  {
    id: 'I2',
    law: 'confidence and counters are what their evidence says',
    as: 'counters',
    broken: `select p.id::text from decision_patterns p where p.confidence_score <> v3pls_confidence(p.id, p.version)
      or p.exchange_count <> (select count(*) from exchanges e where e.pattern_id = p.id)
      or p.execution_count > (select count(*) from pattern_execution_history h where h.pattern_id = p.id)`,
  },
  {
    id: 'I3',
    law: 'a pattern that is on was approved in this version and these words, and the audit last saw it switched on',
    as: 'unapproved_active',
    broken: `select p.id::text from decision_patterns p where p.is_active and (
      not exists (select from activations a where a.pattern_id = p.id and a.version = p.version and ${isSomebody('a.actor')}
        and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots))
      or (select a.details ->> 'isActive' from audit_log a
        where a.subject = p.id::text and a.action = 'pattern_safety_changed' order by a.id desc limit 1) is distinct from 'true')`,
  },
  {
    id: 'I3',
    law: 'a pattern goes on only by an activation of this version, written while the kill switch was released and the lease fresh',
    broken: `select p.id::text from decision_patterns p where p.is_active and p.retired_at is null
      and (b -> 'patterns' -> p.id::text ->> 'on') is distinct from 'true'
      and ((b ->> 'latched')::boolean or not exists (select from activations a
        where a.id > (b -> 'activations' ->> 'last')::bigint and a.pattern_id = p.id and a.version = p.version
          and a.activated_at <= (b ->> 'leaseUntil')::timestamptz))`,
  },
  {
    id: 'I3',
    isTimed: true,
    law: 'in force is what is on, approved, not expired and not latched: no more and no less',
    broken: `select coalesce(f.id, p.id)::text from patterns_in_force f full join (
        select p.id from decision_patterns p where p.is_active and p.retired_at is null
          and not ${LATCHED}
          and (select a.expires_at from activations a where a.pattern_id = p.id and a.version = p.version order by a.id desc limit 1) > v3pls_now()
      ) p on p.id = f.id where f.id is null or p.id is null`,
  },
  {
    id: 'I4',
    law: 'a pattern is, byte for byte, what is kept as its version',
    broken: `select p.id::text from decision_patterns p left join pattern_versions v on v.pattern_id = p.id and v.version = p.version
      where v.version is null or (v.trigger_text, v.response_template, v.slots) is distinct from (p.trigger_text, p.response_template, p.slots)`,
  },
  {
    id: 'I4',
    law: 'new words are a new version, and are off until somebody approves them',
    broken: `select p.id::text from decision_patterns p join pattern_versions v
        on v.pattern_id = p.id and v.version = (b -> 'patterns' -> p.id::text ->> 'version')::int
      where p.version < v.version or (p.version = v.version
          and (v.trigger_text, v.response_template, v.slots) is distinct from (p.trigger_text, p.response_template, p.slots))
        or (p.version > v.version and p.is_active and not exists (select from activations a
          where a.pattern_id = p.id and a.version = p.version and a.id > (b -> 'activations' ->> 'last')::bigint))`,
  },
  {
    id: 'I5',
    law: 'rows of evidence, audit and commands are only added: none goes, none changes',
    broken: KEPT.map(
      table => `select '${table}' where (n -> '${table}' ->> 'trace')::bigint - (b -> '${table}' ->> 'trace')::bigint
      <> (select coalesce(${TRACE}, 0) from ${table} t where t.id > (b -> '${table}' ->> 'last')::bigint)`,
    ).join(' union all '),
  },
  {
    id: 'I5',
    law: 'no incident, queue row, setting or version goes away',
    broken: `select k from unnest(array['incidents', 'queue', 'versions']) k where (n ->> k)::bigint < (b ->> k)::bigint
      union all select k from jsonb_object_keys(b -> 'config') k where not (n -> 'config') ? k`,
  },
  {
    id: 'I6',
    law: 'every execution that no person approved is evidence of an incident',
    as: 'executions',
    broken: `select h.id::text from pattern_execution_history h where ${BAD_EXECUTION} and not exists (
      select from incident_evidence e join incidents i on i.id = e.incident_id where e.check_id = 'executions' and e.key = h.id::text)`,
  },
  {
    id: 'I6',
    law: 'evidence engages the kill switch in its own transaction',
    broken: `select 'released' where (n ->> 'bad')::int > (b ->> 'bad')::int and not (n ->> 'latched')::boolean`,
  },
  {
    id: 'I7',
    law: 'a rollback is pending and its incident open, or it is done with a snapshot from before it and what it changed',
    broken: `select id::text from incidents where (rollback = 'pending' and state <> 'open')
      or (rollback = 'done' and (snapshot is null or changed is null or rolled_back_at is null
        or (snapshot ->> 'takenAt')::timestamptz > rolled_back_at
        or exists (select from jsonb_array_elements_text(changed -> 'patterns') c
          where not jsonb_path_exists(snapshot, '$.patterns[*] ? (@.id == $id)', jsonb_build_object('id', c)))))`,
  },
  {
    id: 'I7',
    law: 'every finished rollback is in the audit once, with its incident',
    broken: `select i.id::text from incidents i where (select count(*) from audit_log a where a.action = 'rolled_back' and a.subject = i.id::text)
        <> (i.rollback = 'done')::int
      union all select a.subject from audit_log a where a.action = 'rolled_back' and not exists (select from incidents i where i.id::text = a.subject)`,
  },
  {
    id: 'I7',
    law: 'what was rolled back stays so, its snapshot as it was; what was closed stays closed',
    broken: `select k from jsonb_object_keys(b -> 'done') k where n -> 'done' -> k is distinct from b -> 'done' -> k
      union all select k from jsonb_array_elements_text(b -> 'closed') k where not (n -> 'closed') ? k`,
  },
  {
    id: 'I8',
    law: 'where a rollback was just done everything is off: patterns, queue, learning; shadow mode and the kill switch are on',
    broken: `select k from jsonb_object_keys(n -> 'done') k where not (b -> 'done') ? k and (
      exists (select from decision_patterns where is_active is not false) or exists (select from pattern_execution_queue where status = 'pending')
      or v3pls_setting('enabled') <> 'false' or exists (select from pattern_learning_config where config_key = 'shadow_mode' and config_value <> 'true')
      or not (n ->> 'latched')::boolean)`,
  },
  {
    id: 'I8',
    law: 'behind a finished rollback no pattern is on before an admin releases',
    broken: `select p.id::text from decision_patterns p where p.is_active and (n ->> 'latched')::boolean
      and exists (select from incidents where state = 'open' and rollback = 'done')`,
  },
  {
    id: 'I9',
    law: 'a snapshot holds ids, versions, safety columns, statuses and settings, and nobody’s words',
    broken: `select i.id::text from incidents i where i.snapshot is not null and (i.snapshot::text ~* 'canary' or i.changed::text ~* 'canary'
      or exists (select from jsonb_object_keys(i.snapshot) k where k not in ('takenAt', 'patternCount', 'patterns', 'queue', 'config'))
      or exists (select from jsonb_array_elements(i.snapshot -> 'patterns') p, jsonb_object_keys(p) k
        where k not in ('id', 'version', 'isActive', 'autoExecutable', 'requiresConfirmation')))`,
  },
  {
    id: 'I9',
    law: 'a restoration switches nothing on and releases nothing',
    broken: `select 'restored' where (n -> 'restorations' ->> 'last')::int > (b -> 'restorations' ->> 'last')::int and (
      (b ->> 'latched')::boolean is distinct from (n ->> 'latched')::boolean
      or (v3pls_setting('enabled') = 'true' and b -> 'config' ->> 'enabled' <> 'true')
      or exists (select from decision_patterns p where p.is_active and (b -> 'patterns' -> p.id::text ->> 'on') is distinct from 'true'))`,
  },
  {
    id: 'I10',
    law: 'a latch is opened only by a release that says who and why',
    broken: `select r.latch_id::text from kill_switch_releases r left join releases l on l.id = r.release_id
      where l.id is null or not ${isSomebody('l.actor')} or ${isBlank('l.reason_id')}`,
  },
  {
    id: 'I10',
    law: 'the kill switch opens only in a release, when no rollback is pending and nothing is on',
    broken: `select 'released' where (b ->> 'latched')::boolean and not (n ->> 'latched')::boolean and (
      (n -> 'releases' ->> 'last')::int = (b -> 'releases' ->> 'last')::int
      or exists (select from incidents where rollback = 'pending') or exists (select from decision_patterns where is_active is not false))`,
  },
  {
    id: 'I10',
    law: 'an incident that is rolled back and open is held by the kill switch',
    as: 'kill_switch',
    broken: `select id::text from incidents where state = 'open' and rollback = 'done' and not (n ->> 'latched')::boolean`,
  },
  {
    id: 'I10',
    law: 'while a rollback is pending its kill switch is engaged (an incident that somebody planted has none)',
    broken: `select id::text from incidents where rollback = 'pending' and source <> 'planted' and not (n ->> 'latched')::boolean`,
  },
  {
    id: 'I11',
    isTimed: true,
    law: 'there is one lease, of a clean run, and not from the future',
    broken: `select l.id::text from watchdog_lease l left join watchdog_runs r on r.id = l.run_id
        where l.renewed_at is not null and (r.id is null or r.status <> 'clean' or l.renewed_at > v3pls_now())
      union all select 'count' where (select count(*) from watchdog_lease) <> 1`,
  },
  {
    id: 'I11',
    law: 'the lease is renewed only by a newer run',
    broken: `select run_id::text from watchdog_lease where run_id is distinct from (b ->> 'leaseRun')::bigint
      and run_id <= coalesce((b ->> 'leaseRun')::bigint, 0)`,
  },
  {
    id: 'I12',
    law: 'the settings are the closed set of keys, each with a value of its type',
    as: 'configuration',
    broken: `select r.config_key from v3pls_config_rules() r left join pattern_learning_config c using (config_key)
        where c.config_key is null or not v3pls_is_setting(c.config_key, c.config_value)
      union all select c.config_key from pattern_learning_config c where not exists (
        select from v3pls_config_rules() r where r.config_key = c.config_key)`,
  },
  {
    id: 'I12',
    law: 'only an admin’s change, with a reason, makes a setting less safe (learning apart)',
    broken: `select c.config_key from pattern_learning_config c join (values ${LOOSER}) way (key, sign) on way.key = c.config_key
      where case when v3pls_is_setting(c.config_key, c.config_value)
        then (c.config_value::numeric - (b -> 'config' ->> c.config_key)::numeric) * way.sign > 0 end and not exists (select from config_changes g
        where g.id > (b -> 'config_changes' ->> 'last')::bigint and g.config_key = c.config_key and g.new_value = c.config_value
          and ${isSomebody('g.actor')} and not ${isBlank('g.reason_id')})`,
  },
  {
    id: 'I12',
    law: 'every setting is what the audit saw last, or what it began with',
    as: 'configuration',
    broken: `select c.config_key from pattern_learning_config c join v3pls_config_rules() r using (config_key)
      where c.config_value <> coalesce((select a.details ->> 'new' from audit_log a
        where a.action = 'config_changed' and a.subject = c.config_key order by a.id desc limit 1), r.default_value)`,
  },
  {
    id: 'I18',
    isTimed: true,
    law: 'an expired activation is in force for nobody',
    broken: `select f.id::text from patterns_in_force f where not exists (select from activations a
      where a.pattern_id = f.id and a.version = f.version and a.expires_at > v3pls_now()) or f.expires_at <= v3pls_now()`,
  },
  {
    id: 'I18',
    law: 'an activation ends when the audit was told that it would, within the longest time that a setting allows',
    as: 'unapproved_active',
    broken: `select a.id::text from activations a where a.expires_at > a.activated_at + interval '999 days'
      or not exists (select from audit_log g where g.action = 'activated' and g.subject = a.pattern_id::text
        and g.details -> 'version' = to_jsonb(a.version) and v3pls_read_moment(g.details ->> 'expiresAt') = a.expires_at)`,
  },
  {
    id: 'I18',
    law: 'a clean run of the watchdog leaves no expired pattern on',
    broken: `select p.id::text from watchdog_runs r, decision_patterns p
      where r.id > (b -> 'watchdog_runs' ->> 'last')::bigint and r.status = 'clean' and r.checks <> '[]' and p.is_active
        and not exists (select from activations a where a.pattern_id = p.id and a.version = p.version and a.expires_at > v3pls_now())`,
  },
];
