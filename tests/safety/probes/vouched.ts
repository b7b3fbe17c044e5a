// What the watchdog holds rows against stays as it was written: incidents, their evidence, versions and the audit of a release.
import { behindGuards } from '../behind-guards.js';
import { accepted, harmless, type Probe, refused } from '../probe.js';
import { audited, BY_ADA, EXECUTED, REASON, RELEASE, set } from './statements.js';

const OPEN = `select id, ${BY_ADA} from incidents where state = 'open'`;
const RESTORE = `insert into restorations (incident_id, actor, reason_id) ${OPEN}`;
const MESSAGE = `insert into messages (id, thread_id, line_id, direction, is_person, status, event_at, watched_at) values ('m', 'CN1', 'PN1',
  'outgoing'`;

const changed = (what: string, column: string) =>
  refused(`an incident keeps ${what}`, `update incidents set ${column} where id = '$incident'`);

/** Evidence of nothing. */
const PLANTED: [what: string, checkId: string, key: string][] = [
  ['an execution', 'executions', '777'],
  ['a row that waits', 'queue', '00000000-0000-4000-8000-000000000777'],
  ['a text', 'ground_truth', 'AC777'],
  ['counters', 'counters', '$off:1:999:0:0:0.50:0:1:0:0'],
];

export const VOUCHED: readonly Probe[] = [
  changed('who opened it', `actor = 'nobody'`),
  changed('why it was opened', 'reason_id = gen_random_uuid()'),
  changed('when it was recorded', `recorded_at = 'epoch'`),
  changed('what its rollback changed', `changed = '{}'`),
  changed('when it was rolled back', `rolled_back_at = 'epoch'`),
  changed('when it was closed', `closed_at = 'epoch'`),
  refused(
    'an incident is closed by a release or a restoration alone',
    `${EXECUTED}; update incidents set state = 'closed', closed_at = now() where state = 'open'`,
  ),
  accepted(
    'a release says how many latches it opened, and which incidents it closed',
    `${REASON}; ${EXECUTED}; ${RELEASE}`,
    `${audited('released', `details -> 'latches' = '1'`)} and ${audited('incident_closed')}`,
  ),
  accepted(
    'a restoration says that it closed its incident',
    `${REASON}; ${EXECUTED}; ${RESTORE}`,
    audited('incident_closed'),
  ),
  ...PLANTED.map(([what, checkId, key]) =>
    accepted(
      `evidence of ${what} that is not there is not known beforehand`,
      `select v3pls_open_incident('x', 'x', null, '[{"checkId": "${checkId}", "key": "${key}"}]')`,
      `not exists (select from incident_evidence where key = '${key}')`,
    ),
  ),
  accepted(
    'a setting that is at its safest needs no audit',
    `insert into audit_log (actor, action, subject, details) values ('eve', 'config_changed', 'shadow_mode', '{"new": "false"}')`,
    'not exists (select from v3pls_unaudited_settings())',
  ),
  harmless(
    'a setting that is none of its values reads as the safest',
    behindGuards('pattern_learning_config', set('watchdog_interval_minutes', 'soon')),
    `v3pls_setting('watchdog_interval_minutes') = '1'`,
  ),
  refused('a version keeps since when its words are said', `update pattern_versions set first_seen = '2999-01-01'`),
  accepted(
    'a text that comes has not been looked at',
    `${MESSAGE}, false, 'delivered', now(), now())`,
    `(select watched_at is null from messages where id = 'm')`,
  ),
  refused('a text of a person names the person', `${MESSAGE}, true, 'delivered', now(), null)`),
  refused('an operator has one name', `insert into operators (id, name) values ('USx', 'Ana'), ('USx', 'Ben')`),
  accepted(
    'an exchange that is erased keeps no hash of its words',
    `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, question_hash, reply_hash)
     values ('kx', 'CNx', 'PN1', '{a}', '{b}', now(), 'h', 'h'); update exchanges set is_withdrawn = true where key = 'kx'`,
    `(select question_hash is null and reply_hash is null from exchanges where key = 'kx')`,
  ),
  refused('only a numbered table’s sequence is moved on', `select v3pls_move_on('watchdog_news')`),
];
