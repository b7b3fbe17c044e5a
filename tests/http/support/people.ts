/** People who call: each with a token of a role, made as the database keeps it. */
import { hashSecret, makeSecret } from '../../../lib/http/credentials.js';
import type { TestDatabase } from '../../support/postgres.js';

type Role = 'viewer' | 'operator' | 'admin';

/** @returns the raw token */
export async function makeToken(db: TestDatabase, role: Role, name = `a ${role}`): Promise<string> {
  const token = makeSecret('token');
  await db.sql(`insert into access_tokens (name, role, token_hash, created_by) values ($1, $2, $3, 'admin')`, [
    name,
    role,
    hashSecret(token),
  ]);
  return token;
}
