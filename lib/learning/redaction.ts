/**
 * Finds what must never be stored or shown: codes, passwords, one-time links, card digits, e-mails, phones and people's
 * names (I15). The law: a detector that is unsure, or throws, quarantines the exchange; it never lets the text through.
 */
import { findNames } from './names.js';
import { findDetails } from './personal-details.js';
import { findSpelledNumbers, isAboutCodes } from './spelled-numbers.js';
import { findAsked, findToldSecrets, findUntold, isNoValue } from './told-secrets.js';

export type SensitiveType = 'name' | 'phone' | 'email' | 'code' | 'link';
export type Span = { start: number; end: number; type: SensitiveType; value: string };
/** `unsure` is a code of what could not be decided, or null. */
export type SensitiveScan = { spans: Span[]; unsure: string | null };

/** Texts longer than this are not scanned but quarantined: ten times the longest text that a phone sends. */
export const MAX_TEXT_LENGTH = 16_000;

const EMAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/giu;
const LINK =
  /\b(?:https?:\/\/|www\.)[^\s<>"']+|\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|co|us|app|dev|me|ly|gl|gd|page|link|info|biz|store|shop|site|golf|ca|uk|de|fr|es|it|nl|au|nz|in)\b(?:[/?#][^\s<>"']*)?/gi;
/** Hosts that hide what the link leads to, or lead to somebody's money or signature; theirs are personal as often as not. */
const PERSONAL_HOST =
  /^(?:https?:\/\/)?(?:www\.)?(?:(?:pay|checkout|buy|invoice|billing|sign|docusign|waiver|lock|track|trk)\.[^/]+\/(?=\w)|(?:paypal\.me|venmo\.com|cash\.app|square\.link|wa\.me|t\.me|m\.me)\/(?=\w)|bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|rb\.gy|ow\.ly|buff\.ly|cutt\.ly|t\.ly)\b/i;

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
/** Beside words about codes shorter ones too: "PZ81", "77-B3". */
const SHORT_MIXED =
  /(?<![\p{L}\p{N}/$.{-])(?=[\p{L}\d-]{0,8}\d)(?=[\d-]{0,8}\p{L})[\p{L}\d][\p{L}\d-]{2,7}(?![\p{L}\p{N}])/gu;
/** The five digits after a state are a town's. */
const TOWN_BEFORE =
  /(?:\p{Lu}\p{L}+,? |, )(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]) $/u;
/** Ordinals, sizes, clock times, models and the like are mixed too, but say nothing about anyone. */
const HARMLESS_MIXED =
  /^(?:\d+x\d+(?:x\d+)?|\d{1,2}(?:am|pm)?-\d{1,2}(?:am|pm)|\d+w-?\d+|[A-Z]{1,2}-\d{1,3}|\d{1,2}[ap]m?-\d{1,2}[ap]m?|\d+-?(?:minutes?|hours?|days?|weeks?|months?|years?|nights?|people|foot|inch|amps?|mph|gb|mb|tb|oz|ml|cm|mm|v|w|a|p)|\d+(?:st|nd|rd|th|am|pm|hrs?|mins?|min|ft|sq|lbs?|kg|km|mi|x|s|k|%)|\d+-(?:\p{L}+)(?:-\p{L}+)*|covid-?19)$/iu;

/** "the code is the year you were born", "password is your last name": a secret told in words. */
const TOLD_IN_WORDS = new RegExp(
  `\\b(?:${SECRET_NOUN})\\b(?:\\s+[\\p{L}']+){0,4}?\\s+(?:is|are|=|:)\\s+(?:the|your|my|our|his|her|their|last|first|same|just|always|still)\\b`,
  'iu',
);
/**
 * @param knownNames lower-case names found elsewhere in the same exchange; they are names here too
 * @param prompt what the text answers: after "what is the code?" a number is one; '' where that is unknown
 * @returns non-overlapping spans in order of their start
 */
export function findSensitive(text: string, knownNames: ReadonlySet<string> = new Set(), prompt = ''): SensitiveScan {
  if (text.length > MAX_TEXT_LENGTH) return { spans: [], unsure: 'too_long' };
  let spans: Span[] = [];
  let unsure: string | null = null;
  const take = (start: number, end: number, type: SensitiveType) => {
    const others = spans.filter(span => start < span.end && end > span.start);
    // Of two that overlap the first stands, unless the second holds all of it and more.
    if (others.some(span => span.start < start || span.end > end || end - start === span.end - span.start)) return;
    if (others.length > 0) spans = spans.filter(span => !others.includes(span));
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
  for (const { start, end, type } of findDetails(text)) take(start, end, type);
  for (const match of text.matchAll(CARD)) {
    const isCard = passesLuhn(match[0].replace(/\D/g, ''));
    if (!isCard && !isInsideLink(text, match.index)) unsure ??= 'long_number';
    take(match.index, match.index + match[0].length, 'code');
  }
  takeAll(CARD_TAIL, 'code');
  for (const match of text.matchAll(SECRET_VALUE)) {
    const value = match[1]!.replace(/[.)]+$/, '');
    if (isNoValue(value)) continue;
    const start = match.index + match[0].lastIndexOf(match[1]!);
    if (/\d/.test(value) || /pass|pw|key/i.test(match[0].slice(0, 10))) {
      if (value) take(start, start + value.length, 'code');
      // A pass phrase may go on for more words than one.
      if (!/\d/.test(value) && /^ \p{L}/u.test(text.slice(start + value.length))) {
        unsure ??= 'secret_in_words';
      }
    } else if (value && !/ing$|ed$/i.test(value)) unsure ??= 'code_without_digits';
  }
  if (TOLD_IN_WORDS.test(text)) unsure ??= 'secret_in_words';
  takeAll(REFERENCE_VALUE, 'code', value => !HARMLESS_MIXED.test(value));
  takeAll(CODE_BEFORE, 'code');
  takeAll(PHONE, 'phone', value => value.replace(/\D/g, '').length >= 7);
  takeAll(CODE_BY_USE, 'code');
  const isCodeTalk = isAboutCodes(text) || isAboutCodes(prompt);
  for (const { start, end } of findToldSecrets(text, isCodeTalk)) take(start, end, 'code');
  for (const { start, end, type } of findSpelledNumbers(text, isCodeTalk)) take(start, end, type);
  for (const match of text.matchAll(LONG_NUMBER))
    if (!TOWN_BEFORE.test(text.slice(Math.max(0, match.index - 40), match.index)))
      take(match.index, match.index + match[0].length, 'code');
  if (isCodeTalk) takeAll(SHORT_MIXED, 'code', value => !HARMLESS_MIXED.test(value));
  takeAll(MIXED, 'code', value => !HARMLESS_MIXED.test(value) && !isInsideWebAddress(text, value));
  const hasValue = spans.some(span => span.type === 'code') || /\{\{(?:code|phone|number|link)\}\}/.test(text);
  unsure ??= findUntold(text, findAsked(prompt), hasValue, spans);
  for (const name of findNames(text, knownNames)) take(name.start, name.end, 'name');
  spans.sort((a, b) => a.start - b.start);
  return { spans, unsure };
}

/** Whether anything of I15 is (or may be) in the text. Throwing counts as yes. */
export function containsSensitive(text: string): boolean {
  if (text === '') return false;
  try {
    const scan = findSensitive(text);
    return scan.unsure !== null || scan.spans.length > 0;
  } catch {
    return true;
  }
}

/**
 * Replaces every sensitive value by its slot, unless a detector is unsure or its own output still matches.
 * @param first the text's scan, where it is at hand
 */
export function redact(
  text: string,
  knownNames: ReadonlySet<string> = new Set(),
  prompt = '',
  first: SensitiveScan = findSensitive(text, knownNames, prompt),
): { text: string } | { unsure: string } {
  let current = text;
  let scan = first;
  // Replacing one value can uncover another ("4411 5522" after a cue); three rounds settle all but the hopeless.
  for (let round = 0; round < 3; round++) {
    if (scan.unsure) return { unsure: scan.unsure };
    if (scan.spans.length === 0) return { text: current };
    current = replaceSpans(current, scan.spans);
    scan = findSensitive(current, knownNames, prompt);
  }
  if (scan.unsure === null && scan.spans.length === 0) return { text: current };
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
  if (/[?&#][^=]*=|[?]./.test(link) || PERSONAL_HOST.test(link)) return true;
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
