/**
 * Finds people's names in a text, by list and by place ("Hi …", "this is …", "Dr. …", a signature). The law: rather one word
 * too many than one name left; a street, a town or the business's own name may be taken, a customer's name must be.
 */
import { isCommonWord } from './background-words.js';
import { isAmbiguousName, isCertainName } from './name-words.js';

export type NameSpan = { start: number; end: number };
type Word = { text: string; start: number; end: number; isCapital: boolean; isSentenceStart: boolean };

const WORD = /[\p{L}\p{M}]+(?:'[\p{L}\p{M}]+)*/gu;
const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'doctor',
  'professor',
  'mx',
  'señor',
  'señora',
  'coach',
]);
const GREETINGS = new Set(['hi', 'hello', 'hey', 'heya', 'dear', 'hiya', 'hola', 'bonjour', 'hallo', 'howdy', 'yo']);
const SOFT_GREETINGS = new Set([
  'thanks',
  'thank',
  'you',
  'morning',
  'afternoon',
  'evening',
  'welcome',
  'sorry',
  'bye',
  'sure',
  'yes',
  'no',
  'ok',
  'okay',
  'great',
  'cheers',
  'congrats',
]);
const MONEY_VERBS = /\b(?:transfer\w*|send\w*|sent|pay\w*|paid|wire\w*|venmo\w*|zelle\w*|deposit\w*|recipient)\b/i;
const PLACE_BEFORE = new Set([
  'san',
  'santa',
  'st',
  'saint',
  'los',
  'las',
  'el',
  'la',
  'fort',
  'port',
  'lake',
  'mount',
  'north',
  'south',
  'east',
  'west',
]);
const PLACE_AFTER =
  /^\s*(?:street|st\b|avenue|ave\b|road|rd\b|blvd|boulevard|drive|dr\b|lane|ln\b|way|court|park|square|plaza|airport|station|county|city|beach|hills?|valley|hotel|inn|suites)/i;
const BOOKED_FOR =
  /\b(?:order|booking|reservation|appointment|table|package|parcel|lesson|session|ticket|payment|invoice)s? (?:is )?(?:for|under|from|by) $/i;
/** What a person does next: "Mark will help you", "Rose Miller". */
const ACTS = /^(?: (?:will|is|can|has|was|said|says|would|and I|from|at the)\b|'s\b| \p{Lu}\p{Ll}+\b)/u;
const HANDLE = /(?<![\p{L}\p{N}.@])@[\p{L}\p{N}_.-]{2,}/gu;
/** Capitalised inside a sentence without being anyone: days, months, and how operators address a group. */
const NEVER_NAMES = new Set(
  `i monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may june july
  august september october november december jan feb mar apr jun jul aug sep sept oct nov dec there all everyone everybody team guys
  folks sir madam maam ma'am friend friends again ok okay am pm tv usa us uk la nyc sf so let it's its i'm i'll i've i'd we we're you
  you're your the a an and or but if this that what when where which who how why can could would do does did is are was were will have
  has please thanks thank yes no not hi hello hey good great sorry sure my our their for from with at in on to of just wondering yes
  google apple android facebook instagram english spanish french italian chinese japanese mexican indian thai american`.split(
    /\s+/,
  ),
);

/** @param knownNames lower-case words that are names elsewhere in this exchange */
export function findNames(text: string, knownNames: ReadonlySet<string>): NameSpan[] {
  const words = collectWords(text);
  const isName = words.map((_, i) => isNameWord(words, i, text, knownNames));
  const spans: NameSpan[] = [];
  for (const match of text.matchAll(HANDLE)) spans.push({ start: match.index, end: match.index + match[0].length });
  for (let i = 0; i < words.length; i++) {
    if (!isName[i]) continue;
    let last = i;
    // The surname, initials and further parts that follow a given name directly.
    while (
      last + 1 < words.length &&
      (isName[last + 1] || isSurname(words, last + 1)) &&
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
  return findNames(text, none).flatMap(span =>
    [...text.slice(span.start, span.end).toLowerCase().matchAll(WORD)]
      .map(match => match[0])
      .filter(word => word.length > 2 && !NEVER_NAMES.has(word) && (!isCommonWord(word) || isCertainName(word))),
  );
}

function collectWords(text: string): Word[] {
  // Slots, e-mail and web addresses hold no names of their own.
  const blanked = text.replace(/\{\{[a-z_0-9]+\}\}|\S+@\S+|(?:https?:\/\/|www\.)\S+/g, hidden =>
    ' '.repeat(hidden.length),
  );
  return [...blanked.matchAll(WORD)].map(match => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
    isCapital: /^\p{Lu}/u.test(match[0]),
    isSentenceStart: /(?:^|[.!?:\n]["')]?)\s*$/.test(blanked.slice(0, match.index)),
  }));
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
  if (knownNames.has(lower) && (word.isCapital || !isCommonWord(lower))) return true;
  if (PLACE_BEFORE.has(previous) && before?.isCapital) return false;
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
  const isLikely = isListed || isAmbiguousName(lower);
  const sentenceBefore = text.slice(Math.max(0, word.start - 60), word.start);
  if (
    /\b(?:my|his|her|their|full|first|last) name(?: is|'s|:| =)\s*$/i.test(sentenceBefore) ||
    /\bname\s*:\s*$/i.test(sentenceBefore)
  )
    return !NEVER_NAMES.has(lower) || isLikely;
  if (
    /\b(?:this is|i'm|i am|it's|it is|here is|ask for|asking for|speak (?:to|with)|talk (?:to|with)|spoke (?:to|with)|under|call me|named|signed,?)\s+$/i.test(
      sentenceBefore,
    )
  ) {
    const isIntroduced = word.isCapital && (isUncommon || isLikely) && !word.isSentenceStart;
    return (isIntroduced && !startsPlaceOrBusiness(words, i, text)) || (isLikely && isListed);
  }
  if (isNear && GREETINGS.has(previous))
    return isLikely
      ? word.isCapital || isListed
      : isUncommon && (word.isCapital || /^\s*[,!]/.test(text.slice(word.end)) || isUncased(word.text));
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

/** "- Dana", "\nDana" or "xo Dana" at the very end. */
function isSignature(text: string, word: Word): boolean {
  return (
    /^[\s.!]*$/.test(text.slice(word.end)) &&
    /(?:^|[\s.!?])[-~]\s*$|[\n]\s*$|(?:regards|cheers|best|sincerely|love|xo+)[,!]?\s+$/i.test(
      text.slice(0, word.start),
    ) &&
    word.start > 0
  );
}

function isSurname(words: readonly Word[], i: number): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase().replace(/'s$/, '');
  if (!word.isCapital || NEVER_NAMES.has(lower)) return false;
  return word.text.length === 1 || !isCommonWord(lower) || isAmbiguousName(lower);
}

function isJoined(text: string, a: Word, b: Word): boolean {
  return (
    /^(?:\s|\. ?|-|\s?& ?)$/.test(text.slice(a.end, b.start)) &&
    (text.slice(a.end, b.start)[0] !== '.' || a.text.length === 1)
  );
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
