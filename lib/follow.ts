/** Follows a thread through the database: read, decide (pure), write; and again where another writer was faster or more is left to learn. */
import { createHash, randomUUID } from 'node:crypto';
import { readFailure, SCHEMA_IS_OLDER, Unavailable } from '../db/errors.js';
import { SCHEMA_LEVEL } from '../db/level.js';
import { findThreadContext, TEXTS_OF_MARKED_THREAD, type ThreadContext } from '../db/thread-context.js';
import { claimStatements, commitStatements, planStatements, unmarkStatement } from '../db/thread-writes.js';
import { listMarkedThreads, postponeMark } from '../db/threads.js';
import { followThread } from './learning/follow-thread.js';
import type { Model } from './learning/model.js';
import type { FollowSettings, RowIds, ThreadPlan, ThreadView } from './learning/thread-view.js';
import type { ThreadMessage } from './learning/types.js';
import { logEvent } from './log.js';
import { forgetMatcher, knownRevision, loadMatcher, refreshMatcher } from './matcher.js';
import { readSettings } from './settings.js';

/** A decision about a customer's text that takes longer abstains. */
const DECIDING_MS = 250;
/** An answer waits longer for the matcher; then it is stored, and learned by the next run. */
const LEARNING_MS = 1_000;
const MARKED_THREAD_MS = 5_000;
/** Writers that keep losing against others stop here; the thread is marked and the next run follows it. */
const ATTEMPTS = 6;
/** Exchanges of one thread learned in one go. */
const ROUNDS = 40;

const rowIds: RowIds = {
  exchange: key => {
    const hex = createHash('sha256').update(`exchange:${key}`).digest('hex');
    // A name-based UUID (RFC 9562, version 8).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
  pattern: randomUUID,
};

export type PlannedThread = { plan: ThreadPlan; revision: number };

/** @throws Unavailable when the database is older than this code */
export function requireSchema(level: number | null): void {
  if ((level ?? -1) < SCHEMA_LEVEL) throw new Unavailable(SCHEMA_IS_OLDER);
}

/**
 * The pure decision with the matcher that it needs.
 * @param arrived the message that just came, not stored yet; null when a thread is looked at again
 */
export async function planThread(context: ThreadContext, arrived: ThreadMessage | null): Promise<PlannedThread> {
  const config = readSettings(context.config);
  const settings: FollowSettings = {
    isLearning: config.enabled && !context.isLatched,
    windowMinutes: config.windowMinutes,
    matchThreshold: config.matchThreshold,
  };
  const held = settings.isLearning ? await findMatcher(context, waitFor(arrived)) : null;
  const known = context.messages.some(message => message.id === arrived?.id);
  const view: ThreadView = {
    messages: arrived && !known ? [...context.messages, arrived] : context.messages,
    isCut: context.isCut,
    isCutLater: context.isCutLater,
    isGroup: context.thread?.isGroup ?? false,
    dontLearn: context.thread?.dontLearn ?? false,
    stored: context.exchanges,
    decisions: context.decisions,
    broadcastTexts: context.broadcastTexts,
  };
  const arrivedId = arrived && !known ? arrived.id : null;
  return {
    plan: followThread(view, arrivedId, held?.model ?? null, settings, rowIds),
    revision: held?.revision ?? context.learning.revision,
  };
}

/** A thread that is looked at again is in no hurry. */
function waitFor(arrived: ThreadMessage | null): number {
  if (!arrived) return MARKED_THREAD_MS;
  return arrived.direction === 'incoming' ? DECIDING_MS : LEARNING_MS;
}

async function findMatcher(context: ThreadContext, waitMs: number): Promise<{ model: Model; revision: number } | null> {
  const current = refreshMatcher(context.learning);
  if (current) return current;
  const load = loadMatcher();
  // Whoever stops waiting leaves the load to the next request.
  load.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>(resolve => {
    timer = setTimeout(() => resolve(null), waitMs);
  });
  return Promise.race([load, patience]).finally(() => clearTimeout(timer));
}

/**
 * Runs one read-decide-write until it is not overtaken.
 * @returns what `attempt` returned, or null when every attempt lost against another writer
 */
export async function untilNotOvertaken<T>(attempt: () => Promise<T>): Promise<T | null> {
  for (let tries = 1; tries <= ATTEMPTS; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (readFailure(error).kind !== 'conflict') throw error;
      // A restored database may have gone back behind this instance's matcher.
      if (tries === 3) forgetMatcher();
      await new Promise(resolve => setTimeout(resolve, Math.random() * 20 * tries));
    }
  }
  return null;
}

/** Looks at a whole thread again and learns what is left to learn there. */
export async function followAgain(threadId: string): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const isDone = await untilNotOvertaken(() => followOnce(threadId));
    if (isDone !== false) return;
  }
}

async function followOnce(threadId: string): Promise<boolean> {
  const context = await findThreadContext({
    threadId,
    freshThreadId: threadId,
    lineId: '',
    customer: '',
    at: new Date('2100-01-01T00:00:00Z'),
    outgoingText: null,
    deliveryId: null,
    messageId: null,
    eventType: null,
    knownRevision: knownRevision(),
    textsAround: TEXTS_OF_MARKED_THREAD,
  });
  requireSchema(context.level);
  if (!context.thread) {
    if (context.mark !== null) await commitStatements([unmarkStatement(threadId, context.mark)]);
    return true;
  }
  const { plan, revision } = await planThread(context, null);
  const claim = {
    id: threadId,
    lineId: '',
    customer: '',
    isGroup: context.thread.isGroup,
    expectedVersion: context.thread.version,
  };
  const isDone = !plan.isUnfinished;
  await commitStatements([
    ...claimStatements(claim, context.adopts),
    ...planStatements(plan, threadId, context.lineId, revision),
    ...(isDone && context.mark !== null ? [unmarkStatement(threadId, context.mark)] : []),
  ]);
  return isDone;
}

/** Follows the threads that were marked, within a time budget. @returns how many were looked at */
export async function followMarkedThreads(limit: number, budgetMs: number): Promise<number> {
  const startedMs = performance.now();
  let followed = 0;
  for (const threadId of await listMarkedThreads(limit)) {
    if (performance.now() - startedMs > budgetMs) break;
    // One thread that fails keeps its mark, and no other waits for it.
    await followAgain(threadId).catch(async error => {
      logEvent('follow_failed', { code: readFailure(error).code });
      await postponeMark(threadId);
    });
    followed++;
  }
  return followed;
}
