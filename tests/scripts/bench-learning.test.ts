/** The table of bench:learning: what counts as reached, how far ahead of the peers we are, and one set of texts measured. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OWN } from '../../scripts/matching/own.js';
import type { Peer } from '../../scripts/peers/peer.js';
import { type Goal, judgeGoal, listGoals } from '../../scripts/table/goals.js';
import { findLead, INTENT_SETS, measureSet, type SetResult } from '../../scripts/table/intent-sets.js';
import { writeComparison, writeGoals } from '../../scripts/table/write-table.js';

const ALWAYS_HOURS: Peer = {
  ...OWN,
  name: 'Always hours',
  learn: async () => ({
    answer: () => ({ label: 'hours', score: 1 }),
    pack: () => null,
    heldElsewhere: async () => null,
    close: async () => {},
  }),
};

let data: string;
beforeAll(() => {
  data = mkdtempSync(path.join(tmpdir(), 'v3pls-bench-learning-'));
  const rows = (label: string, ...texts: string[]) => texts.map(text => ({ text, label }));
  const write = (name: string, list: readonly object[]) =>
    writeFileSync(path.join(data, 'clinc', name), gzipSync(list.map(row => JSON.stringify(row)).join('\n')));
  mkdirSync(path.join(data, 'clinc'));
  write('train.jsonl.gz', [
    ...rows('hours', 'when do you open', 'what time do you close', 'are you open on sunday'),
    ...rows('parking', 'where can i park', 'is parking free', 'do you have a parking lot'),
  ]);
  write('test.jsonl.gz', [...rows('hours', 'when do you close'), ...rows('parking', 'where is free parking')]);
  write('oos_test.jsonl.gz', [{ text: 'who won the cup', label: null }]);
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const goal = (direction: Goal['direction'], value: number | null): Goal => ({
  measure: 'm',
  unit: '%',
  direction,
  floor: direction === 'at least' ? 80 : 10,
  strong: direction === 'at least' ? 90 : 5,
  value,
});

it('a goal is reached at its value, and from the right side', () => {
  expect([79.9, 80, 90, null].map(value => judgeGoal(goal('at least', value)))).toEqual([
    'below',
    'floor',
    'strong',
    'not measured',
  ]);
  expect([10.1, 10, 5].map(value => judgeGoal(goal('at most', value)))).toEqual(['below', 'floor', 'strong']);
});

it('what was not measured is not shown as reached', () => {
  const nothing = { sets: [], lines: null, speeds: [], learning: null };
  expect(listGoals(nothing).map(judgeGoal)).toEqual(Array(18).fill('not measured'));
  expect(writeGoals(nothing).at(-2)).toBe('| state loaded, 10,000 exemplars |  | 150 | 50 | not measured |');
});

it('the lead is ours less the mean of the others, and less the best of them, on each set', () => {
  const compared = (own: number, ...others: number[]) => ({
    compared: [own, ...others].map((accuracy, i) => ({
      name: i === 0 ? OWN.name : `p${i}`,
      accuracy,
      coverageAt95: 0,
    })),
  });
  const lead = findLead([compared(0.9, 0.7, 0.8), compared(0.6, 0.6, 0.4)] as SetResult[], 'accuracy')!;
  expect(lead.mean).toBeCloseTo((0.15 + 0.1) / 2);
  expect(lead.best).toBeCloseTo((0.1 + 0) / 2);
  expect(findLead([compared(0.9)] as SetResult[], 'accuracy')).toBeNull();
});

it('everybody is asked the same rows, and a row out of scope is never right', async () => {
  const said: string[] = [];
  const options = { data, seeds: 2, ownRows: null, comparedRows: 100 };
  const result = await measureSet(INTENT_SETS[0]!, [ALWAYS_HOURS], options, text => said.push(text));
  expect([result.rows, result.comparedRows, result.seeds]).toEqual([3, 3, 2]);
  expect(result.compared).toEqual([
    { name: OWN.name, accuracy: 1, coverageAt95: expect.any(Number) },
    { name: 'Always hours', accuracy: 0.5, coverageAt95: 0 },
  ]);
  expect(said).toHaveLength(4);
  const written = writeComparison([result], [{ name: 'Absent', why: 'not installed' }]).join('\n');
  expect(written).toContain('| CLINC150, 10 | 3 | 100.0 /');
  expect(written).toContain('50.0 points of accuracy');
  expect(written).toContain('Absent: not measured, not installed.');
});
