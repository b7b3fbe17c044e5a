/** The figures of bench:intents, against rows worked out by hand. */
import { expect, it } from 'vitest';
import { measure } from '../../scripts/intents/figures.js';
import { takeShots } from '../../scripts/intents/labelled.js';

const row = (confidence: number, isRight: boolean, isInScope = true) => ({ confidence, isRight, isInScope });

it('counts accuracy, coverage at 95 % precision and area under the curve', () => {
  const rows = [
    ...Array.from({ length: 19 }, () => row(0.97, true)),
    row(0.96, false, false),
    row(0.4, true),
    row(0.3, false),
  ];
  const figures = measure(rows, 1);
  expect(figures.accuracy).toBeCloseTo(20 / 21);
  // 19 of 20 answers are right, one of them out of scope; with the next the share is 20 of 21.
  expect(figures.coverageAt95).toBeCloseTo(20 / 21);
  expect(figures.auroc).toBeCloseTo((19 * 2 + 1) / (20 * 2));
});

it('counts what is sure after a hundred outcomes, with confidence adjusted by what came before', () => {
  // Says 0.96 and is right in two of three cases: after a hundred outcomes it is sure of nothing any more.
  const overconfident = Array.from({ length: 300 }, (_, i) => row(0.96, i % 3 > 0));
  expect(measure(overconfident, 1)).toMatchObject({ precisionAt95: null, shareAt95: null });
  // Says 0.9 and is always right: then it is sure of all of them.
  const modest = Array.from({ length: 1_200 }, () => row(0.9, true));
  expect(measure(modest, 1).precisionAt95).toBe(1);
  expect(measure(modest, 1).shareAt95).toBeGreaterThan(0.8);
});

it('has no precision where nothing is sure, and parts no equal confidences', () => {
  expect(measure([row(0.5, true), row(0.5, false)], 1)).toMatchObject({
    precisionAt95: null,
    shareAt95: null,
    coverageAt95: 0,
    auroc: 0.5,
  });
});

it('is calibrated where confidence is the share that is right', () => {
  expect(measure([...Array(7).fill(row(0.7, true)), ...Array(3).fill(row(0.7, false))], 1).ece).toBeCloseTo(0);
});

it('draws the same texts for the same seed, and others for another', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ text: `t${i}`, label: `l${i % 5}` }));
  expect(takeShots(rows, 3, 1)).toEqual(takeShots(rows, 3, 1));
  expect(takeShots(rows, 3, 1)).toHaveLength(15);
  expect(takeShots(rows, 3, 2)).not.toEqual(takeShots(rows, 3, 1));
});
