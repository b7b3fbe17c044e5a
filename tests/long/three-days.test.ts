/**
 * Three dense days by the test's clock: a run of the watchdog every five minutes, customers and operators writing all the
 * time, an admin at work, and a foreign writer who plants a fault of every kind. `SEED=n` gives another three days; what is
 * drawn is replayed by it, not the order in which texts of the same moment are stored.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../quo/random.js';
import { behindGuards } from '../safety/behind-guards.js';
import { readState } from '../safety/support.js';
import { type Line, openLine } from './days-line.js';
import { countLearned, Days, type Report } from './days-passing.js';
import { KINDS, type Kind } from './days-plants.js';
import { DAY_MS, makeTraffic } from './days-traffic.js';

const SEED = Number(process.env.SEED ?? 1);
const DAYS = 3;
const RUN_EVERY_MS = 5 * 60_000;
const RUNS = (DAYS * DAY_MS) / RUN_EVERY_MS;
/** 2 March 2026, a Monday. */
const START_MS = Date.UTC(2026, 2, 2, 5);
const COPIES = 4;
/** The first two hours, until there is something to plant at; and a day and more, in which an activation can run out. */
const PEACE: readonly [from: number, to: number][] = [
  [0, 24],
  [192, 560],
];
/** Found, mended, released after three runs at most, clean again. */
const RUNS_OF_A_PLANT = 6;

const endOf = (run: number) => START_MS + (run + 1) * RUN_EVERY_MS;

