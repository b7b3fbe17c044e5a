/**
 * Prepares texts for learning and for matching: redacted, templated, or refused with a code. The law: nothing leaves here
 * that a detector still finds, and any error means quarantine (I15).
 */
import { isAcknowledgement } from './acknowledgement.js';
import { collectNames } from './exchange-names.js';
import { cleanText, tokenize } from './normalise.js';
import { containsSensitive, findSensitive, redact } from './redaction.js';
import { type Context, hideSecrets, keepContext, listSecrets, MAX_SECRETS } from './repeated-secrets.js';
import { isEmergency, isOptOut } from './skip.js';
import { hideNumbers, type Slot, templateReply } from './slots.js';

export type PrepareSkip = 'acknowledgement' | 'media_only' | 'opt_out' | 'emergency' | 'quarantined';
export type PreparedExample = {
  customerText: string;
  previousOperatorText: string;
  /** The operator's words as a template. */
  replyText: string;
  slots: Slot[];
  /** Public values that stayed in the reply: prices, hours, addresses, the business's own links. */
  facts: string[];
};
/** `detail` is a code and never holds text. */
export type Prepared = { ok: true; example: PreparedExample } | { ok: false; skip: PrepareSkip; detail: string };
export type PreparedQuery = {
  customerText: string;
  previousOperatorText: string;
  /** As received: only for filling slots within this decision, never stored. */
  rawCustomerText: string;
};
export type QueryPrepared = { ok: true; query: PreparedQuery } | { ok: false; skip: PrepareSkip };

/** Stored texts are cut here; longer ones are no reply that anybody would send again. */
const MAX_STORED_LENGTH = 4_000;
/** A turn that is longer is no text message; the detectors' time grows faster than its length. Quo's own limit is 1,600 a text. */
const MAX_TURN_LENGTH = 10_000;
/** Nobody writes so many letters without a space or a mark; the detectors' time grows with the square of such a run. */
const ENDLESS_WORD = /[\p{L}\p{M}\p{N}]{1600}/u;
/** A customer's number of so many digits is a code as often as not; matching never tells one number from another. */
const CODE_DIGITS = 4;

export function prepareExchange(input: {
  customerText: string;
  previousOperatorText: string;
  operatorText: string;
  customerHasMedia: boolean;
  operatorHasMedia: boolean;
}): Prepared {
  try {
    if (isTooLong(input.customerText, input.previousOperatorText, input.operatorText)) return quarantine('too_long');
    const skip = findSkip(input.customerText, input.previousOperatorText);
    if (skip) return { ok: false, skip, detail: `customer_${skip}` };
    if (tokenize(input.operatorText).length === 0)
      return { ok: false, skip: 'media_only', detail: 'operator_media_only' };
    if (isAcknowledgement(input.operatorText))
      return { ok: false, skip: 'acknowledgement', detail: 'operator_acknowledgement' };
    if (isEmergency(input.operatorText)) return { ok: false, skip: 'emergency', detail: 'operator_emergency' };
    return redactExchange(input.customerText, input.previousOperatorText, input.operatorText);
  } catch {
    return { ok: false, skip: 'quarantined', detail: 'detector_error' };
  }
}

export function prepareQuery(input: {
  customerText: string;
  previousOperatorText: string;
  customerHasMedia: boolean;
}): QueryPrepared {
  try {
    if (isTooLong(input.customerText, input.previousOperatorText)) return { ok: false, skip: 'quarantined' };
    const skip = findSkip(input.customerText, input.previousOperatorText);
    if (skip) return { ok: false, skip };
    const customer = cleanText(input.customerText);
    const previousOperator = cleanText(input.previousOperatorText);
    const names = collectNames({ customer, previous: previousOperator, reply: '' });
    const redacted = redact(customer, names, previousOperator);
    if ('unsure' in redacted) return { ok: false, skip: 'quarantined' };
    const previous = redact(previousOperator, names);
    const context: Context = 'unsure' in previous ? { text: '', secrets: [] } : keepContext(previous.text);
    const previousOperatorText = cut(context.text);
    const customerText = cut(hideSecrets(hideNumbers(redacted.text, CODE_DIGITS), context.secrets));
    return { ok: true, query: { customerText, previousOperatorText, rawCustomerText: customer } };
  } catch {
    return { ok: false, skip: 'quarantined' };
  }
}

