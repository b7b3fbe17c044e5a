/**
 * Finds what must never be stored or shown: codes, passwords, one-time links, card digits, e-mails, phones and people's
 * names (I15). The law: a detector that is unsure, or throws, quarantines the exchange; it never lets the text through.
 */
import { findNames } from './names.js';

export type SensitiveType = 'name' | 'phone' | 'email' | 'code' | 'link';
export type Span = { start: number; end: number; type: SensitiveType; value: string };
/** `unsure` is a code of what could not be decided, or null. */
export type SensitiveScan = { spans: Span[]; unsure: string | null };

/** Texts longer than this are not scanned but quarantined: ten times the longest text that a phone sends. */
export const MAX_TEXT_LENGTH = 16_000;

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"']+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|us|app|dev|me|ly|gl|gd|page|link|info|biz|store|shop|site|golf|ca|uk|de|fr|es|it|nl|au|nz|in)\b(?:[/?#][^\s<>"']*)?/gi;
/** Hosts that hide what the link leads to; theirs are personal as often as not. */
const SHORTENER =
  /^(?:https?:\/\/)?(?:www\.)?(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|rb\.gy|ow\.ly|buff\.ly|cutt\.ly|t\.ly)\b/i;

/** 13-19 digits in any grouping of a card. */
const CARD = /(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)/g;
const CARD_TAIL =
  /\b(?:ending|ends|last (?:four|4)(?: digits)?|last digits)(?: (?:in|with|are|is|of|on))*:? *#?(\d{3,6})\b/gi;
const PHONE =
  /(?<![\d$#])(?:\+\d[\d\s().-]{6,17}\d|(?:1[\s.-]?)?\(?\d{3}\)?[\s.-]?\d{3}[\s.-]?\d{4}|0\d{2,4}[\s-]\d{3,4}[\s-]?\d{3,4}|\d{3}[.-]\d{4})(?!\d)/g;

const SECRET_NOUN =
  'pass(?=\\s*[:=])|pass ?words?|pass ?codes?|pass ?phrases?|pins?|pwd|pw|codes?|otp|combos?|combinations?|keypad|lock ?box|wi-?fi key|security answer|ssn|social security(?: number)?';
const REFERENCE_NOUN =
  '(?:account|acct|confirmation|conf|reference|ref|booking|reservation|order|ticket|tracking|member(?:ship)?|policy|invoice|case|claim|license|licence|passport|vin|iban|routing)(?: (?:number|no\\.?|num|id|code|#))?';
/** "door code is 4411#", "PIN: 9921", "password = hunter2": the value may hold anything but spaces. */
const SECRET_VALUE = new RegExp(
  `\\b(?:${SECRET_NOUN})\\b['"]?(?:\\s+(?:for|to|of|on|at|number)\\b(?:\\s+(?!is\\b|are\\b)[\\p{L}']+){1,5}?)?(?:\\s*[:=]\\s*|\\s+(?:is|are|was|will be|to|again|now)\\s*:?\\s+|\\s*#\\s*|\\s+(?=[#*]?\\d))(?:now |still |just |currently )?["'*#]*((?!\\{\\{)[^\\s"',;!?]+(?:(?<=\\d)[ -]\\d{1,4}\\b)*)`,
  'giu',
);
const REFERENCE_VALUE = new RegExp(
  `\\b${REFERENCE_NOUN}\\b(?:\\s+(?:is|was|ending in))?\\s*[:=#]*\\s*#?((?=[\\p{L}-]*\\d)[\\p{L}\\d-]{4,})`,
  'giu',
);
/** "Use 4821# to get in", "press 1199", "4411 is the code". */
const CODE_BY_USE =
  /\b(?:use|enter|type|press|punch(?: in)?|dial|input|key in)\s+(?:the\s+)?["'#*]*(\d{3,10}[#*]?)(?!\s*(?:people|minutes|hours|days|am|pm|street))/gi;
const CODE_BEFORE = new RegExp(
  `["'#*]*\\b(\\d{3,10}[#*]?)["']?\\s+(?:is|as)\\s+(?:\\p{L}+\\s+){0,4}(?:${SECRET_NOUN})\\b`,
  'giu',
);
/** Letters and digits mixed ("X7K2P9"), or five and more digits in a row: an identifier of somebody or something. */
const MIXED =
  /(?<![\p{L}\p{N}/$.])(?=[\p{L}\d-]*\d[\p{L}-]*\d)(?=[\d-]*\p{L})[\p{L}\d][\p{L}\d-]{4,}(?![\p{L}\p{N}])/gu;
const LONG_NUMBER =
  /(?<![\p{L}\p{N}$.,:-])#?\d(?:[ -]?\d){5,}(?![\p{L}\p{N}]|[.,:]\d)|(?<![\p{L}\p{N}$.,:-])#?\d{5}(?![\p{L}\p{N}]|[.,:]\d)/gu;
/** Ordinals, sizes, clock times and the like are mixed too, but say nothing about anyone. */
const HARMLESS_MIXED =
  /^(?:\d+(?:st|nd|rd|th|am|pm|hrs?|mins?|min|ft|sq|lbs?|kg|km|mi|x|s|k|%)|\d+-(?:\p{L}+)(?:-\p{L}+)*|covid-?19)$/iu;

/** "the code is the year you were born", "password is your last name": a secret told in words. */
const TOLD_IN_WORDS = new RegExp(
  `\\b(?:${SECRET_NOUN})\\b(?:\\s+[\\p{L}']+){0,4}?\\s+(?:is|are|=|:)\\s+(?:the|your|my|our|his|her|their|last|first|same|just|always|still)\\b`,
  'iu',
);
/** Words after "the code is …" that are no value but part of a sentence. */
const NOT_A_VALUE =
  /^(?:the|a|an|in|on|at|not|no|your|my|our|it|this|that|to|for|from|sent|wrong|right|correct|incorrect|expired|working|being|below|above|same|still|only|different|needed|required|valid|invalid|ready|and|or|so|if|when|of|under|located|texted|emailed|here|there|changed|reset|updated|access|enter|open|get|use|unlock|be|have|make|see|change|again)$/i;

/**
 * @param knownNames lower-case names found elsewhere in the same exchange; they are names here too
 * @returns non-overlapping spans in order of their start
 */
export function findSensitive(text: string, knownNames: ReadonlySet<string> = new Set()): SensitiveScan {
  if (text.length > MAX_TEXT_LENGTH) return { spans: [], unsure: 'too_long' };
  const spans: Span[] = [];
  let unsure: string | null = null;
  const take = (start: number, end: number, type: SensitiveType) => {
    if (spans.some(span => start < span.end && end > span.start)) return;
    spans.push({ start, end, type, value: text.slice(start, end) });
  };
  const takeAll = (pattern: RegExp, type: SensitiveType, accept: (value: string) => boolean = () => true) => {
    for (const match of text.matchAll(pattern)) {
      const value = match[1] ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      if (accept(value)) take(start, start + value.length, type);
    }
  };

  takeAll(EMAIL, 'email');
  for (const match of text.matchAll(LINK)) {
    const value = match[0].replace(/[.,;:!?)\]]+$/, '');
    if (isPersonalLink(value)) take(match.index, match.index + value.length, 'link');
  }
  for (const match of text.matchAll(CARD)) {
    const isCard = passesLuhn(match[0].replace(/\D/g, ''));
    if (!isCard && !isInsideLink(text, match.index)) unsure ??= 'long_number';
    take(match.index, match.index + match[0].length, 'code');
  }
  takeAll(CARD_TAIL, 'code');
  for (const match of text.matchAll(SECRET_VALUE)) {
    const value = match[1]!.replace(/[.)]+$/, '');
    const start = match.index + match[0].lastIndexOf(match[1]!);
    if (/\d/.test(value) || /pass|pw|key/i.test(match[0].slice(0, 10))) {
      if (!NOT_A_VALUE.test(value) && value) take(start, start + value.length, 'code');
      // A pass phrase may go on for more words than one.
      if (!/\d/.test(value) && !NOT_A_VALUE.test(value) && /^ \p{L}/u.test(text.slice(start + value.length))) {
        unsure ??= 'secret_in_words';
      }
    } else if (value && !NOT_A_VALUE.test(value) && !/ing$|ed$/i.test(value)) unsure ??= 'code_without_digits';
  }
  if (TOLD_IN_WORDS.test(text)) unsure ??= 'secret_in_words';
  takeAll(REFERENCE_VALUE, 'code', value => !HARMLESS_MIXED.test(value));
  takeAll(CODE_BEFORE, 'code');
  takeAll(PHONE, 'phone', value => value.replace(/\D/g, '').length >= 7);
  takeAll(CODE_BY_USE, 'code');
  takeAll(LONG_NUMBER, 'code');
  takeAll(MIXED, 'code', value => !HARMLESS_MIXED.test(value) && !isInsideWebAddress(text, value));
  for (const name of findNames(text, knownNames)) take(name.start, name.end, 'name');
  spans.sort((a, b) => a.start - b.start);
  return { spans, unsure };
}

