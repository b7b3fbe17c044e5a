/**
 * Builds sample-line.jsonl from the hand-written dialogues.txt. The law: the same dialogues give the same bytes; every
 * id, number and wait comes from a hash of its place in the source, so an edit moves little else.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const LINE_NUMBER = '+15550142000';
const OPERATORS = ['Nora', 'Theo', 'Imani'];
/** Day 1 of the dialogues: a Monday. The gym keeps Chicago time, five hours behind UTC in these weeks. */
const DAY_ONE_MIDNIGHT_MS = Date.UTC(2026, 8, 14, 5);
const MINUTE_MS = 60_000;

export type SampleMessage = {
  id: string;
  conversationId: string;
  phoneNumberId: string;
  direction: 'incoming' | 'outgoing';
  from: string;
  to: string[];
  text: string;
  userId: string | null;
  status: 'received' | 'delivered';
  createdAt: string;
};

/** `marker` is the line's first word: `<` customer, `<2` the group's second person, `>` operator, `*` automation. */
type Line = { marker: string; text: string; waitMinutes: number | null; key: string };
type Dialogue = { day: number; minuteOfDay: number; who: string; operator: string; lines: Line[] };

/** Share of waits → minutes, as measured on a real line: median about a minute, 90 % within 19, all within the hour. */
const REPLY_WAITS: Curve = [
  [0, 0.15],
  [0.25, 0.4],
  [0.5, 1],
  [0.75, 5],
  [0.9, 17],
  [1, 45],
];
const CUSTOMER_WAITS: Curve = [
  [0, 0.2],
  [0.5, 1.1],
  [0.9, 6],
  [1, 25],
];
const BURST_WAITS: Curve = [
  [0, 0.06],
  [0.5, 0.25],
  [1, 1],
];
type Curve = [share: number, minutes: number][];

/** @throws Error naming the line that it could not read */
export function parseDialogues(source: string): Dialogue[] {
  const dialogues: Dialogue[] = [];
  let waitMinutes: number | null = null;
  for (const [index, raw] of source.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith(';')) continue;
    const header = /^# (\d+) (\d\d):(\d\d) (\S+) (\w+)$/.exec(line);
    if (header) {
      const [, day, hour, minute, who, operator] = header;
      if (!OPERATORS.includes(operator!)) throw new Error(`dialogues line ${index + 1}: no operator ${operator}`);
      const minuteOfDay = Number(hour) * 60 + Number(minute);
      dialogues.push({ day: Number(day), minuteOfDay, who: who!, operator: operator!, lines: [] });
      waitMinutes = null;
      continue;
    }
    const [marker = '', ...words] = line.split(' ');
    const text = words.join(' ');
    const dialogue = dialogues.at(-1);
    if (!dialogue || text === '' || !['<', '<2', '>', '*', '~'].includes(marker)) {
      throw new Error(`dialogues line ${index + 1}: cannot read "${line}"`);
    }
    if (marker === '~') {
      waitMinutes = Number(text);
      continue;
    }
    const { day, minuteOfDay, who, lines } = dialogue;
    lines.push({ marker, text, waitMinutes, key: `${day}/${minuteOfDay}/${who}/${lines.length}` });
    waitMinutes = null;
  }
  return dialogues;
}

/** @returns messages in time order */
export function buildSampleLine(source: string): SampleMessage[] {
  const dialogues = parseDialogues(source);
  const waits = chooseWaits(dialogues);
  const messages = dialogues.flatMap(dialogue =>
    dialogue.who.includes(',') ? renderPromotion(dialogue) : renderDialogue(dialogue, waits),
  );
  requireApart(messages);
  return messages.sort((a, b) => (a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : 0));
}

export function toJsonLines(messages: readonly SampleMessage[]): string {
  return `${messages.map(message => JSON.stringify(message)).join('\n')}\n`;
}

function renderDialogue(dialogue: Dialogue, waits: Map<string, number>): SampleMessage[] {
  const people = dialogue.who.split('+').map(phoneNumber);
  let atMs = startMs(dialogue);
  return dialogue.lines.map((line, index) => {
    if (index > 0) atMs += (line.waitMinutes ?? waits.get(line.key)!) * MINUTE_MS;
    if (!line.marker.startsWith('<')) return outgoing(dialogue, line, dialogue.who, people, atMs);
    const sender = people[line.marker === '<2' ? 1 : 0]!;
    return {
      id: makeId('AC', line.key),
      conversationId: makeId('CN', dialogue.who),
      phoneNumberId: makeId('PN', 'line'),
      direction: 'incoming',
      from: sender,
      to: [LINE_NUMBER, ...people.filter(person => person !== sender)],
      text: line.text,
      userId: null,
      status: 'received',
      createdAt: new Date(atMs).toISOString(),
    };
  });
}

