// Each law broken behind every guard, in each of the ways that it forbids: a law that says nothing then says nothing ever.
// `first` is what may happen (a look after each step finds nothing broken), `breach` what may not, where no trigger fires.
import { KEPT, PATTERNS } from './model-facts.js';
import { REASON } from './model-world.js';

export type Breach = { first: readonly string[]; breach: string };

const { A, B } = PATTERNS;
const ACTIVATE = `insert into activations (pattern_id, version, actor) values ('${A}', 1, 'admin:ada')`;
const LATCH = `insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`;
const EXECUTED = 'insert into pattern_execution_history (was_auto_executed) values (true)';
const RELEASE = `insert into releases (actor, reason_id) values ('admin:ada', '${REASON}')`;
const RESTORE = `insert into restorations (incident_id, actor, reason_id) select id, 'admin:ada', '${REASON}' from incidents`;
const UNFINISHED = `${LATCH}; select v3pls_open_incident('manual', 'operator:olga', null, '[]')`;
const OPENED = 'insert into kill_switch_releases (latch_id, release_id) select max(id), 1 from kill_switch_latches';
const ENGAGED_NO_MORE = 'delete from kill_switch_latches';
const tick = (by: string) => `select model.tick('${by}')`;
const pattern = (change: string) => `update decision_patterns set ${change} where id = '${A}'`;
const setting = (key: string, value: string) =>
  `update pattern_learning_config set config_value = '${value}' where config_key = '${key}'`;
const without = (table: string, check: string, harm: string) =>
  `alter table ${table} drop constraint ${check}; ${harm}`;
const born = (column: string, value: string) =>
  `insert into decision_patterns (pattern_type, trigger_text, response_template, ${column}) values ('faq', 'q', 'a', ${value})`;
const snapshot = (value: string) => `update incidents set snapshot = ${value}`;
/** Everything that a finished rollback has, and no rollback. */
const CALL_DONE = `update incidents set rollback = 'done', rolled_back_at = v3pls_now(), changed = '{"patterns": []}',
  snapshot = jsonb_build_object('takenAt', v3pls_now(), 'patterns', '[]'::jsonb)`;
const inForce = (condition: string) => `create or replace view patterns_in_force as
  select p.id, p.version, p.created_at as activated_at, p.created_at as expires_at from decision_patterns p where ${condition}`;
const after = (first: string | readonly string[], ...breaches: string[]): Breach[] =>
  breaches.map(breach => ({ first: [first].flat(), breach }));
const atOnce = (...breaches: string[]) => after([], ...breaches);

/** A row of every table that only grows. */
const EACH_KEPT = [
  ...[ACTIVATE, `insert into pattern_execution_history (was_auto_executed, approved_by) values (false, 'US1')`],
  `insert into config_changes (config_key, new_value, actor) values ('activation_days', '29', 'admin:ada')`,
  `insert into pattern_commands (pattern_id, action, actor) values ('${A}', 'deactivate', 'operator:olga')`,
  ...[EXECUTED, RESTORE, RELEASE],
];
const UNCHECKED_SETTING = 'alter table pattern_learning_config drop constraint config_value_typed';
const releasedBy = (who: string) => `alter table releases drop constraint release_names_who;
  insert into releases (actor, reason_id) values (${who}); ${OPENED.replace(', 1', ', (select max(id) from releases)')}`;
const NEW_WORDS = pattern(`response_template = 'other'`);
const SWITCHED_ON = pattern('is_active = true');

