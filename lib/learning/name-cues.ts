/**
 * Finds names by what the words around say: "name is …", "Done, …!", "… here". The law: a cue alone suffices, the word need
 * stand on no list; only words that the background knows as something else are spared.
 */
import { isCamelCase, type Word } from './name-text.js';
import { isOrdinary, mayBeName } from './name-vocabulary.js';
import { isAmbiguousName, isCertainName } from './name-words.js';

/** How much of the text before a word is looked at, in characters. */
const CUE_REACH = 60;

/** The name of a thing, which may stay. */
const NAME_OF_A_THING =
  /\b(?:network|wi-?fi|ssid|user|screen|host|domain|file|brand|product|company|business|street|team|song|restaurant|hotel|salon|movie|album|dish|course|event)(?:'s)?\s*names?\b[^\n]*$/i;
const NAME_ON =
  /\bnames? (?:on|for|of|under) (?:the |your |my |this |her |his )?(?:booking|reservation|account|order|card|owner|guest|customer|person|patient|child|kid|son|daughter|instructor|coach|doctor|stylist)(?: is|\s?:)\s*$/i;
const NAME_IS = /\b(?:sur|first ?|last ?)?names?(?:'s| is| are|\s?[:=-])\s*(?:the )?$/i;
const NAME_THEN = /\b(?:sur|first |last |full |family |given )?names?\s+$/i;
const SURNAME_THEN = /\b(?:surname|last name|family name)\s+$/i;
const INTRODUCED = /\b(?:named|under|on behalf of|signed|her name|his name)\s+$/i;
/** "HDMI" is nobody. */
const ACRONYM = /^\p{Lu}{2,5}$/u;
/** "for Zorblax at 5": a booking is for somebody. */
const FOR = /\b(?:for|book|add|with)\s+$/i;
const RELATIVE =
  /\b(?:sons?|daughters?|wife|husband|partner|boyfriend|girlfriend|gf|bf|friend|brother|sister|mum|mom|dad|boss|colleague|instructor|coach|manager|twins)(?:,| is| called)?\s+$/i;
/** What only people do. */
const SPEAKS = /^ (?:said|says|told|asked|mentioned|promised|texted|emailed|spoke)\b/i;
/** "We found Lachlan's shoe", but "at Willi's". */
const BEFORE_A_PLACE =
  /\b(?:at|in|near|to|the|visit|via|by|around|a|an|texting|calling|contacting|choosing|visiting|from)\s+$/i;
const AFTER_A_PERSON =
  /^\s*(?:[,.!?)]|$|\n|(?:and|at|on|for|from|today|tomorrow|tonight|this|next|please|pls|plz|thanks)\b|&|\p{Lu}\.?(?!\p{L})|\d)/iu;
/** Courtesy at the start of a sentence that a name follows without a comma: "Done Dana!". */
const COURTESY =
  /(?:^|[.!?\n]\s*)(?:all )?(?:done|thanks|thank you|sorry|cheers|booked|bye|congrats|noted|sorted),? $/i;
/** "Thanks for your message Dana, …". */
const THANKING = /(?:^|[.!?\n-]\s*)(?:thanks|thank you|sorry|no worries|no problem)\b[^.!?,\n]{1,40} $/i;
const STREET_END =
  /\b(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|place|plaza|suite)\.?$/i;

export function isCalledByName(words: readonly Word[], i: number, text: string): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase().replace(/'s$/, '');
  if (!mayBeName(lower)) return false;
  const before = text.slice(Math.max(0, word.start - CUE_REACH), word.start);
  const after = text.slice(word.end);
  const isPlain = !isOrdinary(lower);
  const isSeen = isPlain || isAmbiguousName(lower) || isCertainName(lower);
  if (!NAME_OF_A_THING.test(before)) {
    if ((NAME_IS.test(before) || NAME_ON.test(before)) && (word.isCapital || isPlain)) return true;
    if (NAME_THEN.test(before) && word.isCapital) return isSeen;
    if (SURNAME_THEN.test(before) && isPlain) return true;
  }
  if (!word.isCapital) return false;
  if (isCamelCase(word.text)) return false;
  if (INTRODUCED.test(before)) return isSeen && !isFollowedByCapital(words, i, text);
  if (!isSeen) return false;
  if (FOR.test(before)) return isPlain && !ACRONYM.test(word.text) && AFTER_A_PERSON.test(after);
  if (COURTESY.test(before)) return !isFollowedByCapital(words, i, text);
  if (SPEAKS.test(after)) return isPlain;
  if (!word.isSentenceStart && isPlain && !BEFORE_A_PLACE.test(before)) {
    if (RELATIVE.test(before)) return true;
    if (/'s$/i.test(word.text) && /^ \p{Ll}/u.test(after)) return true;
    if (THANKING.test(before) && /^(?:[,.!\n]|$|\s+(?:\p{Extended_Pictographic}|thx|ok|for)(?!\p{L}))/u.test(after))
      return true;
  }
  return isVocative(words, i, before, after);
}

/** "…, Dana." at a clause's end, "Dana, your …" at its start, "Dana here". */
function isVocative(words: readonly Word[], i: number, before: string, after: string): boolean {
  const word = words[i]!;
  if (word.isSentenceStart)
    return word.text.length > 1 && /^(?:, (?:you|your|you're|we|we've|i've)\b|\s+here\b)/i.test(after);
  if (!/[\p{Ll}\d)'],\s$/u.test(before) || !/^\s*(?:[.!?]|$|\n|-\s|\p{Extended_Pictographic})/u.test(after))
    return false;
  const clause = before.replace(/,\s$/, '');
  const previous = words[i - 1];
  return !STREET_END.test(clause) && !(previous?.isCapital && !previous.isSentenceStart);
}

/** "name is dana whitlock": a surname in small letters, after a given name that a cue announced. */
export function isLowerCaseSurname(words: readonly Word[], first: number, i: number, text: string): boolean {
  const word = words[i]!;
  if (word.isCapital || i - first > 2 || isOrdinary(word.text.toLowerCase())) return false;
  const before = text.slice(Math.max(0, words[first]!.start - CUE_REACH), words[first]!.start);
  return !NAME_OF_A_THING.test(before) && (NAME_IS.test(before) || /\b(?:under|full name)\s+$/i.test(before));
}

function isFollowedByCapital(words: readonly Word[], i: number, text: string): boolean {
  const next = words[i + 1];
  return (
    next?.isCapital === true && text.slice(words[i]!.end, next.start) === ' ' && isOrdinary(next.text.toLowerCase())
  );
}
