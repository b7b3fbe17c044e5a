/**
 * Finds passwords that are words of every other sentence ("wifi password swordfish", "use waffles to get online"), by the words
 * around them, and answers to somebody who asked for a secret. The law: an answer that may be one, and cannot be told from a
 * sentence, is unsure.
 */
import { isAcknowledgement } from './acknowledgement.js';
import { isCommonWord } from './background-words.js';
import { GREETINGS, isOrdinary } from './name-vocabulary.js';
import { isEveryday } from './written-words.js';

export type ToldSpan = { start: number; end: number };
/** How an answer to "what is the wifi password?" is looked at; `word` is stricter than `code`. */
export type Asked = 'word' | 'code' | null;

const PASSWORD = `pass ?words?|passw(?:or)?d|pas+w(?:o)?rd|pass ?codes?|pass ?phrases?|pwd|pw|p/w|pss ?wrd|psw|contrase[nñ]a|clave(?! es \\p{L}+[aei]r\\b)|(?:wi-?fi|guest|network) (?:pass|key|code)`;
/** What may be said of a password without telling it. */
const NO_VALUE =
  `the a an in on at not no your my our it its this that these those to for from sent wrong right correct incorrect expired working being below above same
  still only different needed required valid invalid ready and or so if when of under located texted emailed here there changed reset updated access
  enter open get use unlock be have make see change again please pls thanks thank page policy link field box manager protected protection is are was
  were will would can could should must may has had with by before after because once until while then than but as yet anymore yesterday today
  tomorrow tonight mañana hoy ahora luego anyone anybody somebody everybody others strangers them her him now soon first later you we they i he she everyone someone nobody all any every each one both printed written posted shown listed
  taped case sensitive hasn doesn isn wasn won didn don aren hasn't doesn't isn't wasn't won't didn't don't aren't thx ty yes yep yeah nope sure sorry thing course stays remains resets happens free available working down off up out question questions hint help issue issues problem problems trouble error recovery just
  always never also too en el la los las un una por para del su está esta es de y o que llegar no`.split(/\s+/);
