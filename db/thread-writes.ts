/** The second round trip: one transaction that claims the thread, stores the message and writes what was derived from it. */
import { type SQL, sql } from 'drizzle-orm';
import type { Decision } from '../lib/learning/decide.js';
import type {
  CompletePlan,
  DecisionWrite,
  ExchangeWrite,
  JudgementWrite,
  PatternWrite,
} from '../lib/learning/thread-view.js';
import { writeBatch } from './client.js';

export type MessageRow = {
  id: string;
  threadId: string;
  lineId: string;
  direction: 'incoming' | 'outgoing';
  text: string;
  actorId: string | null;
  isPerson: boolean;
  isGroup: boolean;
  hasMedia: boolean;
  status: string;
  at: Date;
  /** Learning was off when it came. */
  isOff: boolean;
};

export type DeliveryRow = {
  id: string;
  scheme: 'standard' | 'legacy';
  eventType: string | null;
  messageId: string | null;
  outcome: 'accepted' | 'ignored' | 'quarantined';
  reason: string | null;
  raw: Uint8Array | null;
};

export type ThreadClaim = {
  /** The business's own number on this line; null where the text does not tell, or nothing arrived. */
  lineNumber: string | null;
  id: string;
  lineId: string;
  customer: string;
  isGroup: boolean;
  expectedVersion: number | null;
};

/**
 * A message's statements come first in its transaction: whoever lost the thread to another writer stores nothing.
 * @param customerKeys of its customers: where one of them is being erased, the message is stored before that or not at all
 */
export function storeStatements(
  claim: ThreadClaim,
  delivery: DeliveryRow,
  message: MessageRow,
  adopts: string | null,
  customerKeys: readonly string[],
): SQL[] {
  return [
    ...unerasedStatements(customerKeys, message.at),
    ...claimStatements(claim, adopts),
    ...lineStatements(claim),
    messageStatement(delivery, message),
  ];
}

function unerasedStatements(customerKeys: readonly string[], at: Date): SQL[] {
  if (customerKeys.length === 0) return [];
  return [
    sql`select v3pls_expect_unerased(array(select jsonb_array_elements_text(${JSON.stringify(customerKeys)}::jsonb)),
      ${at.toISOString()}::timestamptz)`,
  ];
}

/** A later status replaces an earlier one, whichever event comes first. */
export const STATUSES = sql`array['queued', 'sent', 'failed', 'undelivered', 'received', 'delivered']`;

/** Delivery and message, or the later event of a message that is already there. */
function messageStatement(delivery: DeliveryRow, message: MessageRow): SQL {
  const raw = delivery.raw ? `\\x${Buffer.from(delivery.raw).toString('hex')}` : null;
  return sql`with delivered as (
      insert into deliveries (id, scheme, event_type, message_id, outcome, reason, raw)
      values (${delivery.id}, ${delivery.scheme}, ${delivery.eventType}, ${delivery.messageId}, ${delivery.outcome},
        ${delivery.reason}, ${raw}::bytea)
    ) insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, is_group, has_media, status, event_at, is_off)
      values (${message.id}, ${message.threadId}, ${message.lineId}, ${message.direction}, ${message.text}, ${message.actorId},
        ${message.isPerson}, ${message.isGroup}, ${message.hasMedia}, ${message.status}, ${message.at.toISOString()}, ${message.isOff})
      on conflict (id) do update set status = case when messages.status = 'erased' then messages.status
        when array_position(${STATUSES}, excluded.status) > coalesce(array_position(${STATUSES}, messages.status), 0)
        then excluded.status else messages.status end`;
}

/** The thread, by the version that was read; and with it what was stored of it without its name. */
export function claimStatements(claim: ThreadClaim, adopts: string | null): SQL[] {
  return [
    sql`select v3pls_claim_thread(${claim.id}, ${claim.lineId}, ${claim.customer}, ${claim.isGroup}, ${claim.expectedVersion}::int,
    ${adopts})`,
    ...(adopts ? adoptStatements(claim.id, adopts) : []),
  ];
}

