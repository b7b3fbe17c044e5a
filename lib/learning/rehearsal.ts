/**
 * Plays a line's messages against a matcher in memory, one arrival after the other: predict, then learn. The law: a
 * prediction uses only what had arrived before the operator's first text, and the engine is the live one.
 */
import { judge } from './agreement.js';
import { confidenceScore } from './confidence.js';
import { type Decision, decideOn } from './decide.js';
import { deriveExchanges } from './exchanges.js';
import { learnExchange, type Words, wordsOf } from './learn.js';
import { matchText } from './matcher.js';
import {
  createModel,
  type Model,
  type PatternRecord,
  putExample,
  putPattern,
  removeExample,
  removePattern,
} from './model.js';
import { prepareExchange, prepareQuery } from './prepare.js';
import { OUTCOMES_BETWEEN, OUTCOMES_COUNTED, type Outcome, recalibrate } from './recalibration.js';
import type { Agreement, DerivedExchange, SkipCode, ThreadMessage } from './types.js';

export type RehearsalMessage = ThreadMessage & { threadId: string };

export type RehearsalSettings = { matchThreshold: number; windowMinutes: number; broadcastIds: ReadonlySet<string> };

export type Prediction = {
  patternId: string;
  version: number;
  matchConfidence: number;
  /** Before it was adjusted to this line. */
  shippedConfidence: number;
  /** The pattern's confidence at that moment. */
  confidence: number;
  expected: number;
  text: string;
  isAbstained: boolean;
  reasons: string[];
};

type ExchangeState = {
  predicted: Prediction | null;
  /** Of the texts and members that were last learned: an exchange is learned again only when it changed. */
  signature: string | null;
  patternId: string | null;
  /** As it was learned. */
  texts: { customerText: string; replyText: string } | null;
  skipped: SkipCode | null;
  agreement: Agreement | null;
};

type Judged = { key: string; agreement: 'agreed' | 'disagreed' };

export type Rehearsal = {
  settings: RehearsalSettings;
  model: Model;
  threads: Map<string, RehearsalMessage[]>;
  states: Map<string, ExchangeState>;
  keysByThread: Map<string, Set<string>>;
  /** Judged decisions that would have replied, by pattern and version, in order. */
  evidence: Map<string, Judged[]>;
  judgedPatterns: Set<string>;
  /** Every judged decision, by exchange, the newest last. */
  outcomes: Map<string, Outcome>;
  patternCount: number;
};

/** Judged decisions that count into a pattern's confidence: the newest so many. */
const EVIDENCE_WINDOW = 200;

export function createRehearsal(settings: RehearsalSettings): Rehearsal {
  return {
    settings,
    model: createModel(),
    threads: new Map(),
    states: new Map(),
    keysByThread: new Map(),
    evidence: new Map(),
    judgedPatterns: new Set(),
    outcomes: new Map(),
    patternCount: 0,
  };
}

/** One message arrives: a customer's gets a prediction, an operator's is judged and learned. */
export function receiveMessage(rehearsal: Rehearsal, message: RehearsalMessage): void {
  const messages = rehearsal.threads.get(message.threadId) ?? [];
  messages.push(message);
  rehearsal.threads.set(message.threadId, messages);
  const exchanges = deriveExchanges(messages, rehearsal.settings.windowMinutes);
  withdrawVanished(rehearsal, message.threadId, exchanges);
  for (const exchange of exchanges) {
    const state = requireState(rehearsal, exchange.key);
    if (!exchange.operator && exchange.customer?.messageIds.includes(message.id)) {
      state.predicted = predict(rehearsal, exchange);
    }
    const signature = exchange.operator ? signExchange(exchange) : null;
    if (signature === state.signature) continue;
    state.signature = signature;
    learn(rehearsal, exchange, state);
  }
}

function predict(rehearsal: Rehearsal, exchange: DerivedExchange): Prediction | null {
  if (exchange.isGroup) return null;
  const prepared = prepareQuery({
    customerText: exchange.customer!.text,
    previousOperatorText: exchange.previousOperator?.text ?? '',
    customerHasMedia: exchange.customer!.hasMedia,
  });
  if (!prepared.ok) return null;
  const match = matchText(rehearsal.model, prepared.query);
  const decision: Decision = decideOn(match, prepared.query, rehearsal.settings);
  if (decision.patternId === null) return null;
  const { best } = match;
  return {
    patternId: best!.patternId,
    version: best!.version,
    matchConfidence: best!.matchConfidence,
    shippedConfidence: match.shippedConfidence,
    confidence: rehearsal.model.patterns.get(best!.patternId)!.record.confidence,
    expected: best!.expected,
    text: best!.text ?? '',
    isAbstained: decision.kind === 'abstained',
    reasons: decision.reasons,
  };
}

