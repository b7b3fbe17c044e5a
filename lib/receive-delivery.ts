/**
 * A delivery arrives: verified on its raw bytes, stored, followed. The shadow law: nothing on the shadow path can delay,
 * alter or fail the storing of a message; whatever goes wrong there is recorded, and the message is stored all the same.
 */
import { createHash, randomUUID } from 'node:crypto';
import { withinBudget } from '../db/client.js';
import { keepDelivery } from '../db/deliveries.js';
import { readFailure, Unavailable } from '../db/errors.js';
import { claimRun } from '../db/inline-runs.js';
import {
  findStoringContext,
  findThreadContext,
  type StoringContext,
  TEXTS_AROUND,
  type ThreadContext,
  type ThreadQuery,
} from '../db/thread-context.js';
import {
  commitStatements,
  type DeliveryRow,
  markStatement,
  planStatements,
  storeAloneStatements,
  storeStatements,
} from '../db/thread-writes.js';
import { listCustomerKeys } from './customer-keys.js';
import { countLater } from './delivery-counts.js';
import { requireActingDeployment, requireWebhookSecrets } from './environment.js';
import { followAgain, planThread, untilNotOvertaken } from './follow.js';
import { keepMatcherLater } from './keep-matcher.js';
import { listBroadcastNeighbours } from './learning/broadcast.js';
import type { Decision } from './learning/decide.js';
import { compareMessages } from './learning/exchanges.js';
import { abstain } from './learning/follow-thread.js';
import type { ThreadMessage } from './learning/types.js';
import { logEvent } from './log.js';
import { knownRevision } from './matcher.js';
import { type QuoMessage, readEvent } from './quo/payload.js';
import { verifyDelivery } from './quo/signatures.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';
import { inTurn } from './turns.js';
import { watchLater } from './watch-later.js';

/** The sender gives up after about ten seconds; well before, it is told to try again. */
const BUDGET_MS = 6_500;

export type DeliveryAnswer = { status: 'accepted' | 'duplicate' | 'ignored' | 'quarantined' } | { status: 'refused' };

type MessageDelivery = DeliveryRow & { messageId: string; eventType: string };

/**
 * @param raw the body's bytes as they came
 * @returns what became of it; `refused` means 401, everything else 200
 * @throws Unavailable when it could not be stored (503, and the sender tries again)
 */
export function receiveDelivery(headers: Headers, raw: Uint8Array, now: Date): Promise<DeliveryAnswer> {
  return withinBudget(BUDGET_MS, () => receive(headers, raw, now));
}

async function receive(headers: Headers, raw: Uint8Array, now: Date): Promise<DeliveryAnswer> {
  requireActingDeployment();
  const verification = verifyDelivery(headers, raw, requireWebhookSecrets(), now.getTime());
  if (!verification.ok) {
    countLater('refused', `${verification.reason}:${verification.presentHeaders.join('+') || 'none'}`);
    return { status: 'refused' };
  }
  const event = readEvent(raw);
  const { scheme } = verification;
  const id = verification.deliveryId ?? event.eventId ?? `sha256:${createHash('sha256').update(raw).digest('hex')}`;
  if (event.kind === 'message') {
    const { message, eventType } = event;
    return receiveMessage(message, {
      id,
      scheme,
      eventType,
      messageId: message.id,
      outcome: 'accepted',
      reason: null,
      raw,
    });
  }
  const status = event.kind === 'ignored' ? 'ignored' : 'quarantined';
  const reason = event.kind === 'ignored' ? null : event.reason;
  // Events that are none of our business are counted, and nothing of their content is kept.
  const kept = status === 'quarantined' ? raw : null;
  const isNew = await keepOnly({
    id,
    scheme,
    eventType: event.eventType?.slice(0, 100) ?? null,
    messageId: null,
    outcome: status,
    reason,
    raw: kept,
  });
  return isNew ? { status } : answerDuplicate();
}

/** @returns whether it is new */
async function keepOnly(delivery: DeliveryRow): Promise<boolean> {
  const { isNew, level } = await keepDelivery(delivery);
  requireSchema(level);
  return isNew;
}

