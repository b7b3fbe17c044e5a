/** The guards' own tables: commands, the kill switch, incidents, the watchdog and the audit. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { databaseNow, moment, recordedAt, transactionId } from './columns.js';

/** Whoever gives a command is named by something that can be seen: blanks of every kind are nobody. */
const namesWho = (name: string) => check(name, sql`actor ~ '[[:alnum:]]'`);

/** What people gave as a reason, apart from the append-only rows that point here. */
export const reasons = pgTable('reasons', {
  id: uuid('id').primaryKey().defaultRandom(),
  text: text('text'),
  recordedAt: recordedAt(),
});

/** A command: an admin activates this exact version. Its triggers check every gate and do the act. */
export const activations = pgTable(
  'activations',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    patternId: uuid('pattern_id').notNull(),
    version: integer('version').notNull(),
    contentHash: text('content_hash').notNull().default(''),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id'),
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    activatedAt: moment('activated_at').notNull().default(databaseNow),
    expiresAt: moment('expires_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    index('activations_pattern').on(table.patternId, table.version, table.id),
    index('activations_transaction').on(table.transaction),
    namesWho('activation_names_who'),
  ],
);

/** A command: a person deactivates, edits, retires, restores or merges a pattern; `transaction` tells the audit who it was. */
export const patternCommands = pgTable(
  'pattern_commands',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    patternId: uuid('pattern_id').notNull(),
    action: text('action').notNull(),
    /** The version that the person saw; null where any will do. */
    expectedVersion: integer('expected_version'),
    /** The pattern it is merged into, and the version of that one that the person saw. */
    targetId: uuid('target_id'),
    targetVersion: integer('target_version'),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id'),
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    recordedAt: recordedAt(),
  },
  table => [
    index('pattern_commands_transaction').on(table.transaction),
    namesWho('pattern_command_names_who'),
    check('pattern_command_known', sql`action in ('deactivate', 'edit', 'retire', 'restore', 'merge')`),
    check('merge_has_target', sql`(action = 'merge') = (target_id is not null and target_version is not null)`),
  ],
);

/** A command: an admin changes one setting. */
export const configChanges = pgTable(
  'config_changes',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    configKey: text('config_key').notNull(),
    newValue: text('new_value').notNull(),
    oldValue: text('old_value'),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id'),
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    recordedAt: recordedAt(),
  },
  () => [namesWho('config_change_names_who')],
);

/** A command: an admin releases the kill switch. */
export const releases = pgTable(
  'releases',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id').notNull(),
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    recordedAt: recordedAt(),
  },
  () => [namesWho('release_names_who')],
);

/** A command: an admin gives back what a rollback took and is no matter of safety, and closes the incident. */
export const restorations = pgTable(
  'restorations',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    incidentId: uuid('incident_id').notNull(),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id').notNull(),
    transaction: transactionId('transaction').notNull().default(sql`pg_current_xact_id()`),
    recordedAt: recordedAt(),
  },
  () => [namesWho('restoration_names_who')],
);

/** The kill switch: engaged while one of these rows has no release. */
export const killSwitchLatches = pgTable('kill_switch_latches', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  source: text('source').notNull(),
  actor: text('actor').notNull(),
  reasonId: uuid('reason_id'),
  engagedAt: moment('engaged_at').notNull().default(databaseNow),
  recordedAt: recordedAt(),
});

export const killSwitchReleases = pgTable('kill_switch_releases', {
  latchId: bigint('latch_id', { mode: 'number' }).primaryKey(),
  releaseId: bigint('release_id', { mode: 'number' }).notNull(),
  recordedAt: recordedAt(),
});

