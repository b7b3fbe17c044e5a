/** What is known of a thread, and the plan of what to write of it: the two sides of `followThread`. */
import type { BroadcastText } from './broadcast.js';
import type { Decision } from './decide.js';
import type { PreparedExample } from './prepare.js';
import type { Slot } from './slots.js';
import type { Agreement, DerivedExchange, SkipCode, ThreadMessage } from './types.js';

/** An exchange as it is stored. Texts are redacted; null once erased, or when nothing was learned from it. */
export type StoredExchange = {
  id: string;
  key: string;
  customerMessageIds: string[];
  operatorMessageIds: string[];
  previousOperatorMessageIds: string[];
  isAfterWindow: boolean;
  skipped: SkipCode | null;
  dontLearn: boolean;
  patternId: string | null;
  replyText: string | null;
};

/** A shadow decision as it is stored, with the words that it would have used and its newest judgement. */
export type StoredDecision = {
  id: number;
  lastMessageId: string;
  kind: 'would_reply' | 'abstained';
  patternId: string | null;
  patternVersion: number | null;
  responseTemplate: string | null;
  isLate: boolean;
  outcome: Agreement | null;
};

export type ThreadView = {
  messages: readonly ThreadMessage[];
  /** Older messages were left out: the first turn may be cut and is left alone. */
  isCut: boolean;
  /** Newer messages were left out: the last turn may be cut and is left alone. */
  isCutLater: boolean;
  isGroup: boolean;
  dontLearn: boolean;
  stored: readonly StoredExchange[];
  decisions: readonly StoredDecision[];
  broadcastTexts: readonly BroadcastText[];
};

/** An exchange's id follows from its key, so that every order of arrival gives the same; a pattern's is new each time. */
export type RowIds = { exchange: (key: string) => string; pattern: () => string };

export type FollowSettings = {
  isLearning: boolean;
  windowMinutes: number;
  matchThreshold: number;
  /** An import learns also what closed while learning was off. */
  makesGoodOff?: boolean;
};

export type ExchangeWrite = {
  id: string;
  exchange: DerivedExchange;
  skipped: SkipCode | null;
  skippedDetail: string | null;
  dontLearn: boolean;
  patternId: string | null;
  example: PreparedExample | null;
};

export type PatternWrite =
  | {
      kind: 'create';
      id: string;
      patternType: string;
      triggerText: string;
      responseTemplate: string;
      slots: Slot[];
      firstSeenMs: number;
      lastSeenMs: number;
      facts: string[];
      possibleDuplicates: { id: string; similarity: number }[];
    }
  | { kind: 'words'; id: string; triggerText: string; responseTemplate: string; slots: Slot[]; facts: string[] };
/** A pattern gets the words of another exchange of it, which have to be looked up. */
export type WordsOf = { kind: 'words_of'; id: string; exchangeId: string };

export type DecisionWrite = { lastMessageId: string; isLate: boolean; decision: Decision };
export type JudgementWrite = {
  decision: StoredDecision;
  exchangeId: string | null;
  outcome: Agreement;
  f1: number | null;
};

export type ThreadPlan = {
  exchanges: ExchangeWrite[];
  /** Stored exchanges that the messages no longer derive. */
  withdrawn: string[];
  pattern: PatternWrite | WordsOf | null;
  /** Patterns that lost an exchange and may be left with none. */
  bereft: string[];
  decision: DecisionWrite | null;
  judgements: JudgementWrite[];
  /** Patterns to recount. */
  touched: string[];
  /** Whether the matcher's state was part of what was decided. */
  hasLearned: boolean;
  /** There is more to learn than one exchange: read again and follow again. */
  isUnfinished: boolean;
};

/** A plan that can be written as it is. */
export type CompletePlan = Omit<ThreadPlan, 'pattern'> & { pattern: PatternWrite | null };
