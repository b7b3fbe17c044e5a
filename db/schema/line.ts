/** What the line brought: raw deliveries, messages, threads and the exchanges derived from them. Texts stand here, where erasing and retention may blank them. */
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { bytes, databaseNow, moment, recordedAt, transactionId } from './columns.js';

/** The inbox: one row for each authentic delivery, with its bytes as they came. */
export const deliveries = pgTable(
  'deliveries',
  {
    /** `webhook-id`, the legacy envelope's id, or `sha256:…` of bytes that name no id. */
    id: text('id').primaryKey(),
    scheme: text('scheme').notNull(),
    eventType: text('event_type'),
    messageId: text('message_id'),
    outcome: text('outcome').notNull(),
    reason: text('reason'),
    raw: bytes('raw'),
    recordedAt: recordedAt(),
  },
  table => [
    uniqueIndex('deliveries_message_event').on(table.messageId, table.eventType).where(sql`outcome = 'accepted'`),
    index('deliveries_recorded').on(table.recordedAt),
    index('deliveries_kept').on(table.recordedAt).where(sql`raw is not null`),
    check('delivery_outcome_known', sql`outcome in ('accepted', 'ignored', 'quarantined')`),
  ],
);

/** How deliveries ended, by hour: also those that leave no row of their own (refused, repeated). */
export const deliveryCounts = pgTable(
  'delivery_counts',
  {
    hour: moment('hour').notNull(),
    outcome: text('outcome').notNull(),
    reason: text('reason').notNull().default(''),
    count: bigint('count', { mode: 'number' }).notNull(),
    recordedAt: recordedAt(),
  },
  table => [primaryKey({ columns: [table.hour, table.outcome, table.reason] })],
);

export const threads = pgTable(
  'threads',
  {
    id: text('id').primaryKey(),
    lineId: text('line_id').notNull(),
    /** The other side's number or numbers, comma-separated; null once erased. */
    customer: text('customer'),
    isGroup: boolean('is_group').notNull().default(false),
    /** Counts writes; a writer that read an older one starts again. */
    version: integer('version').notNull().default(1),
    dontLearn: boolean('dont_learn').notNull().default(false),
    recordedAt: recordedAt(),
  },
  table => [index('threads_customer').on(table.lineId, table.customer)],
);

/** The business's own numbers, as its lines' first texts named them: none of them is a customer. */
export const lines = pgTable(
  'lines',
  {
    lineId: text('line_id').notNull(),
    number: text('number').notNull(),
    recordedAt: recordedAt(),
  },
  table => [primaryKey({ columns: [table.lineId, table.number] })],
);

/** Quo's users by name, as its API told them last: who the ids of operators are. */
export const operators = pgTable('operators', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  recordedAt: recordedAt(),
});

/** Threads whose exchanges must be derived again: what failed, or what another thread's message changed. The next run does it. */
export const threadMarks = pgTable('thread_marks', {
  threadId: text('thread_id').primaryKey(),
  /** Counts marks, so that a run takes away only the one it saw. */
  mark: integer('mark').notNull().default(1),
  reason: text('reason').notNull(),
  recordedAt: recordedAt(),
});

export const messages = pgTable(
  'messages',
  {
    id: text('id').primaryKey(),
    threadId: text('thread_id').notNull(),
    lineId: text('line_id').notNull(),
    direction: text('direction').notNull(),
    /** Null once erased, or past retention. */
    text: text('text'),
    /** Same text, same key, whatever the case or the spaces around: what `broadcast` compares. */
    textKey: uuid('text_key').generatedAlwaysAs(sql`md5(lower(btrim(text)))::uuid`),
    actorId: text('actor_id'),
    isPerson: boolean('is_person').notNull(),
    isGroup: boolean('is_group').notNull().default(false),
    hasMedia: boolean('has_media').notNull().default(false),
    status: text('status').notNull(),
    /** Learning was off when it came: an answer like that is never learned, except by an import. */
    isOff: boolean('is_off').notNull().default(false),
    eventAt: moment('event_at').notNull(),
    source: text('source').notNull().default('webhook'),
    /** A clean run of the watchdog compared it with the templates: only outgoing texts of nobody are. */
    watchedAt: moment('watched_at'),
    recordedAt: recordedAt(),
  },
  table => [
    index('messages_thread').on(table.threadId, table.eventAt).where(sql`is_person`),
    index('messages_same_text').on(table.textKey, table.eventAt).where(sql`direction = 'outgoing'`),
    index('messages_unattended').on(table.recordedAt).where(sql`direction = 'outgoing' and not is_person`),
    index('messages_unwatched')
      .on(table.id)
      .where(sql`direction = 'outgoing' and not is_person and watched_at is null`),
    index('messages_recorded').on(table.recordedAt),
    index('messages_kept').on(table.recordedAt).where(sql`text is not null`),
    check('message_direction_known', sql`direction in ('incoming', 'outgoing')`),
    // What no person sent is compared with the templates; who says otherwise names the person.
    check('person_is_named', sql`direction = 'incoming' or not is_person or coalesce(actor_id ~ '^US', false)`),
  ],
);

