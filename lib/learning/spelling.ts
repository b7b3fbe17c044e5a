/**
 * Reads a mistyped word as the known word that it differs from by one letter: lost, added, changed or swapped with its neighbour.
 * The law: a word that any example or the language knows is never changed.
 */
import { isCommonWord } from './background-words.js';
import type { Token } from './features.js';
import type { Lexicon } from './lexicon.js';
import { isEnglishWord } from './meaning.js';
import { hashText, readWord } from './words.js';

/** Shorter words have too many neighbours, longer ones are no words. */
const SHORTEST = 3;
const LONGEST = 24;

/** @returns the tokens, mistyped ones replaced; among several the word that most examples have */
export function correctSpelling(lexicon: Lexicon, tokens: readonly Token[]): Token[] {
  return tokens.map(token => {
    const { token: written, kind } = token.word;
    if (kind !== 'word' || !isSpelt(written) || lexicon.numbers.has(written)) return token;
    if (isCommonWord(written) || isEnglishWord(written)) return token;
    const meant = findMeant(lexicon, written);
    return meant === null ? token : { ...token, word: readWord(meant) };
  });
}

function findMeant(lexicon: Lexicon, written: string): string | null {
  for (; lexicon.corrected < lexicon.words.length; lexicon.corrected++) addShortened(lexicon, lexicon.corrected);
  let meant: string | null = null;
  let most = 0;
  for (const key of listShortened(written)) {
    for (const number of lexicon.byShortened.get(key) ?? []) {
      const known = lexicon.words[number]!.token;
      const uses = lexicon.uses[number]!;
      if (uses < most || (uses === most && meant !== null && known >= meant)) continue;
      if (!differsByOneLetter(written, known)) continue;
      meant = known;
      most = uses;
    }
  }
  return meant;
}

/** Makes a known word findable by what is left of it when a letter is missing (Garbe's symmetric deletes). */
export function addShortened(lexicon: Lexicon, number: number): void {
  const token = lexicon.words[number]?.token;
  if (token === undefined || !isSpelt(token)) return;
  for (const key of listShortened(token)) {
    const numbers = lexicon.byShortened.get(key);
    if (numbers) numbers.push(number);
    else lexicon.byShortened.set(key, [number]);
  }
}

export function removeShortened(lexicon: Lexicon, number: number): void {
  const token = lexicon.words[number]?.token;
  if (token === undefined || !isSpelt(token)) return;
  for (const key of listShortened(token)) {
    const rest = (lexicon.byShortened.get(key) ?? []).filter(other => other !== number);
    if (rest.length > 0) lexicon.byShortened.set(key, rest);
    else lexicon.byShortened.delete(key);
  }
}

function isSpelt(token: string): boolean {
  return token.length >= SHORTEST && token.length <= LONGEST && /^\p{L}+$/u.test(token);
}

function listShortened(token: string): Set<number> {
  const keys = new Set([hashText(token)]);
  for (let i = 0; i < token.length; i++) keys.add(hashText(token.slice(0, i) + token.slice(i + 1)));
  return keys;
}

function differsByOneLetter(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.length === restB.length) {
    const isSwapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
    return isSwapped || restA.slice(1) === restB.slice(1);
  }
  return restA.slice(1) === restB || restA === restB.slice(1);
}
