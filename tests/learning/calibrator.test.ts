/** From a match's signals to how often such a match is right. */
import { describe, expect, it } from 'vitest';
import { calibrate, type MatchFacts, readSignals } from '../../lib/learning/calibrator.js';

const ordinary: MatchFacts = {
  vote: 0.6,
  secondVote: 0.1,
  similarity: 0.6,
  trigram: 0.4,
  tokens: 8,
  patterns: 60,
  examples: 10,
};
const confidence = (facts: Partial<MatchFacts>) => calibrate(readSignals({ ...ordinary, ...facts }));

describe('Match confidence', () => {
  it.each([1, 5, 30, 150])('rises with the vote, with %i patterns', patterns => {
    const votes = Array.from({ length: 30 }, (_, i) => 0.03 + i * 0.038);
    const values = votes.map(vote => confidence({ vote, patterns }));
    for (let i = 1; i < values.length; i++) expect(values[i]).toBeGreaterThan(values[i - 1]!);
  });

  it('falls when another pattern is voted for as well', () => {
    expect(confidence({ secondVote: 0.5 })).toBeLessThan(confidence({ secondVote: 0.1 }) - 0.05);
  });

  it('is lower on a young line, where most texts belong to no pattern', () => {
    expect(confidence({ patterns: 2, examples: 2 })).toBeLessThan(confidence({}) - 0.05);
  });

  it('is a number from 0 to 1 whatever it is given', () => {
    for (const vote of [-5, 0, 1e9])
      for (const patterns of [0, 1, 1e6])
        for (const secondVote of [-5, 0, 1e9]) {
          const value = confidence({ vote, patterns, secondVote, examples: patterns, tokens: 0, similarity: 0 });
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
  });
});
