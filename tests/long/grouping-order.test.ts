/** How much the patterns of a line depend on the order in which the same messages came in. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mean } from './answer-labelled.js';
import { comparePartitions } from './partition-agreement.js';
import { readLine, rehearse } from './rehearse-line.js';

const LEAST_MEAN_NMI = 0.9;
/** Decides who comes late, by up to an hour. */
const SHUFFLE_SEED = 11;
const SAMPLE_LINE = fileURLToPath(new URL('../../scripts/demo/sample-line.jsonl', import.meta.url));
const LINES_FOLDER = '../shared/data/streams';
const ENDING = '.messages.jsonl.gz';
/** ALL=1 takes every line, which lasts two minutes. */
const SOME = 1;
const lines = existsSync(LINES_FOLDER)
  ? readdirSync(LINES_FOLDER)
      .filter(name => name.endsWith(ENDING))
      .sort()
      .slice(0, process.env.ALL ? undefined : SOME)
  : [];
const whySkipped = lines.length === 0 ? ` (skipped: ${LINES_FOLDER} is not on this machine)` : '';

describe('Messages that arrive shuffled within the hour', () => {
  it('give the sample line the same exchanges, in nearly the same patterns', () => {
    expect(measureOrder(SAMPLE_LINE).nmi).toBeGreaterThanOrEqual(LEAST_MEAN_NMI);
  }, 120_000);

  it.skipIf(lines.length === 0)(
    `give the development lines patterns that agree by ${LEAST_MEAN_NMI} NMI on average${whySkipped}`,
    () => {
      const agreements = lines.map(name => measureOrder(path.join(LINES_FOLDER, name)));
      const [nmi, ari] = [mean(agreements.map(one => one.nmi)), mean(agreements.map(one => one.ari))];
      console.log(`mean of ${lines.length} lines: NMI ${nmi.toFixed(3)}, ARI ${ari.toFixed(3)}`);
      expect(nmi).toBeGreaterThanOrEqual(LEAST_MEAN_NMI);
    },
    1_800_000,
  );
});

function measureOrder(file: string): { nmi: number; ari: number } {
  const ordered = listPatterns(file, null);
  const shuffled = listPatterns(file, SHUFFLE_SEED);
  expect([...shuffled.keys()].sort(), 'the exchanges that were learned').toEqual([...ordered.keys()].sort());
  const agreement = comparePartitions([...ordered].map(([key, id]) => [id, shuffled.get(key)!] as const));
  const patterns = [ordered, shuffled].map(all => new Set(all.values()).size).join(' / ');
  console.log(
    `${path.basename(file)}: ${ordered.size} exchanges, patterns ${patterns}, NMI ${agreement.nmi.toFixed(3)}, ARI ${agreement.ari.toFixed(3)}`,
  );
  return agreement;
}

/** @returns the pattern of each learned exchange */
function listPatterns(file: string, shuffleSeed: number | null): Map<string, string> {
  const { states } = rehearse(readLine(file, shuffleSeed));
  return new Map(
    [...states].flatMap(([key, { patternId }]) => (patternId === null ? [] : [[key, patternId] as const])),
  );
}
