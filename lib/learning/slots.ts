/**
 * Typed slots: finds values in a text, turns a real reply into a template, and fills a template again. The law: filling is
 * logic-less, the names come from one list, and a missing or ambiguous value means no text at all.
 */
import { collectNames } from './exchange-names.js';
import { findFact, isCopiedNumber } from './public-facts.js';
import { findSensitive, replaceSpans, type Span } from './redaction.js';

export const SLOT_TYPES = ['name', 'phone', 'email', 'time', 'date', 'money', 'number', 'code', 'link'] as const;
export type SlotType = (typeof SLOT_TYPES)[number];
export type Slot = { name: string; type: string; fillable: boolean };
export type ValueSpan = { start: number; end: number; type: SlotType; value: string };

const MONTH =
  'jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?';
const WEEKDAY =
  'mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?';
const FULL_WEEKDAY = 'monday|tuesday|wednesday|thursday|friday|saturday|sunday';
const HOUR_WORD = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve';

// "May", "March" and "second" are words too: a month needs a day beside it, an ordinal "the … of" or a month.
const DATE = new RegExp(
  [
    `\\b\\d{4}-\\d{2}-\\d{2}\\b`,
    `\\b\\d{1,2}/\\d{1,2}(?:/\\d{2,4})?\\b(?!\\s*(?:of|cup|inch))`,
    `\\b(?:${MONTH})\\.? (?:the )?\\d{1,2}(?:st|nd|rd|th)?(?:,? \\d{4})?\\b(?!:)`,
    `\\b\\d{1,2}(?:st|nd|rd|th)? (?:of )?(?:${MONTH})\\b(?:,? \\d{4})?`,
    `\\bthe \\d{1,2}(?:st|nd|rd|th)\\b(?! (?:street|st|avenue|ave|floor|hole|time))`,
    `\\b(?:next |this |last |coming )?(?:${FULL_WEEKDAY})\\b(?: next week)?`,
    `\\b(?:next|this) (?:${WEEKDAY})\\b|(?<=\\b(?:on|by|until|till) )(?:${WEEKDAY})\\b`,
    `\\b(?:the )?day after tomorrow\\b|\\btomorrow\\b|\\bnext week\\b|\\bthis weekend\\b`,
  ].join('|'),
  'gi',
);
const TIME = new RegExp(
  [
    `\\b\\d{1,2}(?::|\\.)\\d{2}(?: ?[ap](?:m\\b|\\.m\\b\\.?))?`,
    `\\b\\d{1,2} ?(?:[ap](?:m\\b|\\.m\\b\\.?)|o'?clock)`,
    `\\b(?:${HOUR_WORD}) (?:o'?clock|[ap](?:m\\b|\\.m\\b\\.?)|in the (?:morning|afternoon|evening)|(?:thirty|fifteen|forty-?five)\\b)`,
    `\\b(?:half|quarter) (?:past|to) (?:\\d{1,2}|${HOUR_WORD})\\b`,
    `\\b(?:morning|afternoon|evening) (?:\\d{1,2}(?::\\d{2})?|${HOUR_WORD} ?(?:thirty)?)\\b`,
    `\\b\\d{1,2}(?::\\d{2})? in the (?:morning|afternoon|evening)\\b`,
    `\\bnoon\\b|\\bmidnight\\b`,
  ].join('|'),
  'gi',
);
const MONEY =
  /[$€£¥]\s?\d+(?:,\d{3})*(?:\.\d{1,2})?(?:k\b)?|\b\d+(?:,\d{3})*(?:\.\d{1,2})?\s?(?:dollars?|bucks|usd|euros?|eur|pounds?|cents?)\b/gi;
