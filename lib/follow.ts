/** Follows a thread through the database: read, decide (pure), write; and again where another writer was faster or more is left to learn. */
import { createHash, randomUUID } from 'node:crypto';
import { readFailure } from '../db/errors.js';
import { findOtherWords } from '../db/exchange-texts.js';
import { findThreadContext, TEXTS_OF_MARKED_THREAD, type ThreadContext } from '../db/thread-context.js';
import { claimStatements, commitStatements, planStatements, unmarkStatement } from '../db/thread-writes.js';
import { listMarkedThreads, postponeMark } from '../db/threads.js';
import { followThread, takeWords } from './learning/follow-thread.js';
import type { Model } from './learning/model.js';
import type {
  CompletePlan,
  FollowSettings,
  PatternWrite,
  RowIds,
  ThreadView,
  WordsOf,
} from './learning/thread-view.js';
import type { ThreadMessage } from './learning/types.js';
import { logEvent } from './log.js';
import { forgetMatcher, knownRevision, loadMatcher, refreshMatcher } from './matcher.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

/** A decision about a customer's text that takes longer abstains. */
const DECIDING_MS = 250;
/** An answer waits longer for the matcher; then it is stored, and learned by the next run. */
const LEARNING_MS = 1_000;
const MARKED_THREAD_MS = 5_000;
/** Writers that keep losing against others stop here; the thread is marked and the next run follows it. */
const ATTEMPTS = 6;
/** Exchanges of one part of a thread learned in one go. */
const ROUNDS = 40;
/** After every text: where following a whole thread begins. */
const THREAD_END = new Date('2100-01-01T00:00:00Z');

export const rowIds: RowIds = {
  exchange: key => {
    const hex = createHash('sha256').update(`exchange:${key}`).digest('hex');
    // A name-based UUID (RFC 9562, version 8).
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  },
  pattern: randomUUID,
};

export type PlannedThread = { plan: CompletePlan; revision: number };

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
    dontLearn: context.isMarkedDontLearn,
    stored: context.exchanges,
    decisions: context.decisions,
    broadcastTexts: context.broadcastTexts,
  };
  const arrivedId = arrived && !known ? arrived.id : null;
  const plan = followThread(view, arrivedId, held?.model ?? null, settings, rowIds);
  const pattern = plan.pattern?.kind === 'words_of' ? await findWords(plan.pattern) : plan.pattern;
  return { plan: { ...plan, pattern }, revision: held?.revision ?? context.learning.revision };
}

/** One round trip more, at a pattern's fourth, sixteenth and sixty-fourth exchange. */
async function findWords({ id, exchangeId }: WordsOf): Promise<PatternWrite | null> {
  const texts = await findOtherWords(id, exchangeId);
  return texts && takeWords(id, texts);
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

/**
 * Looks again at what stands around a moment of a thread, its end in the ordinary case, and learns what is left to learn there.
 * @returns false where something is left to a later run; the thread's mark stays then
 */
export async function followAgain(threadId: string, around: Date = THREAD_END): Promise<boolean> {
  const part = await followPart(threadId, around, context =>
    context.isCut || context.isCutLater ? null : context.mark,
  );
  return part !== null && !part.isWaiting;
}

/** The same for the whole of a thread, part by part from its end. */
export async function followWhole(threadId: string): Promise<boolean> {
  let at: Date | null = THREAD_END;
  let mark: number | null = null;
  let isWaiting = false;
  while (at) {
    const part: FollowedPart | null = await followPart(threadId, at, context => {
      // What marks the thread while its older parts are looked at may concern the newer ones.
      if (at === THREAD_END) mark = context.mark;
      return context.isCut || isWaiting ? null : mark;
    });
    if (!part) return false;
    isWaiting ||= part.isWaiting;
    at = part.olderFrom && part.olderFrom < at ? part.olderFrom : null;
  }
  return !isWaiting;
}

type FollowedPart = {
  /** Something may be learned again, but learning is off. */
  isWaiting: boolean;
  /** The oldest text of this part, where there are older ones. */
  olderFrom: Date | null;
};

/**
 * @param findMark the mark that is taken away with the last write; null for none
 * @returns null where it was not done to the end
 */
async function followPart(
  threadId: string,
  at: Date,
  findMark: (context: ThreadContext) => number | null,
): Promise<FollowedPart | null> {
  for (let round = 0; round < ROUNDS; round++) {
    const followed = await untilNotOvertaken(() => followOnce(threadId, at, findMark));
    if (followed !== 'unfinished') return followed;
  }
  return null;
}

async function followOnce(
  threadId: string,
  at: Date,
  findMark: (context: ThreadContext) => number | null,
): Promise<FollowedPart | 'unfinished'> {
  const context = await findThreadContext({
    threadId,
    freshThreadId: threadId,
    lineId: '',
    customer: '',
    at,
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
    return { isWaiting: false, olderFrom: null };
  }
  const { plan, revision } = await planThread(context, null);
  const claim = {
    id: threadId,
    lineId: '',
    lineNumber: null,
    customer: '',
    isGroup: context.thread.isGroup,
    expectedVersion: context.thread.version,
  };
  const isWaiting = waitsForLearning(context);
  const mark = plan.isUnfinished || isWaiting ? null : findMark(context);
  await commitStatements([
    ...claimStatements(claim, context.adopts),
    ...planStatements(plan, threadId, context.lineId, revision),
    ...(mark === null ? [] : [unmarkStatement(threadId, mark)]),
  ]);
  if (plan.isUnfinished) return 'unfinished';
  const oldestMs = Math.min(...context.messages.map(message => message.atMs));
  return { isWaiting, olderFrom: context.isCut ? new Date(oldestMs) : null };
}

/** Whether an exchange that may be learned again, since a person said so, waits for learning to be on. */
function waitsForLearning({ config, isLatched, isMarkedDontLearn, exchanges }: ThreadContext): boolean {
  const isLearning = readSettings(config).enabled && !isLatched;
  return (
    !isLearning &&
    !isMarkedDontLearn &&
    exchanges.some(({ skipped, dontLearn }) => skipped === 'dont_learn' && !dontLearn)
  );
}

/** Follows the threads that were marked, within a time budget. @returns how many were looked at */
export async function followMarkedThreads(limit: number, budgetMs: number): Promise<number> {
  const startedMs = performance.now();
  let followed = 0;
  for (const threadId of await listMarkedThreads(limit)) {
    if (performance.now() - startedMs > budgetMs) break;
    const isFinished = await followWhole(threadId).catch(error => {
      logEvent('follow_failed', { code: readFailure(error).code });
      return false;
    });
    // One thread that fails or has to wait keeps its mark, and no other waits for it.
    if (!isFinished) await postponeMark(threadId);
    followed++;
  }
  return followed;
}
