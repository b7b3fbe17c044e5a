/** The plan's four tables, shared with foreign writers. The guards of the migrations stand beside every column here. */
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
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { databaseNow, moment, recordedAt } from './columns.js';

export const decisionPatterns = pgTable(
  'decision_patterns',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    patternType: text('pattern_type').notNull(),
    triggerText: text('trigger_text').notNull(),
    responseTemplate: text('response_template').notNull(),
    slots: jsonb('slots').notNull().default(sql`'[]'::jsonb`),
    /** (2 + agreed) / (4 + judged) of the present version's last 200; a trigger refuses any other value. */
    confidenceScore: numeric('confidence_score', { precision: 5, scale: 4, mode: 'number' })
      .notNull()
      .default(sql`0.50`),
    isActive: boolean('is_active').notNull().default(false),
    autoExecutable: boolean('auto_executable').notNull().default(false),
    requiresConfirmation: boolean('requires_confirmation').notNull().default(true),
    executionCount: integer('execution_count').notNull().default(0),
    successCount: integer('success_count').notNull().default(0),
    failureCount: integer('failure_count').notNull().default(0),
    createdFrom: text('created_from').notNull().default('external'),
    firstSeen: moment('first_seen').notNull().default(databaseNow),
    lastSeen: moment('last_seen').notNull().default(databaseNow),
    createdAt: moment('created_at').notNull().default(databaseNow),
    updatedAt: moment('updated_at').notNull().default(databaseNow),
    version: integer('version').notNull().default(1),
    /** Who wrote the present words: `learning`, `external`, or a caller's name. */
    changedBy: text('changed_by').notNull().default('external'),
    notes: text('notes'),
    editedAt: moment('edited_at'),
    retiredAt: moment('retired_at'),
    /** The pattern that took over its exchanges. */
    mergedInto: uuid('merged_into'),
    facts: jsonb('facts').notNull().default(sql`'[]'::jsonb`),
    possibleDuplicates: jsonb('possible_duplicates').notNull().default(sql`'[]'::jsonb`),
    /** Evidence, recounted from the exchanges by `v3pls_refresh_patterns`. */
    exchangeCount: integer('exchange_count').notNull().default(0),
    customerCount: integer('customer_count').notNull().default(0),
    operatorCount: integer('operator_count').notNull().default(0),
    dayCount: integer('day_count').notNull().default(0),
    agreedCount: integer('agreed_count').notNull().default(0),
    disagreedCount: integer('disagreed_count').notNull().default(0),
    /** The learning revision at which the matcher last had to hear of this row. */
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    recordedAt: recordedAt(),
  },
  table => [
    index('decision_patterns_revision').on(table.revision),
    index('decision_patterns_created').on(table.createdAt),
    index('decision_patterns_active').on(table.id).where(sql`is_active`),
    index('decision_patterns_unsafe')
      .on(table.id)
      .where(sql`auto_executable is not false or requires_confirmation is not true or is_active is null`),
    check('nothing_executes', sql`not auto_executable`),
    check('everything_asks', sql`requires_confirmation`),
    check('pattern_type_length', sql`char_length(pattern_type) between 1 and 64`),
    check('trigger_text_length', sql`char_length(trigger_text) between 1 and 20000`),
    check('response_template_length', sql`char_length(response_template) between 1 and 20000`),
    check('confidence_range', sql`confidence_score between 0 and 1`),
    check('created_from_known', sql`created_from in ('webhook', 'import', 'external')`),
    check('merged_is_retired', sql`merged_into is null or retired_at is not null`),
    check('retired_is_inactive', sql`retired_at is null or not is_active`),
  ],
);

/** Every wording a pattern ever had; written by a trigger, so that raw SQL is versioned too. */
export const patternVersions = pgTable(
  'pattern_versions',
  {
    patternId: uuid('pattern_id').notNull(),
    version: integer('version').notNull(),
    patternType: text('pattern_type').notNull(),
    triggerText: text('trigger_text'),
    responseTemplate: text('response_template'),
    slots: jsonb('slots').notNull(),
    changedBy: text('changed_by').notNull(),
    /** From when on these words were there to be said, by event time; never moved afterwards. */
    firstSeen: moment('first_seen').notNull().default(databaseNow),
    createdAt: moment('created_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [primaryKey({ columns: [table.patternId, table.version] })],
);

/** Patterns that are gone, so that a warm instance's matcher forgets them too. */
export const removedPatterns = pgTable(
  'removed_patterns',
  {
    patternId: uuid('pattern_id').primaryKey(),
    revision: bigint('revision', { mode: 'number' }).notNull(),
    recordedAt: recordedAt(),
  },
  table => [index('removed_patterns_revision').on(table.revision)],
);

/** Executions by anybody else; this system never writes it. Append-only, and nothing is required, so evidence is never refused. */
export const patternExecutionHistory = pgTable(
  'pattern_execution_history',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    patternId: uuid('pattern_id'),
    conversationId: text('conversation_id'),
    wasAutoExecuted: boolean('was_auto_executed'),
    executionMode: text('execution_mode'),
    approvedBy: text('approved_by'),
    wasSuccessful: boolean('was_successful'),
    confidenceAtExecution: numeric('confidence_at_execution', { mode: 'number' }),
    createdAt: moment('created_at').default(databaseNow),
    recordedAt: moment('recorded_at').default(databaseNow),
  },
  table => [
    index('pattern_execution_history_created').on(table.createdAt),
    // What the watchdog asks for, so that a long history of others costs its runs nothing.
    index('pattern_execution_history_evidence')
      .on(table.id)
      .where(
        sql`was_auto_executed is distinct from false or coalesce(btrim(approved_by, E' \\t\\n\\r'), '') = ''
        or coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual')`,
      ),
    index('pattern_execution_history_pattern').on(table.patternId),
  ],
);

/** Work that another writer queued; this version never writes it, and a delete cancels and keeps the row. */
export const patternExecutionQueue = pgTable(
  'pattern_execution_queue',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    patternId: uuid('pattern_id'),
    conversationId: text('conversation_id'),
    status: text('status').notNull().default('pending'),
    createdAt: moment('created_at').notNull().default(databaseNow),
    updatedAt: moment('updated_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    index('pattern_execution_queue_pending').on(table.id).where(sql`status = 'pending'`),
    check('queue_status_known', sql`status in ('pending', 'cancelled', 'dismissed')`),
  ],
);

export const patternLearningConfig = pgTable(
  'pattern_learning_config',
  {
    configKey: text('config_key').primaryKey(),
    configValue: text('config_value').notNull(),
    description: text('description'),
    updatedAt: moment('updated_at').notNull().default(databaseNow),
    updatedBy: text('updated_by').notNull().default('migration'),
    recordedAt: recordedAt(),
  },
  () => [check('config_value_typed', sql`v3pls_is_setting(config_key, config_value)`)],
);