const NUMBER = /(?<![\p{L}\p{N}{#-])\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th|%)?(?![\p{L}\p{N}])/gu;
const ADDRESS =
  /\b\d{1,5}[a-z]? (?:(?:[NSEW]|north|south|east|west)\.? )?(?:(?!(?:stops?|at|on|in|minutes?|mins?|from|to|and|is|the|people|of|for|down|up|past)\b)[\p{L}\p{N}.'-]+ ){1,4}(?:street|st|avenue|ave|road|rd|boulevard|blvd|drive|dr|lane|ln|way|court|ct|place|pl|square|sq|plaza|highway|hwy|parkway|pkwy|mall|terrace|circle|broadway|real|alley)\b\.?(?:,? ?(?:#|suite |ste\.? |unit |apt\.? )\s?[\p{L}\p{N}-]+)?(?:,? \p{L}{3,}(?: \p{L}{3,})?,? [a-z]{2} \d{5}\b)?/giu;
const LINK_LIKE =
  /\b(?:https?:\/\/|www\.)\S+|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|org|net|io|co|us|app|biz|info|golf)\b(?:\/\S*)?/gi;

export const SLOT_PATTERN = /\{\{\s*([a-z]+)\s*\}\}/g;

/** Values that are no secret: dates, times, sums, numbers, plus what redaction finds. Non-overlapping, in order. */
export function findValues(text: string, sensitive: readonly Span[] = findSensitive(text).spans): ValueSpan[] {
  const spans: ValueSpan[] = [...sensitive];
  const blocked: { start: number; end: number }[] = [...spans];
  for (const match of text.matchAll(LINK_LIKE))
    blocked.push({ start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(ADDRESS)) blocked.push({ start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(/\{\{[^}]*\}\}/g))
    blocked.push({ start: match.index, end: match.index + match[0].length });
  const take = (pattern: RegExp, type: SlotType) => {
    for (const match of text.matchAll(pattern)) {
      const value = match[0].trimEnd();
      const end = match.index + value.length;
      if (blocked.some(span => match.index < span.end && end > span.start)) continue;
      spans.push({ start: match.index, end, type, value });
      blocked.push({ start: match.index, end });
    }
  };
  take(MONEY, 'money');
  take(DATE, 'date');
  take(TIME, 'time');
  take(NUMBER, 'number');
  return spans.sort((a, b) => a.start - b.start);
}

/** Numbers of so many digits and more become blanks, rules for everyone ("15 minutes") apart. */
export function hideNumbers(text: string, minDigits: number): string {
  if (!/\d/.test(text)) return text;
  const hidden = findValues(text, []).filter(
    span =>
      (span.type === 'number' && countDigits(span.value) >= minDigits && findFact(text, span) === null) ||
      // "44.11" is as much of a code as of a time.
      (span.type === 'time' && /^\d\d\.\d\d$/.test(span.value)),
  );
  return joinNumbers(replaceSpans(text, hidden));
}

/** "33-81": what hangs on a blank is part of its number. */
function joinNumbers(text: string): string {
  return text.replace(/\{\{number\}\}(?:[-/.]\d{1,6}(?![\d:]))+/g, '{{number}}');
}

function countDigits(value: string): number {
  return value.replace(/\D/g, '').length;
}

export type Templated = { text: string; slots: Slot[]; facts: string[] };

/**
 * @param reply the operator's cleaned text
 * @param sensitive what must leave it
 * @param conversation the texts a value may be copied from: the customer's turn and the operator's turn before it
 */
export function templateReply(reply: string, sensitive: readonly Span[], conversation: readonly string[]): Templated {
  const known = collectValues(conversation);
  const kept: ValueSpan[] = [];
  const facts: string[] = [];
  for (const span of findValues(reply, sensitive)) {
    const fact = isCopied(reply, span, known, conversation) ? null : findFact(reply, span);
    if (fact === null) kept.push(span);
    else facts.push(fact);
  }
  for (const match of reply.matchAll(ADDRESS)) if (!kept.some(span => overlaps(span, match))) facts.push(match[0]);
  for (const match of reply.matchAll(LINK_LIKE))
    if (!kept.some(span => overlaps(span, match))) facts.push(match[0].replace(/[.,;:!?)]+$/, ''));
  return {
    text: joinNumbers(replaceSpans(reply, kept)),
    slots: listSlots(reply, kept, known),
    facts: [...new Set(facts)],
  };
}

/**
 * Whether every slot of a template has exactly one value in what is known now, and which slot lacks one.
 * @param texts the customer's turn first, then the operator's turn before it: the first text with a value decides
 */
export function findFilling(
  template: string,
  texts: readonly string[],
): { values: Map<string, string>; missing: string[] } {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const name of new Set([...template.matchAll(SLOT_PATTERN)].map(match => match[1]!))) {
    const value = isFillableType(name) ? findSingleValue(name, texts) : null;
    if (value === null) missing.push(name);
    else values.set(name, value);
  }
  return { values, missing };
}

/** @returns the filled text, or null where any slot is unknown, has no value, or would bring a slot of its own. */
export function fillTemplate(template: string, values: ReadonlyMap<string, string>): string | null {
  let isComplete = true;
  const text = template.replace(SLOT_PATTERN, (_, name: string) => {
    const value = values.get(name);
    if (value === undefined || value === '' || !isSlotType(name) || value.includes('{{')) isComplete = false;
    return value ?? '';
  });
  return isComplete && !text.includes('{{') ? text : null;
}

/** A template's slots where the conversation that gave it is not at hand: each once, none of them known to be fillable. */
export function listUnknownSlots(template: string): Slot[] {
  const names = new Set([...template.matchAll(SLOT_PATTERN)].map(match => match[1]!));
  return [...names].map(name => ({ name, type: name, fillable: false }));
}

export function isSlotType(name: string): name is SlotType {
  return (SLOT_TYPES as readonly string[]).includes(name);
}

/** Codes and links are secrets of one occasion: they are never copied from a conversation. */
export function isFillableType(name: string): boolean {
  return isSlotType(name) && name !== 'code' && name !== 'link';
}

function findSingleValue(type: string, texts: readonly string[]): string | null {
  for (const spans of listOwnValues(texts)) {
    const found = new Map(
      spans.filter(span => span.type === type).map(span => [comparable(span.value), span.value] as const),
    );
    if (found.size === 1) return [...found.values()][0]!;
    if (found.size > 1) return null;
  }
  return null;
}

/** What a slot may be copied from: all that the customer wrote, and of the operator's turn all but rules in numbers ("15 minutes"). */
function listOwnValues(texts: readonly string[]): ValueSpan[][] {
  const names = collectNames({ customer: texts[0] ?? '', previous: texts[1] ?? '', reply: '' });
  return texts.map((text, i) =>
    findValues(text, findSensitive(text, names).spans).filter(
      span => i === 0 || span.type !== 'number' || findFact(text, span) === null,
    ),
  );
}

function collectValues(texts: readonly string[]): Set<string> {
  return new Set(listOwnValues(texts).flatMap(spans => spans.map(span => `${span.type}:${comparable(span.value)}`)));
}

function isCopied(
  reply: string,
  span: ValueSpan,
  known: ReadonlySet<string>,
  conversation: readonly string[],
): boolean {
  return isFromConversation(span, known) && (span.type !== 'number' || isCopiedNumber(reply, span, conversation));
}

function isFromConversation(span: ValueSpan, known: ReadonlySet<string>): boolean {
  return known.has(`${span.type}:${comparable(span.value)}`);
}

function listSlots(reply: string, spans: readonly ValueSpan[], known: ReadonlySet<string>): Slot[] {
  const byType = new Map<string, ValueSpan[]>();
  for (const span of spans) byType.set(span.type, [...(byType.get(span.type) ?? []), span]);
  return [...byType].map(([type, all]) => {
    const distinct = new Set(all.map(span => comparable(span.value)));
    // Two different values of one type cannot be told apart when filling, so such a slot is not fillable either.
    const isSingle = distinct.size === 1;
    const isKnown = all.every(span => isFromConversation(span, known) || isGreeted(reply, span));
    return { name: type, type, fillable: isFillableType(type) && isSingle && isKnown };
  });
}

/** "Hi Sarah": the contact's own name, which the contact supplies. */
function isGreeted(reply: string, span: ValueSpan): boolean {
  return span.type === 'name' && /^(?:hi|hello|hey|dear)\s*,?\s*$/i.test(reply.slice(0, span.start));
}

const HOUR_WORDS = HOUR_WORD.split('|');

/** "five pm", "5pm" and "5:00 PM" are one value; so are "$1,310" and "1310 bucks". */
function comparable(value: string): string {
  const lower = value
    .toLowerCase()
    .replace(/\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/g, word =>
      String(HOUR_WORDS.indexOf(word) + 1),
    );
  const plain = lower
    .replace(/half past (\d+)/, '$1:30')
    .replace(/quarter past (\d+)/, '$1:15')
    .replace(/:00/, '');
  return plain.replace(
    /in the morning|in the (?:afternoon|evening)|morning|afternoon|evening|dollars?|bucks|usd|o'?clock|\b(?:the|of|next|this|on|[ap]\.?m\.?)\b|(?<=\d)(?:st|nd|rd|th|am|pm|[ap]\.m\.?)\b|[$€£,\s]/g,
    '',
  );
}

function overlaps(span: { start: number; end: number }, match: RegExpExecArray): boolean {
  return span.start < match.index + match[0].length && span.end > match.index;
}
