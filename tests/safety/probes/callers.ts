// Who may call: what a token or a session opens, and for how long.
import { accepted, harmless, type Probe, refused } from '../probe.js';
import { audited, TOKEN } from './statements.js';

const token = (columns: string, values: string) =>
  `insert into access_tokens (name, role, token_hash, created_by, ${columns}) values ('Ada', 'admin', 'hash', 'admin', ${values})`;
const session = (columns = '', values = '', lasts = '1 day') =>
  `insert into sessions (secret_hash, parent_hash, expires_at${columns}) values ('s', 'hash', now() + interval '${lasts}'${values})`;
const link = (columns: string, values: string) =>
  `insert into sign_in_links (code_hash, token_hash, ${columns}) values ('code', 'hash', ${values})`;
const found = (kind: string, hash: string) => `v3pls_find_caller('${kind}', '${hash}', 'admin-hash') is not null`;
const signIn = (kind: string, hash: string, limit = 9) =>
  `v3pls_sign_in('${kind}', '${hash}', 'admin-hash', 'secret', 'bucket', ${limit}) ->> 'status'`;
const count = `select v3pls_count_use('bucket', 2, interval '5 minutes')`;

const opens = [
  harmless(
    'a token and its session open what they are for',
    `${TOKEN}; ${session()}`,
    `${found('token', 'hash')} and ${found('session', 's')} and ${signIn('token', 'hash')} = 'signed_in'`,
  ),
  harmless(
    'a session that has ended opens nothing',
    `${TOKEN}; ${session(', ended_at', ', now()')}`,
    `not (${found('session', 's')})`,
  ),
  harmless(
    'a session that has expired opens nothing',
    `${TOKEN}; ${session('', '', '-1 day')}`,
    `not (${found('session', 's')})`,
  ),
  harmless('a revoked token opens nothing', token('revoked_at', 'now()'), `not (${found('token', 'hash')})`),
  harmless(
    'an expired token opens nothing',
    token('expires_at', `now() - interval '1 day'`),
    `not (${found('token', 'hash')})`,
  ),
  harmless('a token that nobody has signs nobody in', TOKEN, `${signIn('token', 'other')} = 'refused'`),
  harmless('nobody signs in too often', TOKEN, `${signIn('token', 'hash', 0)} = 'limited'`),
  harmless(
    'a third try is more than two',
    `${count}; ${count}`,
    `not v3pls_count_use('bucket', 2, interval '5 minutes')`,
  ),
  harmless(
    'a link signs in once',
    `${TOKEN}; ${link('expires_at, used_at', `now() + interval '1 day', now()`)}`,
    `${signIn('link', 'code')} = 'refused'`,
  ),
  harmless(
    'a link signs in while it lasts',
    `${TOKEN}; ${link('expires_at', `now() - interval '1 day'`)}`,
    `${signIn('link', 'code')} = 'refused'`,
  ),
  harmless(
    'a session lasts no longer than its token',
    `${token('expires_at', `now() + interval '1 day'`)}; select ${signIn('token', 'hash')}`,
    `(select expires_at = now() + interval '1 day' from sessions)`,
  ),
];

const stays = [
  refused(
    'a token lasts no longer than it was given',
    `${token('expires_at', `now() + interval '1 day'`)}; update access_tokens set expires_at = now() + interval '2 days'`,
  ),
  accepted(
    'a revoked token is in the audit',
    `${TOKEN}; update access_tokens set revoked_at = now()`,
    audited('token_revoked'),
  ),
  accepted(
    'the audit says whose session was opened',
    `${TOKEN}; ${session()}`,
    audited('signed_in', `actor like 'token:%'`),
  ),
  refused('a session stays whose it is', `${session()}; update sessions set parent_hash = 'other'`),
  refused(
    'a session that has ended stays so',
    `${session()}; update sessions set ended_at = now(); update sessions set ended_at = null`,
  ),
  harmless(
    'a session begins when it is opened',
    session(', created_at, recorded_at', `, '2001-01-01', '2001-01-01'`),
    `not exists (select from sessions where created_at < '2002-01-01' or recorded_at < '2002-01-01')`,
  ),
];

export const CALLERS: readonly Probe[] = [...opens, ...stays];