/** The message by itself, whatever another writer did to the thread; the thread is marked, so that the next run follows it. */
export function storeAloneStatements(
  claim: ThreadClaim,
  delivery: DeliveryRow,
  message: MessageRow,
  adopts: string | null,
  customerKeys: readonly string[],
  abstention: Decision | null,
): SQL[] {
  return [
    ...unerasedStatements(customerKeys, message.at),
    sql`insert into threads (id, line_id, customer, is_group) values (${claim.id}, ${claim.lineId}, ${claim.customer}, ${claim.isGroup})
      on conflict (id) do update set version = threads.version + 1, is_group = threads.is_group or excluded.is_group,
        customer = v3pls_name_customer(threads.customer, excluded.customer)`,
    ...(adopts ? adoptStatements(claim.id, adopts) : []),
    ...lineStatements(claim),
    messageStatement(delivery, message),
    ...(abstention ? [abstentionStatement(abstention, claim.id, message)] : []),
    markStatement([claim.id], 'stored_alone'),
  ];
}

/** A thread's first text tells which number is the business's own: nobody erases that as a customer. */
function lineStatements({ lineId, lineNumber, expectedVersion }: ThreadClaim): SQL[] {
  if (lineNumber === null || expectedVersion !== null) return [];
  return [sql`insert into lines (line_id, number) values (${lineId}, ${lineNumber}) on conflict do nothing`];
}

/** Late where the answer is stored already: only the database knows, for nothing was claimed. */
function abstentionStatement(decision: Decision, threadId: string, message: MessageRow): SQL {
  return sql`insert into shadow_decisions (thread_id, last_message_id, kind, reasons, gates, is_late)
    values (${threadId}, ${message.id}, ${decision.kind},
      array(select jsonb_array_elements_text(${JSON.stringify(decision.reasons)}::jsonb)),
      ${JSON.stringify(decision.gates)}::jsonb, exists (select from messages m where m.thread_id = ${threadId}
        and m.direction = 'outgoing' and m.is_person and m.event_at >= ${message.at.toISOString()}::timestamptz))`;
}

/** Messages that came without a thread id move to the thread that now has one. */
export function adoptStatements(threadId: string, fallbackId: string): SQL[] {
  return [
    sql`update messages set thread_id = ${threadId} where thread_id = ${fallbackId}`,
    sql`update exchanges set thread_id = ${threadId} where thread_id = ${fallbackId}`,
    sql`with moved as (delete from thread_marks where thread_id = ${fallbackId} returning reason)
      insert into thread_marks (thread_id, reason) select ${threadId}, reason from moved
      on conflict (thread_id) do update set mark = thread_marks.mark + 1`,
    sql`update threads set dont_learn = true
      where id = ${threadId} and exists (select from threads f where f.id = ${fallbackId} and f.dont_learn)`,
    sql`delete from threads where id = ${fallbackId}`,
  ];
}

/** @param revision the learning revision that the plan was made on */
export function planStatements(plan: CompletePlan, threadId: string, lineId: string, revision: number): SQL[] {
  const statements: SQL[] = [];
  // Also a plan that only takes evidence away: a merge may have moved it to another pattern since it was read.
  const touchesEvidence = plan.hasLearned || plan.touched.length > 0 || plan.bereft.length > 0;
  if (touchesEvidence) statements.push(sql`select v3pls_expect_revision(${revision})`);
  if (plan.pattern) statements.push(patternStatement(plan.pattern));
  if (plan.withdrawn.length > 0) {
    statements.push(sql`update exchanges set is_withdrawn = true, pattern_id = null, skipped = null, key = 'withdrawn:' || id
      where id in (select value::uuid from jsonb_array_elements_text(${JSON.stringify(plan.withdrawn)}::jsonb))`);
  }
  if (plan.exchanges.length > 0)
    statements.push(exchangeStatement(plan.exchanges.map(write => ({ write, threadId, lineId }))));
  if (plan.decision) statements.push(decisionStatement(plan.decision, threadId));
  if (plan.judgements.length > 0) statements.push(judgementStatement(plan.judgements));
  if (plan.bereft.length > 0) statements.push(removeEmptyPatterns(plan.bereft));
  // After every write that it counts, and as a statement of its own: evidence never waits for a pattern row.
  if (plan.touched.length > 0) statements.push(sql`select v3pls_refresh_patterns(${uuidArray(plan.touched)})`);
  return statements;
}

