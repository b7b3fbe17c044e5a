/** When a pattern counts as contradicted: operators keep giving one other pattern's answer where it would have been said. */
import { expect, it } from 'vitest';
import { findConflicts } from '../../lib/learning/conflicts.js';

const conflicts = (agreed: number, others: Record<string, number>) =>
  findConflicts({ agreed, others: Object.entries(others).map(([id, times]) => ({ id, times })) });

it('three disagreements that all joined one other pattern, and more than agreed, are a conflict', () => {
  expect(conflicts(2, { other: 3 })).toEqual([{ id: 'other', times: 3 }]);
  expect(conflicts(0, { other: 20 })).toEqual([{ id: 'other', times: 20 }]);
});

it('two are not, nor as many as agreed, nor as many scattered over several patterns', () => {
  expect(conflicts(0, { other: 2 })).toEqual([]);
  expect(conflicts(3, { other: 3 })).toEqual([]);
  expect(conflicts(1, { one: 2, two: 2, three: 2 })).toEqual([]);
});

it('several are named, the most frequent first and equals by id, in whatever order they were counted', () => {
  const expected = [
    { id: 'c', times: 5 },
    { id: 'a', times: 4 },
    { id: 'b', times: 4 },
  ];
  expect(conflicts(0, { a: 4, b: 4, c: 5 })).toEqual(expected);
  expect(conflicts(0, { c: 5, b: 4, a: 4 })).toEqual(expected);
});

it('a pattern without judgements conflicts with nothing', () => {
  expect(conflicts(0, {})).toEqual([]);
});