/** Each kind at least once, and at least one for a hundred texts and runs. @returns by the number of the run that finds it */
function drawPlants(random: Random, events: number): Map<number, Kind> {
  const slots: number[] = [];
  for (let run = 0; run + RUNS_OF_A_PLANT < RUNS; run += RUNS_OF_A_PLANT)
    if (!PEACE.some(([from, to]) => run + RUNS_OF_A_PLANT > from && run < to)) slots.push(run);
  const kinds = [...KINDS];
  while (kinds.length < events / 100) kinds.push(random.choose(KINDS));
  if (kinds.length > slots.length) throw new Error(`${kinds.length} plants do not fit into ${slots.length} hours`);
  const plants = new Map<number, Kind>();
  for (const kind of kinds) plants.set(slots.splice(random.pick(slots.length), 1)[0]!, kind);
  return plants;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe(`Three days of runs and texts with a planted fault of every kind (SEED=${SEED})`, () => {
  const random = createRandom(SEED);
  const arrivals = makeTraffic(random, START_MS, DAYS, COPIES);
  const plants = drawPlants(random, RUNS + arrivals.length);
  let line: Line;
  let report: Report;
  let runs: { status: string; whole: boolean }[];

  beforeAll(async () => {
    line = await openLine(START_MS);
    await line.owner.sql(
      `insert into config_changes (config_key, new_value, actor) values ('activation_days', '1', 'admin:ada')`,
    );
    await line.run();
    const days = new Days(line, random, endOf);
    report = days.report;
    const startedMs = performance.now();
    let next = 0;
    for (let run = 0; run < RUNS; run++) {
      const from = next;
      while (next < arrivals.length && arrivals[next]!.atMs < endOf(run)) next++;
      await days.pass(run, arrivals.slice(from, next), plants.get(run));
    }
    const seconds = (performance.now() - startedMs) / 1_000;
    runs = (
      await line.owner.sql<{ status: string; whole: boolean }>(
        'select status, is_whole as whole from watchdog_runs order by id',
      )
    ).slice(1);
    const msOf = (whole: boolean) => median(report.runMs.filter((_, index) => runs[index]!.whole === whole));
    const whole = runs.filter(run => run.whole).length;
    console.log(
      [
        `${RUNS} runs (${RUNS - whole} ordinary, median ${msOf(false).toFixed(1)} ms; ${whole} whole, median ${msOf(true).toFixed(1)} ms), ${seconds.toFixed(0)} s`,
        `${arrivals.length} deliveries ${JSON.stringify(report.deliveries)}, exchanges learned ${await countLearned(line)}`,
        `${report.activated} activations, ${report.edited} edits, ${report.expired} ran out`,
        `${plants.size} plants (${((100 * plants.size) / (RUNS + arrivals.length)).toFixed(1)} %), found ${report.found}, false incidents ${report.falseIncidents.length}`,
        ...Object.entries(report.plants).map(([kind, n]) => `  ${n} × ${kind}`),
      ].join('\n'),
    );
  }, 300_000);
  afterAll(() => line.close());

  it('finds every planted fault with the next run or in its own transaction, by its own check, and switches everything off', () => {
    expect(report.missed).toEqual([]);
    expect(Object.keys(report.plants).sort()).toEqual(KINDS.map(kind => kind.name).sort());
    expect(report.found).toBe(plants.size);
    expect(plants.size).toBeGreaterThanOrEqual((RUNS + arrivals.length) / 100);
  });

  it('finds nothing else: every other run is clean, or latched until the release', async () => {
    expect(report.falseIncidents).toEqual([]);
    expect((await readState(line.owner)).incidents).toBe(plants.size);
    expect(runs).toHaveLength(RUNS);
    const [refused] = await line.owner.sql('select count(*)::int as n from watchdog_runs where status in ($1, $2)', [
      'failed',
      'unknown',
    ]);
    expect(refused).toEqual({ n: 0 });
  });

  it('loses no text meanwhile and goes on learning after each release', async () => {
    const texts = new Set(arrivals.map(({ item }) => item.id)).size;
    expect(await line.owner.sql(`select count(*)::int as n from messages where thread_id <> 'CNforeign'`)).toEqual([
      { n: texts },
    ]);
    expect(report.learned).toHaveLength(plants.size);
    expect(await countLearned(line)).toBeGreaterThan(report.learned.at(-1)!);
    expect(report.learned.at(-1)).toBeGreaterThan(report.learned[0]! + 300);
  });

  it('had something to lose: patterns activated, reworded and run out, ordinary runs more than whole ones', () => {
    expect(Math.min(report.activated, report.edited, report.expired)).toBeGreaterThan(0);
    expect(runs.filter(run => !run.whole).length).toBeGreaterThan(RUNS / 2);
  });

  it('finds within a day what a foreign writer also hid from the ordinary runs', async () => {
    await line.setClock(line.nowMs() + 2 * RUN_EVERY_MS);
    expect((await line.run()).status).toBe('clean');
    const [pattern] = await line.owner.sql<{ id: string }>(
      'select id from decision_patterns where retired_at is null limit 1',
    );
    const forged = `update decision_patterns set exchange_count = exchange_count + 7 where id = '${pattern!.id}'`;
    await line.owner.script(behindGuards('decision_patterns', forged));
    await line.setClock(line.nowMs() + RUN_EVERY_MS);
    expect((await line.run()).status).toBe('clean');
    await line.setClock(line.nowMs() + DAY_MS);
    const found = await line.run();
    expect(found.status).toBe('rolled_back');
    expect(found.checks).toContainEqual({ id: 'counters', violations: 1 });
  });

  it('keeps the evidence with each incident when the same row is forged again after a release', async () => {
    const [pattern] = await line.owner.sql<{ id: string }>(
      'select id from decision_patterns where retired_at is null limit 1',
    );
    const switchOn = `update decision_patterns set is_active = true where id = '${pattern!.id}'`;
    const evidence: unknown[] = [];
    for (const _ of [1, 2]) {
      await line.release();
      await line.setClock(line.nowMs() + RUN_EVERY_MS);
      await line.owner.script(behindGuards('decision_patterns', switchOn));
      const { incidentId } = await line.run();
      const named = 'select check_id, key from incident_evidence where incident_id = $1';
      evidence.push(await line.owner.sql(named, [incidentId]));
    }
    const forged = [{ check_id: 'unapproved_active', key: pattern!.id }];
    expect(evidence).toEqual([forged, forged]);
  });
});