export function commitStatements(statements: readonly SQL[]) {
  return writeBatch(statements);
}

/** Asks for threads to be followed again by the next run. Last in its transaction, and its rows in order, so that two never deadlock. */
export function markStatement(threadIds: readonly string[], reason: string): SQL {
  return sql`insert into thread_marks (thread_id, reason)
    select value, ${reason} from jsonb_array_elements_text(${JSON.stringify([...threadIds].sort())}::jsonb)
    on conflict (thread_id) do update set mark = thread_marks.mark + 1`;
}

export function unmarkStatement(threadId: string, mark: number): SQL {
  return sql`delete from thread_marks where thread_id = ${threadId} and mark = ${mark}`;
}

function patternStatement(pattern: PatternWrite): SQL {
  if (pattern.kind === 'words') {
    // Only of a pattern that no person edited and nobody approved: the database decides at this moment.
    return sql`update decision_patterns set trigger_text = ${pattern.triggerText}, response_template = ${pattern.responseTemplate},
        slots = ${JSON.stringify(pattern.slots)}::jsonb, facts = ${JSON.stringify(pattern.facts)}::jsonb, changed_by = 'learning'
      where id = ${pattern.id} and not is_active and edited_at is null and retired_at is null`;
  }
  return sql`insert into decision_patterns (id, pattern_type, trigger_text, response_template, slots, created_from, changed_by,
      first_seen, last_seen, facts, possible_duplicates)
    values (${pattern.id}, ${pattern.patternType}, ${pattern.triggerText}, ${pattern.responseTemplate}, ${JSON.stringify(pattern.slots)}::jsonb, 'webhook', 'learning',
      ${new Date(pattern.firstSeenMs).toISOString()}, ${new Date(pattern.lastSeenMs).toISOString()},
      ${JSON.stringify(pattern.facts)}::jsonb, ${JSON.stringify(pattern.possibleDuplicates)}::jsonb)`;
}

export type ExchangeRow = { write: ExchangeWrite; threadId: string; lineId: string };

export function exchangeStatement(rows: readonly ExchangeRow[]): SQL {
  return sql`insert into exchanges (id, key, thread_id, line_id, customer_message_ids, operator_message_ids, previous_operator_message_ids,
      operator_id, started_at, asked_at, answered_at, is_after_window, skipped, skipped_detail, dont_learn, pattern_id, customer_text,
      previous_operator_text, reply_text)
    select id, key, thread_id, line_id, customer_message_ids, operator_message_ids, previous_operator_message_ids, operator_id, started_at, asked_at,
      answered_at, is_after_window, skipped, skipped_detail, dont_learn, pattern_id, customer_text, previous_operator_text,
      reply_text
    from jsonb_to_recordset(${JSON.stringify(rows.map(exchangeRecord))}::jsonb) as r (id uuid, key text, thread_id text, line_id text,
      customer_message_ids text[], operator_message_ids text[], previous_operator_message_ids text[], operator_id text, started_at timestamptz, asked_at timestamptz,
      answered_at timestamptz, is_after_window boolean, skipped text, skipped_detail text, dont_learn boolean, pattern_id uuid, customer_text text,
      previous_operator_text text, reply_text text)
    on conflict (id) do update set key = excluded.key, thread_id = excluded.thread_id, customer_message_ids = excluded.customer_message_ids,
      operator_message_ids = excluded.operator_message_ids,
      previous_operator_message_ids = excluded.previous_operator_message_ids, operator_id = excluded.operator_id,
      started_at = excluded.started_at, asked_at = excluded.asked_at, answered_at = excluded.answered_at,
      is_after_window = excluded.is_after_window, skipped = excluded.skipped, skipped_detail = excluded.skipped_detail,
      dont_learn = exchanges.dont_learn or excluded.dont_learn, is_withdrawn = false, pattern_id = excluded.pattern_id,
      -- A credit that stays while learning is off keeps the texts it was given for.
      customer_text = case when excluded.pattern_id is not null then coalesce(excluded.customer_text, exchanges.customer_text) end,
      previous_operator_text = case when excluded.pattern_id is not null
        then coalesce(excluded.previous_operator_text, exchanges.previous_operator_text) end,
      reply_text = case when excluded.pattern_id is not null then coalesce(excluded.reply_text, exchanges.reply_text) end`;
}