/** One row an exchange, found again by `key`, the first message of its first turn. */
export const exchanges = pgTable(
  'exchanges',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    key: text('key').notNull(),
    threadId: text('thread_id').notNull(),
    lineId: text('line_id').notNull(),
    customerMessageIds: text('customer_message_ids').array().notNull(),
    operatorMessageIds: text('operator_message_ids').array().notNull(),
    /** The operator turn before the question: its context. */
    previousOperatorMessageIds: text('previous_operator_message_ids').array().notNull().default(sql`'{}'`),
    /** Who wrote the first text of the operator turn. */
    operatorId: text('operator_id'),
    startedAt: moment('started_at').notNull(),
    askedAt: moment('asked_at'),
    answeredAt: moment('answered_at'),
    isAfterWindow: boolean('is_after_window').notNull().default(false),
    /** Why it was not learned; null when it was, or when it is still open. */
    skipped: text('skipped'),
    skippedDetail: text('skipped_detail'),
    dontLearn: boolean('dont_learn').notNull().default(false),
    /** The one pattern this exchange is credited to. */
    patternId: uuid('pattern_id'),
    customerText: text('customer_text'),
    previousOperatorText: text('previous_operator_text'),
    replyText: text('reply_text'),
    /** Of texts that retention took away, where a pattern says the same: md5, so that erasing still knows whose words these are. */
    questionHash: text('question_hash'),
    replyHash: text('reply_hash'),
    /** No longer derived from the thread's messages: kept so that its id stays taken. */
    isWithdrawn: boolean('is_withdrawn').notNull().default(false),
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    createdAt: moment('created_at').notNull().default(databaseNow),
    recordedAt: recordedAt(),
  },
  table => [
    uniqueIndex('exchanges_key').on(table.key),
    index('exchanges_thread').on(table.threadId, table.startedAt),
    index('exchanges_pattern').on(table.patternId).where(sql`pattern_id is not null`),
    index('exchanges_revision').on(table.revision).where(sql`revision > 0`),
    index('exchanges_recorded').on(table.recordedAt),
    index('exchanges_order').on(table.startedAt.desc(), table.id.desc()),
    // What retention asks for: rows that still have texts, the oldest first.
    index('exchanges_kept')
      .on(table.recordedAt)
      .where(sql`customer_text is not null or previous_operator_text is not null or reply_text is not null`),
    check('credited_or_skipped', sql`pattern_id is null or (skipped is null and not is_withdrawn)`),
  ],
);

/** One row: the learning revision. Writers lock it in the order of their commits, so a reader never misses one. */
export const learningState = pgTable(
  'learning_state',
  {
    id: integer('id').primaryKey().default(1),
    /** Tells this database from a restored or branched one, whose revisions mean something else. */
    identity: uuid('identity').notNull().defaultRandom(),
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
    /** The transaction that counted last: all its rows share one revision. */
    transaction: transactionId('transaction'),
    recordedAt: recordedAt(),
  },
  () => [check('one_learning_state', sql`id = 1`)],
);

/**
 * What a warm instance starts from: the examples' words as bytes (`lib/learning/packed-state.ts`, gzipped) as they were at a
 * learning revision, and how match confidence is adjusted to this business. Made of what other tables hold, and made anew.
 */
export const matcherState = pgTable(
  'matcher_state',
  {
    id: integer('id').primaryKey().default(1),
    /** Null until it is built, and from when a text that is in it was taken away until it is built again. */
    packed: bytes('packed'),
    packedFormat: integer('packed_format').notNull().default(0),
    packedRevision: bigint('packed_revision', { mode: 'number' }).notNull().default(-1),
    /** A state from before this revision holds what was taken away since, and is refused. */
    leastRevision: bigint('least_revision', { mode: 'number' }).notNull().default(0),
    slope: doublePrecision('slope').notNull().default(1),
    offset: doublePrecision('confidence_offset').notNull().default(0),
    /** Judged decisions that slope and offset were fitted on. */
    outcomes: integer('outcomes').notNull().default(0),
    fittedRevision: bigint('fitted_revision', { mode: 'number' }).notNull().default(0),
    recordedAt: recordedAt(),
  },
  () => [
    check('one_matcher_state', sql`id = 1`),
    // In this order it reads the same after a dump and a restore: what begins with BETWEEN is put together anew there.
    check(
      'matcher_adjustment_bounded',
      sql`outcomes >= 0 and slope between 0.4 and 2.5 and confidence_offset between -4 and 4`,
    ),
  ],
);

/** A customer who was erased, as a hash keyed with PRIVACY_KEY: what still arrives of theirs from before is not taken in again. */
export const erasedCustomers = pgTable('erased_customers', {
  customerKey: text('customer_key').primaryKey(),
  erasedAt: moment('erased_at').notNull().default(databaseNow),
  recordedAt: recordedAt(),
});
