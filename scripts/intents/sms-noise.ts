// Makes a text look typed on a phone in a hurry: the words people shorten are shortened, marks are left out, and about one word
// in seven has a typo. The same text and seed give the same noise, whatever was asked before.
import { hashText } from '../../lib/learning/words.js';
import { misspell } from '../matching/misspell.js';
import { makeRandom } from './labelled.js';

/** Share of the words that get a typo; words of one letter get none. */
const TYPO_SHARE = 0.15;
/** Share of the words in the list below that are shortened: nobody shortens all of them. */
const SHORTENED_SHARE = 0.5;
/** Of the typos, those that hit the next key; the others lose, double or swap a letter, as often each. */
const WRONG_KEY_SHARE = 0.25;
/** A swap at the end of a word or of two equal letters changes nothing; then another typo is drawn. */
const ATTEMPTS = 10;

/** As people write them, whether the matcher knows the spelling or not. */
const SHORTENED: Record<string, readonly string[]> = {
  you: ['u'],
  your: ['ur'],
  are: ['r'],
  why: ['y'],
  okay: ['ok', 'k'],
  please: ['pls', 'plz'],
  thanks: ['thx', 'tnx'],
  'thank you': ['ty', 'thx'],
  tomorrow: ['tmrw', 'tmr', '2moro'],
  today: ['2day'],
  tonight: ['2nite', 'tonite'],
  to: ['2'],
  for: ['4'],
  before: ['b4'],
  great: ['gr8'],
  late: ['l8'],
  later: ['l8r'],
  because: ['bc', 'cuz'],
  about: ['abt'],
  'want to': ['wanna'],
  'going to': ['gonna'],
  'got to': ['gotta'],
  'let me': ['lemme'],
  'give me': ['gimme'],
  message: ['msg'],
  text: ['txt'],
  people: ['ppl'],
  what: ['wat', 'wut'],
  with: ['w'],
  that: ['tht'],
  have: ['hav'],
  know: ['kno'],
  'right now': ['rn'],
  number: ['nr', 'num'],
  appointment: ['appt'],
  reservation: ['rsvn', 'res'],
  minutes: ['mins'],
  hours: ['hrs'],
  week: ['wk'],
  yes: ['ya', 'yep'],
};
const SHORTENED_WORDS = new RegExp(`\\b(?:${Object.keys(SHORTENED).sort(byLength).join('|')})\\b`, 'gi');

const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** @param seed another one gives other noise of the same kind */
export function addSmsNoise(text: string, seed: number): string {
  const random = makeRandom(hashText(text) ^ Math.imul(seed, 0x9e3779b1));
  const bare = text.replace(/['\u2019]/g, '').replace(/[.!?]+(?=\s|$)/g, '');
  const short = bare.replace(SHORTENED_WORDS, words =>
    random() < SHORTENED_SHARE ? draw(SHORTENED[words.toLowerCase()]!, random) : words,
  );
  return short.replace(/\p{L}{2,}/gu, word => (random() < TYPO_SHARE ? mistype(word, random) : word));
}

function mistype(word: string, random: () => number): string {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const typed = random() < WRONG_KEY_SHARE ? hitNextKey(word, random) : misspell(word, random);
    if (typed !== word) return typed;
  }
  return word;
}

/** One letter becomes one beside it in its row of an English keyboard. */
function hitNextKey(word: string, random: () => number): string {
  const place = Math.floor(random() * word.length);
  const letter = word[place]!.toLowerCase();
  const row = KEYBOARD.find(keys => keys.includes(letter));
  if (!row) return word;
  const at = row.indexOf(letter);
  const beside = [row[at - 1], row[at + 1]].filter(key => key !== undefined);
  return word.slice(0, place) + draw(beside, random) + word.slice(place + 1);
}

function draw<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}
