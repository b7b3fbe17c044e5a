/**
 * Finds what leads to one person or belongs to one: disguised e-mails, extensions, plates, references, birthdays, card digits, an
 * address that is the customer's. The law: a cue or a shape suffices; the business's own address, prices and hours have neither.
 */
export type DetailSpan = { start: number; end: number; type: 'code' | 'email' | 'phone' | 'link' | 'name' };
/** `needs` is a quick look that spares a text the search. */
type Detail = {
  type: DetailSpan['type'];
  needs: RegExp;
  pattern: RegExp;
  accept?: (value: string, before: string) => boolean;
};

const ANY_AT = /@/;
const SPOKEN_AT = /\b(?:at|arroba)\b[^\n]{0,60}\b(?:dot|punto)\b|[([{]\s?(?:at|a)\s?[)\]}]|[([{]\s?dot|\s\.\s/i;
const ANY_PROVIDER = /mail|yahoo|outlook|cloud|aol/i;
const ANY_DIGIT = /\d/;

const AT = String.raw`(?:\s?@\s?|\s?[([{]\s?(?:at|a)\s?[)\]}]\s?|\s(?:at|arroba)\s)`;
const DOT = String.raw`(?:\s?[.,]\s?|\s?[([{]\s?dot\s?[)\]}]\s?|\s(?:dot|punto)\s)`;
const SPOKEN_DOT = String.raw`(?:\s[.]\s|\s?[([{]\s?dot\s?[)\]}]\s?|\s(?:dot|punto)\s)`;
const TLD = '(?:com|net|org|edu|gov|info|biz|co|io|me|uk|us|es|mx|de|fr|ca|au)';
const PROVIDER = '(?:g ?mail|yahoo|hotmail|outlook|icloud|i cloud|aol|proton ?mail)';
const LOCAL = String.raw`[\p{L}\p{N}._%+-]{1,64}`;
const NO_LOCAL =
  /^(?:your|my|our|the|a|an|via|by|use|using|check|in|to|or|and|with|from|through|send|of|any|have|it|is|email|mail|e-?mail|on|at|for|regular|personal|his|her|their|no|not)$/i;
const MONTH =
  '(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)';
const DAY = String.raw`(?:\d{1,4}[\/.-]\d{1,2}(?:[\/.-]\d{2,4})?|(?:\d{1,2}(?:st|nd|rd|th)? (?:of |de )?)?${MONTH}\.?(?: (?:the )?\d{1,2}(?:st|nd|rd|th)?)?(?:,? (?:de )?\d{4})?)`;
const NATO =
  'alpha|alfa|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|kilo|lima|mike|november|oscar|papa|quebec|romeo|sierra|tango|uniform|victor|whiskey|x-?ray|yankee|zulu';
const DIGIT = 'zero|one|two|three|four|five|six|seven|eight|nine|niner|\\d{1,4}';
const STREET =
  '(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|close|crescent|square|sq|terrace|circle|trail|loop|parkway|pkwy|highway|hwy)';
const STREET_ADDRESS = String.raw`\d{1,5}[A-Za-z]? (?:[NSEW]\.? )?(?:(?:[\p{Lu}\d][\p{L}\p{N}']*)(?: [\p{Lu}][\p{L}']*){0,4}|(?:[\p{L}'.]+ ){1,3}${STREET}\b)(?:,? ?(?:[Aa]pt|[Uu]nit|[Ss]uite|[Ss]te|[Aa]partment|#)\.? ?[\p{L}\p{N}-]+)?(?:(?<=[Aa]pt|[Uu]nit|[Ss]te|[Ss]uite)\.? ?#?[\p{L}\d-]{1,5})?(?:,? \p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?,? [A-Z]{2}\b)?(?:,? \d{5})?`;
/** Words that make an address the customer's. */
const THEIR_PLACE =
  /\b(?:your (?:\p{L}+ )?(?:address|place|house|home)|address on file|have you (?:down )?at|deliver(?:ing|ed|y)?(?: it| that| this)? (?:to|at)|head(?:ing|ed) (?:over )?to|ship(?:ping|ped)?(?: it| that)? to|pick(?:ing)? (?:you|it|them|him|her) up (?:at|from)|on (?:the|my|his|her|our) way to|you live (?:at|on)|lives at|bring(?:ing)? (?:it|that|them) to|drop(?:ping)? (?:it|you|them|that) (?:off )?at|mail(?:ed|ing)?(?: it)? to|sent (?:it )?to|come out to|(?:dropped|delivered|taken|brought)(?: it)?(?: off)? (?:at|to)|(?:went|drove|came) (?:over |out )?to|stopped (?:by|at)|(?:tech|technician|driver|crew|plumber|guy|movers|team) (?:will|is|are|'ll|can)[^.\n]{0,20} (?:to|at)|(?:we|he|she|they|someone)(?:'ll| will| are going to| is going to| can)(?: be(?! found| located| reached))? (?:come|coming|go|arrive|be(?! found| located| reached)|deliver|drive|stop|head|there)[^.\n]{0,12} (?:to|at|by)|billing address|tu (?:casa|direcci[oó]n)|su (?:casa|direcci[oó]n)|min(?:ute)?s? (?:to|from|away from))(?: is| as|:|,| now| over| the customer| at| on)*,? (?=\d)/giu;
const REFERENCE = `(?:account|acct|confirmation|conf|reference|ref|booking|reservation|order|ticket|tracking|member(?:ship)?|policy|invoice|case|claim(?: check)?|licen[cs]e|passport|vin|iban|routing|locator|pnr|serial|loyalty|voucher|promo|coupon|gift (?:card|certificate)|work order|customer|tax id|ein|pick ?up|reservaci[oó]n|pedido|factura)`;

const ANY_NATO = new RegExp(`\\b(?:${NATO})\\b`, 'i');

const DETAILS: readonly Detail[] = [
  {
    type: 'email',
    needs: ANY_AT,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}@])${LOCAL}\\s?@\\s?[\\p{L}\\p{N}-]+${DOT}${TLD}(?:${DOT}(?:uk|au|mx))?\\b`,
      'giu',
    ),
  },
  { type: 'email', needs: ANY_AT, pattern: new RegExp(`(?<![\\p{L}\\p{N}@])${LOCAL}@[\\p{L}\\p{N}-]{2,}`, 'giu') },
  {
    type: 'email',
    needs: SPOKEN_AT,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}@])${LOCAL}(?:${SPOKEN_DOT}${LOCAL}){0,3}${AT}[\\p{L}\\p{N}-]+(?:${SPOKEN_DOT}[\\p{L}\\p{N}-]+){0,2}${SPOKEN_DOT}${TLD}\\b`,
      'giu',
    ),
  },
  {
    type: 'email',
    needs: SPOKEN_AT,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}@])${LOCAL}\\s?[([{]\\s?(?:at|a)\\s?[)\\]}]\\s?[\\p{L}\\p{N}-]+(?:[.][\\p{L}\\p{N}-]+)*`,
      'giu',
    ),
  },
  {
    type: 'email',
    needs: ANY_PROVIDER,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}@])(${LOCAL})(?:,?\\s(?:at|on|arroba|@))?(?:\\s(?:the|my|his|her|usual|old|work|same)){0,3}\\s${PROVIDER}\\b(?:${DOT}${TLD}\\b|\\s${TLD}\\b)?`,
      'giu',
    ),
    accept: value => !NO_LOCAL.test(value.split(/\s/)[0]!),
  },
  { type: 'link', needs: /hxxp/i, pattern: /\bhxxps?:\/\/\S+/gi },
  { type: 'link', needs: /\$/, pattern: /(?<![\p{L}\p{N}])\$[a-z][\w-]{2,}/giu },
  { type: 'phone', needs: ANY_DIGIT, pattern: /\b(?:ext(?:ension)?\b\.?:?|\bextensi[oó]n)\s?#?\s?(\d{2,6})\b/giu },
  {
    type: 'phone',
    needs: ANY_DIGIT,
    pattern: /\bx ?(?:\d{3,5})\b(?!\s?(?:x|by|\d))/gi,
    accept: (_, before) => !/\d\s?$/.test(before),
  },
  {
    type: 'phone',
    needs: ANY_DIGIT,
    pattern: /(?<![\p{L}\p{N}])(?:1[ .-]?)?\(?8(?:00|33|44|55|66|77|88)\)?[ .-]?[A-Z]{3,8}(?:-[A-Z]{3,8})?\b/gu,
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern: new RegExp(`(${STREET_ADDRESS})(?= (?:down |on file )?(?:as|for) (?:your|you)\\b)`, 'gu'),
  },
  {
    type: 'code',
    needs: /your (?:place|house|home)|you live/i,
    pattern:
      /\b(?:[Yy]our (?:place|house|home)|[Yy]ou live)(?: on| in| at| is)* (\p{Lu}\p{L}{2,}(?: \p{Lu}\p{L}+)?)(?=[ ,]+(?:right|number|no|#)\b)/gu,
  },
  {
    type: 'code',
    needs: /dob|d\.o\.b|birth|born|nacimiento|cumplea/i,
    pattern: new RegExp(
      `\\b(?:dob|d\\.o\\.b\\.?|date of birth|birth ?da(?:te|y)(?: on file)?|born|birth ?day on file|fecha de nacimiento|cumplea[nñ]os)\\b:?\\s*(?:(?:is|on|as|es|was|el)\\s)?(${DAY})`,
      'giu',
    ),
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern:
      /\b(?:exp(?:iry|ires|ired|iration)?(?: date)?|valid (?:thru|until|through)|vence)\b[.:]?\s*(?:is |on |el )?(\d{1,2}\s?[/-]\s?\d{2,4})(?![/\d])/gi,
  },
  { type: 'code', needs: ANY_DIGIT, pattern: /\b(?:cvc2?|cvv2?|security (?:code|number))\b\D{0,6}(\d{3,4})\b/gi },
  { type: 'code', needs: ANY_DIGIT, pattern: /(?:[*•·x]{2,}|\*|\.{2,}|…)\s?#?(\d{3,6})\b/giu },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern:
      /\b(?:ending|ends?|terminada?|last (?:four|4)(?: digits)?|last digits|[uú]ltimos (?:cuatro|4))(?: (?:in|with|are|is|of|on|en|son|your|the|social|phone|card))*,?:? *(?:so )?#?(\d(?:[ -]?\d){2,5})\b/giu,
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern:
      /\b(?:[Pp]lates?|PLATES?|[Tt]ags?|[Rr]eg(?:istration)?|[Ll]icen[cs]e|[Pp]lacas?)(?: plate)?(?: (?:no|number|num|nr))?\.?\s*(?:is|are|was|son|es|:|#|=)?\s*(\d?[A-Z0-9]{1,8}(?:[ -][A-Z0-9]{1,5}){0,3})(?![\p{L}\p{N}])/gu,
    accept: value => /\d/.test(value) && value.replace(/[^A-Z0-9]/g, '').length >= 4,
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern: /\b(?:starts?|begins?)(?: with)? ((?=[A-Z]*\d)[A-Z\d]{2,6})\b/g,
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern:
      /(?<![\p{L}\p{N}$-])(?:([A-Z]{3})[ -]\d{4}|[A-Z]{2}\d{2} ?[A-Z]{3}|\d[A-Z]{3} ?\d{3}|\d [A-Z]{3} \d{3})(?![\p{L}\p{N}]|-\d)/gu,
    accept: value =>
      !/^(?:HWY|LOT|BAY|RAM|GMC|RTE|APT|STE|BOX|USA|PIN|INC|SKU|ISO|USD|EUR|MON|TUE|WED|THU|FRI|SAT|SUN)\b/.test(value),
  },
  {
    type: 'code',
    needs: ANY_NATO,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?:(?:${DIGIT})[ ,-]+){0,4}(?:${NATO})[ ,-]+(?:${NATO}|${DIGIT})(?:[ ,-]+(?:${NATO}|${DIGIT})){1,10}(?![\\p{L}\\p{N}])`,
      'giu',
    ),
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern: new RegExp(
      `\\b${REFERENCE}\\b(?: (?:number|no\\.?|num|id|code|is|under|#))*\\s?[:=#]*\\s?([A-Z]{1,4}[ -]?\\d{3,}(?:[ -][A-Z0-9]{1,4})*)(?![\\p{L}\\p{N}])`,
      'gu',
    ),
  },
  {
    type: 'code',
    needs: ANY_DIGIT,
    pattern:
      /\b(?:[Vv]oucher|[Cc]redit code|[Cc]oupon|[Pp]romo(?: code)?|[Gg]ift card)(?: (?:is|code|number|no\.?))*:? #?((?=[A-Z-]*\d)[A-Z\d]{2,8}(?:-[A-Z\d]{2,8}){1,4})/g,
  },
  {
    type: 'code',
    needs: /locator|pnr|confirmation|promo|coupon|voucher/i,
    pattern:
      /\b(?:[Ll]ocator|PNR|pnr|[Cc]onfirmation(?: (?:code|number))?|[Pp]romo code|[Cc]oupon(?: code)?|[Vv]oucher)\s?(?:is|:|#|=)?\s?([A-Z]{5,10})(?![\p{L}\p{N}])/gu,
  },
];

const ADDRESS_HERE = new RegExp(STREET_ADDRESS, 'uy');

function findTheirAddresses(text: string): DetailSpan[] {
  const spans: DetailSpan[] = [];
  if (!/\d/.test(text)) return spans;
  for (const match of text.matchAll(THEIR_PLACE)) {
    ADDRESS_HERE.lastIndex = match.index + match[0].length;
    const start = ADDRESS_HERE.lastIndex;
    const address = ADDRESS_HERE.exec(text)?.[0];
    if (address) spans.push({ start, end: start + address.length, type: 'code' });
  }
  return spans;
}

/** Spans may overlap; the first of two that do is the surer. */
export function findDetails(text: string): DetailSpan[] {
  const spans = findTheirAddresses(text);
  for (const { type, needs, pattern, accept } of DETAILS) {
    if (!needs.test(text)) continue;
    for (const match of text.matchAll(pattern)) {
      const isWhole = type === 'email' || match[1] === undefined || /^[A-Z]{3}$/.test(match[1]);
      const value = isWhole ? match[0] : match[1]!;
      const start = match.index + match[0].lastIndexOf(value);
      if (accept?.(value, text.slice(0, start)) !== false) spans.push({ start, end: start + value.length, type });
    }
  }
  return spans;
}
