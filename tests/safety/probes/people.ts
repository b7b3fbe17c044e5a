// What people do: commands to patterns, the tokens and sessions with which they come, each in the audit.

import { COMMANDS } from '../hostile-nameless.js';
import { accepted, type Probe, refused } from '../probe.js';
import { audited, TOKEN } from './statements.js';

const command = (columns: string, ...rows: string[]) =>
  `insert into pattern_commands (pattern_id, actor, action${columns}) values ${rows.map(row => `(${row})`).join(', ')}`;
const session = (lasts: string) =>
  `insert into sessions (secret_hash, parent_hash, expires_at) values ('s', 'p', now() + interval '${lasts}')`;

export const PEOPLE: readonly Probe[] = [
  accepted(
    'a person deactivates by a command, and the audit says who',
    command('', `'$on', 'operator:olga', 'deactivate'`),
    `not (select is_active from decision_patterns where id = '$on') and ${audited('pattern_deactivate', `actor = 'operator:olga'`)}
     and ${audited('pattern_safety_changed', `actor = 'operator:olga'`)}`,
  ),
  ...Object.entries(COMMANDS).map(([table, given]) => refused(`a tab is nobody: ${table}`, given(`E'\\t'`))),
  refused('a command names who gave it', command('', `'$on', ' ', 'retire'`)),
  refused(
    'a command is for the version that the person saw',
    command(', expected_version', `'$on', 'admin:ada', 'retire', 2`),
  ),
  refused(
    'a pattern is not merged into itself',
    command(', target_id, target_version', `'$on', 'admin:ada', 'merge', '$on', 1`),
  ),
  refused('a merge says into what', command('', `'$off', 'admin:ada', 'merge'`)),
  accepted(
    'a restored pattern stays off',
    command('', `'$on', 'admin:ada', 'retire'`, `'$on', 'admin:ada', 'restore'`),
    `(select retired_at is null and not is_active from decision_patterns where id = '$on')`,
  ),
  accepted('a new token is in the audit', TOKEN, audited('token_created')),
  accepted('a removed token is in the audit', `${TOKEN}; delete from access_tokens`, audited('token_removed')),
  refused(
    'a token keeps its role',
    `insert into access_tokens (name, role, token_hash, created_by) values ('V', 'viewer', 'hash', 'admin');
     update access_tokens set role = 'admin'`,
  ),
  refused(
    'a revoked token stays revoked',
    `${TOKEN}; update access_tokens set revoked_at = now(); update access_tokens set revoked_at = null`,
  ),
  accepted('a new session is in the audit', session('1 day'), audited('signed_in')),
  refused('a session lasts a month at most', session('1 year')),
  refused('a session only ends', `${session('1 day')}; update sessions set expires_at = now() + interval '2 days'`),
];
