/** What the live matcher answers to the labelled texts of tests/fixtures/intents. */
import { fileURLToPath } from 'node:url';
import { matchText } from '../../lib/learning/matcher.js';
import type { Model } from '../../lib/learning/model.js';
import type { Answered } from '../../scripts/intents/figures.js';
import { type Labelled, readLabelled } from '../../scripts/intents/labelled.js';

/** @param name without `.jsonl.gz` */
export function readFixture(name: string): Labelled[] {
  return readLabelled(fileURLToPath(new URL(`../fixtures/intents/${name}.jsonl.gz`, import.meta.url)));
}

/** By the shipped constants; a text without a label is out of scope, and no answer to it is right. */
export function answerAll(model: Model, rows: readonly Labelled[]): Answered[] {
  return rows.map(({ text, label }) => {
    const { best } = matchText(model, { customerText: text, previousOperatorText: '' });
    return {
      isInScope: label !== null,
      isRight: best !== null && best.patternId === label,
      confidence: best?.matchConfidence ?? 0,
    };
  });
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
