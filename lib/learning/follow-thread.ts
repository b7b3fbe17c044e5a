/**
 * Follows one thread: from its messages and from what is stored of it to what must be written, and why. Pure; the same
 * path for a delivery, a redelivery out of order, and a thread that is looked at again. One exchange is learned a round,
 * so that a second one of the same round sees what the first taught.
 */

import { judge } from './agreement.js';
import { type Decision, decide } from './decide.js';
import { wordsOf } from './learn.js';
import type { Model } from './model.js';
import { learnInto, planExchange, type ReadThread, readThread } from './plan-exchange.js';
import { prepareQuery } from './prepare.js';
import { listUnknownSlots, templateReply } from './slots.js';
import type {
  DecisionWrite,
  ExchangeWrite,
  FollowSettings,
  JudgementWrite,
  PatternWrite,
  RowIds,
  StoredDecision,
  ThreadPlan,
  ThreadView,
} from './thread-view.js';
import type { DerivedExchange } from './types.js';

/**
 * @param arrivedId the message that just arrived, if one did: a customer's gets a shadow decision
 * @param model null when learning is off, or when the matcher could not be loaded in time (then nothing is learned)
 * @param ids gives ids for new rows
 */
export function followThread(
  view: ThreadView,
  arrivedId: string | null,
  model: Model | null,
  settings: FollowSettings,
  ids: RowIds,
): ThreadPlan {
  const plan: ThreadPlan = {
    exchanges: [],
    withdrawn: [],
    pattern: null,
    bereft: [],
    decision: null,
    judgements: [],
    touched: [],
    hasLearned: false,
    isUnfinished: false,
  };
  const read = readThread(view, settings);
  const { derived, kin, vanished, marked, cutIds } = read;
  plan.withdrawn.push(...vanished.map(stored => stored.id));
  plan.bereft.push(...vanished.flatMap(stored => stored.patternId ?? []));
  // The matcher still holds what is withdrawn or unlearned here: whatever is to be learned waits for the next round.
  const mayLearnNow = plan.bereft.length === 0 && ![...marked].some(exchange => kin.get(exchange)?.patternId);
  const round: Round = { read, view, model: mayLearnNow ? model : null, settings, ids, plan };

  const outcomes = new Map<number, JudgementWrite>();
  for (const exchange of derived) {
    const relative = kin.get(exchange);
    const stored = relative?.key === exchange.key ? relative : undefined;
    const write = writeExchange(exchange, round);
    const counted = findCountedDecision(exchange, view.decisions);
    if (!counted || !exchange.operator || write === 'later' || (!write && !stored)) continue;
    const { id, patternId } = write ?? stored!;
    if (!write && counted.outcome) {
      outcomes.set(counted.id, { decision: counted, exchangeId: id, outcome: counted.outcome, f1: null });
      continue;
    }
    // A credit that stays while learning is off is judged by the words it was given for.
    const replyText = write?.example?.replyText ?? (patternId ? (stored?.replyText ?? null) : null);
    const judged = judgeDecision(counted, patternId, replyText);
    outcomes.set(counted.id, { decision: counted, exchangeId: id, outcome: judged.agreement, f1: judged.f1 });
  }
  for (const decision of view.decisions) {
    if (decision.isLate || !decision.patternId || cutIds.has(decision.lastMessageId)) continue;
    const outcome =
      outcomes.get(decision.id) ??
      (decision.outcome && !plan.isUnfinished
        ? { decision, exchangeId: null, outcome: 'ignored' as const, f1: null }
        : null);
    if (outcome && outcome.outcome !== decision.outcome) plan.judgements.push(outcome);
  }
  for (const { decision } of plan.judgements) if (decision.patternId) plan.touched.push(decision.patternId);
  plan.touched.push(...plan.bereft);

  if (arrivedId && settings.isLearning) plan.decision = decideFor(arrivedId, derived, view, model, settings);
  plan.touched = [...new Set(plan.touched)].sort();
  plan.bereft = [...new Set(plan.bereft)].sort();
  return plan;
}