async function receiveMessage(message: QuoMessage, delivery: MessageDelivery): Promise<DeliveryAnswer> {
  const thread = message.threadId ?? `${message.lineId} ${message.customers.join(',')}`;
  const isAnswer = message.direction === 'outgoing' && message.isPerson;
  const follow = () => untilNotOvertaken(() => storeAndFollow(message, delivery));
  const followed = await inTurn(thread, () => (isAnswer ? inTurn('learning', follow) : follow())).catch(error => {
    logEvent('follow_failed', { code: readFailure(error).code });
    return null;
  });
  const { status, marks, mustWatch } = followed ?? {
    status: await storeAlone(message, delivery),
    marks: [],
    mustWatch: false,
  };
  if (status === 'duplicate') return answerDuplicate();
  // Marked already: if this fails, the next run does it.
  for (const threadId of marks)
    await followAgain(threadId).catch(error => logEvent('follow_failed', { code: readFailure(error).code }));
  keepMatcherLater();
  if (mustWatch) watchLater();
  return { status };
}

/** The ordinary way: read, decide, and write everything in one transaction. Whatever it throws, the message is then stored alone. */
async function storeAndFollow(message: QuoMessage, delivery: MessageDelivery) {
  const context = await findThreadContext(queryFor(message, delivery));
  requireSchema(context.level);
  const nothing = { marks: [], mustWatch: false };
  if (context.deliveryOutcome !== null || context.isEventKnown) return { status: 'duplicate' as const, ...nothing };
  if (context.isErased) return { status: await refuseErased(context, delivery), ...nothing };
  const { statements, marks } = await planStoring(context, message);
  const keys = listCustomerKeys(message.customers);
  const results = await commitStatements([
    ...storeStatements(claimOf(context, message), delivery, rowOf(context, message), context.adopts, keys),
    ...statements,
    ...(context.isRunDue ? [claimRun] : []),
  ]);
  const mustWatch = context.isRunDue && results.at(-1)!.rows.length > 0;
  return { status: 'accepted' as const, marks, mustWatch };
}

/**
 * A text from before its customer was erased, in a group any of its customers. That it came is kept, and nothing of it. What
 * an erased customer writes afterwards is a new matter, and is stored like anybody's.
 */
async function refuseErased(context: StoringContext, delivery: MessageDelivery): Promise<'ignored' | 'duplicate'> {
  if (context.isMessageKnown) return 'duplicate';
  const isNew = await keepOnly({ ...delivery, messageId: null, outcome: 'ignored', reason: 'erased', raw: null });
  return isNew ? 'ignored' : 'duplicate';
}

function answerDuplicate(): DeliveryAnswer {
  countLater('duplicate', '');
  return { status: 'duplicate' };
}

function queryFor(message: QuoMessage, delivery: MessageDelivery): ThreadQuery {
  return {
    threadId: message.threadId,
    freshThreadId: `TH${randomUUID().replaceAll('-', '')}`,
    lineId: message.lineId,
    customer: message.customers.join(','),
    at: message.at,
    outgoingText: message.direction === 'outgoing' && message.isPerson ? message.text : null,
    deliveryId: delivery.id,
    messageId: message.id,
    eventType: delivery.eventType,
    customerKeys: listCustomerKeys(message.customers),
    knownRevision: knownRevision(),
    textsAround: TEXTS_AROUND,
  };
}

async function planStoring(context: ThreadContext, message: QuoMessage) {
  const arrived = context.isMessageKnown ? null : { ...threadMessage(message), isOff: !isLearning(context) };
  const neighbours = arrived ? countArrived(context, arrived) : [];
  const { plan, revision } = await planThread(context, arrived);
  const marks = [...new Set([...(plan.isUnfinished ? [context.threadId] : []), ...neighbours])];
  const statements = planStatements(plan, context.threadId, message.lineId, revision);
  if (marks.length > 0) statements.push(markStatement(marks, 'unfinished'));
  return { statements, marks };
}

