/**
 * Why nothing would have been said, and why nothing was learned, in words instead of codes. The law: a code that is not known
 * here is shown as it came, never left out. Pure.
 */
import type { Exchange, Gate, Loose } from './contract.js';
import { showPlainly } from './text.js';
import { sayCount, sayGate, sayShare } from './words.js';

type Reason = { /** After "stayed silent: " and in a filter. */ short: string /** A sentence. */; long: string };

/** Reasons of a decision to say nothing. */
const SILENT: Record<string, Reason> = {
  below_match_threshold: {
    short: 'not sure enough',
    long: 'The best match was not sure enough.',
  },
  unfillable: {
    short: 'a blank could not be filled',
    long: 'The answer has a blank that nothing in the conversation fills.',
  },
  no_candidate: {
    short: 'nothing like it was learned yet',
    long: 'Nothing that was learned so far is anything like it.',
  },
  no_features: {
    short: 'no words to go by',
    long: 'The text has no words that a pattern could be recognised by.',
  },
  deadline: {
    short: 'not decided in time',
    long: 'There was no time left to decide: storing the text comes first.',
  },
  error: {
    short: 'a failure while deciding',
    long: 'Deciding failed. The text was stored all the same.',
  },
};

/** Reasons that forbid both: an answer, and learning from the exchange. */
const SKIPPED: Record<string, Reason> = {
  learning_off: { short: 'learning was off', long: 'Learning was off when it happened.' },
  acknowledgement: { short: 'only a thank-you or a greeting', long: 'It is only a thank-you, an “ok” or a greeting.' },
  media_only: { short: 'no words, only a picture or an emoji', long: 'It has no words: a picture or an emoji alone.' },
  group: { short: 'a group conversation', long: 'More than one customer is in the conversation.' },
  emergency: { short: 'may be an emergency', long: 'It may be an emergency: that is for people alone.' },
  opt_out: { short: 'asks not to be texted', long: 'The customer asks not to be texted any more.' },
  quarantined: {
    short: 'may hold personal details or a secret',
    long: 'It may hold personal details or a secret that could not be taken out for certain.',
  },
  dont_learn: { short: 'marked “don’t learn”', long: 'A person marked it “don’t learn”.' },
  after_window: {
    short: 'answered in a later conversation',
    long: 'The answer came when the conversation was already over.',
  },
  broadcast: { short: 'the same text to many customers', long: 'The same text went to many customers at once.' },
  not_a_person: { short: 'sent by no person', long: 'No person wrote it: an automatic reply or another program.' },
  no_customer_turn: { short: 'no question before it', long: 'No customer asked anything before it.' },
};

const KNOWN: Record<string, Reason> = { ...SILENT, ...SKIPPED };

/** What the list can be asked for, in the order in which an owner would ask. */
export const REASON_FILTERS: readonly { code: string; label: string }[] = Object.entries(KNOWN).map(
  ([code, { short }]) => ({ code, label: startLarge(short) }),
);

export function sayReason(code: string): string {
  return KNOWN[code]?.short ?? sayCode(code);
}

/** @returns a sentence */
export function explainReason(code: string): string {
  return KNOWN[code]?.long ?? `${startLarge(sayCode(code))}.`;
}

type KnownGate = Loose<Gate>;

/** The first gate that said no, with what it measured; null where none did. @returns a sentence */
export function sayFirstRefusal(gates: readonly KnownGate[], reasons: readonly string[]): string | null {
  const first = gates.find(gate => gate.ok !== true);
  if (first) return sayDecisionGate(first);
  return reasons[0] === undefined ? null : explainReason(reasons[0]);
}

/** A gate of a decision with what it measured and what it required. @returns a sentence */
export function sayDecisionGate(gate: KnownGate): string {
  const { id, measured, required } = gate;
  switch (id) {
    case 'below_match_threshold':
      if (typeof measured !== 'number' || typeof required !== 'number') break;
      return gate.ok
        ? `It was sure enough: ${sayShare(measured)}, and ${sayShare(required)} are needed.`
        : `It was not sure enough: the best match reached ${sayShare(measured)}, and ${sayShare(required)} are needed.`;
    case 'unfillable':
      if (typeof measured !== 'number') break;
      return gate.ok
        ? 'Every blank of the answer could be filled.'
        : `${startLarge(sayCount(measured, 'blank'))} of the answer could not be filled from the conversation.`;
    case 'learning':
      return measured === 'kill_switch'
        ? 'The kill switch is engaged: nothing is decided until an admin releases it.'
        : 'Learning is off: nothing is decided until an admin switches it on.';
    default:
      if (id && KNOWN[id]) return KNOWN[id].long;
  }
  return `${startLarge(sayGate(gate))}.`;
}

/** What came of comparing a decision with what was said. */
export function sayAgreement(exchange: Pick<Exchange, 'agreement' | 'decision' | 'operatorText' | 'operator'>): string {
  const { agreement, decision } = exchange;
  const spoke = decision?.kind === 'would_reply';
  switch (agreement) {
    case 'agreed':
      return spoke ? 'Staff said the same' : 'Staff said what it was thinking of';
    case 'disagreed':
      return spoke ? 'Staff said something else' : 'Staff said something else than it was thinking of';
    case 'ignored':
      return 'Not compared';
    case null:
      return exchange.operator === null ? 'Not answered yet' : 'Not compared';
    default:
      return agreement satisfies never;
  }
}

function sayCode(code: string): string {
  return showPlainly(code.replaceAll('_', ' '));
}

export function startLarge(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
