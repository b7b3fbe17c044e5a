/** A secret that one text of an exchange gives away leaves all of them, also where it is repeated without the words that gave it away: "4411 does not work". */
import { isAcknowledgement } from './acknowledgement.js';
import { isOrdinary } from './name-vocabulary.js';
import type { Span } from './redaction.js';
import { isEveryday } from './written-words.js';

/** Shorter values are words of every other sentence. */
const MIN_SECRET_LENGTH = 3;
/** More of them than this are no text message, and each is looked for in every text. */
export const MAX_SECRETS = 100;

/** More words make a sentence, which the detectors can judge. */
const MAX_BARE_WORDS = 6;
/** "…, ok?" makes no question of a statement. */
const TAIL = /[\s,]+(?:ok(?:ay)?|right|thx|thanks|lol|please|pls)[?!.\s]*$/iu;
/** "The same as at the desk, kettlebell". */
const LAST_WORD = /[,:]\s+["']?(\p{Ll}[\p{L}'-]{2,30})["']?[.!]*\s*$/u;
const ANSWER = /^(?:yes|no|yep|yeah|nope|sure|ok(?:ay)?|correct|maybe)(?:[ ,]+\p{L}+)?[.!]*$/iu;

/** What is taken out wherever it is repeated; names have their own rules. */
export function listSecrets(scans: readonly { spans: readonly Span[] }[]): Span[] {
  return scans.flatMap(scan => scan.spans).filter(span => span.type !== 'name');
}

export type Context = {
  /** What may be kept of the turn. */
  text: string;
  /** Words of a turn that was nothing but a value: they leave the other texts too. */
  secrets: Span[];
};

/**
 * Of an operator's turn before, a sentence of a few words with a word of no everyday use in it ("swordfish") may answer a question
 * that is not at hand: it is not kept.
 * @param redacted the turn without what the detectors found
 */
export function keepContext(redacted: string): Context {
  const kept: string[] = [];
  const secrets: Span[] = [];
  const sentences = redacted.match(/[^.!?\n]+[.!?\n]*\s*|[.!?\n]+\s*/g) ?? [];
  for (const sentence of sentences) {
    const bare = listBareWords(sentence);
    if (bare === null) kept.push(withoutLastWord(sentence));
    else if (sentences.length === 1) secrets.push(...bare);
  }
  return { text: kept.join(''), secrets };
}

function withoutLastWord(sentence: string): string {
  const word = LAST_WORD.exec(sentence.replace(TAIL, ''))?.[1];
  return word !== undefined && isUncommon(word) ? sentence.replace(word, ' ') : sentence;
}

function isUncommon(word: string): boolean {
  const lower = word.toLowerCase();
  return !isOrdinary(lower) && !isEveryday(lower);
}

/** @returns null where the sentence says enough to be judged by itself */
function listBareWords(sentence: string): Span[] | null {
  const plain = sentence.replace(/\{\{[a-z]+\}\}/g, ' ').replace(TAIL, '');
  const words = [...plain.matchAll(/[\p{L}\p{M}\p{N}_'-]+/gu)];
  const isShort = words.length > 0 && words.length <= MAX_BARE_WORDS && !plain.includes('?');
  if (!isShort || ANSWER.test(plain.trim()) || isAcknowledgement(plain)) return null;
  const uncommon = words.filter(match => isUncommon(match[0]));
  if (uncommon.length === 0 && (words.length > 1 || sentence !== plain)) return null;
  return uncommon.map(({ index, 0: value }) => ({ start: index, end: index + value.length, type: 'code', value }));
}

/** @returns the text with the kind of each secret in its place */
export function hideSecrets(text: string, secrets: readonly Span[]): string {
  let hidden = text;
  for (const { value, type } of secrets) {
    const core = value.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
    if (core.length < MIN_SECRET_LENGTH) continue;
    const literal = core.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    hidden = hidden.replace(
      new RegExp(`\\{\\{[a-z]+\\}\\}|(?<![\\p{L}\\p{N}])[+#*]?${literal}(?![\\p{L}\\p{N}])[#*]?`, 'giu'),
      found => (found.startsWith('{{') ? found : `{{${type}}}`),
    );
  }
  return hidden;
}
