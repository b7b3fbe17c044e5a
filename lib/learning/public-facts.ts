/**
 * Tells what belongs to everyone (prices, hours, rules in numbers) from what belongs to one customer (a booked time, a sum, a
 * code). The law: whoever is unsure calls it the customer's; a slot that nothing fills is silent, a wrong fact is not.
 */
type Value = { start: number; end: number; type: string; value: string };

/** A time or a day that says when the business is open, or what comes back every week. */
const HOURS_CUE =
  /\b(?:open|opens|opening|close|closes|closed|closing|locks?|locked|(?<!\d )hours|24\/7|mon-|check-?in|check-?out)\b/i;
const RECURRING =
  /\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days|weekdays?|weekends?|(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*\.? ?(?:to|-|through|thru|till|until) ?(?:mon|tue|wed|thu|fri|sat|sun)\p{L}*|daily|every|each (?:day|week|morning|evening|night)|usually|normally|typically|generally|always|as a rule|most days|mornings|afternoons|evenings|gets? (?:pretty |very |really )?(?:busy|quiet|packed|full)|los (?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bados|domingos))(?!\p{L})/iu;
/** Said to one customer about that customer's own time. */
const BOOKED =
  /\b(?:you're (?:all |both )?(?:booked|in|down|set)|(?:i've|we've|i have|we have|is|are|been|got you) (?:now )?(?:booked|moved|held|reserved|scheduled|rescheduled|confirmed|pencilled|penciled)|booked (?:you|in|for)|moved (?:you|to)|held (?:it|you|your)|put (?:you|her|him|them)|see you|your (?:\p{L}+ )?(?:appointment|booking|reservation|session|lesson|slot|order|table|delivery|visit)|cancelled)\b/iu;
/** A sum of this customer's own; anything else with a currency is a price, which is public. */
const PERSONAL_SUM =
  /\b(?:balance|owe[sd]?|due|refund(?:ed)?|transfer\w*|sent|send\w*|paid|deposit(?:ed|ing)|charged|credited|total|account|invoice|your (?:reservation|booking|order|bill|rental))\b/i;
/** "so $58 for the two of you": a sum worked out for them, beside prices that are everyone's. */
const SUM_BEFORE = /\b(?:comes to|altogether|in total|total of|so(?: that's| it's)?)\s+$/i;
const SUM_AFTER = /^\s*(?:altogether|in total|total\b|for (?:the|all|both)(?: \w+)? of (?:you|them))/i;
/** Days that are only days of the week; "tomorrow", "next Friday" and dates are of one occasion. */
const ONE_DAY = /\b(?:tomorrow|next|this|last|coming|day after|the \d)/i;
const REGULAR_EVENT =
  /^ (?:\p{L}+ ){0,2}(?:class|classes|club|league|night|course|session|sessions|workshop|brunch|market|special)\b/iu;

const LASTING =
  'minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?|yrs?|inch(?:es)?|feet|ft|miles?|lbs?|pounds?|degrees|visits?|holes?|rounds?|passes';
const HEADS = 'kids?|children|people|persons?|guests?|players?|adults?|climbers?|items?|bags?';
const UNIT = new RegExp(
  `^(?:\\s*(?:to|-|or)\\s*\\d{1,3})?[ -]?(?:(?:business|working|calendar|free|full|extra|guest) ){0,2}(?:${LASTING})\\b`,
  'i',
);
const HEAD_COUNT = new RegExp(`^(?:\\s*(?:to|-|or)\\s*\\d{1,3})?[ -]?(?:${HEADS})\\b`, 'i');
/** "in 20 minutes", "3 days left": true now and for this customer only. */
const RUNNING_OUT =
  /\b(?:in|another|been|still|wait (?:is|of)|running|arriv\w+|eta)\s*(?:about |around |roughly |only |is )?$/i;
const FROM_NOW = /^\s*(?:away|late|left|remaining|ago|old|behind|wait|more)\b/i;
/** Words that make a rule of the number after them. */
const RULE_BEFORE =
  /\b(?:ages?|aged|sizes?|mens|men's|womens|women's|kids|bus|tram|line|route|exit|highway|hwy|up to|at least|at most|max(?:imum)?(?: of)?|min(?:imum)?(?: of)?|more than|fewer than|less than|under|over|groups? of|parties of)\s+(?:kids |mens |womens |age )?$/i;
/** The second number of a range ("ages 6 to 12"): what stands before the first. */
const RANGE_BEFORE = /\b\d{1,3}\s*(?:to|up to|-|and|or)\s*(?:kids |mens |womens )?$/i;
const RANGE_AFTER = /^\s*(?:to|-|and|or|up to)\s*(?:kids |mens |womens )?\d{1,3}\b/i;
const CLOCK_BEFORE = /\b(?:at|and|or|to|from|after|before|until|till|til|about|around|las?)\s*$/i;

/** How much of the text before a value is looked at, in characters. */
const REACH = 40;

/** @returns the fact's own words ("$35", "15 minutes"), or null where the value is one customer's */
export function findFact(text: string, span: Value): string | null {
  const sentence = sentenceAround(text, span);
  switch (span.type) {
    case 'money':
      return isPersonalSum(text, span, sentence) ? null : span.value;
    case 'time':
      return isPublicTime(sentence) ? span.value : null;
    case 'date':
      return isPublicDay(text, span, sentence) ? span.value : null;
    case 'number':
      return findRule(text, span, sentence);
    default:
      return null;
  }
}

/**
 * Whether a number that could be a rule was taken over from the conversation instead: "10 kids" after "10 kids", while the 6 of
 * "ages 6 to 12" is the rule's own although the customer's child is 6.
 */
export function isCopiedNumber(text: string, span: Value, conversation: readonly string[]): boolean {
  const after = text.slice(span.end);
  const noun = /(\p{L}{3})\p{L}*$/u.exec((UNIT.exec(after) ?? HEAD_COUNT.exec(after))?.[0] ?? '')?.[1];
  if (noun === undefined)
    return !RANGE_BEFORE.test(text.slice(Math.max(0, span.start - REACH), span.start)) && !RANGE_AFTER.test(after);
  const same = new RegExp(`(?<![\\d.])${span.value.replace(/[.%]/g, '\\$&')}(?![\\d.])[ -]?(?:\\p{L}+ )?${noun}`, 'iu');
  return conversation.some(said => same.test(said));
}

function isPersonalSum(text: string, span: Value, sentence: string): boolean {
  return (
    PERSONAL_SUM.test(sentence) ||
    SUM_BEFORE.test(text.slice(Math.max(0, span.start - REACH), span.start)) ||
    SUM_AFTER.test(text.slice(span.end))
  );
}

function isPublicTime(sentence: string): boolean {
  return (HOURS_CUE.test(sentence) || RECURRING.test(sentence)) && !BOOKED.test(sentence);
}

function isPublicDay(text: string, span: Value, sentence: string): boolean {
  if (ONE_DAY.test(span.value) || BOOKED.test(sentence)) return false;
  if (HOURS_CUE.test(sentence) || RECURRING.test(sentence)) return true;
  const isRegular = REGULAR_EVENT.test(text.slice(span.end)) && !/\d/.test(span.value);
  return isRegular && /\b(?:the|our|every|a)\s+$/i.test(text.slice(Math.max(0, span.start - REACH), span.start));
}

function findRule(text: string, span: Value, sentence: string): string | null {
  // Longer numbers identify somebody or something.
  if (!/^\d{1,3}(?:\.\d+)?%?$/.test(span.value)) return null;
  const from = Math.max(0, span.start - REACH);
  const before = text.slice(from, span.start);
  const after = text.slice(span.end);
  // Both numbers of a range ("3 to 5 days") are one fact.
  const range = RANGE_BEFORE.exec(before);
  const start = range ? from + range.index : span.start;
  const unit = UNIT.exec(after)?.[0];
  if (unit !== undefined) {
    const isPassing = RUNNING_OUT.test(text.slice(from, start)) || FROM_NOW.test(after.slice(unit.length));
    return isPassing ? null : text.slice(start, span.end) + unit;
  }
  const rule = RULE_BEFORE.exec(text.slice(from, start)) ?? RULE_BEFORE.exec(before);
  if (rule && !PERSONAL_SUM.test(sentence)) {
    const rest = RANGE_AFTER.exec(after)?.[0] ?? HEAD_COUNT.exec(after)?.[0] ?? '';
    return text.slice(from + rule.index, span.end) + rest;
  }
  if (span.value.endsWith('%')) return PERSONAL_SUM.test(sentence) || BOOKED.test(sentence) ? null : span.value;
  if (Number(span.value) <= 24 && CLOCK_BEFORE.test(before) && isPublicTime(sentence)) return span.value;
  return null;
}

function sentenceAround(text: string, span: { start: number; end: number }): string {
  const breaks = [...text.matchAll(/[.!?]\s+|\n/g)];
  const start = breaks.findLast(match => match.index + match[0].length <= span.start);
  const end = breaks.find(match => match.index >= span.end);
  return text.slice(start ? start.index + start[0].length : 0, end?.index ?? text.length);
}
