/** The figures of bench:intents, against rows worked out by hand. */
import { expect, it } from 'vitest';
import { measure } from '../../scripts/intents/figures.js';
import { takeShots } from '../../scripts/intents/labelled.js';

const row = (confidence: number, isRight: boolean, isInScope = true) => ({ confidence, isRight, isInScope });

it('counts accuracy, coverage at 95 % precision, area under the curve and what is sure', () => {
  const rows = [
    ...Array.from({ length: 19 }, () => row(0.97, true)),
    row(0.96, false, false),
    row(0.4, true),
    row(0.3, false),
  ];
  const figures = measure(rows);
  expect(figures.accuracy).toBeCloseTo(20 / 21);
  // 19 of 20 answers are right, one of them out of scope; with the next the share is 20 of 21.
  expect(figures.coverageAt95).toBeCloseTo(20 / 21);
  expect(figures.auroc).toBeCloseTo((19 * 2 + 1) / (20 * 2));
  expect(figures.precisionAt95).toBeCloseTo(19 / 20);
  expect(figures.shareAt95).toBeCloseTo(20 / 22);
});

it('has no precision where nothing is sure, and parts no equal confidences', () => {
  expect(measure([row(0.5, true), row(0.5, false)])).toMatchObject({
    precisionAt95: null,
    shareAt95: null,
    coverageAt95: 0,
    auroc: 0.5,
  });
});

it('is calibrated where confidence is the share that is right', () => {
  expect(measure([...Array(7).fill(row(0.7, true)), ...Array(3).fill(row(0.7, false))]).ece).toBeCloseTo(0);
});

it('draws the same texts for the same seed, and others for another', () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ text: `t${i}`, label: `l${i % 5}` }));
  expect(takeShots(rows, 3, 1)).toEqual(takeShots(rows, 3, 1));
  expect(takeShots(rows, 3, 1)).toHaveLength(15);
  expect(takeShots(rows, 3, 2)).not.toEqual(takeShots(rows, 3, 1));
});