/** Whether anything of I15 is (or may be) in the text. Throwing counts as yes. */
export function containsSensitive(text: string): boolean {
  try {
    const scan = findSensitive(text);
    return scan.unsure !== null || scan.spans.length > 0;
  } catch {
    return true;
  }
}

/** Replaces every sensitive value by its slot. @returns null where a detector is unsure or its own output still matches. */
export function redact(
  text: string,
  knownNames: ReadonlySet<string> = new Set(),
): { text: string } | { unsure: string } {
  let current = text;
  // Replacing one value can uncover another ("4411 5522" after a cue); three rounds settle all but the hopeless.
  for (let round = 0; round < 3; round++) {
    const scan = findSensitive(current, knownNames);
    if (scan.unsure) return { unsure: scan.unsure };
    if (scan.spans.length === 0) return { text: current };
    current = replaceSpans(current, scan.spans);
  }
  return { unsure: 'residue' };
}

export function replaceSpans(text: string, spans: readonly { start: number; end: number; type: string }[]): string {
  let result = '';
  let from = 0;
  for (const span of spans) {
    result += `${text.slice(from, span.start)}{{${span.type}}}`;
    from = span.end;
  }
  return result + text.slice(from);
}

/** One-time or personal: a query, a short link, or a path part that looks drawn by lot. The business's own pages stay. */
function isPersonalLink(link: string): boolean {
  if (/[?&#][^=]*=|[?]./.test(link) || SHORTENER.test(link)) return true;
  const path = link.replace(/^(?:https?:\/\/)?[^/]*/i, '');
  return path.split(/[/#]/).some(part => {
    const isMixed = /\d/.test(part) && /\p{L}/u.test(part) && part.replace(/-/g, '').length >= 8;
    return (
      isMixed ||
      /\d{5,}/.test(part) ||
      (part.length >= 20 && !part.includes('-')) ||
      /[a-z][A-Z].*\d|\d.*[a-z][A-Z]/.test(part)
    );
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    let digit = Number(digits[digits.length - 1 - i]);
    if (i % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

function isInsideLink(text: string, index: number): boolean {
  return /(?:https?:\/\/|www\.)\S*$/.test(text.slice(0, index));
}

function isInsideWebAddress(text: string, value: string): boolean {
  return isInsideLink(text, text.indexOf(value));
}
