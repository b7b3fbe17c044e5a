/**
 * Recognises turns that only acknowledge, greet or part ("thanks!", "you're welcome", "have a great day"). The law: a turn
 * with a content word, a digit, a slot or a bare yes or no is never one, because it may carry an answer.
 */
import { cleanText, NUMBER_TOKEN, tokenize } from './normalise.js';

/** More words than this say something, whatever the words. */
const MAX_WORDS = 25;

/** Grammar: carries no content by itself. */
const STOP_WORDS = new Set(
  `i me my you your yours we us our it its he she they them this that these those the a an and or but so to for of in on at by with from
  as is am are was be been do did does have has had will would can could should may might just very really too also again then there
  here now all any some more much one up out about s not`.split(/\s+/),
);
/** Courtesy: what people say around a message. */
const PHATIC_WORDS = new Set(
  `thanks thank thankyou thnks appreciate appreciated appreciation grateful gratitude welcome pleasure problem worries
  worry prob ok alright great good nice perfect awesome excellent wonderful fantastic amazing lovely cool sweet super
  brilliant fine terrific splendid fabulous sure got gotcha understood noted roger copy bye goodbye cya later see talk
  soon care take enjoy day night evening afternoon morning weekend week hi hello hey hiya howdy greetings hola cheers
  congrats congratulations haha lol lmao ha yay wow oh ah hmm um well glad happy helpful choosing anytime always best
  regards sincerely respectfully kindly please nevermind sorry apologies done sounds looks sound everything thing things
  anything else now lot lots bunch million ton bit much sec second moment minute hold bear hang on let know love blessed
  bless god lord dear sir madam mam maam man dude bro buddy friend mate guys team folks everyone there back right away
  safe stay kind kindness time patience big huge nope absolutely definitely certainly course indeed wish hope way ahead
  rest meal pleasant around until meet`.split(/\s+/),
);
/** Asked for they are content ("I need help"); thanked for they are not. */
const THANKED_WORDS = new Set(
  `help helping helped assist assistance assisting support service time info information using today set need all`.split(
    ' ',
  ),
);
const THANKS = /\b(?:thanks|thank|appreciate|appreciated|glad|happy|welcome|pleasure|bye|goodbye|all set)\b/;
/** A courtesy whose "no" answers nothing. */
const NO_PROBLEM = /\bno (?:problems?|prob|worries|worry)\b/gi;
/** A bare one of these answers a question. */
const ANSWER_WORDS = new Set(['yes', 'no', 'not', 'never', 'correct', 'confirmed', 'confirm', 'neither', 'both']);
/** Assent that is courtesy by itself but an answer right after the operator asked or offered something. */
const ASSENT =
  /\b(?:ok|sure|perfect|great|good|fine|cool|awesome|excellent|wonderful|alright|sounds|works|absolutely|definitely|certainly|course|please|right|lovely|nice|amazing)\b/;
const CLOSING = /\b(?:thanks|thank|appreciate|bye|goodbye|all|nevermind|set|done|later|help)\b/;

/**
 * @param previousOperatorText what the operator said before: after a question, "perfect" is an answer and not a courtesy
 */
export function isAcknowledgement(text: string, previousOperatorText = ''): boolean {
  const tokens = tokenize(text.replace(NO_PROBLEM, 'ok')).filter(token => token !== '?');
  if (tokens.length === 0 || tokens.length > MAX_WORDS || cleanText(text).includes('?')) return false;
  const normalised = tokens.join(' ');
  const isThanking = THANKS.test(normalised);
  let isYes = false;
  let isPhatic = false;
  for (const token of tokens) {
    if (token === NUMBER_TOKEN || token.startsWith('{{') || /\p{N}/u.test(token)) return false;
    if (ANSWER_WORDS.has(token)) isYes = true;
    else if (PHATIC_WORDS.has(token) || (isThanking && THANKED_WORDS.has(token))) isPhatic = true;
    else if (!STOP_WORDS.has(token)) return false;
  }
  // "No, thanks, that's all" closes; "yes please" and "no" answer.
  if (isYes) return /^(?:no|not)\b/.test(normalised) && CLOSING.test(normalised);
  if (!isPhatic) return false;
  return !(previousOperatorText.includes('?') && ASSENT.test(normalised) && !CLOSING.test(normalised));
}
