// What a CHECK alone keeps out.
import { type Probe, refused } from '../probe.js';
import { EVERYTHING_OFF, EXECUTED, newPattern, PENDING } from './statements.js';

const REFUSED: Record<string, string> = {
  'a confidence lies between 0 and 1': `update decision_patterns set confidence_score = 1.5 where id = '$off'`,
  'a pattern comes from a webhook, an import or from outside': newPattern('created_from', `'nowhere'`),
  'a pattern that was merged away is retired': `update decision_patterns set merged_into = '$on' where id = '$off'`,
  'a type has 1 to 64 characters': `update decision_patterns set pattern_type = repeat('x', 65) where id = '$off'`,
  'a template has words': `update decision_patterns set response_template = '' where id = '$off'`,
  'a trigger has words': `update decision_patterns set trigger_text = '' where id = '$off'`,
  'a delivery is accepted, ignored or quarantined': `insert into deliveries (id, scheme, outcome) values ('d', 's', 'lost')`,
  'an exchange is credited or skipped, not both': `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, pattern_id, skipped)
     values ('k', 'CN1', 'PN1', '{}', '{}', now(), '$off', 'group')`,
  'an incident is not closed while its rollback is pending': `${PENDING}; update incidents set state = 'closed' where rollback = 'pending'`,
  'an incident is open or closed': `${EXECUTED}; update incidents set state = 'gone' where opened_at = now()`,
  'a rollback is pending or done': `${PENDING}; update incidents set snapshot = '{}', rolled_back_at = now(), rollback = 'none' where rollback = 'pending'`,
  'a rollback that is done says when': `${PENDING}; ${EVERYTHING_OFF}; update incidents set snapshot = '{}' where rollback = 'pending';
    update incidents set rollback = 'done' where rollback = 'pending'`,
  'there is one state of what was learned': 'insert into learning_state (id) values (2)',
  'there is one state of the matcher': 'insert into matcher_state (id) values (2)',
  'there is one inline run': 'insert into inline_runs (id) values (2)',
  'there is one lease': `insert into watchdog_lease (id, renewed_at) values (2, '2999-01-01')`,
  'an adjustment of the matcher is bounded': 'update matcher_state set slope = 9',
  'a message comes in or goes out': `insert into messages (id, thread_id, line_id, direction, is_person, status, event_at) values ('m', 'CN1', 'PN1', 'sideways', false, 's', now())`,
  'only a merge has a target': `insert into pattern_commands (pattern_id, action, actor, target_id, target_version) values ('$off', 'deactivate', 'a', '$on', 1)`,
  'a command is one of five': `insert into pattern_commands (pattern_id, action, actor) values ('$off', 'approve', 'a')`,
  'a queue row waits, or is cancelled or dismissed': `insert into pattern_execution_queue (status) values ('running')`,
  'a decision replies or abstains': `insert into shadow_decisions (thread_id, last_message_id, kind) values ('CN1', 'AC1', 'sent')`,
  'a judgement agrees, disagrees or ignores': `insert into shadow_judgements (decision_id, would_reply, outcome) values (1, true, 'perfect')`,
  'a run is of a known kind': `insert into watchdog_runs (status, checks, started_at) values ('fine', '[]', now())`,
  'a token has one of three roles': `insert into access_tokens (name, role, token_hash, created_by) values ('E', 'owner', 'h', 'a')`,
  'a setting has a value of its type, tighter ones too': `update pattern_learning_config set config_value = '9' where config_key = 'auto_execute_threshold'`,
  'a version is a number': `update decision_patterns set version = null where id = '$off'`,
  'a confidence is a number': `update decision_patterns set confidence_score = null where id = '$off'`,
};

export const CHECKS: readonly Probe[] = Object.entries(REFUSED).map(([name, script]) => refused(name, script));
