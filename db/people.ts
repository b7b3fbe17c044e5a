/** Who calls: tokens, sessions and links, by hash. What the database answers holds for this moment alone. */
import { sql } from 'drizzle-orm';
import { execute, readResult, writeBatch } from './client.js';
import { operatorName } from './operators.js';

export type Person = {
  /** What the audit keeps: `admin` for ADMIN_TOKEN, else `token:` and the token's id. */
  actor: string;
  name: string;
  role: 'viewer' | 'operator' | 'admin';
  /** The Quo user (`US…`) that this person answers as. */
  operatorId: string | null;
  expiresAt: string | null;
};

export type Presented = { kind: 'token' | 'session'; hash: string };

/** Admin writes of one caller in one minute. */
const WRITES_A_MINUTE = 120;

/**
 * @param presented null for the first admin, who is known without asking
 * @param mayCount whether this request may be an admin's write; only a caller who is known is counted
 * @returns `isWithinLimit` null when nothing was counted, or could not be
 */
export function findCaller(
  presented: Presented | null,
  adminHash: string,
  mayCount: boolean,
): Promise<{ person: Person | null; isWithinLimit: boolean | null }> {
  const person = presented
    ? sql`v3pls_find_caller(${presented.kind}, ${presented.hash}, ${adminHash})`
    : sql`'{"actor":"admin"}'::jsonb`;
  return readResult(sql`with found as materialized (select ${person} as person)
    select jsonb_build_object('person', person, 'isWithinLimit', case when person is not null and ${mayCount}::boolean
      then v3pls_count_use('write:' || (person ->> 'actor'), ${WRITES_A_MINUTE}::int, interval '1 minute') end) as result
    from found`);
}

export type SignIn =
  | { status: 'signed_in'; caller: Person }
  | { status: 'refused' }
  | { status: 'limited' }
  | { status: 'unavailable' };

/** Sign-ins that may fail from one place in five minutes. */
const FAILURES_IN_FIVE_MINUTES = 20;

/** @param secretHash of the session's secret, which is new */
export function signIn(
  presented: { kind: 'token' | 'link'; hash: string },
  adminHash: string,
  secretHash: string,
  bucket: string,
): Promise<SignIn> {
  return readResult(sql`select v3pls_sign_in(${presented.kind}, ${presented.hash}, ${adminHash}, ${secretHash}, ${bucket},
    ${FAILURES_IN_FIVE_MINUTES}::int) as result`);
}

export async function endSession(secretHash: string): Promise<void> {
  await execute(sql`update sessions set ended_at = v3pls_now() where secret_hash = ${secretHash} and ended_at is null`);
}

export type TokenRow = {
  id: string;
  name: string;
  role: Person['role'];
  operatorId: string | null;
  operatorName: string | null;
  createdBy: string;
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
};

const tokenObject = sql`jsonb_build_object('id', t.id, 'name', t.name, 'role', t.role, 'operatorId', t.operator_id,
  'operatorName', ${operatorName(sql`t.operator_id`)},
  'createdBy', v3pls_actor_name(t.created_by), 'createdAt', t.created_at, 'expiresAt', t.expires_at, 'revokedAt', t.revoked_at)`;

/** The newest five hundred. */
export function listTokens(): Promise<TokenRow[]> {
  return readResult(sql`select coalesce(jsonb_agg(${tokenObject} order by t.created_at desc, t.id), '[]') as result
    from (select * from access_tokens order by created_at desc, id limit 500) t`);
}

export type NewToken = {
  name: string;
  role: Person['role'];
  operatorId: string | null;
  /** Days until it expires; null for never. */
  days: number | null;
  tokenHash: string;
  linkHash: string;
  createdBy: string;
};

/** The token and its one-time link, together or not at all. */
export async function createToken(token: NewToken, linkHours: number): Promise<TokenRow> {
  return readResult(sql`with t as (
      insert into access_tokens (name, role, operator_id, token_hash, created_by, expires_at)
      values (${token.name}, ${token.role}, ${token.operatorId}, ${token.tokenHash}, ${token.createdBy},
        v3pls_now() + make_interval(days => ${token.days}::int)) returning *
    ), link as (
      insert into sign_in_links (code_hash, token_hash, expires_at)
      select ${token.linkHash}, token_hash, v3pls_now() + make_interval(hours => ${linkHours}::int) from t
    ) select ${tokenObject} as result from t`);
}

/** @returns whether there is such a token; one that was revoked before stays as it was */
export async function revokeToken(id: string, actor: string): Promise<boolean> {
  const results = await writeBatch([
    sql`update access_tokens set revoked_at = v3pls_now(), revoked_by = ${actor} where id = ${id}::uuid and revoked_at is null`,
    sql`select id from access_tokens where id = ${id}::uuid`,
  ]);
  return results[1]!.rows.length > 0;
}

/** Takes away what has run out; the cron does it. */
export async function tidyPeople(): Promise<void> {
  await writeBatch([
    sql`delete from sessions where expires_at < v3pls_now() or ended_at < v3pls_now() - interval '1 day'`,
    sql`delete from sign_in_links where expires_at < v3pls_now()`,
    sql`delete from rate_limits where window_start < v3pls_now() - interval '1 day'`,
  ]);
}