const NO_VALUES = new Set(NO_VALUE);
/** Closes what was said: whatever follows is no further word of the password. */
const END =
  /^["']?\s*(?:[.,;!?)\n]|$|(?:today|now|thanks|thank|enjoy|lol|please|until|till|all|no caps|if|when|to get|so|ok|okay|right|thx)\b)/i;
const VALUE = `["'“]?([^\\s"',;?(){}]{2,40})`;

/** [pattern whose first group is the secret, whether any word will do or only one that is no everyday word] */
const TOLD: readonly (readonly [RegExp, 'any' | 'uncommon'])[] = [
  [
    new RegExp(
      `(?:^|[.!?\\n]\\s*|\\b(?:the|our|el|la) )(?:(?:wi-?fi|guest|network|our|the|new) ){0,2}(?:${PASSWORD})\\s+${VALUE}`,
      'giu',
    ),
    'uncommon',
  ],
  [new RegExp(`\\b(?:${PASSWORD})\\s+(?:(?:del? |de la )?wi-?fi\\s+)?${VALUE}`, 'giu'), 'uncommon'],
  [
    new RegExp(
      `\\b(?:${PASSWORD})(?:\\s(?:for|to|of|del|de|para)(?:\\s(?!is\\b|es\\b)[\\p{L}'-]{1,20}){1,4}?)?(?:'s\\s|\\s*\\n\\s*|\\s*[:=/]\\s*|\\s(?:is|es|son|será|would be|should be|will be|(?:has |was |got |is )?(?:been )?(?:changed|set|reset|updated) to)\\s(?:now |still |just |simply )?)${VALUE}`,
      'giu',
    ),
    'any',
  ],
  [
    /\b(?:ssid|network|wi-?fi|internet)\b[^.\n]{1,40}?\b(?:key|clave|pass|pw|code)\s*(?:[:=]|\s(?:is|es))?\s+["']?([^\s"',;!?]{3,40})/giu,
    'any',
  ],
  [/\b(?:wi-?fi|ssid|network|internet)(?: is|:)\s+\S{1,40}\s*[/|]\s*([^\s"',;!?]{3,40})/giu, 'any'],
  [
    /\b(?:join|connect(?: to)?|log (?:on|in)(?: to)?|login|sign (?:on|in)(?: to)?)\b[^.\n]{0,40}?\b(?:type|using|with|enter|use)\s+["']?([^\s"',;!?.]{3,40})/giu,
    'any',
  ],
  [
    /\b(?:use|type|enter|try|type in|put(?: in)?)\s+["']?([^\s"',;!?.]{3,40})["']?\s+to (?:get on|go on|log|connect|sign|join|unlock|open|disarm)/giu,
    'any',
  ],
  [/["']?([^\s"',;!?.]{3,40})["']? as (?:the|your|a|our) (?:pass ?word|pw|code|pin)\b/giu, 'any'],
  [
    /\b(?:panic|safe|security|secret|magic|pass|duress|code)[ -]?(?:words?|answer)\b(?:[^.\n]{0,30}?\s)??\s*(?:is|:|=|es)\s*["']?([^\s"',;!?.]{2,40})/giu,
    'any',
  ],
  [
    /\b(?:answer to|(?:security|secret) question)\b[^.\n]{0,40}?(?:\b(?:is|was)\b|:)\s*["']?([^\s"',;!?.]{2,40})/giu,
    'any',
  ],
  [/\b(?:it'?s|is|use|try|type|enter|say) the words? ["']?([^\s"',;!?.]{2,40})/giu, 'any'],
  [
    /\b(?:user ?name|user|login|log ?in|usr|usuario)\s*(?:(?:is|stays|remains|will be|would be|is still)\s|:|=|\s)\s*["']?([^\s"',;!?:]{2,40})(?=[^\n]{0,40}\b(?:pass|pw|clave|contrase))/giu,
    'any',
  ],
  [/\bfollowed by (?:the numbers? )?((?=\S*\d)[^\s"',;!?.]{1,20})/giu, 'any'],
  [/\b(?:user ?name|user|login|usr|usuario)\b[^.\n]{1,40}?\b(?:pass|pw)\s*[:=]?\s+["']?([^\s"',;!?]{3,40})/giu, 'any'],
];
/** A quick look: none of the patterns above finds anything without one of these. */
const LIKELY =
  /pass|p\/?w|psw|pss|clave|contrase|wi-?fi|ssid|network|internet|join|connect|log|sign|words?\b|answer|question|user|usr|followed|to (?:get|go) on|to (?:unlock|open|disarm)|as (?:the|your|a|our) (?:code|pin)/i;
/** Ways in that are nobody's secret: "log in with Google". */
const NO_KEYS = new Set(
  `google facebook apple email e-mail phone the your our a an any it this that us me them you my one either both whatever these those code password
  pin app link card key fob account number name caution care ease`.split(/\s+/),
);
/** How far a pass phrase is followed, in characters. */
const PHRASE_REACH = 60;
const MENTIONED = new RegExp(`\\b(?:${PASSWORD})(?!\\p{L})`, 'iu');
/** Several words after "password is": a pass phrase, or a sentence about the password. */
const PHRASE = new RegExp(
  `\\b(?:${PASSWORD})\\b(?:'s| is| are|\\s*[:=]| es)\\s*["']?((?:[\\p{L}'-]{2,20}[ -]){2,5}[\\p{L}'-]{2,20})`,
  'giu',
);
/** How a password is spelled out to somebody who types it. */
const SPELLED_OUT =
  /\b(?:lower ?case|upper ?case|(?:no|all) caps|all one word|one word|no spaces?|with a space|capital \p{L}\b|cap \p{L}\b|as in|min[uú]sculas?|may[uú]sculas?|todo junto|backwards|followed by)(?!\p{L})/iu;
/** Beside words about codes or passwords: one word in quotation marks. */
const QUOTED = /(?<!\b(?:network|wi-?fi|ssid|name|red)(?: is|:)? )["“]([\p{L}\p{N}!@$_-]{3,40})["”]/giu;
/** "zebra-crossing-7". */
const HYPHENED = /(?<![\p{L}\p{N}/])\p{L}{3,20}(?:-\p{L}{3,20}){1,3}-?\d{1,6}(?![\p{L}\p{N}])/gu;
const SINGLE_LETTERS = /(?<![\p{L}\p{N}'])\p{L}(?:[ .\-–_]{1,3}\p{L}(?![\p{L}\p{N}'])){3,}/gu;
const ROMAN = /(?<![p{L}p{N}])[IVX]{1,4}(?:[ ,-]{1,2}[IVX]{1,4}){2,}(?![p{L}p{N}])/g;
/** "Thats the code": the code stands somewhere near. */
const POINTED_AT =
  /\b(?:that'?s|thats|this is|es) (?:the|your|our|el|la) (?:new |gate |door |wifi )?(?:code|password|pin|combo|clave|c[oó]digo)\b(?! of)(?!\?)/i;

const SECRET = `code|pin|combo|combination|pass ?word|pass ?code|pass ?phrase|pw|wi-?fi|internet|login|log ?in|clave|c[oó]digo|contrase[nñ]a|security word|lock ?box`;
const ASKING =
  /(?:\?|\b(?:what|whats|what's|send|tell|give|need|get|forgot|lost|know|remind|again|have|cu[aá]l|dame|darme|puedes|tienen?|como|c[oó]mo)\b)/iu;
const ASKED_FOR = new RegExp(
  `\\b(?:${SECRET}|get (?:us |me |you )?online|sign (?:in|on)|portal|connect|network)(?!\\p{L})`,
  'iu',
);
const ASKED_WORD =
  /\b(?:get (?:us |me |you )?online|sign (?:in|on)|portal|connect|network|pass ?word|pass ?phrase|pw|wi-?fi|internet|login|log ?in|contrase|security word|clave)/iu;
/** Where to find it, who sends it, or that there is none. */
const NO_ANSWER =
  /\b(?:on (?:the|your|a|our|every)|in (?:the|your|our|a|every|each)|at (?:the|our)|from (?:the|your)|behind|sent|send|sending|texted|text you|text it|emailed|email(?:ed)? (?:you|it)|no (?:code|password|pin|wifi)|don'?t|do not|doesn'?t|isn'?t|aren'?t|not|never|need(?:ed)? (?:a|one)|no need|will|would you|can you|could you|which|what|who|when|where|free|ask|see|check|look|scan|reset|call|stop by|come by|come in|minute|hold on|one moment|a sec|a second|mand\p{L}+|env[ií]\p{L}+|hace falta|recepci[oó]n|let me|we have|works?|working|down|changed|expired|members?|guests? only|employees|staff)\b/iu;
/** An answer may name a value besides: "in the lobby: swordfish". */
const NAMED_VALUE = /(?:[:=]\s*|["“])\p{L}{3,}["”]?\s*$|\b(?:it'?s|its|it is|is|es) ["']?\p{Ll}{3,}["']?\s*[.!]?$/iu;
/** "…, ok?" makes no question of a statement. */
const TAIL = /[\s,]+(?:ok(?:ay)?|right|thx|thanks|lol|please|pls)[?!.\s]*$/iu;
const NAMING = /(?:\b(?:is|be|was|es|are|still|now)|[:=-])\s+["']?([\p{L}'-]{3,30})/giu;
const NETWORK_NAME = /\b(?:network|wi-?fi|ssid|red)(?: name)?(?: is|:| called| se llama)? ["']?\S+/giu;

/** Words after "the password is …" that are part of a sentence. */
export function isNoValue(word: string): boolean {
  return NO_VALUES.has(word.toLowerCase());
}

/** @param prompt what the text answers; '' where that is unknown */
export function findAsked(prompt: string): Asked {
  if (prompt === '' || !ASKED_FOR.test(prompt) || !ASKING.test(prompt)) return null;
  return ASKED_WORD.test(prompt) ? 'word' : 'code';
}

/** Spans may overlap. */
/** @param isCodeTalk the text or what it answers is about codes */
export function findToldSecrets(text: string, isCodeTalk: boolean): ToldSpan[] {
  const spans: ToldSpan[] = [];
  const isLikely = LIKELY.test(text);
  for (const [pattern, kind] of isLikely ? TOLD : []) {
    for (const match of text.matchAll(pattern)) {
      const value = match[1]!.replace(/[.:)\]]+$/, '');
      const start =
        match.index +
        match[0].indexOf(
          match[1]!,
          match[0].length - match[1]!.length - 60 < 0 ? 0 : match[0].length - match[1]!.length - 60,
        );
      const after = text.slice(start + value.length, start + value.length + PHRASE_REACH);
      if (isValue(value, kind, after)) spans.push({ start, end: start + value.length + measurePhrase(after) });
    }
  }
  if (isCodeTalk)
    for (const match of text.matchAll(QUOTED))
      spans.push({ start: match.index + 1, end: match.index + match[0].length - 1 });
  for (const pattern of [SINGLE_LETTERS, ROMAN, HYPHENED])
    for (const match of text.matchAll(pattern)) spans.push({ start: match.index, end: match.index + match[0].length });
  return spans;
}

/** @returns a code of what cannot be decided, or null. @param hasValue a secret was found, or stands redacted in the text */
export function findUntold(text: string, asked: Asked, hasValue: boolean, spans: readonly ToldSpan[]): string | null {
  if (MENTIONED.test(text) && hasUntoldSentence(text, spans)) return 'secret_in_words';
  if (hasValue) return SPELLED_OUT.test(text) && /\b(?:as in|capital|cap) /i.test(text) ? 'spelled_out' : null;
  for (const match of text.matchAll(PHRASE)) if (isPhrase(match[1]!)) return 'secret_in_words';
  if (SPELLED_OUT.test(text)) return 'spelled_out';
  if (POINTED_AT.test(text) && !/\?/.test(text)) return 'secret_in_words';
  return asked !== null && mayAnswer(text, asked) ? 'asked_secret' : null;
}

/** "Tangerine Dream": the words that go on from a password, up to the first of the grammar's. */
function measurePhrase(after: string): number {
  let length = 0;
  for (const match of after.matchAll(/[ -]([\p{L}\p{N}'-]{2,20})/guy)) {
    if (NO_VALUES.has(match[1]!.toLowerCase()) || END.test(` ${match[1]!}`)) break;
    length = match.index + match[0].length;
  }
  return length;
}

function isValue(value: string, kind: 'any' | 'uncommon', after: string): boolean {
  const lower = value.toLowerCase();
  if (lower.length < 2 || value.startsWith('{{') || NO_VALUES.has(lower) || NO_KEYS.has(lower)) return false;
  const isPlain = /^\p{Ll}+$/u.test(value);
  if (kind === 'any' || !isPlain) return true;
  return isAlien(lower) || (!isCommonWord(lower) && END.test(after));
}

/** Of a sentence some words are the grammar's: "password is on the back of the card". */
function isPhrase(words: string): boolean {
  const all = words.toLowerCase().split(/[ -]/);
  return all.filter(word => NO_VALUES.has(word)).length <= 1;
}

/** A sentence about a password in which a word of no everyday use stands: "the password you want is tangerine". */
function hasUntoldSentence(text: string, spans: readonly ToldSpan[]): boolean {
  for (const match of text.matchAll(/[^.!?\n]+[.!?\n]?/g)) {
    const sentence = match[0].replace(TAIL, '');
    const end = match.index + sentence.length;
    const isTold = spans.some(span => span.start < end && span.end > match.index) || sentence.includes('{{');
    if (!isTold && !sentence.endsWith('?') && MENTIONED.test(sentence) && mayTell(sentence)) return true;
  }
  return false;
}

function mayTell(sentence: string): boolean {
  if (!listWordsOf(sentence).some(isAlien)) return false;
  if (!NO_ANSWER.test(sentence)) return true;
  return [...sentence.matchAll(NAMING)].some(match => isAlien(match[1]!.toLowerCase()));
}

/** No everyday word, in one or in many. */
function isAlien(word: string): boolean {
  const one = word.replace(/(?:'s|s)$/, '');
  return (
    ![word, one].some(known => known.length < 3 || NO_VALUES.has(known) || isOrdinary(known) || isEveryday(known)) &&
    !MENTIONED.test(word)
  );
}

function listWordsOf(text: string): string[] {
  return (
    text
      .replace(NETWORK_NAME, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{N}']+/gu) ?? []
  );
}

/** Looks at each sentence: "Sure thing!" does not make "swordfish" less of an answer. */
function mayAnswer(text: string, asked: Exclude<Asked, null>): boolean {
  for (const match of text.replace(TAIL, '').matchAll(/[^.!?\n]+[.!?\n]?/g)) {
    const sentence = match[0];
    const words = listWordsOf(sentence).filter(word => !NO_VALUES.has(word) && !GREETINGS.has(word));
    if (words.length === 0 || sentence.endsWith('?') || isAcknowledgement(sentence)) continue;
    if (NO_ANSWER.test(sentence) && !NAMED_VALUE.test(sentence)) continue;
    if (asked === 'word' || words.some(isAlien)) return true;
  }
  return false;
}
