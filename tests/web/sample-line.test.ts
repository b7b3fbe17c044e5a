/** The bundled sample line: what the demo replays is what the dialogues say, in Quo's shape, with invented numbers only. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildSampleLine, LINE_NUMBER, type SampleMessage, toJsonLines } from '../../scripts/demo/build-sample-line.js';

const FOLDER = new URL('../../scripts/demo/', import.meta.url);
const FILE = readFileSync(new URL('sample-line.jsonl', FOLDER), 'utf8');
const DIALOGUES = readFileSync(new URL('dialogues.txt', FOLDER), 'utf8');
const MESSAGES = FILE.trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as SampleMessage);
const HOUR_MS = 3_600_000;

type Turn = { direction: string; texts: number; endMs: number; replyMs: number | null };

/** People's turns of every thread; `replyMs` is how long an operator's turn came after the customer's. */
function readTurns(): Turn[] {
  const turns: Turn[] = [];
  const last = new Map<string, Turn>();
  for (const { conversationId, direction, userId, createdAt } of MESSAGES) {
    if (userId?.startsWith('SYU')) continue;
    const atMs = Date.parse(createdAt);
    const before = last.get(conversationId);
    if (before?.direction === direction && atMs - before.endMs < HOUR_MS) {
      before.texts++;
      before.endMs = atMs;
      continue;
    }
    const isReply = direction === 'outgoing' && before?.direction === 'incoming';
    const turn = { direction, texts: 1, endMs: atMs, replyMs: isReply ? atMs - before.endMs : null };
    turns.push(turn);
    last.set(conversationId, turn);
  }
  return turns;
}

function shareOfBursts(direction: string): number {
  const turns = readTurns().filter(turn => turn.direction === direction);
  return turns.filter(turn => turn.texts > 1).length / turns.length;
}

describe('the sample line', () => {
  it('is exactly what the dialogues give', () => {
    expect(toJsonLines(buildSampleLine(DIALOGUES))).toBe(FILE);
  });

  it('has 350 to 450 texts of 70 to 90 customers, over about three weeks', () => {
    expect(MESSAGES.length).toBeGreaterThanOrEqual(350);
    expect(MESSAGES.length).toBeLessThanOrEqual(450);
    const customers = new Set(MESSAGES.filter(m => m.direction === 'incoming').map(m => m.from));
    expect(customers.size).toBeGreaterThanOrEqual(70);
    expect(customers.size).toBeLessThanOrEqual(90);
    const days = (Date.parse(MESSAGES.at(-1)!.createdAt) - Date.parse(MESSAGES[0]!.createdAt)) / (24 * HOUR_MS);
    expect(days).toBeGreaterThan(18);
    expect(days).toBeLessThan(22);
  });

  it('is in time order with an id for each text', () => {
    const times = MESSAGES.map(m => m.createdAt);
    expect(times).toEqual(times.toSorted());
    expect(new Set(MESSAGES.map(m => m.id)).size).toBe(MESSAGES.length);
  });

  it('has the shape of an item of Quo’s message list', () => {
    for (const message of MESSAGES) {
      expect(Object.keys(message)).toEqual([
        'id',
        'conversationId',
        'phoneNumberId',
        'direction',
        'from',
        'to',
        'text',
        'userId',
        'status',
        'createdAt',
      ]);
      expect(message.id).toMatch(/^AC[0-9a-f]{24}$/);
      expect(message.conversationId).toMatch(/^CN[0-9a-f]{24}$/);
      expect(message.phoneNumberId).toBe(MESSAGES[0]!.phoneNumberId);
      expect(message.text).toBe(message.text.trim());
      expect(message.text).not.toBe('');
      expect(new Date(message.createdAt).toISOString()).toBe(message.createdAt);
      if (message.direction === 'incoming') {
        expect([message.userId, message.status, message.to[0]]).toEqual([null, 'received', LINE_NUMBER]);
      } else {
        expect(message.userId).toMatch(/^(US|SYU)[0-9a-f]{10}$/);
        expect([message.status, message.from]).toEqual(['delivered', LINE_NUMBER]);
      }
    }
  });

  it('names no telephone number but invented ones', () => {
    for (const { from, to } of MESSAGES) for (const number of [from, ...to]) expect(number).toMatch(/^\+1555\d{7}$/);
    for (const { text } of MESSAGES) expect(text).not.toMatch(/\d[\d\s().-]{6,}\d/);
  });

  it('keeps one thread to one set of people', () => {
    const people = new Map<string, string>();
    for (const { conversationId, from, to } of MESSAGES) {
      const key = [from, ...to].toSorted().join();
      expect(people.get(conversationId) ?? key).toBe(key);
      people.set(conversationId, key);
    }
    expect(new Set(people.values()).size).toBe(people.size);
  });

  it('bursts and waits as a real line does', () => {
    expect(shareOfBursts('incoming')).toBeGreaterThan(0.35);
    expect(shareOfBursts('incoming')).toBeLessThan(0.47);
    expect(shareOfBursts('outgoing')).toBeGreaterThan(0.23);
    expect(shareOfBursts('outgoing')).toBeLessThan(0.33);
    const waits = readTurns()
      .flatMap(turn => turn.replyMs ?? [])
      .toSorted((a, b) => a - b)
      .map(ms => ms / 60_000);
    expect(waits[Math.floor(waits.length * 0.5)]).toBeCloseTo(1, 0);
    expect(waits[Math.floor(waits.length * 0.9)]).toBeGreaterThan(14);
    expect(waits[Math.floor(waits.length * 0.9)]).toBeLessThan(24);
  });

  it('has three operators and every kind of text that must not be learned', () => {
    const users = new Set(MESSAGES.flatMap(m => m.userId ?? []));
    expect([...users].filter(user => user.startsWith('US'))).toHaveLength(3);
    expect([...users].filter(user => user.startsWith('SYU'))).toHaveLength(1);
    expect(MESSAGES.some(m => m.direction === 'incoming' && m.text === 'STOP')).toBe(true);
    expect(MESSAGES.some(m => m.to.length === 2)).toBe(true);
    const promotion = MESSAGES.filter(m => m.text.startsWith('Friday night social'));
    expect(new Set(promotion.flatMap(m => m.to)).size).toBe(6);
    expect(Date.parse(promotion.at(-1)!.createdAt) - Date.parse(promotion[0]!.createdAt)).toBeLessThan(HOUR_MS / 6);
    expect(readTurns().some(turn => (turn.replyMs ?? 0) > HOUR_MS)).toBe(true);
    expect(MESSAGES.at(-1)!.direction).toBe('incoming');
  });
});
