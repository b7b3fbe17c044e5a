/**
 * Finds people's names in a text, by list and by place ("Hi …", "this is …", "Dr. …", a signature). The law: rather one word
 * too many than one name left; a street, a town or the business's own name may be taken, a customer's name must be.
 */
import { isCommonWord } from './background-words.js';
import { isCalledByName, isLowerCaseSurname } from './name-cues.js';
import { isKnownAsPerson, isSignedName } from './name-roles.js';
import { collectWords, isCamelCase, isJoined, listWords, type Word } from './name-text.js';
import {
  GREETINGS,
  isOrdinary,
  isWordSurname,
  NEVER_NAMES,
  PLACE_AFTER,
  PLACE_BEFORE,
  SOFT_GREETINGS,
  TITLES,
} from './name-vocabulary.js';
import { isAmbiguousName, isCertainName } from './name-words.js';

export type NameSpan = { start: number; end: number };
const MONEY_VERBS = /\b(?:transfer\w*|send\w*|sent|pay\w*|paid|wire\w*|venmo\w*|zelle\w*|deposit\w*|recipient)\b/i;
const BOOKED_FOR =
  /\b(?:order|booking|reservation|appointment|table|package|parcel|lesson|session|ticket|payment|invoice)s? (?:is )?(?:for|under|from|by) $/i;
