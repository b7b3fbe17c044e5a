/**
 * One phone number in its many spellings. The law: two spellings are the same customer only where both are the same number in
 * E.164; whatever needs a guess beyond "ten digits are North American" is refused, for the wrong customer would be erased.
 */

export type ReadNumber = { ok: true; number: string } | { ok: false; detail: string };

const NO_NUMBER = 'This is no phone number: write it like +15551234567.';
const NO_COUNTRY =
  'The country is missing: write the number with + and its country code, such as +442071838750. Only ten digits are read as +1.';

/** What people, address books and web pages put between digits; `Cf` are the invisible marks that copying brings along. */
const SEPARATORS = /[\s\p{Cf}\p{Pd}\u2212.·()/]/gu;
/** A trunk prefix that is written for local callers: "+44 (0)20 …". */
const TRUNK = /\(0\)/;
/** Digits that NFKC leaves as they are: Arabic-Indic, and its eastern form. */
const OTHER_DIGITS = /[\u0660-\u0669\u06F0-\u06F9]/g;

/**
 * @param text "+1 555 123 4567", "(555) 123-4567", "1-555-123-4567", "tel:+15551234567", full-width digits and the like.
 *   Without a country code ten digits (or eleven that begin with 1) are read as +1; anything else needs +, 00 or 011.
 * @returns the number in E.164, or a sentence that says what to write instead
 */
export function readNumber(text: string): ReadNumber {
  const plain = text
    .normalize('NFKC')
    .replace(OTHER_DIGITS, digit => String(digit.charCodeAt(0) & 0xf))
    .trim()
    .replace(/^(?:tel|sms):(?:\/\/)?([^;?]*)(?:[;?].*)?$/i, '$1');
  const hasTrunk = /^(?:\+|00|011)/.test(plain.replace(SEPARATORS, ''));
  const bare = (hasTrunk ? plain.replace(TRUNK, '') : plain).replace(SEPARATORS, '');
  if (!/^\+?[0-9]+$/.test(bare)) return { ok: false, detail: NO_NUMBER };
  const international = /^(?:\+|00|011(?=[0-9]{8}))([0-9]+)$/.exec(bare)?.[1];
  if (international !== undefined) return checkNumber(international);
  if (/^[2-9][0-9]{9}$/.test(bare)) return checkNumber(`1${bare}`);
  if (/^1[0-9]{10}$/.test(bare)) return checkNumber(bare);
  return { ok: false, detail: bare.length < 7 || bare.length > 15 ? NO_NUMBER : NO_COUNTRY };
}

/** E.164: at most 15 digits and no leading zero; a North American number has exactly eleven. */
function checkNumber(digits: string): ReadNumber {
  const isPossible = digits.startsWith('1') ? digits.length === 11 : /^[2-9][0-9]{6,14}$/.test(digits);
  return isPossible ? { ok: true, number: `+${digits}` } : { ok: false, detail: NO_NUMBER };
}

/** A number as Quo gave it: usually E.164, and a bare one of another country is read as if its + were there. */
export function readStoredNumber(identifier: string): string | null {
  const given = readNumber(identifier);
  if (given.ok) return given.number;
  const completed = readNumber(`+${identifier}`);
  return completed.ok ? completed.number : null;
}

/** The digits under which a number may be stored, all separators left out. */
export function listStoredDigits(number: string): string[] {
  const digits = number.slice(1);
  return [digits, `00${digits}`, `011${digits}`, ...(digits.startsWith('1') ? [digits.slice(1)] : [])];
}

/** ITU-T E.164 country codes: one digit, these with two, all others with three. */
const COUNTRY = /^(?:1|7|2[07]|3[0123469]|4[013456789]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
const SEPARATOR = '[^0-9０-９A-Za-z]{0,3}';

/**
 * A regular expression, as PostgreSQL and JavaScript both read it, of the number within other text: with and without its
 * country code, with up to three other characters between two digits, and never as a part of a longer number.
 */
export function mentionPattern(number: string): string {
  const digits = number.slice(1);
  const country = COUNTRY.exec(digits)![0];
  const spell = (part: string) => [...part].map(spellDigit).join(SEPARATOR);
  const prefix = `(?:(?:[+＋(]{1,2}|[0０]{2}|[0０][1１]{2})${SEPARATOR})?`;
  const abroad = `${prefix}${spell(country)}${SEPARATOR}(?:[(]?[0０][)]?${SEPARATOR})?`;
  return `(?<![0-9０-９])(?:${abroad}|[(]?[0０]${SEPARATOR}|[(])?${spell(digits.slice(country.length))}(?![0-9０-９])`;
}

function spellDigit(digit: string): string {
  return `[${digit}${String.fromCharCode(digit.charCodeAt(0) + 0xfee0)}]`;
}
