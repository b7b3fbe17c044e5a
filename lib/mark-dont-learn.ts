/**
 * "Don't learn": a person marks an exchange or a whole thread, or takes the mark away. The mark is stored with its audit; then
 * the thread is followed again at once, so that the answer is already true. Where that fails, the next run does it.
 */
import * as z from 'zod';
import { withinBudget } from '../db/client.js';
import { readFailure } from '../db/errors.js';
import { findExchange, isThreadPending, type Mark, type Marked, markExchange, markThread } from '../db/exchanges.js';
import { followAgain, followWhole } from './follow.js';
import { Problem } from './http/problem.js';
import { makeReason, reasonText } from './http/reason.js';
import { plainText } from './http/text.js';
import { presentExchange } from './list-exchanges.js';
import { logEvent } from './log.js';

export const dontLearnMark = z
  .strictObject({
    exchangeId: z.guid().optional(),
    threadId: plainText(255).min(1).optional(),
    dontLearn: z.boolean(),
    reason: reasonText.optional(),
  })
  .refine(
    ({ exchangeId, threadId }) => (exchangeId === undefined) !== (threadId === undefined),
    'Name an exchange or a thread: one of them, not both.',
  );

/** A thread of thousands of texts is left to the next run rather than to the caller's patience. */
const FOLLOWING_MS = 5_000;

/**
 * @returns `pending` where what was learned does not follow from the mark yet
 * @throws Problem not_found
 */
export async function markDontLearn(
  { exchangeId, threadId, dontLearn, reason }: z.infer<typeof dontLearnMark>,
  actor: string,
) {
  const mark: Mark = { dontLearn, actor, reason: makeReason(reason) };
  if (exchangeId !== undefined) {
    const marked = await markExchange(exchangeId, mark);
    if (!marked) throw new Problem('not_found');
    await follow(marked);
    // Following may find that the exchange is none: then there is nothing to show.
    const found = await findExchange(exchangeId);
    return {
      exchangeId,
      dontLearn,
      ...(found?.isPending && { pending: true }),
      ...(found && { exchange: presentExchange(found.exchange) }),
    };
  }
  const marked = await markThread(threadId!, mark);
  if (!marked) throw new Problem('not_found');
  await follow(marked);
  return { threadId, dontLearn, ...((await isThreadPending(threadId!)) && { pending: true }) };
}

/** The mark is there already, and so is the thread's: a failure here is made good by the next run. */
async function follow({ threadId, at, hasChanged, isPending }: Marked): Promise<void> {
  if (!hasChanged && !isPending) return;
  const followed = () => (at === null ? followWhole(threadId) : followAgain(threadId, new Date(at)));
  await withinBudget(FOLLOWING_MS, followed).catch(error =>
    logEvent('follow_failed', { code: readFailure(error).code }),
  );
}
