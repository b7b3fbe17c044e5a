/**
 * Redacts the texts of an exchange together, so that people may read what happened. The law: what any of the three gives away
 * leaves all of them; where a detector is unsure, or throws, none of them is shown. Stricter than learning, for these texts
 * were not chosen to be shown: bare codes go too.
 */
import { collectNames } from './exchange-names.js';
import { cleanText } from './normalise.js';
import { containsSensitive, findSensitive, redact, replaceSpans } from './redaction.js';
import { hideSecrets, listSecrets, MAX_SECRETS } from './repeated-secrets.js';
import { findValues, templateReply } from './slots.js';

/** A side that said nothing is ''. */
export type RawTexts = { customer: string; previousOperator: string; operator: string };
export type ReadableTexts = { customer: string; operator: string };

/** As learning: longer turns are no text messages, and the detectors' time grows faster than a text. */
const MAX_TURN_LENGTH = 10_000;
const MAX_SHOWN_LENGTH = 4_000;
/** A bare "4411" is a code as often as not. */
const CODE_DIGITS = 4;
/** "hunter2", "Sunset2024": a digit after a letter; "12-year-old" and "24hours" are none. */
const CODE_LIKE = /(?<![\p{L}\p{N}/.@{])(?=[\p{L}\p{N}_!$*]*\p{L}[\p{L}_!$*]*\p{N})[\p{L}\p{N}_!$*]{6,}(?<![!$*])/gu;

/** @returns null where the texts must stay hidden */
export function redactForReading(raw: RawTexts): ReadableTexts | null {
  try {
    const texts = [raw.customer, raw.previousOperator, raw.operator];
    if (texts.some(text => text.length > MAX_TURN_LENGTH)) return null;
    const [customer, previous, operator] = texts.map(cleanText) as [string, string, string];
    const names = collectNames({ customer, previous, reply: operator });
    const prompts = [previous, '', customer];
    const scans = [customer, previous, operator].map((text, i) => findSensitive(text, names, prompts[i]));
    if (scans.some(scan => scan.unsure !== null)) return null;
    const secrets = listSecrets(scans);
    if (secrets.length > MAX_SECRETS) return null;
    const hideAll = (text: string, i: number) => hideSecrets(replaceSpans(text, scans[i]!.spans), secrets);
    return redactTexts(
      { customer: hideAll(customer, 0), previousOperator: hideAll(previous, 1), operator: hideAll(operator, 2) },
      names,
    );
  } catch {
    return null;
  }
}

function redactTexts(texts: RawTexts, names: ReadonlySet<string>): ReadableTexts | null {
  const customer = redact(texts.customer, names, texts.previousOperator);
  const scan = findSensitive(texts.operator, names, texts.customer);
  if ('unsure' in customer || scan.unsure !== null) return null;
  const templated = templateReply(texts.operator, scan.spans, [texts.customer, texts.previousOperator]);
  const operator = redact(templated.text, names, texts.customer);
  if ('unsure' in operator) return null;
  const shown = [hideCodes(customer.text), hideCodes(operator.text)];
  if (shown.some(containsSensitive)) return null;
  return { customer: shown[0]!.slice(0, MAX_SHOWN_LENGTH), operator: shown[1]!.slice(0, MAX_SHOWN_LENGTH) };
}

function hideCodes(text: string): string {
  const numbers = findValues(text, []).filter(
    span => span.type === 'number' && span.value.replace(/\D/g, '').length >= CODE_DIGITS,
  );
  return replaceSpans(text, numbers).replace(CODE_LIKE, '{{code}}');
}
