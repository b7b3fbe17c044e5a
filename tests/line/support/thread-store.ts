/**
 * One thread's rows in memory, written by applying ThreadPlans as the database would: the same unique keys and checks, no
 * transactions. What it refuses, the database refuses.
 */
import { deriveExchanges } from '../../../lib/learning/exchanges.js';
import { followThread } from '../../../lib/learning/follow-thread.js';
import { createModel, putExample, putPattern, removeExample, removePattern } from '../../../lib/learning/model.js';
import type { FollowSettings, StoredDecision, StoredExchange, ThreadPlan } from '../../../lib/learning/thread-view.js';
import type { Agreement, ThreadMessage } from '../../../lib/learning/types.js';

type PatternRow = { id: string; versions: { triggerText: string; responseTemplate: string }[]; isSeed: boolean };
export type FinalExchange = { customer: string[]; operator: string[]; skipped: string | null; isCredited: boolean };

/** More rounds than exchanges means that a plan asks for itself for ever. */
const ROUNDS_LIMIT = 60;

export class ThreadStore {
  readonly settings: FollowSettings = { isLearning: true, windowMinutes: 60, matchThreshold: 0.5 };
  readonly model = createModel();
  /** False while this instance is still loading: decisions abstain, learning waits. */
  isMatcherLoaded = true;
  readonly messages: ThreadMessage[] = [];
  readonly exchanges = new Map<string, StoredExchange>();
  readonly decisions: StoredDecision[] = [];
  readonly judgements: { decisionId: number; outcome: Agreement }[] = [];
  readonly patterns = new Map<string, PatternRow>();
  private nextId = 1;

  /** A pattern that was learned elsewhere: nothing removes it. */
  seed(id: string, triggerText: string, responseTemplate: string): void {
    this.patterns.set(id, { id, versions: [{ triggerText, responseTemplate }], isSeed: true });
    this.putPattern(id);
  }

  /** A message arrives, perhaps once more; the thread is followed until nothing is left to do. */
  arrive(message: ThreadMessage): ThreadPlan {
    const isKnown = this.messages.some(({ id }) => id === message.id);
    const plan = this.follow(isKnown ? null : message);
    if (!isKnown) this.messages.push(message);
    this.apply(plan);
    if (plan.isUnfinished) this.followAgain();
    return plan;
  }

  arriveAll(messages: readonly ThreadMessage[]): this {
    for (const message of messages) this.arrive(message);
    return this;
  }

  /** @returns how many rounds wrote anything */
  followAgain(): number {
    for (let round = 0; round < ROUNDS_LIMIT; round++) {
      const plan = this.follow(null);
      this.apply(plan);
      if (!plan.isUnfinished) return round;
    }
    throw new Error('the thread is never finished');
  }

  follow(arrived: ThreadMessage | null): ThreadPlan {
    return followThread(
      {
        messages: arrived ? [...this.messages, arrived] : this.messages,
        isCut: false,
        isCutLater: false,
        isGroup: false,
        dontLearn: false,
        stored: [...this.exchanges.values()],
        decisions: this.decisions,
        broadcastTexts: [],
      },
      arrived?.id ?? null,
      this.settings.isLearning && this.isMatcherLoaded ? this.model : null,
      this.settings,
      { exchange: key => `exchange-${key}`, pattern: () => `pattern-${String(this.nextId++).padStart(4, '0')}` },
    );
  }

  /** In time order, as the page lists them. */
  final(): FinalExchange[] {
    const at = new Map(this.messages.map(message => [message.id, message.atMs]));
    const order = deriveExchanges(this.messages, this.settings.windowMinutes).map(exchange => exchange.key);
    return [...this.exchanges.values()]
      .sort((a, b) => at.get(a.key)! - at.get(b.key)! || order.indexOf(a.key) - order.indexOf(b.key))
      .map(({ customerMessageIds, operatorMessageIds, skipped, patternId }) => ({
        customer: customerMessageIds,
        operator: operatorMessageIds,
        skipped,
        isCredited: patternId !== null,
      }));
  }

  outcomeOf(decisionId: number): Agreement | null {
    return this.judgements.filter(judgement => judgement.decisionId === decisionId).at(-1)?.outcome ?? null;
  }

  private apply(plan: ThreadPlan): void {
    if (plan.pattern?.kind === 'create') {
      const { id, triggerText, responseTemplate } = plan.pattern;
      if (this.patterns.has(id)) throw new Error(`pattern ${id} exists`);
      this.patterns.set(id, { id, versions: [{ triggerText, responseTemplate }], isSeed: false });
      this.putPattern(id);
    } else if (plan.pattern?.kind === 'words') {
      const { id, triggerText, responseTemplate } = plan.pattern;
      this.patterns.get(id)!.versions.push({ triggerText, responseTemplate });
      this.putPattern(id);
    }
    for (const id of plan.withdrawn) {
      this.exchanges.delete(id);
      removeExample(this.model, id);
    }
    for (const write of plan.exchanges) {
      const { id, exchange, skipped, patternId, example } = write;
      if (patternId && skipped) throw new Error(`exchange ${id} is credited and skipped`);
      if (patternId && !this.patterns.has(patternId)) throw new Error(`exchange ${id} is credited to nothing`);
      const before = this.exchanges.get(id);
      this.exchanges.set(id, {
        id,
        key: exchange.key,
        customerMessageIds: exchange.customer?.messageIds ?? [],
        operatorMessageIds: exchange.operator?.messageIds ?? [],
        previousOperatorMessageIds: exchange.previousOperator?.messageIds ?? [],
        isAfterWindow: exchange.isAfterWindow,
        skipped,
        dontLearn: write.dontLearn || (before?.dontLearn ?? false),
        patternId,
        // A credit that stays while learning is off keeps the words it was given for.
        replyText: patternId ? (example?.replyText ?? before?.replyText ?? null) : null,
      });
      if (patternId && example) putExample(this.model, { ...example, exchangeId: id, patternId });
      if (!patternId) removeExample(this.model, id);
    }
    const keys = [...this.exchanges.values()].map(exchange => exchange.key);
    if (new Set(keys).size !== keys.length) throw new Error('two exchanges have one key');
    if (plan.decision) {
      const { decision, isLate, lastMessageId } = plan.decision;
      const { kind, patternId, patternVersion } = decision;
      const words = patternId ? this.patterns.get(patternId)?.versions[patternVersion! - 1] : undefined;
      const id = this.decisions.length + 1;
      const responseTemplate = words?.responseTemplate ?? null;
      this.decisions.push({
        id,
        lastMessageId,
        kind,
        patternId,
        patternVersion,
        responseTemplate,
        isLate,
        outcome: null,
      });
    }
    for (const { decision, outcome } of plan.judgements) {
      this.judgements.push({ decisionId: decision.id, outcome });
      this.decisions[decision.id - 1]!.outcome = outcome;
    }
    for (const id of plan.bereft) {
      const isCredited = [...this.exchanges.values()].some(exchange => exchange.patternId === id);
      const isJudged = this.decisions.some(one => one.patternId === id && one.outcome && one.outcome !== 'ignored');
      if (isCredited || isJudged || this.patterns.get(id)?.isSeed) continue;
      this.patterns.delete(id);
      removePattern(this.model, id);
    }
  }

  private putPattern(id: string): void {
    const { versions } = this.patterns.get(id)!;
    putPattern(this.model, {
      id,
      version: versions.length,
      ...versions.at(-1)!,
      patternType: 'answer',
      isEdited: false,
      isActive: false,
      isRetired: false,
      confidence: 0.5,
    });
  }
}