type Round = {
  read: ReadThread;
  view: ThreadView;
  model: Model | null;
  settings: FollowSettings;
  ids: RowIds;
  plan: ThreadPlan;
};

/**
 * Adds to the plan what must be written of this exchange, if anything.
 * @returns null where nothing changed, `later` where it has to be learned in another round
 */
function writeExchange(
  exchange: DerivedExchange,
  { read, view, model, settings, ids, plan }: Round,
): ExchangeWrite | 'later' | null {
  const planned = planExchange(exchange, read, view, settings, ids);
  if (!planned) return null;
  const { write, stored, mustLearn } = planned;
  if (mustLearn) {
    if (plan.hasLearned || !model) {
      plan.isUnfinished = true;
      return 'later';
    }
    const pattern = learnInto(write, stored, model, () => ids.pattern());
    if (pattern !== undefined) plan.hasLearned = true;
    if (pattern) plan.pattern = pattern;
  }
  if (stored?.patternId && stored.patternId !== write.patternId) plan.bereft.push(stored.patternId);
  if (write.patternId) plan.touched.push(write.patternId);
  plan.exchanges.push(write);
  return write;
}

/** The words of an exchange that was learned earlier: nobody knows now where their values came from, so they count as unfillable. */
export function takeWords(id: string, texts: { customerText: string; replyText: string }): PatternWrite {
  const words = wordsOf(texts);
  const slots = listUnknownSlots(words.responseTemplate);
  return { kind: 'words', id, ...words, slots, facts: templateReply(words.responseTemplate, [], []).facts };
}

/** The last decision before the answer: the newest one made for this customer turn that was not late. */
function findCountedDecision(
  exchange: DerivedExchange,
  decisions: readonly StoredDecision[],
): StoredDecision | undefined {
  const ids = new Set(exchange.customer?.messageIds);
  const last = decisions.filter(d => !d.isLate && ids.has(d.lastMessageId)).sort((a, b) => b.id - a.id)[0];
  // One that had no candidate supersedes what stood before it, and there is nothing to judge.
  return last?.patternId ? last : undefined;
}

function judgeDecision(decision: StoredDecision, joinedPatternId: string | null, replyText: string | null) {
  if (decision.responseTemplate === null) return { agreement: 'ignored' as const, f1: null };
  return judge({
    predictedPatternId: decision.patternId!,
    predictedTemplate: decision.responseTemplate,
    joinedPatternId,
    replyText,
  });
}

function decideFor(
  arrivedId: string,
  derived: readonly DerivedExchange[],
  view: ThreadView,
  model: Model | null,
  settings: FollowSettings,
): DecisionWrite | null {
  const exchange = derived.find(candidate => candidate.customer?.messageIds.includes(arrivedId));
  if (!exchange?.customer) return null;
  const turn = exchange.customer;
  const isLate = exchange.operator !== null;
  const lastMessageId = turn.messageIds.at(-1)!;
  const write = (decision: Decision) => ({ lastMessageId, isLate, decision });
  if (view.isGroup || exchange.isGroup) return write(abstain('group'));
  if (view.dontLearn) return write(abstain('dont_learn'));
  const prepared = prepareQuery({
    customerText: turn.text,
    previousOperatorText: exchange.previousOperator?.text ?? '',
    customerHasMedia: turn.hasMedia,
  });
  if (!prepared.ok) return write(abstain(prepared.skip));
  if (!model) return write(abstain('deadline'));
  return write(decide(model, prepared.query, { matchThreshold: settings.matchThreshold }));
}

/** A decision to say nothing, made without the matcher. */
export function abstain(reason: string): Decision {
  return {
    kind: 'abstained',
    patternId: null,
    patternVersion: null,
    matchConfidence: null,
    shippedConfidence: null,
    expected: null,
    reasons: [reason],
    gates: [{ id: reason, ok: false, measured: true, required: false }],
    alternatives: [],
  };
}
