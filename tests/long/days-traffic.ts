/**
 * Three dense days of a line's texts, and when each of them arrives: the sample line's dialogues, several times over by other
 * customers and compressed into three days, reminders that a program sends, late texts and deliveries that come again. The
 * same seed gives the same arrivals.
 */
import { readFileSync } from 'node:fs';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import type { Random } from '../quo/random.js';

export type Arrival = {
  item: QuoListItem;
  dialect: 'standard' | 'v3';
  deliveryId: string;
  /** When the delivery is sent, the first time or again. */
  atMs: number;
};

export const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
/** A new dialogue of the same thread begins after this much silence. */
const SILENCE_MS = 3 * 3_600_000;

export const sampleLine: readonly QuoListItem[] = readFileSync(
  new URL('../../scripts/demo/sample-line.jsonl', import.meta.url),
  'utf8',
)
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line) as QuoListItem);

/** Nobody's words: no operator writes them, so no pattern says them. */
const REMINDERS = [
  'Reminder: you are booked for tomorrow. Reply C to confirm.',
  'Thank you for your visit! How was it? Rate us from 1 to 5.',
  'Your monthly receipt was sent to your mail address.',
];

/** @param copies how often the sample line is told, each time by other customers and at another hour */
export function makeTraffic(random: Random, startMs: number, days: number, copies: number): Arrival[] {
  const spanMs = days * DAY_MS;
  const items = Array.from({ length: copies }, (_, copy) => compress(copy, copies, startMs, spanMs)).flat();
  items.push(...remind(items, random, startMs, spanMs));
  return items
    .filter(item => Date.parse(item.createdAt) < startMs + spanMs)
    .flatMap((item, index) => arrive(item, index, random))
    .filter(arrival => arrival.atMs < startMs + spanMs)
    .sort((one, other) => one.atMs - other.atMs);
}

/** Dialogues keep their inner waits; when they begin is scaled, and turned by a part of the span from copy to copy. */
function compress(copy: number, copies: number, startMs: number, spanMs: number): QuoListItem[] {
  const times = sampleLine.map(item => Date.parse(item.createdAt));
  const firstMs = Math.min(...times);
  const scale = spanMs / (Math.max(...times) - firstMs + 1);
  const dialogues = new Map<string, { beganMs: number; lastMs: number; atMs: number }>();
  return sampleLine.map(item => {
    const sentMs = Date.parse(item.createdAt);
    const thread = item.conversationId ?? item.id;
    let dialogue = dialogues.get(thread);
    if (!dialogue || sentMs - dialogue.lastMs > SILENCE_MS) {
      const turnedMs = ((sentMs - firstMs) * scale + (copy * spanMs) / copies) % spanMs;
      dialogue = { beganMs: sentMs, lastMs: sentMs, atMs: startMs + turnedMs };
    }
    dialogue.lastMs = sentMs;
    dialogues.set(thread, dialogue);
    const inCopy = (number: string) =>
      number.startsWith('+1555') && number !== LINE_OF_SAMPLE ? renumber(number, copy) : number;
    return {
      ...item,
      id: `${item.id}c${copy}`,
      conversationId: `${thread}c${copy}`,
      from: inCopy(item.from),
      to: item.to.map(inCopy),
      createdAt: new Date(dialogue.atMs + sentMs - dialogue.beganMs).toISOString(),
    };
  });
}

const LINE_OF_SAMPLE = '+15550142000';
/** The sample's numbers are +1555 and seven digits from 2 million up; each copy has its own first digits. */
const renumber = (number: string, copy: number) => `+1${556 + copy}${number.slice(5)}`;

function remind(items: readonly QuoListItem[], random: Random, startMs: number, spanMs: number): QuoListItem[] {
  const asked = items.filter(item => item.direction === 'incoming' && item.to.length === 1);
  return Array.from({ length: 90 }, (_, index) => {
    const { conversationId, phoneNumberId, from, to } = random.choose(asked);
    return {
      id: `ACreminder${index}`,
      conversationId,
      phoneNumberId,
      direction: 'outgoing',
      from: to[0]!,
      to: [from],
      text: random.choose(REMINDERS),
      userId: index % 2 === 0 ? null : 'SYUreminders',
      status: 'delivered',
      createdAt: new Date(startMs + random.pick(spanMs)).toISOString(),
    };
  });
}

/** Most texts arrive within seconds; one in sixteen up to three hours late; one in ten comes again, under either name. */
function arrive(item: QuoListItem, index: number, random: Random): Arrival[] {
  const isLate = random.pick(16) === 0;
  const delayMs = isLate ? MINUTE_MS + random.pick(180 * MINUTE_MS) : 500 + random.pick(8_000);
  const first: Arrival = {
    item,
    dialect: random.pick(4) === 0 ? 'v3' : 'standard',
    deliveryId: `msg_${index}`,
    atMs: Date.parse(item.createdAt) + delayMs,
  };
  if (random.pick(10) > 0) return [first];
  const deliveryId = random.pick(2) === 0 ? first.deliveryId : `msg_${index}again`;
  return [first, { ...first, deliveryId, atMs: first.atMs + 1 + random.pick(40 * MINUTE_MS) }];
}