/** What a person does next: "Mark will help you", "Rose Miller". */
const ACTS = /^(?: (?:will|is|can|has|was|said|says|would|and I|from|at the)\b|'s\b| \p{Lu}\p{Ll}+\b)/u;
const HANDLE = /(?<![\p{L}\p{N}.@])@[\p{L}\p{N}_.-]{2,}/gu;
/** @param knownNames lower-case words that are names elsewhere in this exchange */
export function findNames(text: string, knownNames: ReadonlySet<string>): NameSpan[] {
  const words = collectWords(text);
  const isName = words.map((_, i) => isNameWord(words, i, text, knownNames));
  markPairs(words, isName, text);
  markBefore(words, isName, text);
  const spans: NameSpan[] = [];
  for (const match of text.matchAll(HANDLE)) spans.push({ start: match.index, end: match.index + match[0].length });
  for (let i = 0; i < words.length; i++) {
    if (!isName[i]) continue;
    let last = i;
    // The surname, initials and further parts that follow a given name directly.
    while (
      last + 1 < words.length &&
      (isName[last + 1] || isSurname(words, last + 1) || isLowerCaseSurname(words, i, last + 1, text)) &&
      isJoined(text, words[last]!, words[last + 1]!)
    )
      last++;
    spans.push({ start: words[i]!.start, end: withoutPossessive(words[last]!) });
    i = last;
  }
  return spans;
}

/** The single words (lower case) of the names in a text, to be looked for in the exchange's other texts. */
export function listNameWords(text: string): string[] {
  const none: ReadonlySet<string> = new Set();
  return findNames(text, none)
    .flatMap(span => listWords(text.slice(span.start, span.end).toLowerCase()))
    .filter(word => word.length > 1 && !NEVER_NAMES.has(word));
}

/** "Arlo and Wren": who is named beside a person is a person. */
function markPairs(words: readonly Word[], isName: boolean[], text: string): void {
  const mark = (i: number, other: number) => {
    const word = words[i];
    if (!word || isName[i] || !isName[other] || !word.isCapital) return;
    const [first, last] = i < other ? [word, words[other]!] : [words[other]!, word];
    if (!/^(?:and|&|\+)$/i.test(text.slice(first.end, last.start).trim())) return;
    isName[i] = isAmbiguousName(word.text) || !isOrdinary(word.text.toLowerCase());
  };
  for (let i = 0; i < words.length; i++) {
    if (!isName[i]) continue;
    for (const step of [1, 2]) {
      mark(i - step, i);
      mark(i + step, i);
    }
  }
}

/** "Nguyễn Thị Minh": capitals right before a given name that are no words of ours. */
function markBefore(words: readonly Word[], isName: boolean[], text: string): void {
  for (let i = words.length - 1; i > 0; i--) {
    const word = words[i - 1]!;
    if (!isName[i] || isName[i - 1] || !word.isCapital || text.slice(word.end, words[i]!.start) !== ' ') continue;
    isName[i - 1] = !isOrdinary(word.text.toLowerCase()) && !isCamelCase(word.text) && /\P{ASCII}/u.test(word.text);
  }
}

/** A name that is a word too ("Brown", "mark") counts with a capital inside a sentence, or on a line of names alone. */
function isKnownName(word: Word, lower: string, text: string, knownNames: ReadonlySet<string>): boolean {
  if (!knownNames.has(lower)) return false;
  if (!isCommonWord(lower)) return lower.length > 2 || word.isCapital;
  if (word.isCapital && (!word.isSentenceStart || isCertainName(lower))) return true;
  const lineStart = text.lastIndexOf('\n', word.start) + 1;
  const line = text.slice(lineStart).split('\n', 1)[0]!;
  return listWords(line.toLowerCase()).every(other => knownNames.has(other) || NEVER_NAMES.has(other));
}

function isNameWord(words: readonly Word[], i: number, text: string, knownNames: ReadonlySet<string>): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase().replace(/'s$/, '');
  const before = words[i - 1];
  const previous = before ? before.text.toLowerCase() : '';
  const gap = before ? text.slice(before.end, word.start) : '';
  const isNear = before !== undefined && /^[\s,.!-]{1,3}$/.test(gap);
  if (isNear && TITLES.has(previous) && word.isCapital && /^[.\s]+$/.test(gap) && lower.length > 1) return true;
  if (NEVER_NAMES.has(lower) && !isAmbiguousName(lower)) return false;
  if (PLACE_BEFORE.has(previous) && before?.isCapital) return false;
  if (isKnownName(word, lower, text, knownNames)) return true;
  if (PLACE_AFTER.test(text.slice(word.end)) && word.isCapital && !isNear) return false;
  const isListed = isCertainName(lower);
  if (isListed && (word.isCapital || lower.length >= 4)) return true;
  const isUncommon = !isCommonWord(lower) && !NEVER_NAMES.has(lower);
  if (word.isCapital && isUncommon && BOOKED_FOR.test(text.slice(Math.max(0, word.start - 40), word.start)))
    return true;
  if (
    word.isCapital &&
    isAmbiguousName(lower) &&
    !isMonthLike(lower) &&
    lower !== 'will' &&
    ACTS.test(text.slice(word.end))
  )
    return true;
  if (isCalledByName(words, i, text) || isKnownAsPerson(words, i, text) || isSignedName(words, i, text)) return true;
  const isLikely = isListed || isAmbiguousName(lower);
  const sentenceBefore = text.slice(Math.max(0, word.start - 60), word.start);
  if (
    /\b(?:my|his|her|their|full|first|last) name(?: is|'s|:| =)\s*$/i.test(sentenceBefore) ||
    /\bname\s*:\s*$/i.test(sentenceBefore)
  )
    return !NEVER_NAMES.has(lower) || isLikely;
  if (
    /\b(?:this is|i'm|im|i am|it's|its|it is|here is|ask for|asking for|speak (?:to|with)|talk (?:to|with)|spoke (?:to|with)|under|call me|named|signed,?)\s+$/i.test(
      sentenceBefore,
    )
  ) {
    const isIntroduced = word.isCapital && (isUncommon || isLikely) && !word.isSentenceStart;
    return (isIntroduced && !startsPlaceOrBusiness(words, i, text)) || (isLikely && isListed);
  }
  if (isNear && GREETINGS.has(previous))
    return isLikely ? word.isCapital || isListed : isUncommon && isGreeted(word, lower, gap, text);
  if (
    isNear &&
    SOFT_GREETINGS.has(previous) &&
    word.isCapital &&
    /^\s*(?:[,!.?]|$)/.test(text.slice(word.end)) &&
    /^[\s,]+$/.test(gap)
  )
    return isLikely || isUncommon;
  if (isSignature(text, word) && word.isCapital) return isLikely || isUncommon;
  if (
    word.isCapital &&
    !word.isSentenceStart &&
    /\b(?:to|recipient|with|into|for)\s+(?:\p{L}+\s+\p{L}+\s+)?$/iu.test(sentenceBefore) &&
    MONEY_VERBS.test(text) &&
    isUncommon
  )
    return true;
  return (
    isAmbiguousName(lower) &&
    word.isCapital &&
    !word.isSentenceStart &&
    !isMonthLike(lower) &&
    !isAllCapitals(text) &&
    !isTitleCase(words, i)
  );
}

/** "Hi Zorblax"; after a full stop ("Hi! Network is …") the next sentence begins, and most words there are no name. */
function isGreeted(word: Word, lower: string, gap: string, text: string): boolean {
  if (isUncased(word.text)) return true;
  const isFollowed = /^\s*[,!]/.test(text.slice(word.end));
  if (/[.!]/.test(gap)) return isFollowed && !isOrdinary(lower);
  return word.isCapital || isFollowed;
}

/** "- Dana", "\nDana" or "xo Dana" at the very end. */
function isSignature(text: string, word: Word): boolean {
  return (
    /^[\s.!]*$/.test(text.slice(word.end)) &&
    /(?:^|[\s.!?])[-~]\s*$|[\n]\s*$|(?:regards|cheers|best|sincerely|love|xo+)[,!]?\s+$/i.test(
      text.slice(Math.max(0, word.start - 40), word.start),
    ) &&
    word.start > 0
  );
}

function isSurname(words: readonly Word[], i: number): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase().replace(/'s$/, '');
  if (!word.isCapital || NEVER_NAMES.has(lower)) return false;
  return word.text.length === 1 || !isCommonWord(lower) || isAmbiguousName(lower) || isWordSurname(lower);
}

/** "this is Palo Alto", "it's Blue Bay Grill": two capitals in a row with no given name among them. */
function startsPlaceOrBusiness(words: readonly Word[], i: number, text: string): boolean {
  const next = words[i + 1];
  return (
    !isCertainName(words[i]!.text) &&
    !isAmbiguousName(words[i]!.text) &&
    next?.isCapital === true &&
    isJoined(text, words[i]!, next) &&
    isCommonWord(next.text.toLowerCase())
  );
}

function isTitleCase(words: readonly Word[], i: number): boolean {
  const next = words[i + 1];
  const before = words[i - 1];
  return Boolean(
    (next?.isCapital && next.text.length > 1 && !isCertainName(next.text)) ||
      (before?.isCapital && !before.isSentenceStart),
  );
}

function isAllCapitals(text: string): boolean {
  return !/\p{Ll}/u.test(text);
}

function isMonthLike(lower: string): boolean {
  return lower === 'may' || lower === 'april' || lower === 'june' || lower === 'august';
}

/** Scripts without capitals (Han, Arabic, Hebrew, …). */
function isUncased(word: string): boolean {
  return word.toLowerCase() === word.toUpperCase();
}

function withoutPossessive(word: Word): number {
  return /'s$/i.test(word.text) ? word.end - 2 : word.end;
}
