// Commands: who gave them, what they say of themselves, and what each of them does to a pattern (I3, I12).
import { accepted, harmless, type Probe, refused } from '../probe.js';
import {
  ACTIVATE,
  agreed,
  audited,
  BY_ADA,
  LEARNED,
  laterBy,
  NEW_ID,
  newPattern,
  REASON,
  SWITCH_OFF,
} from './statements.js';

/** Each complete but for its last columns. */
const COMMANDS: Record<string, (columns: string, values: string) => string> = {
  activations: (columns, values) =>
    `insert into activations (pattern_id, version, ${columns}) values ('$on', 1, ${values})`,
  config_changes: (columns, values) =>
    `insert into config_changes (config_key, new_value, ${columns}) values ('activation_days', '1', ${values})`,
  pattern_commands: (columns, values) =>
    `insert into pattern_commands (pattern_id, action, ${columns}) values ('$on', 'edit', ${values})`,
  releases: (columns, values) => `${REASON}; insert into releases (${columns}) values (${values})`,
  restorations: (columns, values) =>
    `${REASON}; insert into restorations (incident_id, ${columns}) values ('$incident', ${values})`,
};
const who = (table: string, actor: string): [columns: string, values: string] =>
  ['releases', 'restorations'].includes(table)
    ? ['actor, reason_id', BY_ADA.replace(`'admin:ada'`, actor)]
    : ['actor', actor];

const nobody = Object.entries(COMMANDS).map(([table, command]) =>
  refused(`a tab gives no command: ${table}`, command(...who(table, `E'\\t'`))),
);
const stamps = Object.entries(COMMANDS).map(([table, command]) => {
  const [columns, values] = who(table, `'admin:ada'`);
  return harmless(
    `a command does not say itself when it was given: ${table}`,
    command(`${columns}, transaction, recorded_at`, `${values}, '3', '2001-01-01'`),
    `not exists (select from ${table} where transaction = '3' or recorded_at < '2002-01-01')`,
  );
});

const give = (action: string, pattern = '$on') =>
  `insert into pattern_commands (pattern_id, action, actor) values ('${pattern}', '${action}', 'operator:olga')`;
const merge = (from: string, into: string, version: number) =>
  `insert into pattern_commands (pattern_id, action, actor, target_id, target_version)
   values ('${from}', 'merge', 'admin:ada', '${into}', ${version})`;
const BY_SQL = `actor like 'sql:%'`;

const acts = [
  accepted(
    'a person retires a pattern by a command, and the audit says who',
    give('retire'),
    `(select retired_at is not null and not is_active from decision_patterns where id = '$on')
     and ${audited('pattern_retire', `actor = 'operator:olga'`)}`,
  ),
  accepted(
    'a restored pattern is no longer merged away',
    `${merge('$on', '$off', 1)}; ${give('restore')}`,
    `(select merged_into is null and retired_at is null from decision_patterns where id = '$on')`,
  ),
  accepted(
    'a merge takes along what was learned, says where it went, and counts it there',
    `${LEARNED}; ${merge('$off', '$on', 1)}`,
    `(select pattern_id = '$on' from exchanges where key = 'k')
     and (select (retired_at is not null, merged_into) = (true, '$on'::uuid) from decision_patterns where id = '$off')
     and (select exchange_count = 1 from decision_patterns where id = '$on') and ${audited('pattern_merge', `details ->> 'target' = '$on'`)}`,
  ),
  refused('there is no command to no pattern', give('edit', NEW_ID)),
  refused('a pattern is not merged into none', merge('$off', NEW_ID, 1)),
  refused('a pattern is not merged into another version', merge('$off', '$on', 2)),
  refused('a pattern is not merged into a retired one', `${give('retire')}; ${merge('$off', '$on', 1)}`),
  refused('a retired pattern is not merged', `${give('retire')}; ${merge('$on', '$off', 1)}`),
];

const names = [
  accepted(
    'the audit names the admin who switched on',
    ACTIVATE,
    audited('pattern_safety_changed', `actor = 'admin:ada'`),
  ),
  accepted(
    'an admin is named for what he did, and for nothing a moment later',
    `${ACTIVATE}; ${laterBy('1 second')}; ${SWITCH_OFF}`,
    `exists (select from audit_log where action = 'pattern_safety_changed' and recorded_at > now() and ${BY_SQL})`,
  ),
  accepted(
    'whoever gave a command is named for nothing a moment later',
    `${give('deactivate')}; ${laterBy('1 second')}; update decision_patterns set trigger_text = 'other' where id = '$off'`,
    `exists (select from audit_log where action = 'pattern_safety_changed' and recorded_at > now() and ${BY_SQL})`,
  ),
  accepted(
    'the audit says which version was approved, and until when',
    ACTIVATE,
    audited(
      'activated',
      `details -> 'version' = '1' and v3pls_read_moment(details ->> 'expiresAt') = (select max(expires_at) from activations)`,
    ),
  ),
  accepted(
    'a moment that nobody can read stops no check',
    `select v3pls_read_moment('2026-13-45T00:00:00+00:00')`,
    'true',
  ),
];

const counts = [
  accepted(
    'a new pattern is recorded at the time it came',
    newPattern('recorded_at', `'2001-01-01'`),
    `not exists (select from decision_patterns where recorded_at < '2002-01-01')`,
  ),
  accepted(
    'new words have no judgements that disagree',
    `${agreed('$on').replace('agreed', 'disagreed')}; select v3pls_refresh_patterns(array['$on'::uuid]);
     update decision_patterns set trigger_text = 'other' where id = '$on'`,
    `(select disagreed_count = 0 from decision_patterns where id = '$on')`,
  ),
  accepted(
    'executions that nobody saw are not counted',
    `update decision_patterns set execution_count = 7 where id = '$off'; select v3pls_refresh_patterns(array['$off'::uuid])`,
    `(select execution_count = 0 from decision_patterns where id = '$off')`,
  ),
  accepted(
    'new words are as old as they are',
    `update decision_patterns set trigger_text = 'other' where id = '$on'`,
    `(select first_seen = now() from pattern_versions where pattern_id = '$on' and version = 2)`,
  ),
];

export const COMMANDS_GIVEN: readonly Probe[] = [...nobody, ...stamps, ...acts, ...names, ...counts];
