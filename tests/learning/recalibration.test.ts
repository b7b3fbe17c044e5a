/** Match confidence, adjusted to one business by two numbers. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjust, type Outcome, recalibrate, UNCHANGED } from '../../lib/learning/recalibration.js';

const outcomes = (count: number, confidence: number, agreedOfTen: number): Outcome[] =>
  Array.from({ length: count }, (_, i) => ({ confidence, isAgreed: i % 10 < agreedOfTen }));

describe('Match confidence, adjusted to one business', () => {
  it('stays as it is while nothing was judged', () => {
    expect(recalibrate([])).toEqual(UNCHANGED);
    for (const confidence of [0.01, 0.5, 0.95, 0.999]) expect(adjust(confidence, UNCHANGED)).toBeCloseTo(confidence, 9);
  });

  it('falls where the operators said something else, rises where they agreed', () => {
    const lowered = adjust(0.9, recalibrate(outcomes(300, 0.9, 5)));
    const raised = adjust(0.6, recalibrate(outcomes(300, 0.6, 9)));
    // A little below what was measured, half and nine of ten.
    expect(lowered).toBeGreaterThan(0.4);
    expect(lowered).toBeLessThan(0.5);
    expect(raised).toBeGreaterThan(0.8);
    expect(raised).toBeLessThan(0.9);
  });

  it('is not raised before a hundred outcomes, and may be lowered from the first', () => {
    const agreed = recalibrate(outcomes(99, 0.6, 10));
    expect(adjust(0.6, agreed)).toBeCloseTo(0.6, 9);
    expect(adjust(0.6, recalibrate(outcomes(100, 0.6, 10)))).toBeCloseTo(0.6, 9);
    expect(adjust(0.6, recalibrate(outcomes(200, 0.6, 10)))).toBeGreaterThan(0.7);
    expect(adjust(0.96, recalibrate(outcomes(10, 0.96, 0)))).toBeLessThan(0.9);
  });

  it('a habit, one answer to everything, makes no text sure that is like none seen', () => {
    for (const seen of [0.05, 0.1, 0.5])
      for (const count of [100, 300, 500]) {
        const fitted = recalibrate(outcomes(count, seen, 10));
        expect(adjust(0.02, fitted)).toBeLessThan(0.1);
        expect(adjust(0.3, fitted)).toBeLessThan(0.7);
      }
  });

  it('ten outcomes move it less than a hundred', () => {
    const moved = (count: number) => 0.9 - adjust(0.9, recalibrate(outcomes(count, 0.9, 3)));
    expect(moved(10)).toBeGreaterThan(0.05);
    expect(moved(100)).toBeGreaterThan(1.2 * moved(10));
  });

  it('whatever is judged, the numbers stay in bounds, a surer match stays surer, and nothing is NaN', () => {
    const outcome = fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), isAgreed: fc.boolean() });
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 500 }), judged => {
        const fitted = recalibrate(judged);
        expect(fitted.slope).toBeGreaterThanOrEqual(0.4);
        expect(fitted.slope).toBeLessThanOrEqual(2.5);
        expect(Math.abs(fitted.offset)).toBeLessThanOrEqual(4);
        let before = -1;
        for (const confidence of [0, 0.1, 0.5, 0.9, 0.95, 0.99, 1]) {
          const adjusted = adjust(confidence, fitted);
          expect(adjusted).toBeGreaterThanOrEqual(before);
          expect(adjusted).toBeLessThanOrEqual(1);
          before = adjusted;
        }
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('is the same for every order of the outcomes, to nine digits', () => {
    const judged = [...outcomes(120, 0.8, 4), ...outcomes(80, 0.3, 6)];
    const one = recalibrate(judged);
    const other = recalibrate([...judged].reverse());
    expect(other.slope).toBeCloseTo(one.slope, 9);
    expect(other.offset).toBeCloseTo(one.offset, 9);
  });
});
