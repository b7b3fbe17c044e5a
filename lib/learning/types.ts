/** The nouns of learning, shared by every file of this folder. No I/O, no clock, no randomness here or anywhere below. */

export type Direction = 'incoming' | 'outgoing';

/** One text of a thread, as derivation sees it. `atMs` is the event's time (Unix milliseconds), never the arrival's. */
export type ThreadMessage = {
  id: string;
  direction: Direction;
  text: string;
  atMs: number;
  /** The Quo user (`US…`, `SYU…`) of an outgoing text; null for incoming ones. */
  actorId: string | null;
  /** Whether a person wrote it: every incoming text, and outgoing ones of a `US…` actor. Others belong to no turn. */
  isPerson: boolean;
  isGroup: boolean;
  hasMedia: boolean;
  /** Learning was off when it arrived. */
  isOff?: boolean;
  /** Its text is past retention: what was learned from it stays, and nothing more can be. */
  isFaded?: boolean;
};

/** Consecutive messages of one side with nothing of the other between: a burst is one turn. */
export type Turn = {
  messageIds: string[];
  /** The burst's texts joined by a newline; empty texts (media only) are left out. */
  text: string;
  startMs: number;
  endMs: number;
  actorId: string | null;
  hasMedia: boolean;
};

/** A customer turn, the operator turn that answers it, and the operator turn before it as context. Either side may be absent. */
export type DerivedExchange = {
  /** The first message id of the exchange's first turn: its identity for as long as that message leads it. */
  key: string;
  customer: Turn | null;
  operator: Turn | null;
  previousOperator: Turn | null;
  /** The operator answered when the conversation window had already closed. */
  isAfterWindow: boolean;
  isGroup: boolean;
};

/** Why an exchange is not learned. Counted by code; the words for people are made where they are shown. */
export type SkipCode =
  | 'no_customer_turn'
  | 'after_window'
  | 'group'
  | 'not_a_person'
  | 'acknowledgement'
  | 'media_only'
  | 'broadcast'
  | 'opt_out'
  | 'emergency'
  | 'dont_learn'
  | 'learning_off'
  | 'quarantined';

export type Agreement = 'agreed' | 'disagreed' | 'ignored';
