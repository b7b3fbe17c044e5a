/**
 * The words around people's names: titles, greetings, what makes a place of a name, and capitals that are nobody. The law:
 * these are closed lists of everyday words; a name never has to be added here to be found.
 */
import { isCommonWord } from './background-words.js';
import { isAmbiguousName, isCertainName } from './name-words.js';

export const TITLES = new Set([
  'mr',
  'mrs',
  'ms',
  'miss',
  'dr',
  'prof',
  'doctor',
  'professor',
  'mx',
  'señor',
  'señora',
  'coach',
  'nurse',
  'officer',
  'doña',
  'sr',
  'sra',
]);
export const GREETINGS = new Set([
  'hi',
  'hello',
  'hey',
  'heya',
  'dear',
  'hiya',
  'hola',
  'bonjour',
  'hallo',
  'howdy',
  'yo',
]);
export const SOFT_GREETINGS = new Set([
  'thanks',
  'thank',
  'you',
  'morning',
  'afternoon',
  'evening',
  'welcome',
  'sorry',
  'bye',
  'sure',
  'yes',
  'no',
  'ok',
  'okay',
  'great',
  'cheers',
  'congrats',
  'done',
  'perfect',
  'booked',
  'sorted',
  'noted',
  'worries',
  'problem',
  'set',
  'lovely',
  'understood',
  'absolutely',
  'course',
  'congratulations',
  'right',
  'again',
  'please',
  'nice',
  'good',
  'yep',
  'it',
]);
export const PLACE_BEFORE = new Set([
  'san',
  'santa',
  'st',
  'saint',
  'los',
  'las',
  'el',
  'la',
  'fort',
  'port',
  'lake',
  'mount',
  'north',
  'south',
  'east',
  'west',
]);
export const PLACE_AFTER =
  /^\s*(?:street|st\b|avenue|ave\b|road|rd\b|blvd|boulevard|drive|dr\b|lane|ln\b|way|court|park|square|plaza|airport|station|county|city|beach|hills?|valley|hotel|inn|suites)/i;
/** Capitalised inside a sentence without being anyone: days, months, and how operators address a group. */
export const NEVER_NAMES = new Set(
  `i monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun january february march april may june july
  august september october november december jan feb mar apr jun jul aug sep sept oct nov dec there all everyone everybody team guys
  folks sir madam maam ma'am friend friends again ok okay am pm tv usa us uk la nyc sf so let it's its i'm i'll i've i'd we we're you
  you're your the a an and or but if this that what when where which who how why can could would do does did is are was were will have
  has please thanks thank yes no not hi hello hey good great sorry sure my our their for from with at in on to of just wondering yes
  google apple android facebook instagram english spanish french italian chinese japanese mexican indian thai american korean
  vietnamese greek both ladies gents gentlemen nobody somebody anybody anyone someone member members newbie beginner parent parents
  mum mom mommy dad daddy student students christmas easter halloween thanksgiving ramadan diwali yep yay yup nope aw aww ouch yikes
  haha lol omg oops wow however meanwhile also unfortunately otherwise instead eta faq asap gift kids mens womens here welcome
  hola gracias buenos buenas bonjour merci hallo danke ciao howdy hiya heya whatsapp paypal venmo zelle wifi ipad iphone laptop`.split(
    /\s+/,
  ),
);

/** Surnames that are everyday words or stand in the background for another reason. They follow a given name, or a cue. */
const WORD_SURNAMES = new Set(
  `smith brown king white green black gray young hill price stone wood woods cook baker hall long day rice bell love moon park lake
  fish gold cash kumar raj nagar john james johns short street rivers banks waters bush field fields cross knight bishop pope
  little best good sharp small power powers wise early winter summers snow frost berry cherry bean beans lamb bird fox wolf
  hunt hunter fisher carpenter mason taylor miller turner walker driver butler farmer gardener page west north east south london
  york paris france england law rose may march washington lincoln spencer riley drew kelly lisa parker shop church poole pool`.split(
    /\s+/,
  ),
);

/** A word that people use for things: known to the background, or made of such a word ("parking", "booked"). */
export function isOrdinary(lower: string): boolean {
  if (NEVER_NAMES.has(lower) || isCommonWord(lower)) return true;
  const stem = lower.replace(/(?:ing|ings|ed|ly|er|ers)$/, '');
  return stem.length > 2 && stem !== lower && (isCommonWord(stem) || isCommonWord(`${stem}e`) || /ly$/.test(lower));
}

/** Whether a word may be part of a name where the place in the text already says that one stands there. */
export function mayBeName(lower: string): boolean {
  if (NEVER_NAMES.has(lower) && !isAmbiguousName(lower)) return false;
  return isCertainName(lower) || isAmbiguousName(lower) || WORD_SURNAMES.has(lower) || !isCommonWord(lower);
}

export function isWordSurname(lower: string): boolean {
  return WORD_SURNAMES.has(lower);
}
