// Whether the secrets could be guessed: an estimate from above, so what it calls weak is weak, and what it lets pass may
// still have been seen by somebody.
import { isCommonWord } from '../../lib/learning/background-words.js';
import { type Check, fail, pass, unknown } from './check.js';

/** The shortest that is accepted, in random hexadecimal digits, has 128 and 64 bits; chance repeats cost some of them. */
const LEAST_BITS: Record<string, number> = { ADMIN_TOKEN: 80, PRIVACY_KEY: 80, CRON_SECRET: 48 };

/** Measured on 20,000 random base64 texts each: of 32 characters none had more than 0.41 in words, of 16 none more than 0.56. */
const MOST_IN_WORDS = 0.58;
const LEAST_WORD = 3;
const LONGEST_WORD = 14;
const SECRET_WORDS = new Set([
  'admin',
  'token',
  'secret',
  'cron',
  'privacy',
  'login',
  'business',
  'server',
  'password',
]);

/** Where a repeat starts and how long it is, or which run it is. */
const REPEAT_BITS = 6;
const LEAST_REPEAT = 3;
const LEAST_RUN = 4;
const KEYBOARD_ROWS = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

const PLACEHOLDER =
  /change.?me|replace.?me|example|placeholder|password|passwort|your.(admin|token|secret|key)|secret.?here/i;

const STRENGTH = { id: 'secrets.strength', title: 'Secrets cannot be guessed' };
const DISTINCT = { id: 'secrets.distinct', title: 'Secrets differ from each other' };
const MAKE_ANOTHER = 'Make another with "openssl rand -hex 32", and set it where the system runs.';

/** @param values the secrets that are set, by name; QUO_WEBHOOK_SECRETS may hold several */
export function judgeSecrets(values: Readonly<Record<string, string | undefined>>): Check[] {
  return [judgeStrength(values), judgeDistinct(values)];
}

function judgeStrength(values: Readonly<Record<string, string | undefined>>): Check {
  const known = Object.keys(LEAST_BITS).flatMap(name => (values[name] ? [{ name, value: values[name] }] : []));
  if (known.length === 0) return unknown(STRENGTH, 'there is none here to look at');
  const faults = known.flatMap(({ name, value }) => {
    if (PLACEHOLDER.test(value)) return [`${name} is a placeholder`];
    if (shareInWords(value) > MOST_IN_WORDS) return [`${name} reads like words`];
    const bits = Math.floor(estimateBits(value));
    if (bits >= LEAST_BITS[name]!) return [];
    const isShort = value.length * Math.log2(countAlphabet(value)) < LEAST_BITS[name]!;
    return [`${name} ${isShort ? 'is short enough to be guessed' : 'repeats itself'} (about ${bits} bits)`];
  });
  if (faults.length > 0) return fail(STRENGTH, faults.join('; '), MAKE_ANOTHER);
  return pass(STRENGTH, known.map(({ name, value }) => `${name} ${describeBits(value)}`).join(', '));
}

function describeBits(value: string): string {
  return `about ${Math.floor(estimateBits(value))} bits`;
}

function judgeDistinct(values: Readonly<Record<string, string | undefined>>): Check {
  const secrets = Object.entries(values).flatMap(([name, value]) =>
    (value ?? '').split(',').flatMap(part => (part.trim() === '' ? [] : [{ name, secret: part.trim() }])),
  );
  if (secrets.length < 2) return unknown(DISTINCT, 'there are no two of them here to compare');
  const twins = secrets.flatMap(({ name, secret }, index) =>
    secrets.slice(index + 1).flatMap(other => (other.secret === secret ? [`${name} and ${other.name}`] : [])),
  );
  if (twins.length > 0) return fail(DISTINCT, `${twins.join(', ')} are the same`, MAKE_ANOTHER);
  return pass(DISTINCT, `${secrets.length} compared`);
}

/** Bits of randomness at most: repeats and runs like `1234` count for little, every other character in full. */
export function estimateBits(secret: string): number {
  const perCharacter = Math.log2(countAlphabet(secret));
  const text = secret.toLowerCase();
  let bits = 0;
  for (let at = 0; at < text.length; ) {
    const length = Math.max(repeatAt(text, at), runAt(text, at), 1);
    bits += length === 1 ? perCharacter : Math.min(REPEAT_BITS, length * perCharacter);
    at += length;
  }
  return bits;
}

/** How much of it are English words and what parts them; 0 to 1. */
export function shareInWords(secret: string): number {
  const text = secret.toLowerCase();
  let inWords = 0;
  for (let at = 0; at < text.length; ) {
    const word = wordAt(text, at);
    inWords += word;
    at += Math.max(word, 1);
  }
  return inWords / text.length;
}

function countAlphabet(secret: string): number {
  if (/^[0-9a-f]+$/.test(secret) || /^[0-9A-F]+$/.test(secret)) return /^[0-9]+$/.test(secret) ? 10 : 16;
  const classes: [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/[0-9]/, 10],
    [/[^A-Za-z0-9]/, 3],
  ];
  return classes.reduce((size, [characters, count]) => size + (characters.test(secret) ? count : 0), 0);
}

/** How many characters from here stood before already. */
function repeatAt(text: string, at: number): number {
  let length = 0;
  while (at + length < text.length && text.indexOf(text.slice(at, at + length + 1)) < at) length += 1;
  return length >= LEAST_REPEAT ? length : 0;
}

/** `aaaa`, `1234`, `dcba`, `qwert`. */
function runAt(text: string, at: number): number {
  let keys = 0;
  while (at + keys < text.length && KEYBOARD_ROWS.some(row => row.includes(text.slice(at, at + keys + 1)))) keys += 1;
  const step = text.charCodeAt(at + 1) - text.charCodeAt(at);
  let length = Math.abs(step) <= 1 ? 2 : 0;
  while (length > 0 && text.charCodeAt(at + length) - text.charCodeAt(at + length - 1) === step) length += 1;
  const longest = Math.max(keys, length);
  return longest >= LEAST_RUN ? longest : 0;
}

/** The longest word from here, with one character that parts it from the next. */
function wordAt(text: string, at: number): number {
  const letters = /^[a-z]+/.exec(text.slice(at, at + LONGEST_WORD))?.[0] ?? '';
  for (let length = letters.length; length >= LEAST_WORD; length -= 1) {
    const word = letters.slice(0, length);
    if (!isCommonWord(word) && !SECRET_WORDS.has(word)) continue;
    return length + (/^[-_ .]/.test(text.slice(at + length)) ? 1 : 0);
  }
  return 0;
}
