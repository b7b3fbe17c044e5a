/** What typos and shortened words cost the matcher: CLINC150, ten clean examples a label, asked cleanly and as on a phone. */
import { describe, expect, it } from 'vitest';
import { type Figures, measure } from '../../scripts/intents/figures.js';
import type { Labelled } from '../../scripts/intents/labelled.js';
import { addSmsNoise } from '../../scripts/intents/sms-noise.js';
import { teachLabels } from '../../scripts/intents/teach.js';
import { answerAll, mean, readFixture } from './answer-labelled.js';

const MOST_POINTS_LOST = 4;
const SEEDS = [1, 2, 3];

describe('Typos and shortened words', () => {
  const asked = [...readFixture('clinc-test'), ...readFixture('clinc-out-of-scope')];
  const addNoise = (seed: number): Labelled[] => asked.map(row => ({ ...row, text: addSmsNoise(row.text, seed) }));

  it(`cost at most ${MOST_POINTS_LOST} points of accuracy on CLINC150 with ten examples a label`, () => {
    const model = teachLabels(readFixture('clinc-train'));
    const ask = (rows: readonly Labelled[]) => measure(answerAll(model, rows), 1);
    const clean = ask(asked);
    const noisy = SEEDS.map(seed => ask(addNoise(seed)));
    console.log(`clean ${describeFigures(clean)}`);
    noisy.forEach((figures, i) => {
      console.log(`noise of seed ${SEEDS[i]} ${describeFigures(figures)}`);
    });
    const lost = 100 * (clean.accuracy - mean(noisy.map(({ accuracy }) => accuracy)));
    console.log(`${lost.toFixed(1)} points of accuracy lost on average`);
    expect(lost).toBeLessThanOrEqual(MOST_POINTS_LOST);
  }, 300_000);

  it('are the same for the same seed, others for another, and in about one word of seven', () => {
    expect(addNoise(1)).toEqual(addNoise(1));
    expect(addNoise(2)).not.toEqual(addNoise(1));
    // Words that nobody shortens.
    const words = asked.flatMap(row => row.text.match(/[a-z]{5,}(?:ing|ed|er)\b/g) ?? []);
    const long = [...words, ...words, ...words, ...words];
    const typed = long.filter((word, i) => addSmsNoise(word, i) !== word);
    expect(long.length).toBeGreaterThan(500);
    expect(typed.length / long.length).toBeGreaterThan(0.12);
    expect(typed.length / long.length).toBeLessThan(0.18);
  });

  it('leave out apostrophes and end marks, and never a whole word', () => {
    const noisy = addSmsNoise("What's your price? I'm new. Don't wait!", 1);
    expect(noisy).not.toMatch(/['.?!]/);
    for (const { text } of asked) expect(addSmsNoise(text, 1).trim()).not.toBe('');
    expect(addSmsNoise('👍 7', 1)).toBe('👍 7');
  });
});

function describeFigures({ accuracy, coverageAt95, auroc }: Figures): string {
  const [right, covered, curve] = [accuracy, coverageAt95, auroc ?? 0].map(rate => (100 * rate).toFixed(1));
  return `accuracy ${right}, coverage at 95 % ${covered}, AUROC ${curve}`;
}
