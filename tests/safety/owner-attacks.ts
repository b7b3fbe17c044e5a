// What the owner of the tables can do with DDL: switch a guard off, do the harm, and switch the guard on again, so that only
// the rows tell. $off is an inactive pattern, $on one that an admin approved, $incident a closed incident that is rolled back.
import { behindGuards as behind } from './behind-guards.js';
import { ATTACKS_ON_GUARDS } from './owner-attacks-guards.js';
import { ATTACKS_ON_TRACES } from './owner-attacks-traces.js';
import { EXECUTED } from './support.js';

const history = (columns: string, values: string) =>
  `insert into pattern_execution_history (${columns}) values (${values})`;
/** A text by nobody that says what the approved pattern says. */
const SENT = `insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at)
  select 'AC9', 'CN1', 'PN1', 'outgoing', response_template, false, 'delivered', now() + interval '1 minute'
  from decision_patterns where id = '$on'`;
const patterns = (set: string, where = `id = '$off'`) => `update decision_patterns set ${set} where ${where}`;
const setting = (key: string, value: string) =>
  behind(
    'pattern_learning_config',
    `update pattern_learning_config set config_value = '${value}' where config_key = '${key}'`,
  );

/**
 * How it ends. `found`: the next run rolls everything back. `daily`: the next run that looks at whole tables does, once a day and
 * after anything that was not clean. `pending`: found, latched and in force for nobody, but a person has to mend the rollback
 * itself. `refused`: by the database at once. `mended`: the next run sets it right by itself.
 */
export type Ending = 'found' | 'daily' | 'pending' | 'refused' | 'mended';
export type OwnerAttack = [what: string, sql: string, ending?: Ending];

