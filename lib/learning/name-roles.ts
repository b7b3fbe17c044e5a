/**
 * Finds a person by what only people do or are asked for: "ask for krzysztof", "Marisela will meet you", "your stylist is
 * Saoirse". The law: after a strong cue small letters do; after a weak one the word must be none that people write otherwise.
 */
import { isCommonWord } from './background-words.js';
import { isCamelCase, type Word } from './name-text.js';
import { isOrdinary, PLACE_AFTER } from './name-vocabulary.js';
import { isAmbiguousName, isCertainName } from './name-words.js';
import { isEveryday, isWritten as isPrinted } from './written-words.js';

const REACH = 60;
const ROLE =
  'stylist|barber|technician|tech|driver|therapist|nurse|manager|tenant|host|hostess|server|waiter|waitress|agent|rep|cook|chef|plumber|electrician|sitter|walker|guide|trainer|groomer|hygienist|dentist|doctor|caretaker|keyholder|janitor|concierge|inspector|photographer|bartender|landlord|landlady|roommate|neighbou?r|cleaner|housekeeper|mechanic|installer|teacher|tutor|coach|instructor|owner|attendant|receptionist|assistant|contact|sister|brother|husband|wife|son|daughter|mother|father|mom|mum|dad|aunt|uncle|cousin|friend|partner|boyfriend|girlfriend|boss|colleague|co-?worker|helper|supervisor|guy|girl|lady|hermana|hermano|esposo|esposa|hija|hijo|gerente|t[eé]cnico|due[nñ]o';
