/** Who may come in: named tokens, the page's sessions, one-time links, and the counts that slow guessing down. Secrets stand here only as hashes. */
import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { databaseNow, moment, recordedAt } from './columns.js';

/** Named tokens, stored only as hashes; `ADMIN_TOKEN` is the first admin and has no row. */
export const accessTokens = pgTable(
  'access_tokens',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    name: text('name').notNull(),
    role: text('role').notNull(),
    operatorId: text('operator_id'),
    tokenHash: text('token_hash').notNull().unique(),
    createdBy: text('created_by').notNull(),
    createdAt: moment('created_at').notNull().default(databaseNow),
    expiresAt: moment('expires_at'),
    revokedAt: moment('revoked_at'),
    revokedBy: text('revoked_by'),
    recordedAt: recordedAt(),
  },
  () => [check('token_role_known', sql`role in ('viewer', 'operator', 'admin')`)],
);

/** The page's sessions. One holds for as long as the token that it was opened with (`parent_hash`) does. */
export const sessions = pgTable(
  'sessions',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    secretHash: text('secret_hash').notNull().unique(),
    parentHash: text('parent_hash').notNull(),
    createdAt: moment('created_at').notNull().default(databaseNow),
    expiresAt: moment('expires_at').notNull(),
    endedAt: moment('ended_at'),
    recordedAt: recordedAt(),
  },
  table => [index('sessions_expiry').on(table.expiresAt)],
);

/** Links that open one session, once. */
export const signInLinks = pgTable('sign_in_links', {
  codeHash: text('code_hash').primaryKey(),
  /** Of the token that the link stands for. */
  tokenHash: text('token_hash').notNull(),
  createdAt: moment('created_at').notNull().default(databaseNow),
  expiresAt: moment('expires_at').notNull(),
  usedAt: moment('used_at'),
  recordedAt: recordedAt(),
});

/** Counts within a window of time; `bucket` names what is counted by a code and a keyed hash. */
export const rateLimits = pgTable('rate_limits', {
  bucket: text('bucket').primaryKey(),
  windowStart: moment('window_start').notNull(),
  count: integer('count').notNull(),
  recordedAt: recordedAt(),
});