function isTooLong(...texts: string[]): boolean {
  return texts.some(text => text.length > MAX_TURN_LENGTH || ENDLESS_WORD.test(text));
}

/** Why a customer's turn is neither answered nor learned from; null where it is. */
function findSkip(customerText: string, previousOperatorText: string): PrepareSkip | null {
  if (isEmergency(customerText)) return 'emergency';
  if (isOptOut(customerText)) return 'opt_out';
  // Emoji and pictures alone have no words: there is nothing to recognise them by.
  if (tokenize(customerText).length === 0) return 'media_only';
  if (isAcknowledgement(customerText, previousOperatorText)) return 'acknowledgement';
  return null;
}

function redactExchange(rawCustomer: string, rawPrevious: string, rawReply: string): Prepared {
  const customer = cleanText(rawCustomer);
  const previous = cleanText(rawPrevious);
  const reply = cleanText(rawReply);
  const names = collectNames({ customer, previous, reply });
  const customerScan = findSensitive(customer, names, previous);
  const customerRedacted = redact(customer, names, previous, customerScan);
  if ('unsure' in customerRedacted) return quarantine(`customer_${customerRedacted.unsure}`);
  const previousScan = findSensitive(previous, names);
  const previousRedacted = redact(previous, names, '', previousScan);
  if ('unsure' in previousRedacted) return quarantine(`previous_${previousRedacted.unsure}`);
  const scan = findSensitive(reply, names, customer);
  if (scan.unsure) return quarantine(`reply_${scan.unsure}`);
  const templated = templateReply(reply, scan.spans, [customer, previous]);
  // Templating may uncover what stood hidden behind another value; that is taken out too, or the exchange is.
  const settled = redact(templated.text, names, customer, templated.text === reply ? scan : undefined);
  if ('unsure' in settled) return quarantine(`reply_${settled.unsure}`);
  const context = keepContext(previousRedacted.text);
  const secrets = [...listSecrets([customerScan, previousScan, scan]), ...context.secrets];
  if (secrets.length > MAX_SECRETS) return quarantine('secrets');
  const isPublic = (fact: string) => !containsSensitive(fact) && hideSecrets(fact, secrets) === fact;
  const replyText = cut(hideSecrets(settled.text, secrets));
  const example = {
    customerText: cut(hideNumbers(hideSecrets(customerRedacted.text, secrets), CODE_DIGITS)),
    previousOperatorText: cut(hideNumbers(hideSecrets(context.text, secrets), 1)),
    replyText,
    slots: addMissingSlots(templated.slots, replyText),
    facts: templated.facts.filter(isPublic).slice(0, 20),
  };
  const stored = [example.customerText, example.previousOperatorText, example.replyText];
  if (stored.some(containsSensitive)) return quarantine('residue');
  return { ok: true, example };
}

/** A slot that only the last redaction brought in is known to be there, and cannot be filled. */
function addMissingSlots(slots: readonly Slot[], template: string): Slot[] {
  const result = [...slots];
  for (const match of template.matchAll(/\{\{([a-z]+)\}\}/g)) {
    const name = match[1]!;
    if (!result.some(slot => slot.name === name)) result.push({ name, type: name, fillable: false });
  }
  return result.filter(slot => template.includes(`{{${slot.name}}}`));
}

function quarantine(detail: string): Prepared {
  return { ok: false, skip: 'quarantined', detail };
}

function cut(text: string): string {
  return text.length > MAX_STORED_LENGTH ? text.slice(0, MAX_STORED_LENGTH) : text;
}
