/** `npm run demo -- --tour` before anything is replayed: what it plans, how it moves the clock, and where it refuses. The whole tour is lived through by the browser's tests. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { buildSampleLine } from '../../scripts/demo/build-sample-line.js';
import { planTour } from '../../scripts/demo/tour.js';
import { machineNowMs, moveClock, restoreClock } from '../../scripts/demo/tour-clock.js';
import { STORY } from '../../scripts/demo/tour-story.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { runScriptFile } from './support/system.js';

const NOW = Date.parse('2031-05-06T21:00:00Z');
const DEMO = new URL('../../scripts/demo/', import.meta.url);
const SAMPLE = readFileSync(new URL('sample-line.jsonl', DEMO), 'utf8')
  .trimEnd()
  .split('\n')
  .map(line => JSON.parse(line) as QuoListItem);
const OWN = buildSampleLine(readFileSync(new URL('tour-dialogues.txt', DEMO), 'utf8'));

describe('the plan of the tour', () => {
  const tour = planTour(SAMPLE, NOW);

  it('holds every text of the sample line and its own, each once, in time order', () => {
    expect(tour.items.map(item => item.id).sort()).toEqual([...SAMPLE, ...OWN].map(item => item.id).sort());
    expect(new Set(tour.items.map(item => item.id)).size).toBe(tour.items.length);
    const times = tour.items.map(item => item.createdAt);
    expect(times).toEqual(times.toSorted());
  });

  it('ends before now and less than a day ago, and every text keeps its hour', () => {
    expect(tour.endMs).toBeLessThanOrEqual(NOW);
    expect(NOW - tour.endMs).toBeLessThan(86_400_000);
    const hours = new Map(tour.items.map(item => [item.id, item.createdAt.slice(11)]));
    for (const item of SAMPLE) expect(hours.get(item.id)).toBe(item.createdAt.slice(11));
  });

  it('begins with its first act, before any text, and ends with texts', () => {
    const moments = STORY.map(({ atMs }) => atMs + tour.shiftMs);
    expect(moments).toEqual(moments.toSorted((one, other) => one - other));
    expect(tour.startMs).toBe(moments[0]);
    expect(tour.startMs).toBeLessThan(Date.parse(tour.items[0]!.createdAt));
    expect(moments.at(-1)).toBeLessThan(tour.endMs);
  });

  it('shares no thread between its own dialogues and those of the sample line', () => {
    const threads = new Set(SAMPLE.map(item => item.conversationId));
    expect(OWN.filter(item => threads.has(item.conversationId))).toEqual([]);
  });
});

describe('the clock of the tour', () => {
  afterEach(restoreClock);

  it('stands where it is put, goes on from there, and is put back', () => {
    moveClock(NOW);
    expect(Date.now() - NOW).toBeLessThan(5_000);
    expect(Date.now()).toBeGreaterThanOrEqual(NOW);
    expect(new Date().toISOString()).toMatch(/^2031-05-06T21:00:0/);
    restoreClock();
    expect(Math.abs(Date.now() - machineNowMs())).toBeLessThan(5_000);
    expect(Math.abs(Date.now() - NOW)).toBeGreaterThan(5_000);
  });

  it('leaves a moment that is named as it is, and what a date is', () => {
    moveClock(NOW);
    expect(new Date('2026-09-14T14:14:04.216Z').toISOString()).toBe('2026-09-14T14:14:04.216Z');
    expect(new Date(2026, 0, 1) instanceof Date).toBe(true);
    expect(Date.UTC(2026, 0, 1)).toBe(1_767_225_600_000);
  });
});

describe('npm run demo -- --tour', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-tour-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['at Neon', 'postgres://owner:hunter2@ep-one.eu-central-1.aws.neon.tech/business', /is a database at Neon/],
    [
      'elsewhere',
      'postgres://owner:hunter2@db.example.com/business',
      /^--tour .* in the embedded database only: unset/,
    ],
    [
      'on this machine',
      'postgres://owner:hunter2@localhost/business',
      /^--tour .* in the embedded database only: unset/,
    ],
  ])('refuses a database %s in a sentence, and repeats nothing of its address', async (_, url, sentence) => {
    const { code, stderr } = await runScriptFile('demo.ts', ['--tour'], folder, { DATABASE_URL: url, PORT: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/hunter2|^\s+at /m);
  });
});
