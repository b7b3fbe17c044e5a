// The SQL that the probes have in common.
import { EXECUTED } from '../support.js';

export const NEW_ID = '00000000-0000-4000-8000-000000000001';
const REASON_ID = '00000000-0000-4000-8000-0000000000ff';
export const REASON = `insert into reasons (id, text) values ('${REASON_ID}', 'checked')`;
/** The columns actor and reason_id. */
export const by = (actor: string) => `'${actor}', '${REASON_ID}'`;
export const BY_ADA = by('admin:ada');

export const ACTIVATE = `insert into activations (pattern_id, version, actor) values ('$off', 1, 'admin:ada')`;
/** The inactive pattern on or off by hand. */
export const SWITCH_ON = `update decision_patterns set is_active = true where id = '$off'`;
export const SWITCH_OFF = `update decision_patterns set is_active = false where id = '$off'`;
export const REWORD = `update decision_patterns set trigger_text = 'other' where id = '$on'`;
export const NOTHING_ACTIVE = 'not exists (select from decision_patterns where is_active)';
export const NOTHING_IN_FORCE = 'not exists (select from patterns_in_force)';

/** A new pattern with one more column. */
export const newPattern = (column: string, value: string) =>
  `insert into decision_patterns (pattern_type, trigger_text, response_template, ${column}) values ('faq', 'q', 'a', ${value})`;

export const set = (key: string, value: string) =>
  `update pattern_learning_config set config_value = '${value}' where config_key = '${key}'`;

export const LATCH = `insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`;
export const NEVER_LATCHED = `create or replace function v3pls_is_latched() returns boolean language sql stable
  set search_path = pg_catalog, public, pg_temp as 'select false'`;
/** An incident that nobody has rolled back, and no latch. */
export const OPENED = `insert into incidents (source, actor) values ('x', 'x')`;
/** As a trip leaves it that did not get its locks. */
export const PENDING = `${LATCH}; insert into incidents (source, actor) values ('evidence', 'database')`;
export const ROLL_BACK = `select v3pls_roll_back(id) from incidents where rollback = 'pending'`;
export const PATTERNS_OFF = 'update decision_patterns set is_active = false';
export const QUEUE_EMPTY = 'delete from pattern_execution_queue';
export const LEARNING_OFF = set('enabled', 'false');
export const EVERYTHING_OFF = [PATTERNS_OFF, QUEUE_EMPTY, LEARNING_OFF].join('; ');
export const RELEASE = `insert into releases (actor, reason_id) values (${BY_ADA})`;

export const LEARNED = `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, pattern_id,
  reply_text) values ('k', 'CN1', 'PN1', '{}', '{}', now(), '$off', 'At seven.')`;
export const agreed = (pattern: '$off' | '$on') =>
  `insert into shadow_judgements (decision_id, pattern_id, pattern_version, would_reply, outcome) values (1, '${pattern}', 1, true, 'agreed')`;
export const TOKEN = `insert into access_tokens (name, role, token_hash, created_by) values ('Ada', 'admin', 'hash', 'admin')`;

/** The database's clock goes on. */
export const laterBy = (interval: string) =>
  `create or replace function v3pls_now() returns timestamptz language sql stable as $now$ select now() + interval '${interval}' $now$`;
export const audited = (action: string, condition = 'true') =>
  `exists (select from audit_log where action = '${action}' and recorded_at = now() and ${condition})`;

export { EXECUTED };
