/**
 * Finds numbers however they are written: "4 4 1 1", "four 4 one-one", "44l1", "7 then 3 then 9", one digit a line. The law: what
 * only a code or a phone number looks like is one anywhere; beside words about codes every number is, unless something is counted.
 */

/** A number with what joins its parts; offsets are those of the text. */
type Run = { start: number; end: number; digits: string; parts: Part[]; isListed: boolean };
type Part = { start: number; end: number; digits: string; kind: 'figures' | 'word' | 'disguised'; isRepeated: boolean };
export type NumberSpan = { start: number; end: number; type: 'code' | 'phone' };

/** Fewer digits than this are no phone number. */
const PHONE_DIGITS = 7;
const DIGIT_SPELLINGS = {
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  niner: '9',
  cero: '0',
  uno: '1',
  dos: '2',
  tres: '3',
  cuatro: '4',
  cinco: '5',
  seis: '6',
  siete: '7',
  ocho: '8',
  nueve: '9',
};
const DIGIT_WORDS: ReadonlyMap<string, string> = new Map(Object.entries(DIGIT_SPELLINGS));

const TEENS = 'ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(' ');
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SPANISH =
  'diez doce:12 trece:13 catorce:14 quince:15 veinte:20 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90';
const LONGER_WORDS = new Map<string, string>([
  ...TEENS.map((word, i) => [word, String(10 + i)] as const),
  ...TENS.map((word, i) => [word, String(20 + 10 * i)] as const),
  ...SPANISH.split(' ').map(entry => [entry.split(':')[0]!, entry.split(':')[1] ?? '10'] as const),
]);
/** "six sixes", "double four". */
const PLURAL = /^(zero|one|two|three|four|five|seven|eight|nine)s$|^(six)es$/;
const REPEATERS = new Map([
  ['double', 2],
  ['triple', 3],
  ['treble', 3],
  ['doble', 2],
]);
const LARGE = new Map([
  ['hundred', '00'],
  ['thousand', '000'],
  ['cien', '100'],
  ['mil', '000'],
]);
/** "fourfouroneone", "four4oneone". */
const GLUED = /^(?=.*[a-z])(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|\d){2,}$/;
/** "44l1", "9O21": letters that look like digits among digits. Two hundred litres ("200l") are none. */
const LOOKS_LIKE_DIGITS = /^(?=(?:\D*\d){2})(?=.*[OolI])[\dOolI]{3,}$/;
/** "thr33", "s3v3n". */
const UNLEET = /^(?=.*[a-z])(?=.*\d)[a-z\d]{3,6}$/;
const LEET: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };
const THEN = new Set([
  'then',
  'luego',
  'después',
  'followed',
  'by',
  'next',
  'again',
  'pause',
  'wait',
  'dash',
  'hyphen',
  'slash',
  'space',
  'guion',
  'guión',
]);
const ARTICLES = new Set(['the', 'a', 'an', 'el', 'la', 'un', 'una']);
const AND = new Set(['and', 'y', 'e']);
const TOKEN = /[\p{L}\p{N}]+/gu;
/** What may stand between the parts of one number: a keycap's frame too. */
const GAP = /^(?:[\s.,_/*#()|~+\-–—…·•"'\p{Extended_Pictographic}]|\u20e3){0,8}$/u;

/** Words beside which a number is a code. */
const ABOUT_CODES =
  /\b(?:c[o0]d[e3]s?|cde|passcodes?|pass ?words?|pins?|combos?|combinations?|key ?pad|key ?box|lock ?box|padlock|press|punch|hit|dial|key in|intercom|gate|g8|gt cd|doors?|alarm|disarm|arm it|digits?|c[oó]digo|clave|candado|marque|presione|port[oó]n|puerta|combinaci[oó]n|safe|unlock|opens?|last (?:four|4|two|2)|first two|first (?:one |digit |number )?is \p{L}+,? (?:and |then )?(?:the )?(?:next|second)|ends? (?:in|with)|starts? with|(?:pound|hash|star)(?: key| sign|(?=[\s.!\p{Extended_Pictographic}]*$|\s?\d))|takes|keys? in|type|social|ssn|[uú]ltimos)(?![\p{L}\p{N}])|\bp\.? ?i\.? ?n\b|\bc[ .-]o[ .-]d[ .-]e\b|🔑|🚪/iu;
/** "It costs 35 dollars", "12 people": what is counted is no code. */
const COUNTED =
  /^\s?-?(?:%|°|"|(?:dollars?|bucks|usd|euros?|cents?|d[oó]lares|pesos|percent|am|pm|a\.m|p\.m|o'?clock|minut\w*|mins?|hours?|hrs?|horas?|days?|d[ií]as|weeks?|months?|years?|yrs?|nights?|noches|people|persons?|personas?|guests?|kids?|adults?|feet|ft|foot|inch(?:es)?|in the|miles?|lbs?|pounds? |gallons?|amps?|square|sq|spots?|spaces?|seats?|rooms?|cuartos|lugares|times?|veces|or|to|st|nd|rd|th|of (?:us|them|you)|visits?|rolls?|units?|guests?|queens?|more|blocks?|steps?|meters?|percent|stars?|lots?|bays?|cars?|doors?|floors?|bedrooms?|beds?|weekdays|business)(?!\p{L}))/iu;
/** "Bay 12", "Room 204", "since 1987": the number of a thing or a year that is everyone's. */
const NUMBERED =
  /(?:[$€£]|\b(?:bays?|units?|rooms?|tables?|spots?|spaces?|buildings?|levels?|floors?|lanes?|rows?|slips?|sites?|suite|apt|exit|route|highway|hwy|interstate|step|page|since|in|about|around|up to|over|under|only|least|until|till|before|after|from|at|lockers?|docks?|pumps?|mile marker|size|section|lot|aisle|stall|stop|bus|line|track|platform|channel|chapter|version|windows|number|las?|the|than|calle|piso|cabin|court|hole|tee|door|gate) ?#?\s?)$/iu;
/** A code that is told part by part: "starts with 44, ends with 11". */
const TOLD_IN_PARTS =
  /\b(?:press|punch|hit|push|combo|combination|combinaci[oó]n|twist|turn|digits?|middle|starts? with|begins? with|first|last|ends? (?:with|in)|presione|marque)(?!\p{L})/iu;
const IN_TIME_OR_SUM = /^(?:[:.,/]\d|x\d|['’]\d)/;
const STREET_AFTER =
  /^ (?:[NSEW]\.? )?(?:[\p{L}\d]+ ){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|highway|hwy|parkway|pkwy|terrace)\b/iu;
const DATED = /\b(?:\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}(?:\/\d{2,4})?)\b|\d{1,2}:\d{2}/g;

export function isAboutCodes(text: string): boolean {
  // What was taken out already says {{code}}, and says nothing about the rest.
  return ABOUT_CODES.test(text.includes('{{') ? text.replace(/\{\{[a-z]+\}\}/g, ' ') : text);
}

/** @param isCodeTalk the text or what it answers is about codes */
export function findSpelledNumbers(text: string, isCodeTalk: boolean): NumberSpan[] {
  // Four figures and nothing else are a blank number already: no fact, and found nowhere in the conversation.
  if (/^\D{0,3}\d{4,6}\D{0,3}$/.test(text) && !/\p{L}/u.test(text)) return [];
  const runs = listRuns(text);
  const isTold = isCodeTalk && runs.length > 1 && TOLD_IN_PARTS.test(text);
  const spans: NumberSpan[] = [];
  for (const run of runs) {
    const type = judge(run, text, isCodeTalk) ?? (isTold && isLoose(run, text) ? 'code' : null);
    if (type) spans.push({ start: run.start, end: run.end, type });
  }
  return spans;
}

function listRuns(text: string): Run[] {
  const runs: Run[] = [];
  const dates = [...text.matchAll(DATED)].map(match => [match.index, match.index + match[0].length] as const);
  let parts: Part[] = [];
  let isListed = false;
  let isAnd = false;
  let times = 1;
  let repeatStart = 0;
  let lastEnd = 0;
  let date = 0;
  const close = () => {
    if (parts.length > 0)
      runs.push({
        start: parts[0]!.start,
        end: parts.at(-1)!.end,
        digits: parts.map(part => part.digits).join(''),
        parts,
        isListed,
      });
    parts = [];
    isListed = false;
    isAnd = false;
    times = 1;
  };
  for (const match of text.matchAll(TOKEN)) {
    const word = match[0];
    const start = match.index;
    const end = start + word.length;
    while (date < dates.length && dates[date]![1] <= start) date++;
    const isDated = date < dates.length && dates[date]![0] <= start;
    const gap = text.slice(lastEnd, start);
    if (parts.length > 0 && !GAP.test(gap)) close();
    else if (parts.length > 0 && gap.includes(',')) isListed = true;
    lastEnd = end;
    const lower = word.toLowerCase();
    const part = isDated && !isDigitByDigit(dates[date]!, text) ? null : readPart(word, lower, parts.length > 0);
    const repeat = REPEATERS.get(lower);
    if (part) {
      isListed ||= isAnd && parts.length > 0;
      isAnd = false;
      parts.push({
        start: times > 1 ? repeatStart : start,
        end,
        ...part,
        digits: part.digits.repeat(times),
        isRepeated: times > 1,
      });
      times = 1;
    } else if (repeat) {
      times = repeat;
      repeatStart = start;
    } else if (parts.length > 0 && AND.has(lower)) isAnd = !/^\s+(?:then|luego)\b/i.test(text.slice(end, end + 12));
    else if (parts.length > 0 && ARTICLES.has(lower)) isAnd = true;
    else if (parts.length === 0 || !THEN.has(lower)) close();
  }
  close();
  return runs;
}

/** "4/4/1/1" begins like a date. */
function isDigitByDigit([start, end]: readonly [number, number], text: string): boolean {
  return (
    /^\d[/]\d[/]\d[/]\d(?!\d)/.test(text.slice(start, end + 8)) ||
    /\d\/\d\/$/.test(text.slice(Math.max(0, start - 4), start))
  );
}

function readPart(word: string, lower: string, isInside: boolean): Pick<Part, 'digits' | 'kind'> | null {
  if (/^\d+$/.test(word)) return { digits: word, kind: 'figures' };
  const spelled = DIGIT_WORDS.get(lower) ?? LONGER_WORDS.get(lower) ?? LARGE.get(lower);
  if (spelled !== undefined) return { digits: spelled, kind: 'word' };
  if (lower === 'oh' || (isInside && lower === 'o')) return { digits: '0', kind: 'word' };
  const plural = PLURAL.exec(lower);
  // "Six sixes": how often is not what matters.
  if (isInside && plural) return { digits: DIGIT_WORDS.get(plural[1] ?? plural[2]!)!.repeat(3), kind: 'word' };
  if (GLUED.test(lower)) return { digits: '0000', kind: 'disguised' };
  const plain = UNLEET.test(lower) ? lower.replace(/[0134578]/g, digit => LEET[digit]!) : '';
  if (DIGIT_WORDS.has(plain)) return { digits: DIGIT_WORDS.get(plain)!, kind: 'word' };
  if (LOOKS_LIKE_DIGITS.test(word) && !/^\d+l$/.test(word))
    return { digits: word.replace(/[^\d]/g, '0'), kind: 'disguised' };
  return null;
}

/** A number of its own that nothing is counted by. */
function isLoose({ start, end }: Run, text: string): boolean {
  const isOpen = !NUMBERED.test(text.slice(Math.max(0, start - 20), start)) && !COUNTED.test(text.slice(end, end + 20));
  return isOpen && !IN_TIME_OR_SUM.test(text.slice(end, end + 3));
}

function judge(run: Run, text: string, isCodeTalk: boolean): 'code' | 'phone' | null {
  const { digits, parts, start, end } = run;
  if (parts.some(part => part.kind === 'disguised') && digits.length >= 3)
    return digits.length >= PHONE_DIGITS ? 'phone' : 'code';
  const singles = parts.reduce(
    (sum, part) => sum + (part.isRepeated ? part.digits.length : Number(part.digits.length === 1)),
    0,
  );
  const words = parts.filter(part => part.kind === 'word').length;
  const after = text.slice(end, end + 20);
  if (IN_TIME_OR_SUM.test(after)) return null;
  if (!run.isListed || digits.length >= PHONE_DIGITS) {
    const isOneByOne = singles === digits.length && (singles >= 4 || (singles >= 3 && words === parts.length));
    const isThen = singles >= 3 && /\b(?:then|luego|next)\b|\n/i.test(text.slice(start, end));
    const hasLong = parts.some(part => part.digits.length >= 3);
    if (digits.length >= PHONE_DIGITS && parts.length > 1 && (hasLong || singles === digits.length)) {
      const isSum = /[$€£]\s?$/.test(text.slice(Math.max(0, start - 2), start)) || COUNTED.test(after);
      if (!isSum && (!run.isListed || words > 0)) return 'phone';
    }
    // "Fifty twenty-seven" is no number that anybody counts to.
    const tens = parts.filter(part => part.kind === 'word' && /^[2-9]0$/.test(part.digits)).length;
    if (isOneByOne || isThen || (tens > 1 && words === parts.length)) return 'code';
  }
  // "Bays 1, 2, 3 and 4" go up; a code goes up and down.
  if (run.isListed && singles >= 4 && singles === digits.length && !isRising(digits)) return 'code';
  const isWeight = COUNTED.test(after) && !/\bstar\s*$/i.test(text.slice(Math.max(0, start - 6), start));
  if (!isCodeTalk || isWeight || STREET_AFTER.test(text.slice(end, end + 60))) return null;
  const isNumbered = NUMBERED.test(text.slice(Math.max(0, start - 20), start));
  if (parts.length === 1)
    return digits.length >= 3 && !isNumbered && (parts[0]!.kind === 'figures' || parts[0]!.isRepeated) ? 'code' : null;
  return digits.length >= 3 && !(isNumbered && run.isListed) ? 'code' : null;
}

function isRising(digits: string): boolean {
  return [...digits].every((digit, i) => i === 0 || digit > digits[i - 1]!);
}
