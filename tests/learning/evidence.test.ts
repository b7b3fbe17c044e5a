/** Judging decisions, and what a record of judgements proves. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/learning/agreement.js';
import { confidenceLowerBound, confidenceScore } from '../../lib/learning/confidence.js';
import { fillTemplate, findFilling } from '../../lib/learning/slots.js';

describe('agreement', () => {
  const decision = { predictedPatternId: 'p', predictedTemplate: 'We close at {{time}} every day' };

  it('the operator joined the predicted pattern: agreed, whatever the words', () => {
    expect(judge({ ...decision, joinedPatternId: 'p', replyText: 'ten' })).toEqual({ agreement: 'agreed', f1: 0 });
  });

  it('the same words in another pattern: agreed', () => {
    expect(judge({ ...decision, joinedPatternId: 'q', replyText: 'Every day we close at {{time}}' })).toEqual({
      agreement: 'agreed',
      f1: 1,
    });
  });

  it('something else: disagreed', () => {
    expect(judge({ ...decision, joinedPatternId: 'q', replyText: 'Restart the computer' })).toEqual({
      agreement: 'disagreed',
      f1: 0,
    });
  });

  it('nothing to learn from: ignored', () => {
    expect(judge({ ...decision, joinedPatternId: 'p', replyText: null })).toEqual({ agreement: 'ignored', f1: null });
  });

  it('two texts without words do not agree', () => {
    expect(judge({ ...decision, predictedTemplate: '', joinedPatternId: 'q', replyText: '👍' }).agreement).toBe(
      'disagreed',
    );
  });
});

describe('confidence', () => {
  it('is exactly one half at birth', () => {
    expect(confidenceScore(0, 0)).toBe(0.5);
    expect(confidenceLowerBound(0, 0)).toBe(0);
  });

  it('counts what agreed', () => {
    expect(confidenceScore(38, 2)).toBeCloseTo(40 / 44, 12);
  });

  it('twenty of twenty shows about 80 %, not more', () => {
    expect(confidenceLowerBound(20, 0)).toBeGreaterThan(0.79);
    expect(confidenceLowerBound(20, 0)).toBeLessThan(0.81);
  });

  it('the bound agrees with its definition, integrated by hand', () => {
    for (const [agreed, disagreed] of [
      [20, 0],
      [38, 2],
      [180, 20],
      [5, 5],
    ] as const) {
      const p0 = confidenceLowerBound(agreed, disagreed);
      const steps = 200_000;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const p = p0 + ((i + 0.5) / steps) * (1 - p0);
        sum += Math.exp(agreed * Math.log(p / p0) + disagreed * Math.log((1 - p) / (1 - p0)));
      }
      expect(sum / steps).toBeCloseTo(20, 2);
    }
  });

  it('more evidence of the same rate raises the bound, never above the rate', () => {
    const bounds = [10, 20, 100, 1000, 100_000].map(n => confidenceLowerBound(n * 0.9, n * 0.1));
    expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
    expect(bounds.at(-1)).toBeLessThan(0.9);
    expect(bounds.at(-1)).toBeGreaterThan(0.89);
  });

  it('a record without success proves nothing', () => {
    expect(confidenceLowerBound(0, 50)).toBe(0);
  });
});

describe('filling a template', () => {
  it('takes the one value that the conversation holds', () => {
    const { values, missing } = findFilling('See you at {{time}}', ['can I come at 5 pm', 'Is 6 pm fine?']);
    expect(missing).toEqual([]);
    expect(fillTemplate('See you at {{time}}', values)).toBe('See you at 5 pm');
  });

  it.each([
    ['a missing value', 'See you at {{time}}', new Map()],
    ['an unknown slot', 'See you, {{boss}}', new Map([['boss', 'x']])],
    ['a value that brings a slot', 'See you at {{time}}', new Map([['time', '{{code}}']])],
  ])('%s means no text at all', (_, template, values) => expect(fillTemplate(template, values)).toBeNull());

  it('two values of one kind are not guessed between', () => {
    expect(findFilling('See you at {{time}}', ['5 pm or 6 pm?']).missing).toEqual(['time']);
  });
});
