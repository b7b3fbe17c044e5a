/**
 * Collects the names of one exchange from all of its texts. The law: a name that any text gives away is a name in every one
 * of them, so what the customer signs with is taken out of the operator's answer too.
 */
import { collectWords, isCamelCase, listWords, type Word } from './name-text.js';
import { isOrdinary, mayBeName, NEVER_NAMES, PLACE_AFTER } from './name-vocabulary.js';
import { isAmbiguousName, isCertainName } from './name-words.js';
import { listNameWords } from './names.js';
import { isEveryday } from './written-words.js';

export type ExchangeTexts = { customer: string; previous: string; reply: string };

const ASKS_FOR_NAME =
  /\b(?:your|full|first|last|what|which|whose|sur)\s*names?\b(?! of the)|\bname\b[^.!?\n]{0,30}\bunder\b|\bnames?\b(?! of)[^.!?\n]{0,40}\?|\bwho (?:is|am i|should|shall|was|will)\b|\bwho's\b/i;
const ASKS_WHO =
  /\bwho(?:'s|se|m)?\b|\bwhich (?:\p{L}+ )?(?:instructor|stylist|doctor|vet|driver|trainer|coach|person)\b|\b(?:what|whats|what's) (?:is )?(?:your|his|her|the [\p{L}']+) name\b|\bqui[eé]n\b/iu;
const LEAD_IN =
  /^(?:(?:hi|hey|hello|sure|yes|ok|asap|oh|it's|its|it is|this is|i'm|im|my name is|the name is|name is|name|under|for|that's)\b[\s,.:!-]*)+/i;
/** A word before a capital that makes a place of it. */
const BEFORE_A_PLACE = /\b(?:at|in|near|to|from|the|on|of|visit|via|by|around|a|an)\s+$/i;

/** So many capitals in a row are a title or a business. */
const MAX_RUN = 4;
const ACRONYM = /^\p{Lu}{2,3}$/u;
const BEFORE_A_THING =
  /\b(?:a|an|the|some|any|my|your|our|his|her|their|this|that|these|another|every|each|nice|good|best|new|free)\s+$/i;

/** @returns lower-case words */
export function collectNames(texts: ExchangeTexts): Set<string> {
  const names = new Set([texts.customer, texts.previous, texts.reply].flatMap(listNameWords));
  const isAsked = ASKS_FOR_NAME.test(texts.previous);
  for (const line of texts.customer.split('\n')) for (const word of listSoleName(line, isAsked)) names.add(word);
  if (ASKS_WHO.test(texts.previous)) for (const word of listAnswered(texts.customer)) names.add(word);
  if (ASKS_WHO.test(texts.customer)) for (const word of listAnswered(texts.reply)) names.add(word);
  for (const word of listShared(texts.customer, texts.reply)) names.add(word);
  return names;
}

/** Capitals in the answer to "who is it?" that are no word of a business. */
function listAnswered(answer: string): string[] {
  const words = collectWords(answer);
  return words
    .filter((word, i) => {
      const lower = word.text.toLowerCase().replace(/'s$/, '');
      const isUnknown = mayBeName(lower) && !isOrdinary(lower) && (!isEveryday(lower) || isCertainName(lower));
      return (
        word.isCapital &&
        lower.length > 1 &&
        isUnknown &&
        !ACRONYM.test(word.text) &&
        !isPlaceOrBusiness(words, i, answer)
      );
    })
    .map(word => word.text.toLowerCase().replace(/'s$/, ''));
}

/** "Gareth Oyelaran" on a line of its own; any spelling and a single word too where the operator has just asked for it. */
function listSoleName(line: string, isAsked: boolean): string[] {
  const bare = (isAsked ? line.trim().replace(LEAD_IN, '') : line).replace(/\{\{[^}]*\}\}/g, ' ').trim();
  if (/\p{N}|\?/u.test(bare)) return [];
  const words = collectWords(bare).filter(word => !/^(?:and|de|da|la|van|von|bin|al)$/i.test(word.text));
  if (words.length === 0 || words.length > (isAsked ? 4 : 3) || (!isAsked && words.length < 2)) return [];
  if (!/^[\p{L}\p{M}\s.,'&!-]+$/u.test(bare.replace(/[\p{Extended_Pictographic}\u200d]/gu, ''))) return [];
  if (!isAsked && !words.every(word => word.isCapital)) return [];
  const lowers = words.map(word => word.text.toLowerCase());
  if (!lowers.every(mayBeName) || PLACE_AFTER.test(lowers.at(-1)!)) return [];
  const isTelling = lowers.some(lower => isCertainName(lower) || isAmbiguousName(lower) || !isOrdinary(lower));
  return isTelling ? listWords(bare.toLowerCase()).filter(word => word.length > 1 && !NEVER_NAMES.has(word)) : [];
}

/**
 * Words that both sides write, with a capital where a capital means something, and that are no ordinary word, place or
 * business. Small letters on the other side do not save a name; of an operator's only where that operator uses no capitals.
 */
function listShared(customer: string, reply: string): string[] {
  const theirs = listPersonLike(customer);
  const ours = listPersonLike(reply);
  const spoken = new Set(listWords(customer.toLowerCase()));
  const answered = new Set(/\p{Lu}/u.test(reply.replace(/\bI\b/g, '')) ? [] : listWords(reply));
  const shared = [
    ...[...ours].filter(([lower, isInside]) => (isInside ? spoken.has(lower) : theirs.get(lower) === true)),
    ...[...theirs].filter(([lower, isInside]) => isInside && answered.has(lower)),
  ].map(([lower]) => lower);
  const things = new Set([...listThings(customer), ...listThings(reply)]);
  return shared.filter(lower => !things.has(lower));
}

/** "a salon" on either side makes a thing of "Salon": names take no article. */
function listThings(text: string): string[] {
  return collectWords(text)
    .filter(word => BEFORE_A_THING.test(text.slice(Math.max(0, word.start - 20), word.start)))
    .map(word => word.text.toLowerCase());
}

/** Lower-case word to whether it stands inside a sentence somewhere, where a capital means something. */
function listPersonLike(text: string): Map<string, boolean> {
  const found = new Map<string, boolean>();
  const spoiled = new Set<string>();
  if (!/\p{Ll}/u.test(text)) return found;
  const words = collectWords(text);
  words.forEach((word, i) => {
    const lower = word.text.toLowerCase().replace(/'s$/, '');
    if (!word.isCapital || lower.length < 2 || isOrdinary(lower) || ACRONYM.test(word.text)) return;
    if (isPlaceOrBusiness(words, i, text)) spoiled.add(lower);
    else found.set(lower, (found.get(lower) ?? false) || !word.isSentenceStart);
  });
  for (const lower of spoiled) found.delete(lower);
  return found;
}

function isPlaceOrBusiness(words: readonly Word[], i: number, text: string): boolean {
  const isNext = (a: Word | undefined, b: Word | undefined) =>
    a?.isCapital === true && b?.isCapital === true && /^[ -]$/.test(text.slice(a.end, b.start));
  let first = i;
  while (i - first < MAX_RUN && isNext(words[first - 1], words[first])) first--;
  let last = i;
  while (last - i < MAX_RUN && isNext(words[last], words[last + 1])) last++;
  const run = words.slice(first, last + 1);
  const start = words[first]!.start;
  return (
    isCamelCase(words[i]!.text) ||
    BEFORE_A_PLACE.test(text.slice(Math.max(0, start - 20), start)) ||
    PLACE_AFTER.test(text.slice(words[i]!.end)) ||
    (run.length > 1 && run.some(word => !word.isSentenceStart && !mayBeName(word.text.toLowerCase()))) ||
    run.length >= MAX_RUN
  );
}
