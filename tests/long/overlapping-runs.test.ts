// Twenty runs of the watchdog over each other, with twenty people who switch patterns on and off and twenty lines that are learned
// from: what is always true is asked after every commit and by a reader beside them, and no run finds what is not there.
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { togglePattern } from '../../lib/toggle-pattern.js';
import { runWatchdog } from '../../lib/watch.js';
import { openPostgres, type PostgresProxy } from '../../scripts/database/postgres-proxy.js';
import { count, createLine, deliver, type Item, openThread } from '../line/support/quo-line.js';
import { connect, EXECUTED, insertPattern, readState, renewLease, type Session } from '../safety/support.js';
import type { TestDatabase } from '../support/postgres.js';
import { findFaults } from './support/invariants.js';

const RUNNERS = 20;
const PEOPLE = 20;
const LINES = 20;
const RUNS_EACH = 3;
const TOGGLES_EACH = 6;
const EXCHANGES_EACH = 3;
const PATTERNS = 5;
const MOST_TRIES = 20;
const CONNECTIONS = 40;
const ADA = { actor: 'admin:ada', name: 'ada', role: 'admin', operatorId: null, expiresAt: null } as const;
const QUESTIONS = [
  'when do you open on sunday',
  'do you have a free bay',
  'what does a month cost',
  'is the yard lit at night',
];
const ANSWERS = [
  'We open at nine on Sundays.',
  'Yes, bay four is free.',
  'A month is eighty dollars.',
  'Yes, the yard is lit all night.',
];

let db: TestDatabase;
let proxy: PostgresProxy;
let owner: Session;
beforeEach(async () => {
  db = await createLine();
  owner = await connect(db.url);
  proxy = await openPostgres(db.url, CONNECTIONS);
  return async () => {
    await Promise.all([owner.close(), proxy.close()]);
    await db.close();
  };
});
afterAll(() => setTransport((url, init) => fetch(url, init)));

/** After each trip that may have committed something, everything is asked. */
function askAfterEveryCommit() {
  const asked = { commits: 0, faults: [] as string[] };
  setTransport(async (url, init) => {
    const response = await proxy.transport(url, init);
    if (response.ok && /insert|update|delete|v3pls_/i.test(String(init.body))) {
      asked.commits += 1;
      asked.faults.push(...(await findFaults(db)));
    }
    return response;
  });
  return asked;
}

/** Asks again and again, each time of one moment, until told to stop. */
async function readBeside(isOver: () => boolean) {
  const reader = await connect(db.url);
  const faults: string[] = [];
  let samples = 0;
  while (!isOver()) {
    await reader.script('begin isolation level repeatable read read only');
    const [first, second] = [await findFaults(reader), await findFaults(reader)];
    await reader.script('commit');
    faults.push(...first, ...second);
    samples += 1;
  }
  await reader.close();
  return { samples, faults };
}

/** Whoever waited too long is told to come again, and does. */
async function insist<T>(
  tries: { again: number },
  act: () => Promise<T>,
  isRefusal: (result: T) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const result = await act();
    if (!isRefusal(result) || attempt === MOST_TRIES) return result;
    tries.again += 1;
  }
}

const times = <T>(n: number, make: (index: number) => T) => Array.from({ length: n }, (_, index) => make(index));

async function learn(line: number, tries: { again: number }): Promise<number[]> {
  const thread = openThread(line + 1);
  const statuses: number[] = [];
  const send = async (item: Item) =>
    statuses.push(
      (
        await insist(
          tries,
          () => deliver(item),
          ({ status }) => status === 503,
        )
      ).status,
    );
  for (let n = 0; n < EXCHANGES_EACH; n++) {
    const about = (line + n) % QUESTIONS.length;
    await send(thread.asks(n * 120, `${QUESTIONS[about]}?`));
    await send(thread.answers(n * 120 + 2, ANSWERS[about]!));
  }
  return statuses;
}

