// Incidents only go forward, a rollback is done when everything is off, and restoring switches nothing on (I7, I8, I9).
import { behindGuards } from '../behind-guards.js';
import { accepted, harmless, type Probe, refused } from '../probe.js';
import {
  audited,
  BY_ADA,
  by,
  EVERYTHING_OFF,
  EXECUTED,
  LEARNING_OFF,
  NEVER_LATCHED,
  NOTHING_ACTIVE,
  OPENED,
  PATTERNS_OFF,
  PENDING,
  QUEUE_EMPTY,
  REASON,
  ROLL_BACK,
  set,
} from './statements.js';

const SNAPSHOT = `update incidents set snapshot = '{}' where rollback = 'pending'`;
const CALL_DONE = `update incidents set rollback = 'done', rolled_back_at = now() where rollback = 'pending'`;
const restore = (incident: string, who = BY_ADA) =>
  `insert into restorations (incident_id, actor, reason_id) values (${incident}, ${who})`;
const restoreWhere = (condition: string) =>
  `insert into restorations (incident_id, actor, reason_id) select id, ${BY_ADA} from incidents where ${condition}`;
const MENDED = `(select config_value from pattern_learning_config where config_key = 'silence_hours') = '1'`;

const TRIPPED = `select v3pls_trip('x', 'x', null, '[{"checkId": "configuration", "key": "1"}]', '1s')`;

const incidents = [
  harmless(
    'an incident is born open, pending and empty',
    `insert into incidents (source, actor, state, rollback, snapshot, rolled_back_at, closed_at)
     values ('x', 'x', 'closed', 'done', '{}', now(), now())`,
    `not exists (select from incidents where source = 'x' and (state, rollback) is distinct from ('open', 'pending'))`,
  ),
  accepted(
    'each incident keeps its evidence, also what an earlier one had',
    `${TRIPPED}; ${TRIPPED}`,
    `(select count(*) from incident_evidence where check_id = 'configuration' and key = '1') = 2`,
  ),
  refused('an incident keeps its id', `update incidents set id = gen_random_uuid()`),
  refused('an incident keeps its source', `update incidents set source = 'nothing'`),
  refused('an incident keeps when it was opened', `update incidents set opened_at = 'epoch'`),
  refused('a snapshot stays', `update incidents set snapshot = '{}' where id = '$incident'`),
  refused(
    'a rollback that is done stays done',
    `${EXECUTED}; update incidents set rollback = 'pending' where opened_at = now()`,
  ),
  refused('a closed incident stays closed', `update incidents set state = 'open' where id = '$incident'`),
];

const rollbacks = [
  refused(
    'a rollback is not called done while a pattern is on',
    [PENDING, QUEUE_EMPTY, LEARNING_OFF, SNAPSHOT, CALL_DONE].join('; '),
  ),
  refused(
    'a rollback is not called done while a queue row waits',
    [PENDING, PATTERNS_OFF, LEARNING_OFF, SNAPSHOT, CALL_DONE].join('; '),
  ),
  refused(
    'a rollback is not called done while learning is on',
    [PENDING, QUEUE_EMPTY, PATTERNS_OFF, SNAPSHOT, CALL_DONE].join('; '),
  ),
  refused(
    'a rollback is not called done while the kill switch is released',
    [OPENED, EVERYTHING_OFF, SNAPSHOT, CALL_DONE].join('; '),
  ),
  refused('a rollback is not called done without a snapshot', [PENDING, EVERYTHING_OFF, CALL_DONE].join('; ')),
  accepted(
    'a rollback engages the kill switch if nobody has',
    `${OPENED}; ${ROLL_BACK}`,
    `v3pls_is_latched() and ${NOTHING_ACTIVE}`,
  ),
  accepted(
    'a rollback mends a setting that is missing',
    `${behindGuards('pattern_learning_config', `delete from pattern_learning_config where config_key = 'silence_hours'`)}; ${EXECUTED}`,
    MENDED,
  ),
  accepted(
    'a rollback mends a setting whose value is none',
    `alter table pattern_learning_config drop constraint if exists config_value_typed;
     ${behindGuards('pattern_learning_config', set('silence_hours', '99999'))}; ${EXECUTED}`,
    MENDED,
  ),
  accepted(
    'a rollback mends a setting that is no number',
    `alter table pattern_learning_config drop constraint if exists config_value_typed;
     ${behindGuards('pattern_learning_config', set('silence_hours', 'none'))}; ${EXECUTED}`,
    MENDED,
  ),
  accepted(
    'a rollback tightens a setting that was loosened behind the guards',
    `${behindGuards('pattern_learning_config', set('silence_hours', '90'))}; ${EXECUTED}`,
    MENDED,
  ),
  accepted(
    'a rollback is done, whatever a function says of the kill switch',
    `${NEVER_LATCHED}; ${EXECUTED}`,
    `${NOTHING_ACTIVE} and exists (select from incidents where opened_at = now() and rollback = 'done')`,
  ),
  refused('there is no rollback without its incident', 'select v3pls_roll_back(gen_random_uuid())'),
  accepted(
    'a rollback that is done is not done again',
    `select v3pls_roll_back('$incident')`,
    `(select is_active from decision_patterns where id = '$on')`,
  ),
  refused('a rollback runs at read committed', `begin isolation level repeatable read; ${PENDING}; ${ROLL_BACK}`),
];

const restorations = [
  accepted(
    'a restoration gives back what is no matter of safety, closes its incident, and says who',
    [REASON, EXECUTED, set('business_timezone', 'America/Denver'), restoreWhere('opened_at = now()')].join('; '),
    `v3pls_setting('business_timezone') = 'UTC' and v3pls_is_latched() and v3pls_setting('enabled') = 'false'
     and ${audited('restored')} and ${NOTHING_ACTIVE}
     and not exists (select from incidents where opened_at = now() and state = 'open')`,
  ),
  refused('a restoration needs a reason', restore(`'$incident'`, `'admin:ada', gen_random_uuid()`)),
  refused('a restoration needs somebody', `${REASON}; ${restore(`'$incident'`, by(''))}`),
  refused(
    'nothing is restored that is not rolled back',
    [REASON, PENDING, restoreWhere(`rollback = 'pending'`)].join('; '),
  ),
  refused('no incident, no restoration', `${REASON}; ${restore('gen_random_uuid()')}`),
  accepted(
    'a second restoration changes nothing more',
    [REASON, restore(`'$incident'`), set('business_timezone', 'America/Denver'), restore(`'$incident'`)].join('; '),
    `v3pls_setting('business_timezone') = 'America/Denver'`,
  ),
];

export const INCIDENTS: readonly Probe[] = [...incidents, ...rollbacks, ...restorations];
