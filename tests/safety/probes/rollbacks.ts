// What a rollback keeps, mends and says, and what is in force of an approval (I3, I7, I8, I9).
import { behindGuards } from '../behind-guards.js';
import { accepted, harmless, type Probe, refused } from '../probe.js';
import { ACTIVATE, BY_ADA, EXECUTED, NEW_ID, PENDING, REASON, set } from './statements.js';

const OURS = `select %s from incidents where opened_at = now() and rollback = 'done'`;
const ofOurs = (condition: string) => `(${OURS.replace('%s', condition)})`;
const UNCHECKED = 'alter table pattern_learning_config drop constraint if exists config_value_typed';
const setBehind = (key: string, value: string) => behindGuards('pattern_learning_config', set(key, value));
const holds = (key: string, value: string) =>
  `(select config_value from pattern_learning_config where config_key = '${key}') = '${value}'`;
const patternBehind = (check: string, change: string) =>
  `alter table decision_patterns drop constraint if exists ${check};
   ${behindGuards('decision_patterns', `update decision_patterns set ${change} where id = '$off'`)}; ${EXECUTED}`;
const trip = (evidence: string) => `select v3pls_trip('x', 'x', null, '${evidence}', '1s')`;
const COUNTED = '[{"checkId": "counters", "key": "$off:1"}]';

const rollbacks = [
  accepted(
    'an incident is born with nothing but its source',
    `insert into incidents (source, actor, snapshot, changed, rolled_back_at, closed_at, opened_at, recorded_at)
     values ('x', 'x', '{}', '{}', now(), now(), '2001-01-01', '2999-01-01')`,
    `(select (snapshot, changed, rolled_back_at, closed_at) is null and opened_at = now() and recorded_at = now()
      from incidents where source = 'x')`,
  ),
  harmless(
    'an incident vouches for the evidence that it has, and for no more',
    `select v3pls_open_incident('x', 'x', null, '[{"checkId": "configuration", "key": "1"}, {"checkId": "configuration", "key": "1"}]')`,
    `(select details -> 'evidence' = '1' from audit_log where action = 'incident_opened' order by id desc limit 1)`,
  ),
  accepted(
    'a rollback keeps what was on, what waited and how it was set, and says what it changed',
    EXECUTED,
    ofOurs(`snapshot -> 'patterns' -> 0 ->> 'id' = '$on' and snapshot -> 'patterns' -> 0 ->> 'isActive' = 'true'
      and jsonb_array_length(snapshot -> 'queue') = 1 and snapshot -> 'config' ->> 'enabled' = 'true'
      and changed -> 'patterns' = '["$on"]' and jsonb_array_length(changed -> 'queue') = 1 and changed -> 'config' ? 'enabled'`),
  ),
  accepted(
    'a rollback lets nothing execute that somebody made execute behind the guards',
    patternBehind('nothing_executes', 'auto_executable = true'),
    `not exists (select from decision_patterns where auto_executable)`,
  ),
  accepted(
    'a rollback lets everything ask that somebody kept from asking behind the guards',
    patternBehind('everything_asks', 'requires_confirmation = false'),
    `not exists (select from decision_patterns where not requires_confirmation)`,
  ),
  accepted(
    'a rollback switches shadow mode on again',
    `${UNCHECKED}; ${setBehind('shadow_mode', 'false')}; ${EXECUTED}`,
    holds('shadow_mode', 'true'),
  ),
  accepted(
    'a rollback mends a setting that is no longer what the audit saw last',
    `${setBehind('activation_days', '28')}; ${EXECUTED}`,
    holds('activation_days', '1'),
  ),
  accepted(
    'a rollback leaves a setting that the audit saw last as it is',
    `${set('activation_days', '29')}; ${EXECUTED}`,
    holds('activation_days', '29'),
  ),
  accepted(
    'a rollback mends a setting whose value is none, also where the audit was told of it',
    `${UNCHECKED}; ${setBehind('silence_hours', '99999')}; insert into audit_log (actor, action, subject, details)
     values ('eve', 'config_changed', 'silence_hours', '{"new": "99999"}'); ${EXECUTED}`,
    holds('silence_hours', '1'),
  ),
  accepted(
    'a rollback gives back how long its session waits for a lock',
    `set local lock_timeout = '7s'; ${PENDING}; select v3pls_try_roll_back(id, '1s') from incidents where rollback = 'pending'`,
    `current_setting('lock_timeout') = '7s'`,
  ),
  accepted(
    'a trip gives back how long its session waits for a lock',
    `set local lock_timeout = '7s'; ${trip(COUNTED)}`,
    `current_setting('lock_timeout') = '7s'`,
  ),
  accepted(
    'a trip counts forged counters again',
    `update decision_patterns set exchange_count = 9 where id = '$off'; ${trip(COUNTED)}`,
    `(select exchange_count = 0 from decision_patterns where id = '$off')`,
  ),
  accepted(
    'a rollback stands where forged counters cannot be counted',
    trip('[{"checkId": "counters", "key": "nobody"}]'),
    `exists ${ofOurs('1')}`,
  ),
  accepted(
    'a restoration passes over what a snapshot has of no value',
    `${behindGuards('incidents', `update incidents set snapshot = jsonb_set(snapshot, '{config,business_timezone}', '"no where"') where id = '$incident'`)};
     ${REASON}; insert into restorations (incident_id, actor, reason_id) values ('$incident', ${BY_ADA})`,
    `v3pls_setting('business_timezone') = 'UTC'`,
  ),
];

const changed = (change: string) => behindGuards('decision_patterns', `update decision_patterns set ${change}`);
const notInForce = (id: string) => `not exists (select from patterns_in_force where id = '${id}')`;

const inForce = [
  ...[`trigger_text = 'other'`, `slots = '["name"]'`, 'version = 2'].map(change =>
    harmless(
      `what was not approved so is in force for nobody: ${change}`,
      changed(`${change} where id = '$on'`),
      notInForce('$on'),
    ),
  ),
  harmless(
    'what was not approved itself is in force for nobody, whatever else has its words',
    changed(`is_active = true where id = '$off'`),
    notInForce('$off'),
  ),
  accepted(
    'words that end elsewhere are other words',
    `insert into decision_patterns (id, pattern_type, trigger_text, response_template) values ('${NEW_ID}', 'faq', 'a', '1:b');
     ${ACTIVATE.replace('$off', NEW_ID)}; ${changed(`trigger_text = 'a3:', response_template = 'b' where id = '${NEW_ID}'`)}`,
    notInForce(NEW_ID),
  ),
  refused(
    'a lease that ends meanwhile is no lease',
    `${behindGuards('watchdog_lease', `update watchdog_lease set renewed_at = now() - interval '11 minutes' + interval '20 milliseconds'`)};
     select pg_sleep(0.05); ${ACTIVATE}`,
  ),
];

export const ROLLBACKS: readonly Probe[] = [...rollbacks, ...inForce];