/** By the law. */
export const BREACHES: Record<string, Breach[]> = {
  'nothing may execute, and everything asks': atOnce(
    without('decision_patterns', 'nothing_executes', pattern('auto_executable = true')),
    without('decision_patterns', 'everything_asks', pattern('requires_confirmation = false')),
    `alter table decision_patterns alter is_active drop not null; ${pattern('is_active = null')}`,
  ),
  'shadow mode is on, also for whoever asks the function': atOnce(
    `${UNCHECKED_SETTING}; ${setting('shadow_mode', 'false')}`,
    `create or replace function v3pls_setting(p_key text) returns text language sql stable as $$ select 'false' $$; ${LATCH}`,
  ),
  'a pattern that was not there before is inactive, in its first version, with confidence 0.50': atOnce(
    ...[born('is_active', 'true'), born('version', '2'), born('confidence_score', '0.9'), born('exchange_count', '3')],
  ),
  'confidence and counters are what their evidence says': atOnce(
    ...['confidence_score = 0.9', 'exchange_count = 1', 'execution_count = 1'].map(pattern),
  ),
  'a pattern that is on was approved in this version and these words, and the audit last saw it switched on': [
    ...atOnce(
      SWITCHED_ON,
      `alter table activations drop constraint activation_names_who; ${ACTIVATE.replace('admin:ada', '-')}; ${SWITCHED_ON}`,
    ),
    ...after(
      ACTIVATE,
      pattern('version = 2'),
      NEW_WORDS,
      `insert into audit_log (actor, action, subject, details) values ('eve', 'pattern_safety_changed', '${A}', '{"isActive": false}')`,
    ),
  ],
  'a pattern goes on only by an activation of this version, written while the kill switch was released and the lease fresh':
    [
      ...atOnce(SWITCHED_ON),
      ...after(LATCH, `${ACTIVATE}; ${SWITCHED_ON}`),
      ...after(tick('1 hour'), `${ACTIVATE}; ${SWITCHED_ON}`),
      ...after([ACTIVATE, pattern('is_active = false')], SWITCHED_ON),
    ],
  'in force is what is on, approved, not expired and not latched: no more and no less': [
    ...after(ACTIVATE, inForce('false'), inForce('true')),
    ...after([ACTIVATE, LATCH], inForce('is_active')),
    ...after([ACTIVATE, tick('31 days')], inForce('is_active')),
  ],
  'a pattern is, byte for byte, what is kept as its version': atOnce(
    ...[NEW_WORDS, ...[`trigger_text = 'other'`, `slots = '["name"]'`, 'version = 2'].map(pattern)],
  ),
  'new words are a new version, and are off until somebody approves them': [
    ...atOnce(NEW_WORDS),
    ...after(NEW_WORDS, pattern('version = 1')),
    ...after(ACTIVATE, pattern(`response_template = 'other', version = 2`)),
  ],
  'rows of evidence, audit and commands are only added: none goes, none changes': after(
    EACH_KEPT,
    ...KEPT.flatMap(table => [`delete from ${table}`, `update ${table} set recorded_at = recorded_at`]),
  ),
  'no incident, queue row, setting or version goes away': after(
    [EXECUTED, `insert into pattern_execution_queue (conversation_id) values ('CN1')`],
    ...['incidents', 'pattern_execution_queue', 'pattern_versions'].map(table => `delete from ${table}`),
    `delete from pattern_learning_config where config_key = 'silence_hours'`,
  ),
  'every execution that no person approved is evidence of an incident': atOnce(
    EXECUTED,
    `insert into pattern_execution_history (was_auto_executed) values (false)`,
    `insert into pattern_execution_history (was_auto_executed, approved_by) values (null, 'US1')`,
    `insert into pattern_execution_history (was_auto_executed, approved_by, execution_mode) values (false, 'US1', 'auto')`,
  ),
  'evidence engages the kill switch in its own transaction': atOnce(EXECUTED),
  'a rollback is pending and its incident open, or it is done with a snapshot from before it and what it changed': [
    ...after(UNFINISHED, without('incidents', 'closed_is_rolled_back', `update incidents set state = 'closed'`)),
    ...after(
      [ACTIVATE, EXECUTED],
      without('incidents', 'rollback_has_snapshot', snapshot('null')),
      'update incidents set changed = null',
      snapshot(`jsonb_set(snapshot, '{takenAt}', to_jsonb(v3pls_now() + interval '1 hour'))`),
      `update incidents set changed = '{"patterns": ["${B}"]}'`,
    ),
  ],
  'every finished rollback is in the audit once, with its incident': [
    ...after(UNFINISHED, CALL_DONE),
    ...after(
      EXECUTED,
      `delete from audit_log where action = 'rolled_back'`,
      `insert into audit_log (actor, action, subject) select 'eve', 'rolled_back', id::text from incidents`,
      `insert into audit_log (actor, action, subject) values ('eve', 'rolled_back', gen_random_uuid()::text)`,
    ),
  ],
  'what was rolled back stays so, its snapshot as it was; what was closed stays closed': [
    ...after(
      EXECUTED,
      `update incidents set rollback = 'pending'`,
      snapshot(`snapshot || '{"patternCount": 7}'`),
      `update incidents set changed = changed || '{"queue": ["x"]}'`,
    ),
    ...after([EXECUTED, RELEASE], `update incidents set state = 'open'`),
  ],
  'where a rollback was just done everything is off: patterns, queue, learning; shadow mode and the kill switch are on':
    [
      ...after(UNFINISHED, CALL_DONE),
      ...after(
        [setting('enabled', 'false'), UNFINISHED],
        `${CALL_DONE}; ${SWITCHED_ON}`,
        `${CALL_DONE}; insert into pattern_execution_queue (conversation_id) values ('CN1')`,
        `${CALL_DONE}; ${ENGAGED_NO_MORE}`,
        `${CALL_DONE}; ${UNCHECKED_SETTING}; ${setting('shadow_mode', 'false')}`,
      ),
    ],
  'behind a finished rollback no pattern is on before an admin releases': after(EXECUTED, SWITCHED_ON),
  'a snapshot holds ids, versions, safety columns, statuses and settings, and nobody’s words': after(
    [ACTIVATE, EXECUTED],
    snapshot(`snapshot || '{"note": "x"}'`),
    snapshot(`jsonb_set(snapshot, '{patterns,0,triggerText}', '"x"')`),
    snapshot(`jsonb_set(snapshot, '{patterns,0,id}', '"The canary opens at seven."')`),
    `update incidents set changed = changed || '{"queue": ["the canary"]}'`,
  ),
  'a restoration switches nothing on and releases nothing': after(
    EXECUTED,
    ...[ENGAGED_NO_MORE, setting('enabled', 'true'), SWITCHED_ON].map(harm => `${RESTORE}; ${harm}`),
  ),
  'a latch is opened only by a release that says who and why': after(
    LATCH,
    ...[OPENED, releasedBy(`' ', '${REASON}'`), releasedBy(`'admin:ada', gen_random_uuid()`)],
  ),
  'the kill switch opens only in a release, when no rollback is pending and nothing is on': [
    ...after(LATCH, ENGAGED_NO_MORE, OPENED),
    ...after(UNFINISHED, `${RELEASE}; ${OPENED}`),
    ...after([ACTIVATE, LATCH], `${RELEASE}; ${OPENED}`),
  ],
  'an incident that is rolled back and open is held by the kill switch': after(EXECUTED, ENGAGED_NO_MORE),
  'while a rollback is pending its kill switch is engaged (an incident that somebody planted has none)': after(
    UNFINISHED,
    ENGAGED_NO_MORE,
  ),
  'there is one lease, of a clean run, and not from the future': atOnce(
    `update watchdog_lease set renewed_at = v3pls_now() + interval '1 minute'`,
    'update watchdog_lease set run_id = 999',
    `update watchdog_runs set status = 'latched'`,
    without('watchdog_lease', 'one_lease', 'insert into watchdog_lease (id) values (2)'),
    'delete from watchdog_lease',
  ),
  'the lease is renewed only by a newer run': atOnce('update watchdog_lease set run_id = 0'),
  'the settings are the closed set of keys, each with a value of its type': atOnce(
    `delete from pattern_learning_config where config_key = 'silence_hours'`,
    `${UNCHECKED_SETTING}; ${setting('silence_hours', 'soon')}`,
    `${UNCHECKED_SETTING}; insert into pattern_learning_config (config_key, config_value) values ('auto_send', 'true')`,
  ),
  'only an admin’s change, with a reason, makes a setting less safe (learning apart)': atOnce(
    ...[setting('auto_execute_threshold', '0.9'), setting('min_executions_for_auto', '19')],
    ...[setting('review_min_customers', '2'), setting('match_threshold', '0.4'), setting('activation_days', '31')],
    ...[setting('watchdog_interval_minutes', '6'), setting('silence_hours', '73')],
    ...[`'admin:ada', null`, `'-', '${REASON}'`].map(
      who => `alter table config_changes drop constraint config_change_names_who; ${setting('activation_days', '31')};
        insert into config_changes (config_key, new_value, actor, reason_id) values ('activation_days', '31', ${who})`,
    ),
  ),
  'every setting is what the audit saw last, or what it began with': atOnce(
    setting('activation_days', '29'),
    setting('enabled', 'false'),
  ),
  'an expired activation is in force for nobody': after([ACTIVATE, tick('31 days')], inForce('is_active')),
  'an activation ends when the audit was told that it would, within the longest time that a setting allows': after(
    ACTIVATE,
    `update activations set expires_at = expires_at + interval '1 day'`,
    `update activations set activated_at = activated_at - interval '1000 days'`,
    `delete from audit_log where action = 'activated'`,
  ),
  'a clean run of the watchdog leaves no expired pattern on': after(
    [ACTIVATE, tick('31 days')],
    `insert into watchdog_runs (status, checks, started_at) values ('clean', '[{}]', v3pls_now())`,
  ),
};
