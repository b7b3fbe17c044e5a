/**
 * Recognises texts that no pattern may be learned from and none may answer: opt-outs and emergencies. The law: carrier words
 * count only as the whole text ("stop" is one, "what's the stop after Main?" is not); phrases are few and literal.
 */
import { cleanText } from './normalise.js';

/** What US and Canadian carriers treat as an opt-out when it is the whole text, and the ways people spell it. */
const OPT_OUT_WORDS = new Set([
  'stop',
  'stopall',
  'stop all',
  'unsubscribe',
  'cancel',
  'end',
  'quit',
  'revoke',
  'optout',
  'opt out',
  'opt-out',
  'arret',
  'arrêt',
  'alto',
  'stop please',
  'please stop',
  'remove',
  'remove me',
  'take me off',
  'take me off please',
  'please take me off',
  'unstop',
  'start',
]);
/**
 * Off a list of texts, not off a class: "the list" alone may be a waiting list, "your list" is ours unless it says for what.
 */
const REMOVE_ME = String.raw`(?:take|remove|delete|get) (?:me|us|my name) (?:off|from|out of) (?:of )?(?:(?:your|ur|this|the|all) )*(?:(?:sms|text|texts|texting|message|messages|messaging|mailing|mail|marketing|promo|promos|promotion|promotional|contact|contacts|phone|subscriber|distribution|group|database)\b|(?:(?:your|ur|this) (?:contact |phone )?(?:lists?|system|records?|chat|thread)\b(?! for\b)))`;
const OPT_OUT_PHRASES = new RegExp(
  String.raw`\b(?:stop (?:texting|messaging|contacting|sending me|sending (?:texts|messages))|(?:do not|don't|dont|quit|never) (?:text|message|contact|texting|messaging|contacting) (?:me|us|this)|(?:take|remove|delete) my (?:phone )?(?:number|phone)\b|${REMOVE_ME}|unsubscribe me|opt me out|(?:want to|wanna|like to) (?:opt out|unsubscribe)|lose my number)\b`,
);
const EMERGENCY_PHRASES =
  /\b(?:call(?:ing|ed)? (?:9-?1-?1|999|112|an ambulance|the police|the fire)|9-1-1|911|(?:medical|real|this is an?|have an|its an|it's an) emergency(?! (?:exit|contact|number|light))|ambulance|heart attack|not breathing|can't breathe|cant breathe|unconscious|(?:is|are|there's|theres|building|place|room|house|smoke and|on) (?:a )?fire\b(?! pit| place|place| alarm test| sale| stick)|gas leak|smell(?:s|ing)? (?:gas|smoke)|has a gun|with a gun|active shooter|bleeding (?:badly|heavily|a lot)|badly hurt|seriously (?:hurt|injured)|overdose|suicid(?:e|al)|kill (?:myself|himself|herself|themselves)|being attacked|broke in|break-in|carbon monoxide|seizure|passed out|electrocuted|drowning)\b/;

export function isOptOut(text: string): boolean {
  const plain = plainText(text);
  return OPT_OUT_WORDS.has(plain) || OPT_OUT_PHRASES.test(plain);
}

export function isEmergency(text: string): boolean {
  return EMERGENCY_PHRASES.test(plainText(text));
}

function plainText(text: string): string {
  return (
    cleanText(text)
      .toLowerCase()
      // A sum ("$18,911.74") must not fall apart into a telephone number.
      .replace(/(?<=\d)[.,](?=\d)/g, '')
      .replace(/[^\p{L}\p{N}\s'-]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  );
}
