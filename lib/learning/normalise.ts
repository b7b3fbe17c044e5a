/**
 * Turns a text into comparable tokens. The law: what carries no word (emoji, media, punctuation) gives no token at all,
 * so two such texts are never "the same".
 */

/** Spellings of text messages, to the word they stand for. Applied to whole tokens only. */
const SMS_SPELLINGS = {
  u: 'you',
  ur: 'your',
  r: 'are',
  y: 'why',
  k: 'ok',
  kk: 'ok',
  okay: 'ok',
  okey: 'ok',
  pls: 'please',
  plz: 'please',
  plse: 'please',
  thx: 'thanks',
  thnx: 'thanks',
  tks: 'thanks',
  tnx: 'thanks',
  thanx: 'thanks',
  ty: 'thanks',
  tysm: 'thanks',
  np: 'welcome',
  yw: 'welcome',
  tmrw: 'tomorrow',
  tmr: 'tomorrow',
  tmw: 'tomorrow',
  '2day': 'today',
  '2nite': 'tonight',
  '2morrow': 'tomorrow',
  '2moro': 'tomorrow',
  b4: 'before',
  gr8: 'great',
  l8r: 'later',
  l8: 'late',
  appt: 'appointment',
  rsvn: 'reservation',
  msg: 'message',
  txt: 'text',
  info: 'information',
  mins: 'minutes',
  min: 'minutes',
  hr: 'hour',
  hrs: 'hours',
  wk: 'week',
  bc: 'because',
  cuz: 'because',
  coz: 'because',
  abt: 'about',
  wanna: 'want',
  gonna: 'going',
  gotta: 'got',
  lemme: 'let',
  gimme: 'give',
  dont: "don't",
  cant: "can't",
  wont: "won't",
  didnt: "didn't",
  doesnt: "doesn't",
  isnt: "isn't",
  im: "i'm",
  ive: "i've",
  whats: "what's",
  wheres: "where's",
  thats: "that's",
  idk: 'know',
  nvm: 'nevermind',
  asap: 'soon',
  ya: 'yes',
  yea: 'yes',
  yeah: 'yes',
  yep: 'yes',
  yup: 'yes',
  nope: 'no',
  nah: 'no',
  addy: 'address',
  wifi: 'wifi',
  'wi-fi': 'wifi',
};
/** A map: what people write ("constructor") must not find what every object has. */
const SMS_LEXICON: ReadonlyMap<string, string> = new Map(Object.entries(SMS_SPELLINGS));

/** Contraction endings; the stem stays a word of its own. "n't" first, because "can't" ends in "t" too. */
const CONTRACTIONS: readonly (readonly [RegExp, string])[] = [
  [/^won't$/, 'will not'],
  [/^can't$/, 'can not'],
  [/^(\p{L}+)n't$/u, '$1 not'],
  [/^(\p{L}+)'m$/u, '$1 am'],
  [/^(\p{L}+)'re$/u, '$1 are'],
  [/^(\p{L}+)'ve$/u, '$1 have'],
  [/^(\p{L}+)'ll$/u, '$1 will'],
  [/^(\p{L}+)'d$/u, '$1 would'],
  [/^(what|where|when|who|how|that|there|here|it|he|she|let)'s$/, '$1 is'],
  [/^(\p{L}+)'s$/u, '$1'],
];

/** The class that every run of digits becomes: which number it was never decides what was asked. */
export const NUMBER_TOKEN = '#';

/** One token: a slot, a word with inner apostrophes or hyphens, or a sentence end. */
const TOKEN = /\{\{[a-z]+\}\}|[\p{L}\p{M}\p{N}]+(?:['-][\p{L}\p{M}\p{N}]+)*|[?]/gu;

/** Invisible and formatting characters (zero-width, bidi marks, variation selectors) that would split or fake words. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/gu;

/** NFKC, straight quotes, no invisible characters; keeps case, because the detectors read capitals. */
export function cleanText(text: string): string {
  return text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[\u2018\u2019\u02BC\u0060\u00B4]/g, "'")
    .replace(/[\u201C\u201D]/g, '"')
    .replace(/[\u2010-\u2015]/g, '-');
}

/** @returns lower-case tokens in order; empty for a text without a letter or digit ("👍", ""). "?" alone is no content. */
export function tokenize(text: string): string[] {
  const tokens: string[] = [];
  for (const match of cleanText(text).toLowerCase().matchAll(TOKEN)) expandToken(match[0], tokens);
  return tokens.some(token => token !== '?') ? tokens : [];
}

/** The normalised text as one string, for equality and trigrams. */
export function normaliseText(text: string): string {
  return tokenize(text).join(' ');
}

function expandToken(raw: string, into: string[]): void {
  if (raw.startsWith('{{') || raw === '?') {
    into.push(raw);
    return;
  }
  const word = SMS_LEXICON.get(raw) ?? raw;
  for (const [pattern, replacement] of CONTRACTIONS) {
    if (!pattern.test(word)) continue;
    into.push(...word.replace(pattern, replacement).split(' '));
    return;
  }
  for (const part of word.split('-')) {
    if (!part) continue;
    into.push(/^\p{N}+$/u.test(part) ? NUMBER_TOKEN : part);
  }
}