function isLearning(context: StoringContext): boolean {
  return context.config.enabled === 'true' && !context.isLatched;
}

/**
 * The arriving text is not stored yet, but it counts: among its likes, and as the question that makes a later text an answer.
 * @returns other threads whose exchanges may have become a broadcast, or stopped being one
 */
function countArrived(context: ThreadContext, arrived: ThreadMessage): string[] {
  const windowMs = readSettings(context.config).windowMinutes * 60_000;
  const messages = [...context.messages, arrived].sort(compareMessages);
  const changed: string[] = [];
  if (context.arrivedTextKey) {
    const { id: messageId, atMs } = arrived;
    context.broadcastTexts.push({
      messageId,
      threadId: context.threadId,
      textKey: context.arrivedTextKey,
      atMs,
      isAnswer: false,
    });
    changed.push(messageId);
  }
  for (const text of context.broadcastTexts) {
    const index = messages.findIndex(message => message.id === text.messageId);
    if (index < 0) continue;
    const before = messages[index - 1];
    const isAnswer = before?.direction === 'incoming' && text.atMs - before.atMs < windowMs;
    if (isAnswer !== text.isAnswer) changed.push(text.messageId);
    text.isAnswer = isAnswer;
  }
  return changed.flatMap(messageId => listBroadcastNeighbours(messageId, context.broadcastTexts));
}

/**
 * The storing part by itself, with a recorded abstention, and the thread marked for the next run.
 * @throws Unavailable when not even this can be stored
 */
async function storeAlone(
  message: QuoMessage,
  delivery: MessageDelivery,
): Promise<'accepted' | 'duplicate' | 'ignored' | 'quarantined'> {
  const context = await findStoringContext(queryFor(message, delivery));
  requireSchema(context.level);
  if (context.deliveryOutcome !== null || context.isEventKnown) return 'duplicate';
  if (context.isErased) return refuseErased(context, delivery);
  const keys = listCustomerKeys(message.customers);
  const isQuestion = message.direction === 'incoming' && isLearning(context);
  const store = (abstention: Decision | null) =>
    commitStatements(
      storeAloneStatements(
        claimOf(context, message),
        delivery,
        rowOf(context, message),
        context.adopts,
        keys,
        abstention,
      ),
    );
  try {
    // The abstention is of the shadow path too: it may not cost the message.
    await store(isQuestion ? abstain('error') : null).catch(error =>
      isQuestion ? store(null) : Promise.reject(error),
    );
    return 'accepted';
  } catch (error) {
    const failure = readFailure(error);
    if (failure.kind !== 'refused') throw new Unavailable('The message could not be stored.');
    logEvent('quarantined', { code: failure.code });
    const isNew = await keepOnly({
      ...delivery,
      messageId: null,
      outcome: 'quarantined',
      reason: `refused_${failure.code}`,
    });
    return isNew ? 'quarantined' : 'duplicate';
  }
}

function claimOf(context: StoringContext, message: QuoMessage) {
  return {
    id: context.threadId,
    lineId: message.lineId,
    lineNumber: message.isGroup ? null : ownNumberOf(message),
    customer: message.customers.join(','),
    isGroup: message.isGroup,
    expectedVersion: context.thread?.version ?? null,
  };
}

function ownNumberOf({ direction, from, to }: QuoMessage): string | null {
  return (direction === 'incoming' ? to[0] : from) ?? null;
}

function rowOf(context: StoringContext, message: QuoMessage) {
  const { id, lineId, direction, text, actorId, isPerson, isGroup, hasMedia, status, at } = message;
  const isOff = !isLearning(context);
  return {
    id,
    threadId: context.threadId,
    lineId,
    direction,
    text,
    actorId,
    isPerson,
    isGroup,
    hasMedia,
    status,
    at,
    isOff,
  };
}

function threadMessage({ id, direction, text, at, actorId, isPerson, isGroup, hasMedia }: QuoMessage): ThreadMessage {
  return { id, direction, text, atMs: at.getTime(), actorId, isPerson, isGroup, hasMedia };
}
