/** Shadow mode's record: what would have been said, and how that compared. Append-only: ids, numbers and codes, never a text. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { databaseNow, moment, recordedAt } from './columns.js';

export const shadowDecisions = pgTable(
  'shadow_decisions',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    threadId: text('thread_id').notNull(),
    /** The customer turn it was made for, by the turn's last message then. */
    lastMessageId: text('last_message_id').notNull(),
    kind: text('kind').notNull(),
    /** The best candidate, also where the decision was to abstain. */
    patternId: uuid('pattern_id'),
    patternVersion: integer('pattern_version'),
    matchConfidence: numeric('match_confidence', { precision: 6, scale: 5, mode: 'number' }),
    /** Match confidence by the shipped constants, before it was adjusted to this business: what the adjustment is fitted on. */
    shippedConfidence: numeric('shipped_confidence', { precision: 6, scale: 5, mode: 'number' }),
    expectedAgreement: numeric('expected_agreement', { precision: 6, scale: 5, mode: 'number' }),
    reasons: text('reasons').array().notNull().default(sql`'{}'`),
    gates: jsonb('gates').notNull().default(sql`'[]'::jsonb`),
    alternatives: jsonb('alternatives').notNull().default(sql`'[]'::jsonb`),
    /** Committed when the answer was already stored: kept, never judged. */
    isLate: boolean('is_late').notNull().default(false),
    committedAt: moment('committed_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    index('shadow_decisions_turn').on(table.lastMessageId, table.id),
    index('shadow_decisions_pattern').on(table.patternId, table.patternVersion).where(sql`kind = 'would_reply'`),
    index('shadow_decisions_committed').on(table.committedAt),
    check('decision_kind_known', sql`kind in ('would_reply', 'abstained')`),
  ],
);

/** The newest row of a decision counts: an exchange that grows is judged again. */
export const shadowJudgements = pgTable(
  'shadow_judgements',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    decisionId: bigint('decision_id', { mode: 'number' }).notNull(),
    exchangeId: uuid('exchange_id'),
    patternId: uuid('pattern_id'),
    patternVersion: integer('pattern_version'),
    wouldReply: boolean('would_reply').notNull(),
    outcome: text('outcome').notNull(),
    tokenF1: numeric('token_f1', { precision: 5, scale: 4, mode: 'number' }),
    createdAt: moment('created_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    index('shadow_judgements_decision').on(table.decisionId, table.id),
    index('shadow_judgements_pattern')
      .on(table.patternId, table.patternVersion, table.decisionId, table.id)
      .where(sql`would_reply`),
    index('shadow_judgements_created').on(table.createdAt),
    check('judgement_outcome_known', sql`outcome in ('agreed', 'disagreed', 'ignored')`),
  ],
);