export const OWNER_ATTACKS: readonly OwnerAttack[] = [
  // Evidence that the trigger does not see.
  ['an execution', behind('pattern_execution_history', EXECUTED)],
  [
    'an execution dated last year',
    behind(
      'pattern_execution_history',
      history(
        'was_auto_executed, created_at, recorded_at',
        `true, now() - interval '1 year', now() - interval '1 year'`,
      ),
    ),
  ],
  [
    'an execution dated next year',
    behind(
      'pattern_execution_history',
      history('was_auto_executed, created_at, recorded_at', `true, now() + interval '1 year', null`),
    ),
  ],
  [
    'an execution with a number below every other',
    behind('pattern_execution_history', history('id, was_auto_executed', '-5, true')),
  ],
  [
    'an execution by nobody',
    behind('pattern_execution_history', history('was_auto_executed, approved_by', `false, E' \\t'`)),
  ],
  ['an execution that does not say', behind('pattern_execution_history', history('approved_by', `'US1'`))],
  [
    'an execution in a mode of their own',
    behind(
      'pattern_execution_history',
      history('was_auto_executed, approved_by, execution_mode', `false, 'US1', 'auto'`),
    ),
  ],
  [
    'an execution by COPY of rows',
    behind(
      'pattern_execution_history',
      `create temp table sent as select true as was; insert into pattern_execution_history (was_auto_executed) select was from sent`,
    ),
  ],
  ['an execution as a replica', `set session_replication_role = replica; ${EXECUTED}; reset session_replication_role`],
  [
    'a known execution changed into another',
    behind(
      'pattern_execution_history',
      `${history('was_auto_executed, approved_by', `false, 'US1'`)}; update pattern_execution_history set was_auto_executed = true where not was_auto_executed`,
    ),
  ],
  [
    'an execution that was marked as known before',
    behind(
      ['pattern_execution_history', 'incident_evidence'],
      `insert into incident_evidence (check_id, key, incident_id) values ('executions', '777', '$incident'); ${history('id, was_auto_executed', '777, true')}`,
    ),
  ],
  [
    'a known execution written again under another number',
    behind(
      'pattern_execution_history',
      `insert into pattern_execution_history (id, was_auto_executed) select id + 1000, true from pattern_execution_history`,
    ),
  ],
  ['everything that the audit saw taken away', behind('audit_log', 'delete from audit_log')],
  // Patterns.
  ['a pattern switched on', behind('decision_patterns', patterns('is_active = true'))],
  [
    'a pattern switched on, and a clean run told of it',
    `${behind('decision_patterns', patterns('is_active = true'))}; insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', now())`,
  ],
  ['every pattern switched on', behind('decision_patterns', patterns('is_active = true', 'true'))],
  [
    'a pattern switched on as a replica',
    `set session_replication_role = replica; ${patterns('is_active = true')}; reset session_replication_role`,
  ],
  [
    'a pattern born active',
    behind(
      'decision_patterns',
      `insert into decision_patterns (pattern_type, trigger_text, response_template, is_active) values ('faq', 'q', 'a', true)`,
    ),
  ],
  [
    'an approved pattern with other words',
    behind('decision_patterns', patterns(`response_template = 'The code is 4711.'`, `id = '$on'`)),
  ],
  [
    'an approved pattern with another question',
    behind('decision_patterns', patterns(`trigger_text = 'anything'`, `id = '$on'`)),
  ],
  [
    'an approved pattern with other slots',
    behind('decision_patterns', patterns(`slots = '[{"name":"x","type":"text","fillable":true}]'`, `id = '$on'`)),
  ],
  ['an approved pattern with a later version', behind('decision_patterns', patterns(`version = 2`, `id = '$on'`))],
  [
    'an approved pattern under the id of another',
    behind(
      'decision_patterns',
      `delete from decision_patterns where id = '$off'; ${patterns(`id = '$off'`, `id = '$on'`)}`,
    ),
  ],
  [
    'the words of two patterns exchanged',
    behind(
      'decision_patterns',
      `update decision_patterns p set trigger_text = o.trigger_text || '?', response_template = o.response_template || '?' from decision_patterns o where o.id <> p.id`,
    ),
  ],
  [
    'a pattern that executes',
    `alter table decision_patterns drop constraint nothing_executes; ${behind('decision_patterns', patterns('auto_executable = true'))}; alter table decision_patterns add constraint nothing_executes check (not auto_executable) not valid`,
  ],
  [
    'a pattern that does not ask',
    `alter table decision_patterns drop constraint everything_asks; ${behind('decision_patterns', patterns('requires_confirmation = false'))}`,
  ],
  [
    'a pattern that is neither on nor off',
    `alter table decision_patterns alter is_active drop not null; ${behind('decision_patterns', patterns('is_active = null'))}`,
  ],
  ['a confidence that no judgement gives', behind('decision_patterns', patterns('confidence_score = 0.99')), 'daily'],
  ['a hundred agreements that never were', behind('decision_patterns', patterns('agreed_count = 100')), 'daily'],
  [
    'a hundred agreements, and nothing of them in the news',
    `${behind('decision_patterns', patterns('agreed_count = 100'))}; delete from watchdog_news`,
    'daily',
  ],
  [
    'disagreements that are forgotten',
    behind('decision_patterns', patterns('disagreed_count = disagreed_count + 1')),
    'daily',
  ],
  [
    'a hundred exchanges that never were',
    behind('decision_patterns', patterns('exchange_count = 100, customer_count = 50')),
    'daily',
  ],
  ['a hundred executions that never were', behind('decision_patterns', patterns('execution_count = 100')), 'daily'],
  [
    'an approval of last year, with the pattern switched on by hand',
    behind(
      ['activations', 'decision_patterns'],
      `insert into activations (pattern_id, version, actor, content_hash, activated_at, expires_at) select id, version, 'admin:eve', 'none', now() - interval '1 year', now() + interval '1 year' from decision_patterns where id = '$off'; ${patterns('is_active = true')}`,
    ),
  ],
  [
    'an approval whose end is put off for ever',
    behind('activations', `update activations set expires_at = '2999-01-01'`),
  ],
  [
    'an approval that is moved to another pattern',
    behind(
      ['activations', 'decision_patterns'],
      `update activations set pattern_id = '$off'; ${patterns('is_active = true')}`,
    ),
  ],
  ['an approval that is gone', behind('activations', `delete from activations`)],
  // Settings.
  [
    'shadow mode off',
    `alter table pattern_learning_config drop constraint config_value_typed; ${setting('shadow_mode', 'false')}`,
  ],
  [
    'a threshold that is no number',
    `alter table pattern_learning_config drop constraint config_value_typed; ${setting('auto_execute_threshold', 'none')}`,
  ],
  ['a threshold lowered', setting('auto_execute_threshold', '0.50')],
  ['approvals for a thousand days', setting('activation_days', '365')],
  ['a lease of a day', setting('watchdog_interval_minutes', '60')],
  ['one customer enough', setting('review_min_customers', '1')],
  ['a match for anything', setting('match_threshold', '0.01')],
  [
    'a setting that is gone',
    behind('pattern_learning_config', `delete from pattern_learning_config where config_key = 'shadow_mode'`),
  ],
  ['every setting gone', `truncate pattern_learning_config`, 'refused'],
  ['every setting gone behind the guards', behind('pattern_learning_config', 'truncate pattern_learning_config')],
  [
    'a setting of their own',
    `alter table pattern_learning_config drop constraint config_value_typed; ${behind('pattern_learning_config', `insert into pattern_learning_config (config_key, config_value) values ('auto_send', 'true')`)}`,
  ],
  // The kill switch, incidents and the lease.
  [
    'evidence, and then the latch taken away',
    `${EXECUTED}; ${behind('kill_switch_latches', 'delete from kill_switch_latches')}`,
  ],
  [
    'evidence, and then the latch released by nobody',
    `${EXECUTED}; ${behind('kill_switch_releases', `insert into kill_switch_releases (latch_id, release_id) select id, 0 from kill_switch_latches on conflict do nothing`)}`,
  ],
  [
    'evidence, its latch and incident taken away, the pattern on again',
    `${EXECUTED}; ${behind(['kill_switch_latches', 'incidents', 'decision_patterns'], `delete from kill_switch_latches; delete from incidents where state = 'open'; ${patterns('is_active = true', `id = '$on'`)}`)}`,
  ],
  [
    'a known execution, forgotten: its incident taken away and its evidence kept',
    `${EXECUTED}; ${behind(['incidents', 'kill_switch_latches'], `delete from kill_switch_latches; delete from incidents where state = 'open'`)}`,
  ],
  [
    'evidence, and then the evidence of its incident taken away',
    `${EXECUTED}; ${behind(['incident_evidence', 'kill_switch_latches', 'incidents'], `delete from incident_evidence; delete from kill_switch_latches; delete from incidents`)}`,
  ],
  [
    'a pending rollback called done',
    `begin isolation level repeatable read; ${EXECUTED}; commit; ${behind('incidents', `update incidents set rollback = 'done', snapshot = '{}', rolled_back_at = now() where rollback = 'pending'`)}`,
  ],
  [
    'a pending rollback and its latch taken away',
    `begin isolation level repeatable read; ${EXECUTED}; commit; ${behind(['incidents', 'kill_switch_latches'], `delete from incidents where rollback = 'pending'; delete from kill_switch_latches`)}`,
  ],
  ['a lease without an end', behind('watchdog_lease', `update watchdog_lease set renewed_at = '2999-01-01'`), 'mended'],
  // Queue and texts.
  ['a row that waits', `insert into pattern_execution_queue (pattern_id) values ('$on')`],
  [
    'a row that waits, behind the guards',
    behind('pattern_execution_queue', `insert into pattern_execution_queue (pattern_id) values ('$on')`),
  ],
  [
    'a row that was done',
    `alter table pattern_execution_queue drop constraint queue_status_known; insert into pattern_execution_queue (status) values ('done')`,
  ],
  [
    'a row that was marked as known before',
    `${behind('incident_evidence', `insert into incident_evidence (check_id, key, incident_id) values ('queue', '00000000-0000-4000-8000-000000000003', '$incident')`)};
     insert into pattern_execution_queue (id, status) values ('00000000-0000-4000-8000-000000000003', 'cancelled')`,
  ],
  ['a row that somebody dismissed', `insert into pattern_execution_queue (status) values ('dismissed')`],
  ['a text that a pattern says and no person sent', SENT],
  ['the same, marked as looked at', `${SENT}; update messages set watched_at = now()`, 'daily'],
  ['the same, and the text blanked at once', `${SENT}; update messages set text = null where id = 'AC9'`],
  ...ATTACKS_ON_GUARDS,
  ...ATTACKS_ON_TRACES,
];