export const incidents = pgTable(
  'incidents',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    source: text('source').notNull(),
    actor: text('actor').notNull(),
    reasonId: uuid('reason_id'),
    state: text('state').notNull().default('open'),
    rollback: text('rollback').notNull().default('pending'),
    /** Why a rollback is still pending (a code). */
    pendingBecause: text('pending_because'),
    /** Ids, versions, safety columns, queue statuses and configuration before the rollback; no text. */
    snapshot: jsonb('snapshot'),
    /** What the rollback changed. */
    changed: jsonb('changed'),
    openedAt: moment('opened_at').notNull().default(databaseNow),
    rolledBackAt: moment('rolled_back_at'),
    closedAt: moment('closed_at'),
    recordedAt: recordedAt(),
  },
  table => [
    index('incidents_open').on(table.openedAt).where(sql`state = 'open' or rollback = 'pending'`),
    check('incident_state_known', sql`state in ('open', 'closed')`),
    check('rollback_state_known', sql`rollback in ('pending', 'done')`),
    check('rollback_has_snapshot', sql`rollback = 'pending' or (snapshot is not null and rolled_back_at is not null)`),
    check('closed_is_rolled_back', sql`state = 'open' or rollback = 'done'`),
  ],
);

/** Which rows broke which invariant. A fact that stands in an incident is known and trips no second time. */
export const incidentEvidence = pgTable(
  'incident_evidence',
  {
    checkId: text('check_id').notNull(),
    key: text('key').notNull(),
    incidentId: uuid('incident_id').notNull(),
    recordedAt: recordedAt(),
  },
  table => [
    primaryKey({ columns: [table.incidentId, table.checkId, table.key] }),
    index('incident_evidence_key').on(table.checkId, table.key),
  ],
);

/** Automatic texts that said what a pattern said, noted before one of the two was blanked: a later run could not see it. */
export const groundTruthSightings = pgTable('ground_truth_sightings', {
  messageId: text('message_id').primaryKey(),
  recordedAt: recordedAt(),
});

export const watchdogRuns = pgTable(
  'watchdog_runs',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    status: text('status').notNull(),
    checks: jsonb('checks').notNull(),
    incidentId: uuid('incident_id'),
    /** It read the tables of the checks whole, not only what was new. */
    isWhole: boolean('is_whole').notNull().default(true),
    startedAt: moment('started_at').notNull(),
    finishedAt: moment('finished_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    index('watchdog_runs_finished').on(table.finishedAt),
    index('watchdog_runs_whole').on(table.recordedAt).where(sql`is_whole and status = 'clean'`),
    check('run_status_known', sql`status in ('clean', 'rolled_back', 'latched', 'unknown', 'failed')`),
  ],
);

/**
 * Patterns whose counters or evidence changed: what the next ordinary run of the watchdog counts. Filled by triggers, whoever
 * writes; a row goes once a clean run has looked at it.
 */
export const watchdogNews = pgTable('watchdog_news', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  patternId: uuid('pattern_id').notNull(),
  recordedAt: recordedAt(),
});

/** One row: when a delivery last took it upon itself to let the watchdog run after its answer. */
export const inlineRuns = pgTable(
  'inline_runs',
  {
    id: integer('id').primaryKey().default(1),
    claimedAt: moment('claimed_at').notNull().default(sql`'-infinity'`),
    recordedAt: recordedAt(),
  },
  () => [check('one_inline_run', sql`id = 1`)],
);

/** One row: until when activations may rely on the last clean run. */
export const watchdogLease = pgTable(
  'watchdog_lease',
  {
    id: integer('id').primaryKey().default(1),
    renewedAt: moment('renewed_at'),
    runId: bigint('run_id', { mode: 'number' }),
    recordedAt: recordedAt(),
  },
  () => [check('one_lease', sql`id = 1`)],
);

export const auditLog = pgTable(
  'audit_log',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    subject: text('subject'),
    details: jsonb('details').notNull().default(sql`'{}'::jsonb`),
    reasonId: uuid('reason_id'),
    at: moment('at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [index('audit_log_subject').on(table.subject, table.id), index('audit_log_at').on(table.at)],
);