function learn(rehearsal: Rehearsal, exchange: DerivedExchange, state: ExchangeState): void {
  const { model } = rehearsal;
  const before = state.patternId;
  let replyText: string | null = null;
  state.skipped = findSkip(exchange, rehearsal.settings.broadcastIds);
  state.patternId = null;
  if (exchange.operator && state.skipped === null) {
    const prepared = prepareExchange({
      customerText: exchange.customer!.text,
      previousOperatorText: exchange.previousOperator?.text ?? '',
      operatorText: exchange.operator.text,
      customerHasMedia: exchange.customer!.hasMedia,
      operatorHasMedia: exchange.operator.hasMedia,
    });
    if (prepared.ok) {
      const { example } = prepared;
      replyText = example.replyText;
      state.texts = { customerText: example.customerText, replyText };
      const plan = learnExchange(
        model,
        { ...example, exchangeId: exchange.key },
        before ? { patternId: before } : null,
      );
      if (plan.kind === 'create') {
        state.patternId = `p${String(++rehearsal.patternCount).padStart(5, '0')}`;
        putPattern(model, {
          id: state.patternId,
          version: 1,
          triggerText: plan.triggerText,
          responseTemplate: plan.responseTemplate,
          patternType: plan.patternType,
          isEdited: false,
          isActive: false,
          isRetired: false,
          confidence: confidenceScore(0, 0),
        });
      } else {
        state.patternId = plan.patternId;
        const { record } = model.patterns.get(plan.patternId)!;
        const words = plan.words && takeWords(rehearsal, record, plan.words);
        if (words)
          putPattern(model, { ...record, ...words, version: record.version + 1, confidence: confidenceScore(0, 0) });
      }
      const { customerText, previousOperatorText } = example;
      putExample(model, {
        exchangeId: exchange.key,
        patternId: state.patternId,
        customerText,
        previousOperatorText,
        replyText,
      });
    } else state.skipped = prepared.skip;
  }
  if (state.patternId === null) removeExample(model, exchange.key);
  if (before && before !== state.patternId) removeIfEmpty(rehearsal, before);
  judgePrediction(rehearsal, exchange.key, state, replyText);
}

function takeWords(rehearsal: Rehearsal, record: PatternRecord, words: Words | { exchangeId: string }): Words | null {
  if (!('exchangeId' in words)) return words;
  const texts = rehearsal.states.get(words.exchangeId)?.texts;
  return texts && texts.replyText !== record.responseTemplate ? wordsOf(texts) : null;
}

function findSkip(exchange: DerivedExchange, broadcastIds: ReadonlySet<string>): SkipCode | null {
  if (!exchange.operator) return null;
  if (!exchange.customer) return 'no_customer_turn';
  if (exchange.isAfterWindow) return 'after_window';
  if (exchange.isGroup) return 'group';
  if (exchange.operator.messageIds.some(id => broadcastIds.has(id))) return 'broadcast';
  return null;
}

function judgePrediction(rehearsal: Rehearsal, key: string, state: ExchangeState, replyText: string | null): void {
  const { predicted } = state;
  if (!predicted) return;
  const { agreement } = judge({
    predictedPatternId: predicted.patternId,
    predictedTemplate: predicted.text,
    joinedPatternId: state.patternId,
    replyText,
  });
  state.agreement = agreement;
  countOutcome(rehearsal, key, predicted, agreement);
  if (predicted.isAbstained) return;
  const evidenceKey = `${predicted.patternId} ${predicted.version}`;
  const judged = (rehearsal.evidence.get(evidenceKey) ?? []).filter(item => item.key !== key);
  if (agreement !== 'ignored') judged.push({ key, agreement });
  rehearsal.evidence.set(evidenceKey, judged);
  rehearsal.judgedPatterns.add(predicted.patternId);
  const record = rehearsal.model.patterns.get(predicted.patternId)?.record;
  if (!record || record.version !== predicted.version) return;
  const counted = judged.slice(-EVIDENCE_WINDOW);
  const agreed = counted.filter(item => item.agreement === 'agreed').length;
  putPattern(rehearsal.model, { ...record, confidence: confidenceScore(agreed, counted.length - agreed) });
}

function countOutcome({ model, outcomes }: Rehearsal, key: string, predicted: Prediction, agreement: Agreement): void {
  const isNew = !outcomes.delete(key);
  if (agreement === 'ignored') return;
  outcomes.set(key, { confidence: predicted.shippedConfidence, isAgreed: agreement === 'agreed' });
  if (isNew && outcomes.size % OUTCOMES_BETWEEN === 0)
    model.recalibration = recalibrate([...outcomes.values()].slice(-OUTCOMES_COUNTED));
}

function withdrawVanished(rehearsal: Rehearsal, threadId: string, exchanges: readonly DerivedExchange[]): void {
  const keys = new Set(exchanges.map(exchange => exchange.key));
  for (const key of rehearsal.keysByThread.get(threadId) ?? []) {
    if (keys.has(key)) continue;
    const state = rehearsal.states.get(key);
    rehearsal.states.delete(key);
    removeExample(rehearsal.model, key);
    if (state?.patternId) removeIfEmpty(rehearsal, state.patternId);
  }
  rehearsal.keysByThread.set(threadId, keys);
}

function removeIfEmpty(rehearsal: Rehearsal, patternId: string): void {
  const entry = rehearsal.model.patterns.get(patternId);
  if (entry && entry.members.length === 0 && !rehearsal.judgedPatterns.has(patternId))
    removePattern(rehearsal.model, patternId);
}

function requireState(rehearsal: Rehearsal, key: string): ExchangeState {
  let state = rehearsal.states.get(key);
  if (!state) {
    state = { predicted: null, signature: null, patternId: null, texts: null, skipped: null, agreement: null };
    rehearsal.states.set(key, state);
  }
  return state;
}

function signExchange(exchange: DerivedExchange): string {
  const turns = [exchange.customer, exchange.operator, exchange.previousOperator];
  return turns.map(turn => turn?.messageIds.join(',') ?? '').join('|');
}
