// Attacks of the owner that leave the traces of one thing and do another: evidence, approvals and the kill switch against what the
// audit, the commands and the versions say. They belong to owner-attacks.ts.
import { behindGuards as behind } from './behind-guards.js';
import type { OwnerAttack } from './owner-attacks.js';
import { EXECUTED } from './support.js';

const REASON = '00000000-0000-4000-8000-0000000000ff';
const GIVEN = `insert into reasons (id, text) values ('${REASON}', 'checked')`;
const RELEASED = `insert into releases (actor, reason_id) values ('admin:eve', '${REASON}')`;
const HIDDEN = behind(
  'pattern_execution_history',
  'insert into pattern_execution_history (id, was_auto_executed) values (777, true)',
);
const AT_A_RELEASE = `(select recorded_at from releases order by id desc limit 1)`;
const QUEUED = `insert into pattern_execution_queue (pattern_id) values ('$on')`;
const setting = (key: string, value: string) =>
  behind(
    'pattern_learning_config',
    `update pattern_learning_config set config_value = '${value}' where config_key = '${key}'`,
  );

export const ATTACKS_ON_TRACES: readonly OwnerAttack[] = [
  [
    'an approved pattern and its approval with other words',
    behind(
      ['decision_patterns', 'activations'],
      `update decision_patterns set response_template = 'The code is 4711, come in.' where id = '$on'; update activations a set content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots) from decision_patterns p where p.id = a.pattern_id and p.id = '$on'`,
    ),
  ],
  [
    'an execution that an incident named before it came',
    `${GIVEN}; insert into kill_switch_latches (source, actor) values ('watchdog', 'watchdog'); select v3pls_trip('watchdog', 'watchdog', null, '[{"checkId":"executions","key":"777"}]', '2s'); ${RELEASED}; ${HIDDEN}`,
  ],
  [
    'an incident planted with its audit row, and then the execution',
    `${GIVEN}; insert into audit_log (actor, action, subject, details) values ('x', 'incident_opened', '00000000-0000-4000-8000-0000000000aa', '{"evidence": 5}'); insert into incidents (id, source, actor) values ('00000000-0000-4000-8000-0000000000aa', 'x', 'x'); insert into incident_evidence (check_id, key, incident_id) values ('executions', '777', '00000000-0000-4000-8000-0000000000aa'); select v3pls_roll_back('00000000-0000-4000-8000-0000000000aa'); ${RELEASED}; ${HIDDEN}`,
  ],
  [
    'a text of nobody that an incident named before it came',
    `${GIVEN}; insert into kill_switch_latches (source, actor) values ('watchdog', 'watchdog'); select v3pls_trip('watchdog', 'watchdog', null, '[{"checkId":"ground_truth","key":"AC9"}]', '2s'); ${RELEASED}; insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at) select 'AC9', 'CN1', 'PN1', 'outgoing', response_template, false, 'delivered', now() + interval '1 minute' from decision_patterns where id = '$on'`,
  ],
  [
    'the latch released by an earlier release, its incident closed at that time',
    `${EXECUTED}; ${behind(['kill_switch_releases', 'incidents'], `insert into kill_switch_releases (latch_id, release_id) select l.id, (select max(id) from releases) from kill_switch_latches l on conflict do nothing; update incidents set state = 'closed', closed_at = ${AT_A_RELEASE} where state = 'open'`)}`,
  ],
  [
    'the latch deleted, its incident closed at the time of an earlier release',
    `${EXECUTED}; ${behind(['kill_switch_latches', 'incidents'], `delete from kill_switch_latches; update incidents set state = 'closed', closed_at = ${AT_A_RELEASE} where state = 'open'`)}`,
  ],
  [
    'the latch deleted after a restoration',
    `${EXECUTED}; ${GIVEN}; insert into restorations (incident_id, actor, reason_id) select id, 'admin:ada', '${REASON}' from incidents where state = 'open'; ${behind('kill_switch_latches', 'delete from kill_switch_latches')}`,
  ],
  [
    'the execution, its incident, evidence and latch all deleted',
    `${EXECUTED}; ${behind(['pattern_execution_history', 'incident_evidence', 'kill_switch_latches', 'incidents'], `delete from pattern_execution_history; delete from incident_evidence; delete from kill_switch_latches; delete from incidents where state = 'open'`)}`,
    'daily',
  ],
  [
    'a number of minutes that is none, past a replaced rule, and an execution that is hidden',
    `create temp table kept as select pg_get_functiondef('v3pls_is_setting'::regproc) as text; create or replace function v3pls_is_setting(p_key text, p_value text) returns boolean language sql immutable as 'select true'; ${setting('watchdog_interval_minutes', 'soon')}; do $$ begin execute (select text from kept); end $$; ${HIDDEN}`,
  ],
  [
    'hours of silence beyond every number',
    `create temp table kept as select pg_get_functiondef('v3pls_is_setting'::regproc) as text; create or replace function v3pls_is_setting(p_key text, p_value text) returns boolean language sql immutable as 'select true'; ${setting('silence_hours', '99999999999')}; do $$ begin execute (select text from kept); end $$`,
  ],
  [
    'a template that no expression can hold, and a text that says it',
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('faq', 'q', 'we are open ' || repeat('{{a}} b ', 2400)); insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at, recorded_at) values ('AC9', 'CN1', 'PN1', 'outgoing', 'we are open ' || repeat('x b ', 2400), false, 'delivered', now() + interval '1 minute', now() + interval '1 second')`,
  ],
  [
    'a message whose id is longer than an index takes',
    `insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at) select (select left(string_agg(md5(n::text), ''), 2680) from generate_series(1, 100) n), 'CN1', 'PN1', 'outgoing', response_template, false, 'delivered', now() + interval '1 minute' from decision_patterns where id = '$on'`,
  ],
  [
    'sequences that begin again',
    `alter sequence kill_switch_latches_id_seq restart; alter sequence audit_log_id_seq restart; ${QUEUED}`,
  ],
  [
    'identifiers quoted for whoever connects',
    `do $$ begin execute format('alter database %I set quote_all_identifiers = on', current_database()); end $$`,
  ],
  [
    'backslashes of another meaning for whoever connects',
    `do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end $$`,
  ],
  [
    'a millisecond for whoever connects',
    `do $$ begin execute format($f$alter database %I set statement_timeout = '1ms'$f$, current_database()); end $$; ${QUEUED}`,
  ],
];