async function toggle(ids: string[], person: number): Promise<string[]> {
  const outcomes: string[] = [];
  for (let n = 0; n < TOGGLES_EACH; n++) {
    const body = { active: (person + n) % 2 === 0, expectedVersion: 1 };
    outcomes.push(
      await togglePattern(ids[(person + n) % ids.length]!, body, ADA).then(
        ({ isActive }) => (isActive ? 'on' : 'off'),
        (error: { code?: string; name: string }) => error.code ?? error.name,
      ),
    );
  }
  return outcomes;
}

async function runAgain(tries: { again: number }): Promise<string[]> {
  const statuses: string[] = [];
  for (let n = 0; n < RUNS_EACH; n++)
    statuses.push(
      await insist(
        tries,
        () =>
          runWatchdog().then(
            ({ status }) => status as string,
            (error: Error) => error.name,
          ),
        status => status === 'Unavailable',
      ),
    );
  return statuses;
}

function countEach(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

async function runAll(meanwhile: () => Promise<void> = async () => {}) {
  await renewLease(owner);
  const ids: string[] = [];
  for (let n = 0; n < PATTERNS; n++)
    ids.push(await insertPattern(owner, { trigger: `question ${n}?`, template: `Answer number ${n}.` }));
  const asked = askAfterEveryCommit();
  const tries = { again: 0 };
  let isOver = false;
  const reading = readBeside(() => isOver);
  const work = Promise.all([
    Promise.all(times(RUNNERS, () => runAgain(tries))),
    Promise.all(times(PEOPLE, person => toggle(ids, person))),
    Promise.all(times(LINES, line => learn(line, tries))),
    meanwhile(),
  ]);
  const [runs, toggles, deliveries] = await work.finally(() => {
    isOver = true;
  });
  const read = await reading;
  const figures = {
    runs: countEach(runs.flat()),
    toggles: countEach(toggles.flat()),
    deliveries: countEach(deliveries.flat()),
  };
  console.log(JSON.stringify({ ...figures, again: tries.again, commits: asked.commits, samples: read.samples }));
  expect([...new Set([...asked.faults, ...read.faults])]).toEqual([]);
  expect(read.samples).toBeGreaterThan(10);
  expect(await findFaults(db)).toEqual([]);
  return figures;
}

describe('Twenty overlapping runs with twenty people and twenty lines', () => {
  it('all finish, what is always true is so at every commit, and there is no incident', async () => {
    const { runs, toggles, deliveries } = await runAll();
    expect(runs).toEqual({ clean: RUNNERS * RUNS_EACH });
    expect(deliveries).toEqual({ 200: LINES * EXCHANGES_EACH * 2 });
    expect(Object.keys(toggles).sort()).toEqual(['off', 'on']);
    expect(await readState(owner)).toMatchObject({
      incidents: 0,
      latched: false,
      executable: 0,
      pending: 0,
      queued: 0,
    });
    // What had to be stored alone is followed by the next run.
    expect((await runWatchdog()).status).toBe('clean');
    expect(await count(db, 'exchanges where pattern_id is not null and not is_withdrawn')).toBe(LINES * EXCHANGES_EACH);
    expect(await findFaults(db)).toEqual([]);
  }, 120_000);

  it('an execution in the middle of them is one incident, and nothing is on or learned after it', async () => {
    let wasOn = 0;
    const { deliveries } = await runAll(async () => {
      const writer = await connect(db.url);
      // Not before somebody has switched something on.
      while (wasOn === 0) wasOn = (await readState(writer)).active;
      await writer.script(EXECUTED);
      await writer.close();
    });
    expect(deliveries).toEqual({ 200: LINES * EXCHANGES_EACH * 2 });
    expect(wasOn).toBeGreaterThan(0);
    expect(await runWatchdog()).toMatchObject({ status: 'latched' });
    expect(await readState(owner)).toMatchObject({
      active: 0,
      inForce: 0,
      incidents: 1,
      latched: true,
      enabled: 'false',
      pending: 0,
    });
  }, 120_000);
});