/** One text to each customer of the list in turn, every one in their own thread and all within ten minutes. */
function renderPromotion(dialogue: Dialogue): SampleMessage[] {
  const line = dialogue.lines[0]!;
  return dialogue.who.split(',').map((who, index) => {
    const atMs = startMs(dialogue) + index * 70_000;
    return outgoing(dialogue, { ...line, key: `${line.key}/${who}` }, who, [phoneNumber(who)], atMs);
  });
}

function outgoing(dialogue: Dialogue, line: Line, who: string, to: string[], atMs: number): SampleMessage {
  return {
    id: makeId('AC', line.key),
    conversationId: makeId('CN', who),
    phoneNumberId: makeId('PN', 'line'),
    direction: 'outgoing',
    from: LINE_NUMBER,
    to,
    text: line.text,
    userId: line.marker === '*' ? makeId('SYU', 'automation', 10) : operatorId(dialogue.operator),
    status: 'delivered',
    createdAt: new Date(atMs).toISOString(),
  };
}

/** The waits of one kind are spread evenly over their curve, in an order that a hash decides: the shape is exact. */
function chooseWaits(dialogues: readonly Dialogue[]): Map<string, number> {
  const kinds = { reply: [] as string[], customer: [] as string[], burst: [] as string[] };
  for (const { lines } of dialogues) {
    for (const [index, line] of lines.entries()) {
      const before = lines[index - 1];
      if (!before || line.waitMinutes !== null) continue;
      const isSameSide = before.marker[0] === line.marker[0];
      kinds[isSameSide ? 'burst' : line.marker === '>' ? 'reply' : 'customer'].push(line.key);
    }
  }
  const waits = new Map<string, number>();
  const spread = (keys: string[], curve: Curve) => {
    const shuffled = keys.map(key => ({ key, order: digest(`wait/${key}`) }));
    shuffled.sort((a, b) => (a.order < b.order ? -1 : 1));
    for (const [rank, { key }] of shuffled.entries()) waits.set(key, minutesAt(curve, (rank + 0.5) / keys.length));
  };
  spread(kinds.reply, REPLY_WAITS);
  spread(kinds.customer, CUSTOMER_WAITS);
  spread(kinds.burst, BURST_WAITS);
  return waits;
}

/** Interpolates between a curve's points on a logarithmic scale, as waits are spread. */
function minutesAt(curve: Curve, share: number): number {
  const upper = curve.findIndex(([end]) => share <= end);
  const [start, low] = curve[upper - 1]!;
  const [end, high] = curve[upper]!;
  return low * (high / low) ** ((share - start) / (end - start));
}

function requireApart(messages: readonly SampleMessage[]): void {
  const lastAt = new Map<string, string>();
  for (const { conversationId, createdAt, text } of messages) {
    if ((lastAt.get(conversationId) ?? '') >= createdAt)
      throw new Error(`two dialogues of a thread overlap at "${text}"`);
    lastAt.set(conversationId, createdAt);
  }
}

function startMs({ day, minuteOfDay, who }: Dialogue): number {
  const jitterMs = Number.parseInt(digest(`start/${day}/${minuteOfDay}/${who}`).slice(0, 6), 16) % MINUTE_MS;
  return momentMs(day, minuteOfDay) + jitterMs;
}

/** A minute of one of the dialogues' days, before anything is shifted. */
export function momentMs(day: number, minuteOfDay: number): number {
  return DAY_ONE_MIDNIGHT_MS + ((day - 1) * 1440 + minuteOfDay) * MINUTE_MS;
}

/** The Quo user of an operator of the dialogues. */
export function operatorId(name: string): string {
  return makeId('US', name, 10);
}

/** 555 is nobody's area code. */
function phoneNumber(who: string): string {
  return `+1555${String(2_000_000 + (Number.parseInt(digest(`phone/${who}`).slice(0, 10), 16) % 8_000_000))}`;
}

function makeId(prefix: string, key: string, length = 24): string {
  return prefix + digest(`${prefix}/${key}`).slice(0, length);
}

function digest(key: string): string {
  return createHash('sha256').update(`pebblewick/${key}`).digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = readFileSync(new URL('dialogues.txt', import.meta.url), 'utf8');
  const messages = buildSampleLine(source);
  writeFileSync(new URL('sample-line.jsonl', import.meta.url), toJsonLines(messages));
  process.stderr.write(`sample-line.jsonl: ${messages.length} texts\n`);
}
