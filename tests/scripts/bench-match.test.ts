/** The command bench:match on a small set of texts, what it measures with, and the peers where they are installed. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawQueries, makeExemplars } from '../../scripts/matching/exemplars.js';
import { OWN } from '../../scripts/matching/own.js';
import { quantile } from '../../scripts/matching/quantile.js';
import { writeLearningCost, writeSpeedTables } from '../../scripts/matching/tables.js';
import { PEERS } from '../../scripts/peers/list.js';
import type { Answer, Matcher } from '../../scripts/peers/peer.js';
import { runScriptFile } from './support/system.js';

const TAUGHT = [
  { text: 'what time do you open on sunday', label: 'hours' },
  { text: 'when do you close tonight', label: 'hours' },
  { text: 'are you open on monday morning', label: 'hours' },
  { text: 'how much is one hour in a bay', label: 'price' },
  { text: 'what does a lesson cost', label: 'price' },
  { text: 'is the price per person or per bay', label: 'price' },
  { text: 'where can i park my car', label: 'parking' },
  { text: 'is parking free behind the building', label: 'parking' },
  { text: 'do i need a permit to park', label: 'parking' },
];
const ASKED = ['when do you open', 'what is the price of a bay', 'where do i park', 'zzzz qqqq', '🙂', ''];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'v3pls-bench-match-'));
  const write = (name: string, rows: readonly object[]) =>
    writeFileSync(path.join(folder, name), gzipSync(rows.map(row => JSON.stringify(row)).join('\n')));
  mkdirSync(path.join(folder, 'clinc'));
  write('clinc/train.jsonl.gz', TAUGHT);
  write('clinc/test.jsonl.gz', [{ text: 'do you open at nine', label: 'hours' }]);
  write('clinc/oos_test.jsonl.gz', [{ text: 'who won the cup final', label: null }]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('bench:match', () => {
  it('measures a match, memory, loading and learning, without any peer and without the lines', async () => {
    const words = ['--sizes', '30', '--queries', '2', '--peers', 'none', '--json'];
    const places = ['--data', folder, '--streams', path.join(folder, 'none')];
    const { code, stdout, stderr } = await runScriptFile('bench-match.ts', [...words, ...places], folder, {});
    expect(code, stderr).toBe(0);
    const { machine, speeds, learning } = JSON.parse(stdout);
    expect(machine).toMatch(/cores of .*, Node /);
    expect(learning).toBeNull();
    expect(speeds).toHaveLength(1);
    const { name, size, missing, matches, loadMs, learnMs, packedBytes } = speeds[0];
    expect([name, size, missing, matches.asked]).toEqual([OWN.name, 30, null, 2]);
    expect(matches.p95Ms).toBeGreaterThanOrEqual(matches.p50Ms);
    for (const value of [matches.p50Ms, matches.cpuMs, loadMs, learnMs, packedBytes]) expect(value).toBeGreaterThan(0);
  });

  it('says what it does not know', async () => {
    const peer = await runScriptFile('bench-match.ts', ['--peers', 'Nobody'], folder, {});
    expect([peer.code, peer.stderr]).toEqual([1, expect.stringMatching(/^--peers names one that there is not\./)]);
    const size = await runScriptFile('bench-match.ts', ['--sizes', 'many'], folder, {});
    expect([size.code, size.stderr]).toEqual([1, expect.stringMatching(/^--sizes takes numbers/)]);
  });
});

describe('the exemplars', () => {
  it('are distinct, the same every time, and a smaller number of them is the beginning of a larger', () => {
    const exemplars = makeExemplars(folder, 200);
    expect(new Set(exemplars.map(row => row.text)).size).toBe(200);
    expect(new Set(exemplars.map(row => row.label))).toEqual(new Set(['clinc hours', 'clinc price', 'clinc parking']));
    expect(makeExemplars(folder, 40)).toEqual(exemplars.slice(0, 40));
  });

  it('are what people wrote, as far as that goes', () => {
    const texts = makeExemplars(folder, TAUGHT.length).map(row => row.text);
    expect(texts.sort()).toEqual(TAUGHT.map(row => row.text).sort());
  });

  it('are asked with texts of the test sets, in scope and out', () => {
    expect(drawQueries(folder, 10).sort()).toEqual(['do you open at nine', 'who won the cup final']);
  });
});

describe('the table', () => {
  const matches = { asked: 10, p50Ms: 2, p95Ms: 3, cpuMs: 2, heldBytes: 4e6 };
  const base = { size: 10_000, missing: null, learnMs: 100, loadMs: 20, packedBytes: 10, matches };

  it('has each of the others as a multiple of ours, and why somebody has no figures', () => {
    const lines = writeSpeedTables([
      { ...base, name: 'V3-PLS' },
      { ...base, name: 'Slow', loadMs: null, matches: { ...matches, p50Ms: 250 } },
      { ...base, name: 'Absent', missing: 'not installed', matches: null },
    ]).join('\n');
    expect(lines).toContain('### 10,000 exemplars');
    expect(lines).toContain('| V3-PLS | 10 | 2.00 ms |');
    expect(lines).toContain('| Slow | 10 | 250 ms (125 ×) | 3.00 ms (1.0 ×) |');
    expect(lines).toContain('| Absent | not measured: not installed |');
  });

  it('says that nothing was learned where there are no lines', () => {
    expect(writeLearningCost(null).join()).toMatch(/not measured/);
  });

  it('counts quantiles by rank', () => {
    expect([0.5, 0.95, 1].map(share => quantile([5, 1, 4, 2, 3], share))).toEqual([3, 5, 5]);
    expect(quantile([], 0.5)).toBeNaN();
  });
});

for (const peer of [OWN, ...PEERS]) {
  const why = peer.whyMissing();
  describe(`${peer.name}${why ? `: ${why}` : ''}`, () => {
    it.skipIf(why !== null)('answers with a label that it was taught or none, and a score from 0 to 1', async () => {
      const matcher = await peer.learn(TAUGHT);
      try {
        const answers = await askAll(matcher);
        for (const { label, score } of answers) {
          expect(['hours', 'price', 'parking', null]).toContain(label);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
        expect(answers[0]!.label).toBe('hours');
        const packed = matcher.pack();
        if (packed) expect(await askAll(await peer.open(packed))).toEqual(answers);
      } finally {
        await matcher.close();
      }
    });
  });
}

async function askAll(matcher: Matcher): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const text of ASKED) answers.push(await matcher.answer(text));
  return answers;
}
