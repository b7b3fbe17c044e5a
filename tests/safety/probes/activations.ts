// Switching on, by an admin's activation of that version and nothing else; and what is in force (I3, I4, I11, I18).
import { behindGuards } from '../behind-guards.js';
import { accepted, harmless, type Probe, refused } from '../probe.js';
import {
  ACTIVATE,
  audited,
  LATCH,
  laterBy,
  NEVER_LATCHED,
  NOTHING_IN_FORCE,
  PATTERNS_OFF,
  SWITCH_OFF,
  SWITCH_ON,
  set,
} from './statements.js';

const STAYS_OFF = `not (select is_active from decision_patterns where id = '$off')`;
const activate = (id: string, version: number, actor = 'admin:ada') =>
  `insert into activations (pattern_id, version, actor) values (${id}, ${version}, '${actor}')`;

export const ACTIVATIONS: readonly Probe[] = [
  accepted(
    'an admin’s activation switches its pattern on, and the audit says who',
    ACTIVATE,
    `(select is_active from decision_patterns where id = '$off') and ${audited('activated', `actor = 'admin:ada'`)}
     and (select count(*) from patterns_in_force) = 2`,
  ),
  refused('nothing is activated while the kill switch is engaged', `${LATCH}; ${ACTIVATE}`),
  refused('nothing is activated while the lease is stale', `${laterBy('12 minutes')}; ${ACTIVATE}`),
  refused(
    'a lease that was never given is none',
    `${behindGuards('watchdog_lease', 'update watchdog_lease set renewed_at = null')}; ${ACTIVATE}`,
  ),
  refused(
    'a retired pattern is not activated',
    `update decision_patterns set retired_at = now() where id = '$off'; ${ACTIVATE}`,
  ),
  refused('a pattern that is not there is not activated', activate('gen_random_uuid()', 1)),
  refused('another version is not activated', activate(`'$off'`, 2)),
  refused('nobody activates nothing', activate(`'$off'`, 1, ' ')),
  refused('an activation runs at read committed', `begin isolation level repeatable read; ${ACTIVATE}`),
  harmless(
    'what an activation says of itself is overwritten',
    `insert into activations (pattern_id, version, actor, content_hash, transaction, activated_at, expires_at)
     values ('$on', 1, 'admin:ada', 'x', '3', '2001-01-01', '2999-01-01')`,
    `not exists (select from activations where content_hash = 'x' or transaction = '3' or activated_at < '2002-01-01'
     or expires_at > '2900-01-01')`,
  ),
  refused(
    'an activation of an earlier moment is no permit',
    `${ACTIVATE}; ${SWITCH_OFF}; ${laterBy('1 second')}; ${SWITCH_ON}`,
  ),
  refused(
    'an activation of an earlier transaction is no permit',
    `update decision_patterns set is_active = false where id = '$on';
     update decision_patterns set is_active = true where id = '$on'`,
  ),
  harmless(
    'an activation of other words is no permit',
    `${ACTIVATE}; update decision_patterns set response_template = 'other' where id = '$off'; ${SWITCH_ON}`,
    STAYS_OFF,
  ),
  harmless(
    'an activation is no permit for new words in one statement',
    `${ACTIVATE}; ${SWITCH_OFF};
     update decision_patterns set response_template = 'other', is_active = true where id = '$off'`,
    STAYS_OFF,
  ),
  refused('an activation is no permit behind the kill switch', `${ACTIVATE}; ${SWITCH_OFF}; ${LATCH}; ${SWITCH_ON}`),
  refused('an activation of another pattern is no permit', `${activate(`'$on'`, 1)}; ${SWITCH_ON}`),
  refused('what is on is not made doubtful', `update decision_patterns set is_active = null where id = '$on'`),
  accepted('nothing is in force while the kill switch is engaged', LATCH, NOTHING_IN_FORCE),
  accepted(
    'nothing is in force while the kill switch is engaged, whatever a function says of it',
    `${NEVER_LATCHED}; ${LATCH}`,
    NOTHING_IN_FORCE,
  ),
  harmless('nothing is in force once it has expired', laterBy('31 days'), NOTHING_IN_FORCE),
  harmless(
    'other words than the approved ones are in force for nobody',
    behindGuards('decision_patterns', `update decision_patterns set response_template = 'other' where id = '$on'`),
    NOTHING_IN_FORCE,
  ),
  harmless('what was switched off is in force for nobody', PATTERNS_OFF, NOTHING_IN_FORCE),
  accepted(
    'an activation lasts as long as the setting says',
    `${set('activation_days', '1')}; ${ACTIVATE}`,
    `(select expires_at = now() + interval '1 day' from activations where pattern_id = '$off')`,
  ),
];
