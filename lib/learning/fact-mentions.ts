/**
 * Finds the facts that a template or a templated reply states (prices, hours, percentages, durations, rules in numbers), each with
 * the words around it. The law: what stands in a templated text and is no slot is public, so whatever value is still there is a fact.
 */
import { tokenize } from './normalise.js';
import { findFact } from './public-facts.js';
import { findValues, templateReply, type ValueSpan } from './slots.js';

export type FactMention = {
  /** "money", "time", "percent", "duration", or a rule with its own words ("up to # guests"): only one kind is ever compared. */
  kind: string;
  /** The value alone, the same for every spelling: "$35" and "35 dollars", "2 days" and "48 hours". */
  key: string;
  /** As it is written. */
  words: string;
  /** What the value is about: the words of its own clause that carry meaning, on both sides. */
  about: string[];
  /** The tokens right before and right after it, empty at the clause's end: tell "9" from "5" in "open 9 to 5". */
  before: string;
  after: string;
  /** Words of its sentence that hold for some customers or some days only: "students", "Saturday", "today". */
  limits: string[];
};

/** As many as a stored reply's facts; a text with more is a list that nobody keeps in step. */
const MOST_MENTIONS = 20;
/** How many words of meaning count on either side of a value. */
const NEAR_WORDS = 4;
/** How far before a value it is said that it no longer holds, in characters. */
const REACH = 40;
const MASK = '{{fact}}';
const SENTENCE_END = /[.!?]\s+|\n/;
const CLAUSE_END = /[,;()]|\b(?:and|but|or|so|plus|including|includes?)\b/i;
/** Words that say nothing about what has the price: grammar, verbs of costing, and what one says around something new. */
const SAYS_NOTHING = new Set(
  `a about actually all an any anymore are as at available be been by can charge charged charges cost costs could current currently
  did do does down each everything flat for from get goes had has have he here hi hello i in is it just me my new not now of on
  only our price priced prices rate rates right run runs she sir still sure than that the their them then there these they this
  those to total under up us was we well were which will with would yeah yes you your`.split(/\s+/),
);
const LIMIT =
  /^(?:adult|child|children|famil|girl|boy|guest|kid|infant|junior|member|military|non|resident|senior|student|teen|toddler|veteran|youth|weekday|weekend|mon|tue|wed|thu|fri|sat|sun|today|tonight|tomorrow|holiday|christmas|thanksgiving|easter|summer|winter|discount|sale|special|promo|half|coupon)/;
