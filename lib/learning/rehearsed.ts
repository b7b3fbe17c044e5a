/**
 * What a rehearsal came to: its turns, and its patterns as they stand. The law: nothing here changes the rehearsal, so that it
 * may be asked in the middle of one.
 */
import { deriveExchanges } from './exchanges.js';
import type { Prediction, Rehearsal } from './rehearsal.js';
import type { Agreement, SkipCode } from './types.js';

export type RehearsedTurn = {
  customerMessageIds: string[];
  /** Empty where nobody answered. */
  operatorMessageIds: string[];
  /** The operator turn before the question: its context. */
  previousOperatorMessageIds: string[];
  /** When the operator answered; where nobody did, when the customer asked. */
  atMs: number;
  /** When the customer asked; null where nobody did. */
  askedMs: number | null;
  predicted: Prediction | null;
  learnedPatternId: string | null;
  skipped: SkipCode | null;
  agreement: Agreement | null;
};

/** Every operator turn in time order. */
export function listTurns(rehearsal: Rehearsal): RehearsedTurn[] {
  return listAllTurns(rehearsal).filter(turn => turn.operatorMessageIds.length > 0);
}

/** Every customer turn that nobody answered, in time order. */
export function listUnanswered(rehearsal: Rehearsal): RehearsedTurn[] {
  return listAllTurns(rehearsal).filter(turn => turn.operatorMessageIds.length === 0);
}

function listAllTurns(rehearsal: Rehearsal): RehearsedTurn[] {
  const turns: RehearsedTurn[] = [];
  for (const messages of rehearsal.threads.values()) {
    for (const exchange of deriveExchanges(messages, rehearsal.settings.windowMinutes)) {
      const { customer, operator, previousOperator } = exchange;
      const state = rehearsal.states.get(exchange.key)!;
      turns.push({
        customerMessageIds: customer?.messageIds ?? [],
        operatorMessageIds: operator?.messageIds ?? [],
        previousOperatorMessageIds: previousOperator?.messageIds ?? [],
        atMs: (operator ?? customer)!.startMs,
        askedMs: customer?.startMs ?? null,
        predicted: state.predicted,
        learnedPatternId: state.patternId,
        skipped: state.skipped,
        agreement: state.agreement,
      });
    }
  }
  return turns.sort((a, b) => a.atMs - b.atMs || (idOf(a) < idOf(b) ? -1 : 1));
}

const idOf = (turn: RehearsedTurn) => turn.operatorMessageIds[0] ?? turn.customerMessageIds[0]!;

/** A pattern with its evidence so far. Counts are of its present version's judged decisions that would have replied. */
export type RehearsedPattern = {
  id: string;
  version: number;
  triggerText: string;
  responseTemplate: string;
  judged: number;
  agreed: number;
  exchanges: number;
  /** Threads that its exchanges stand in. */
  customers: number;
};

/** By id. */
export function listRehearsedPatterns(rehearsal: Rehearsal): RehearsedPattern[] {
  const threadOf = new Map<string, string>();
  for (const [threadId, keys] of rehearsal.keysByThread) for (const key of keys) threadOf.set(key, threadId);
  return [...rehearsal.model.patterns.values()]
    .map(({ record, members }) => {
      const judged = rehearsal.evidence.get(`${record.id} ${record.version}`) ?? [];
      return {
        id: record.id,
        version: record.version,
        triggerText: record.triggerText,
        responseTemplate: record.responseTemplate,
        judged: judged.length,
        agreed: judged.filter(({ agreement }) => agreement === 'agreed').length,
        exchanges: members.length,
        customers: new Set(members.map(key => threadOf.get(key))).size,
      };
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