/** A name must follow, in whatever spelling. */
const STRONG = new RegExp(
  `(?:\\b(?:ask(?:ing)? for|asked for|speak (?:to|with)|spoke (?:to|with)|talk(?:ed)? (?:to|with)|under the name(?: of)?|goes by|say (?:hi|hello) to|call (?:me|him|her)|his name(?:'s| is)|her name(?:'s| is)|name[ds]?\\?|se llama|me llamo|soy|pregunt(?:e|ar|a|en) por|hable con|habla con|le atiende|atiende|do[nñ]a|nurse|officer|sr|sra|(?:your|our|my|his|her|their|the|su|tu) (?:\\p{L}+ )?(?:${ROLE})(?: is called| is named| called| named|'s name is))|(?<!\\p{L})спросите)[.:]?\\s+(?:\\p{Lu}\\. )?$`,
  'iu',
);
/** A name may follow: with a capital, or in small letters where nobody writes the word otherwise. */
const WEAK = new RegExp(
  `\\b(?:this is|i'm|im|i am|it's|its|thx|thanks|thank you|ty|hey|hi|hello|hola|sorry|ask|with|see|tell|text|call|find|meet|done|ok|okay|problem|worries|that would be|that'd be|thatd be|it'd be|tell|con|(?:your|our|my|his|her|their) (?:\\p{L}+ )?(?:${ROLE})(?: is|'s|,|:)?|under (?:\\p{Lu}\\.)?)\\s+$`,
  'iu',
);
const OF_A_PERSON = new RegExp(
  `\\b(?:your|our|my|his|her|their|the|su|tu) (?:\\p{L}+ )?(?:${ROLE})(?: is|'s|,|:)?\\s+$`,
  'iu',
);
const OF_KIN =
  /\b(?:your|our|my|his|her|their|su|tu) (?:sister|brother|husband|wife|son|daughter|mother|father|mom|mum|dad|aunt|uncle|cousin|friend|partner|boyfriend|girlfriend|boss|tenant|landlord|roommate|neighbou?r|hermana|hermano|esposo|esposa|hija|hijo)(?: is|'s|,|:)?\s+$/iu;
const UNDER = /\bunder (?:\p{Lu}\. )?$/u;
/** What only people do. */
const ACTS =
  /^(?: \p{Lu}\p{Ll}+)?,? (?:(?:will|'ll|can|could|is going to|is gonna|would|should) (?:\p{L}+ )?(?:meet|help|call|text|greet|assist|show|take care|check|let you|be with|be there|be here|be waiting|be in|be out|be back|be in touch|be right|come|bring|pick|drop|open|unlock|drive|get back|reach|handle|see you|have your|fix|walk)|(?:has|have|had) (?:your|the|my|our|her|his) keys?|(?:has|have|had) your|said|says|told|asked|mentioned|promised|texted|emailed|spoke|signed|picked (?:it|them|you)|left (?:it|you|a|the|his|her)|is (?:our|your|my) (?:\p{L}+ )?(?:new )?(?:cook|chef|manager|driver|stylist|owner|tech|technician|guy|instructor|coach|mechanic|groomer|therapist|nurse|agent|rep|server|host|guide|trainer|barber)|is (?:in|off|out|back|away|here|running|on (?:vacation|leave|her|his|duty|shift))\b(?! (?:the|a|an|stock|our|your|order|service|progress|place|touch|use|effect|season|store)\b| \p{Lu})|lo espera|la espera|le va a|lo va a)(?!\p{L})/u;
/** "Adaobi's class", where a place would have a door. */
const THEIRS =
  /^ (?:class|shift|chair|desk|phone|cell|number|schedule|session|spot|slot|appointment|name|house|car|locker|dog|cat|kids?|table|booking|order|package|bag|mom|mum|dad|wife|husband)\b/;
const GIVEN_TO = /\b(?:give|gave|hand|handed|leave|left|return|bring|show)\b[^.\n]{0,25} (?:to|with)\s+$/i;
/** What a person did or was: "Ifeoma walked him", "Olamide and Siddharth are on shift". */
const DID =
  /^(?: \p{Lu}\p{Ll}+)? (?:(?!located|rated|called|based|priced|included|closed|opened|used|needed|named|situated|booked|added|limited)\p{Ll}{2,}ed|called (?:in|back|out|you|us)|took|gave|fed|made|did|went|came|saw|got|brought|found|knows|lives|works|says|comes|wants|keeps|owns|runs|starts|leaves|drives|has been told|or (?:his|her|my)|and \p{Lu}\p{Ll}+)(?![\p{L}])/u;
const GROUPS = new Set(
  `staff maintenance security housekeeping reception management valet valets towing dispatch concierge accounting billing sales support assistance
  directions refunds refund receipt receipts somebody someone anybody anyone everyone nobody management manager managers owner owners supervisor
  driver drivers technician technicians tech techs attendant attendants receptionist operator crew movers plumber electrician mechanic cashier
  bartender hostess waiter waitress server servers greeter lifeguard landlord tenant neighbor neighbour guard guards janitor cleaner cleaners
  housekeeper bellhop porter doorman runner courier fedex ups usps dhl doordash ubereats grubhub whoever y'all yall fellas ladies bro dude
  buddy sis hun hon babe sweetie dear boss chief pal mate lads gang peeps sooo soo thx ty pls plz asap alright alrite unisex underweight overweight so-so alrighty okie okey oki kk tysm btw fyi lmk hiya there swamped stuck
  bummed slammed excited stoked aware afraid unable closed-up kinda sorta gonna tryna finna lemme gotta dunno oops yikes hahaha haha lol lmao
  recepción recepcion oficina gerente gerencia nosotros usted ustedes todos alguien nadie entrada casa aquí aqui allí alli bien gracias`.split(
    /\s+/,
  ),
);
/** Endings of words that no name has. */
const ENDING = /(?:ing|tion|sion|ment|ness|less|ful|able|ible|ous|ish|ance|ence|ology|ship|wise|ward|ist|ism)$/;

/** Whether people write the word in small letters too. */
function isWritten(lower: string): boolean {
  return isPrinted(lower) && !isCertainName(lower) && !isAmbiguousName(lower);
}

export function isKnownAsPerson(words: readonly Word[], i: number, text: string): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase().replace(/'s$/, '');
  if (lower.length < 2 || isOrdinary(lower) || GROUPS.has(lower) || isCamelCase(word.text)) return false;
  if (isEveryday(lower) && (!word.isCapital || word.isSentenceStart) && !isCertainName(lower)) return false;
  const isUncased = lower === word.text.toUpperCase();
  const before = text.slice(Math.max(0, word.start - REACH), word.start);
  const after = text.slice(word.end, word.end + REACH);
  if (STRONG.test(before)) return !ENDING.test(lower) && !PLACE_AFTER.test(after);
  if (word.isCapital ? OF_A_PERSON.test(before) : OF_KIN.test(before) && !isWritten(lower)) return !ENDING.test(lower);
  if (word.isCapital && UNDER.test(before)) return !followsCapital(words, i, text);
  if (BUSINESS_AFTER.test(after)) return false;
  if (ACTS.test(after))
    return (
      isUncased || (word.isCapital ? !ENDING.test(lower) && !isPlural(lower) : !isWritten(lower) && !ENDING.test(lower))
    );
  if (word.isCapital && /'s$/.test(word.text) && THEIRS.test(after)) return !isWritten(lower);
  if (word.isCapital && GIVEN_TO.test(before)) return isNobodysWord(word, lower) && !followsCapital(words, i, text);
  if (word.isCapital && isNobodysWord(word, lower) && !isThing(words, i, text, before, after))
    if (DID.test(after) || !word.isSentenceStart || /'s$/.test(word.text)) return true;
  if (/^ (?:from the|from our|de la|del)\b.{0,30}\bhere\b/.test(after) && !isWritten(lower) && !ENDING.test(lower))
    return true;
  if (!word.isCapital && WEAK.test(before))
    return isClauseEnd(after) && !isWritten(lower) && !ENDING.test(lower) && lower.length > 2;
  if (word.isCapital && !word.isSentenceStart && /\b(?:ask|with) $/i.test(before))
    return (
      !isWritten(lower) &&
      !/\p{Lu}\p{Lu}/u.test(word.text) &&
      !followsCapital(words, i, text) &&
      !BUSINESS_AFTER.test(after) &&
      !/^ in \p{Lu}/u.test(after)
    );
  // A capital means something inside a sentence of a script that has them and is not ours.
  return word.isCapital && !word.isSentenceStart && /^[\p{Script=Cyrillic}\p{Script=Greek}]+$/u.test(word.text);
}

/** Up to two more names, then nothing but courtesy. */
const ENDS_LINE =
  /^(?:[ -]\p{Lu}[\p{L}'-]+){0,2}(?:[\s.!]|\p{Extended_Pictographic}|\s(?:thx|thanks|ok|x+)(?!\p{L}))*$/u;

/** "See you soon! Fenella", "Best, Fenella Ashdown-Pryce": a name that ends the text by itself. */
export function isSignedName(words: readonly Word[], i: number, text: string): boolean {
  const word = words[i]!;
  const lower = word.text.toLowerCase();
  if (!word.isCapital || word.start === 0 || isOrdinary(lower) || ENDING.test(lower)) return false;
  const rest = text.slice(word.end, word.end + 60).split(/[\n.!?]/, 1)[0]!;
  if (!ENDS_LINE.test(rest)) return false;
  const before = text.slice(Math.max(0, word.start - 30), word.start);
  if (
    /\b(?:regards|cheers|best|sincerely|love|thanks|thx|yours|xo+|saludos|soon|later|take care)[,!.]?\s+$/i.test(before)
  )
    return true;
  if (/(?:^|[\s.!?])[-~]\s*$/.test(before)) return true;
  return /[.!?]\s+$/.test(before) && !/^[ -]\p{Lu}/u.test(rest) && (!isWritten(lower) || isCertainName(lower));
}

/** "Toyota Camry": a word right after a capital of things. */
function isBrandPair(previous: Word | undefined, word: Word, text: string): boolean {
  return (
    previous?.isCapital === true &&
    /^[ -]$/.test(text.slice(previous.end, word.start)) &&
    !BEFORE_A_NAME.test(previous.text) &&
    !isCertainName(previous.text)
  );
}

const BEFORE_A_NAME =
  /^(?:thank|welcome|text|ask|tell|call|see|meet|find|hi|hey|hello|thanks|sorry|ok|okay|done|with)$/i;
const BUSINESS_AFTER =
  /^(?:'s)?(?: \p{Lu}[\p{L}'&]*){0,3} (?:Salon|Barber|Shop|Store|Grill|Bistro|Cafe|Café|Restaurant|Kitchen|Bar|Studio|Spa|Clinic|Dental|Center|Centre|Terminal|Airport|International|Transit|Station|Theater|Theatre|Hall|Arena|Stadium|Gym|Club|House|Inn|Hotel|Motel|Resort|Market|Mall|Blvd|Hwy|Pkwy|Road|Bank|Insurance|Motors|Auto|Tire|Pizza|Bakery|Brewery|Tavern|Pub|Deli|Inc|LLC|Co)\b/u;

/** A word with a capital that people write nowhere else is a name before it is anything else. */
function isNobodysWord(word: Word, lower: string): boolean {
  if (
    isWritten(lower) ||
    lower.length < 3 ||
    /\p{Lu}\p{Lu}|'(?:ve|ll|re|d|s|t|m)$/u.test(word.text) ||
    ENDING.test(lower)
  )
    return false;
  const stem = lower.replace(/(?:ly|ed|e?rs?|est|s)$/, '');
  return stem === lower || !(isPrinted(stem) || isPrinted(`${stem}e`) || isPrinted(stem.slice(0, -1)));
}

/** "the Margherita", "in Fremont", "Juniper Street", "B K's Bistro": a thing, a place, a business. */
function isThing(words: readonly Word[], i: number, text: string, before: string, after: string): boolean {
  const next = words[i + 1];
  const previous = words[i - 1];
  const isJoinedTo = (other: Word | undefined) => other?.isCapital === true && isOrdinary(other.text.toLowerCase());
  return (
    /\b(?:at|in|near|to|the|visit|via|by|around|a|an|on|off|of|for|our|your|this|that|any|have|carry|sell|serve|use|and|or|like|some|is)\s+$|\d\s$/i.test(
      before,
    ) ||
    PLACE_AFTER.test(after) ||
    isBrandPair(previous, words[i]!, text) ||
    (isJoinedTo(next) && /^ /.test(after)) ||
    BUSINESS_AFTER.test(after) ||
    (isJoinedTo(previous) && !previous!.isSentenceStart && !BEFORE_A_NAME.test(previous!.text))
  );
}

function isClauseEnd(after: string): boolean {
  return /^(?:\s*[,.!?)\n]|\s*$|\s+(?:from|here|yes|yeah|no|we|i|btw|and|again|see|got|sounds|lol|please|pls|thx|thanks|ok)\b|\s*\p{Extended_Pictographic})/iu.test(
    after,
  );
}

function isPlural(lower: string): boolean {
  return /[^s]s$/.test(lower) && isCommonWord(lower.slice(0, -1));
}

function followsCapital(words: readonly Word[], i: number, text: string): boolean {
  const next = words[i + 1];
  return (
    next?.isCapital === true && text.slice(words[i]!.end, next.start) === ' ' && isOrdinary(next.text.toLowerCase())
  );
}