/** Today's exception holds for the whole sentence, wherever it is said. */
const DAY_OF_NOW = /^to(?:day|night|morrow)$/;
/** "It was $39.95", "down from $39.95": said of what no longer holds. */
const FORMER =
  /\b(?:was|were|used to (?:be|cost|close|open)|instead of|rather than|not|no longer|isn't|(?:up|down|went|changed|raised|lowered) from|previously|formerly)\s+(?:at |about )?$/i;

const MINUTES: Record<string, number> = {
  min: 1,
  hour: 60,
  hr: 60,
  day: 1440,
  week: 10_080,
  month: 43_200,
  year: 525_600,
  yr: 525_600,
};
const DURATION = /(min|hour|hr|day|week|month|year|yr)[a-z]*$/i;
const HOURS = ['twelve', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven'];

/** A template's facts in words, also after an edit: prices, hours, rules, addresses, the business's own links. */
export function listFacts(template: string): string[] {
  return templateReply(template, [], []).facts;
}

/** @param text templated; dates are left out, because another date is another occasion and no change */
export function findMentions(text: string): FactMention[] {
  if (!/\d|noon|midnight|o'?clock/i.test(text)) return [];
  const found = new Map<number, { start: number; end: number; kind: string; key: string }>();
  for (const span of findValues(text, [])) {
    if (span.type !== 'money' && span.type !== 'time' && span.type !== 'number') continue;
    const mention = { ...extend(text, span), ...classify(text, span) };
    found.set(mention.start, mention);
  }
  const all = [...found.values()]
    .sort((a, b) => a.start - b.start)
    .filter(({ start }, i, sorted) => i === 0 || start >= sorted[i - 1]!.end)
    .slice(0, MOST_MENTIONS);
  const places = readPlaces(text, all);
  return all.flatMap(({ start, end, kind, key }, i) => {
    const place = places[i];
    if (!place || FORMER.test(text.slice(Math.max(0, start - REACH), start))) return [];
    return [{ kind, key, words: text.slice(start, end), ...place }];
  });
}

/** Both numbers of a range and the unit are one fact. */
function extend(text: string, span: ValueSpan): { start: number; end: number } {
  const fact = span.type === 'number' ? findFact(text, span) : null;
  const start = fact === null ? -1 : text.lastIndexOf(fact, span.start);
  return start >= 0 && start + fact!.length >= span.end ? { start, end: start + fact!.length } : span;
}

function classify(text: string, span: ValueSpan): { kind: string; key: string } {
  if (span.type === 'money') return { kind: 'money', key: readMoney(span.value) };
  if (span.type === 'time') return { kind: 'time', key: readClock(span.value) };
  if (span.value.endsWith('%')) return { kind: 'percent', key: span.value };
  const fact = findFact(text, span) ?? '';
  // A bare number that is public by itself is an hour: "open 9 to 5".
  if (fact === span.value) return { kind: 'time', key: readClock(span.value) };
  const words = fact || span.value;
  const numbers = words.match(/\d+(?:\.\d+)?/g) ?? [];
  const unit = DURATION.exec(fact)?.[1]?.toLowerCase();
  if (unit !== undefined)
    return { kind: 'duration', key: numbers.map(number => Number(number) * MINUTES[unit]!).join('-') };
  return { kind: words.toLowerCase().replace(/\d+(?:\.\d+)?/g, '#'), key: numbers.join('-') };
}

function readMoney(value: string): string {
  const amount = Number(/\d[\d,]*(?:\.\d+)?/.exec(value)![0].replaceAll(',', ''));
  if (/k$/i.test(value)) return String(amount * 1000);
  return String(/cents?$/i.test(value) ? amount / 100 : amount);
}

/** Minutes on a twelve-hour clock: people leave "am" and "pm" out, and no business moves its hours by exactly twelve. */
function readClock(value: string): string {
  const text = value
    .toLowerCase()
    .replace(/noon|midnight/, '12')
    .replace(new RegExp(`\\b(?:${HOURS.join('|')})\\b`), word => String(HOURS.indexOf(word)))
    .replace(/ thirty/, ':30')
    .replace(/ fifteen/, ':15')
    .replace(/ forty-?five/, ':45');
  const [, hour = '0', minute = '0'] = /(\d{1,2})(?:[:.](\d{2}))?/.exec(text) ?? [];
  const fraction = /half/.test(text) ? 30 : /quarter/.test(text) ? 15 : 0;
  const minutes = Number(hour) * 60 + Number(minute) + (/ to /.test(text) ? -fraction : fraction);
  return String((minutes + 720) % 720);
}

type Place = Pick<FactMention, 'about' | 'before' | 'after' | 'limits'>;

/** What stands around each of the spans, in their order; the text is read once for all. */
function readPlaces(text: string, spans: readonly { start: number; end: number }[]): Place[] {
  return mask(text, spans)
    .split(SENTENCE_END)
    .flatMap(sentence => {
      const clauses = sentence.split(CLAUSE_END).map(tokenize);
      const days = clauses.flat().filter(word => DAY_OF_NOW.test(word));
      return clauses.flatMap((clause, c) =>
        [...clause.keys()]
          .filter(at => clause[at] === MASK)
          .map(at => {
            const own = clause.slice(0, at);
            // "Sundays, 9am": a comma with nothing between it and the value ends no clause.
            const near = own.length > 0 ? own : (clauses.slice(0, c).findLast(tokens => tokens.length > 0) ?? []);
            return readPlace(near, clause.slice(at + 1), days);
          }),
      );
    });
}

function readPlace(near: readonly string[], far: readonly string[], days: readonly string[]): Place {
  return {
    about: [...near.filter(hasMeaning).slice(-NEAR_WORDS), ...far.filter(hasMeaning).slice(0, NEAR_WORDS)],
    before: near.at(-1) ?? '',
    after: far[0] ?? '',
    limits: [...[...near, ...far].filter(word => LIMIT.test(word)), ...days],
  };
}

function mask(text: string, spans: readonly { start: number; end: number }[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of spans) {
    masked += `${text.slice(at, start)} ${MASK} `;
    at = end;
  }
  return masked + text.slice(at);
}

function hasMeaning(token: string): boolean {
  return /^\p{L}/u.test(token) && !SAYS_NOTHING.has(token);
}