function exchangeRecord({ write, threadId, lineId }: ExchangeRow) {
  const { id, exchange, skipped, skippedDetail, dontLearn, patternId, example } = write;
  const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const { customer, operator } = exchange;
  return {
    id,
    key: exchange.key,
    thread_id: threadId,
    line_id: lineId,
    customer_message_ids: customer?.messageIds ?? [],
    operator_message_ids: operator?.messageIds ?? [],
    previous_operator_message_ids: exchange.previousOperator?.messageIds ?? [],
    operator_id: operator?.actorId ?? null,
    started_at: iso((customer ?? operator)!.startMs),
    asked_at: iso(customer?.startMs),
    answered_at: iso(operator?.startMs),
    is_after_window: exchange.isAfterWindow,
    skipped,
    skipped_detail: skippedDetail,
    dont_learn: dontLearn,
    pattern_id: patternId,
    customer_text: example?.customerText ?? null,
    previous_operator_text: example?.previousOperatorText ?? null,
    reply_text: example?.replyText ?? null,
  };
}

function decisionStatement({ decision, isLate, lastMessageId }: DecisionWrite, threadId: string): SQL {
  return sql`insert into shadow_decisions (thread_id, last_message_id, kind, pattern_id, pattern_version,
      match_confidence, shipped_confidence, expected_agreement, reasons, gates, alternatives, is_late)
    values (${threadId}, ${lastMessageId}, ${decision.kind}, ${decision.patternId}, ${decision.patternVersion},
      ${decision.matchConfidence}, ${decision.shippedConfidence}, ${decision.expected},
      array(select jsonb_array_elements_text(${JSON.stringify(decision.reasons)}::jsonb)),
      ${JSON.stringify(decision.gates)}::jsonb, ${JSON.stringify(decision.alternatives)}::jsonb, ${isLate})`;
}

function judgementStatement(judgements: readonly JudgementWrite[]): SQL {
  const rows = judgements.map(({ decision, exchangeId, outcome, f1 }) => ({
    decision_id: decision.id,
    exchange_id: exchangeId,
    pattern_id: decision.patternId,
    pattern_version: decision.patternVersion,
    would_reply: decision.kind === 'would_reply',
    outcome,
    token_f1: f1,
  }));
  return sql`insert into shadow_judgements (decision_id, exchange_id, pattern_id, pattern_version, would_reply, outcome, token_f1)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r (decision_id bigint, exchange_id uuid,
      pattern_id uuid, pattern_version int, would_reply boolean, outcome text, token_f1 numeric)`;
}

/** Patterns left without an exchange that no person touched and no decision was judged by. */
export function removeEmptyPatterns(ids: readonly string[]): SQL {
  return sql`delete from decision_patterns p
    where p.id = any (${uuidArray(ids)}) and p.created_from <> 'external' and p.edited_at is null and p.retired_at is null
      and not p.is_active and not exists (select from exchanges e where e.pattern_id = p.id)
      and not exists (select from shadow_judgements j where j.pattern_id = p.id and j.outcome <> 'ignored')
      and not exists (select from activations a where a.pattern_id = p.id) returning p.id`;
}

export function uuidArray(ids: readonly string[]): SQL {
  return sql`${`{${ids.join(',')}}`}::uuid[]`;
}
