/** Playing a line's messages against the engine: what stood before the answer is what is judged, and order changes little. */
import { expect, it } from 'vitest';
import { createRehearsal, type RehearsalMessage, receiveMessage } from '../../lib/learning/rehearsal.js';
import { listTurns } from '../../lib/learning/rehearsed.js';

const START_MS = Date.UTC(2026, 2, 2, 9);
const ASKED = [
  ['do you have parking?', 'Yes, parking is free behind the building.'],
  ['where can I leave my car', 'Parking is free behind the building.'],
  ['is there a car park', 'Yes, parking is free, behind the building.'],
  ['what are your hours', 'We open at 9 am and close at 10 pm every day.'],
  ['when do you close tonight', 'We close at 10 pm every day.'],
  ['the screen in my bay is frozen', 'Please restart the computer with the button under the desk.'],
  ['simulator froze up again', 'Restart the computer with the button under the desk please.'],
] as const;

function makeLine(rounds: number): RehearsalMessage[] {
  const messages: RehearsalMessage[] = [];
  for (let i = 0; i < rounds; i++) {
    const [question, reply] = ASKED[i % ASKED.length]!;
    const shared = { threadId: `t${i}`, isPerson: true, isGroup: false, hasMedia: false };
    const atMs = START_MS + i * 600_000;
    messages.push({ ...shared, id: `q${i}`, direction: 'incoming', text: question, atMs, actorId: null });
    messages.push({ ...shared, id: `r${i}`, direction: 'outgoing', text: reply, atMs: atMs + 60_000, actorId: 'US1' });
  }
  return messages;
}

function play(messages: readonly RehearsalMessage[]) {
  const rehearsal = createRehearsal({ matchThreshold: 0.5, windowMinutes: 60, broadcastIds: new Set() });
  for (const message of messages) receiveMessage(rehearsal, message);
  return listTurns(rehearsal);
}

it('a prediction knows nothing of the answer that it is judged by', () => {
  const [first, second] = play(makeLine(8));
  expect(first).toMatchObject({ predicted: null, agreement: null, learnedPatternId: 'p00001' });
  expect(second!.predicted).toMatchObject({ patternId: 'p00001', confidence: 0.5 });
});

it('what was answered before is predicted, and agrees', () => {
  const turns = play(makeLine(70)).slice(14);
  expect(turns.every(turn => turn.agreement === 'agreed')).toBe(true);
  expect(new Set(turns.map(turn => turn.learnedPatternId)).size).toBe(3);
  expect(turns.at(-1)!.predicted!.confidence).toBeGreaterThan(0.8);
});

it('a second text of the same operator turn revises its exchange and adds none', () => {
  const line = makeLine(7);
  const late = { ...line[1]!, id: 'r0b', text: 'The barrier opens by itself.', atMs: line[1]!.atMs + 5_000 };
  const turns = play([...line, late]);
  expect(turns).toHaveLength(7);
  expect(turns[0]!.operatorMessageIds).toEqual(['r0', 'r0b']);
  expect(turns.filter(turn => turn.learnedPatternId).length).toBe(7);
});

it('questions that arrive after their answers are learned all the same', () => {
  const line = makeLine(70);
  const swapped = line.map((_, i) => line[i % 2 ? i - 1 : i + 1]!);
  const ordered = play(line);
  const late = play(swapped);
  expect(late.map(turn => turn.learnedPatternId === null)).toEqual(ordered.map(() => false));
  expect(new Set(late.map(turn => turn.learnedPatternId)).size).toBe(3);
  expect(late.every(turn => turn.predicted === null)).toBe(true);
});
