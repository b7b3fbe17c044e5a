// Every guard is dropped in turn, in a copied database, and a test that is named for it fails: printed as a table, guard -> test.
// A guard behind which another one stands is dropped together with that one.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attempt, findLoosened, type Ids, type Measure, prepareHostile } from '../safety/hostile-measure.js';
import { HOSTILE } from '../safety/hostile-statements.js';
import { AS_IT_SHOULD, probe } from '../safety/probe.js';
import { PROBES } from '../safety/probes.js';
import { connect, type Session } from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { DOUBLES } from './guard-doubles.js';
import { tryWaiting, WAITS } from './guard-waits.js';
import { dropAll, type Guard, listGuards } from './guards.js';

/** How many of the tests that fail are named, and how many are tried for more than one; ALL=1 tries and names every one. */
const [NAMED, TRIED] = process.env.ALL ? [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] : [3, 40];
const SESSIONS = 2;

type Bench = { database: TestDatabase; db: Session; holder: Session; ids: Ids; calm: Measure };
type Test = {
  name: string;
  mentions: string;
  /** It takes its time, and is tried for the guards that make somebody wait. */
  isOfWaiting?: true;
  fails(bench: Bench): Promise<boolean>;
};

/** A function that cannot run without what was taken out of it (42, 2F) would fail any test. */
const isMissed = (outcome: string) => outcome !== AS_IT_SHOULD && !/: (42|2F)/.test(outcome);

const TESTS: readonly Test[] = [
  ...PROBES.map(one => ({
    name: one.name,
    mentions: `${one.name} ${one.script} ${one.holds ?? ''}`,
    fails: async ({ db, ids }: Bench) => isMissed(await probe(db, ids, one)),
  })),
  ...HOSTILE.map(statement => ({
    name: `leaves everything as safe as it was: ${statement}`,
    mentions: statement,
    fails: async ({ db, ids, calm }: Bench) => findLoosened(await attempt(db, ids, statement), calm, ids) !== null,
  })),
  ...WAITS.map(
    (one): Test => ({
      name: one.name,
      mentions: `${one.held} ${one.script} ${one.holds ?? ''}`,
      isOfWaiting: true,
      fails: async ({ db, holder, ids }) => isMissed(await tryWaiting(db, holder, ids, one)),
    }),
  ),
];
const isOfWaiting = ({ name }: Guard) => / waits? /.test(name);

let benches: Bench[];
beforeAll(async () => {
  benches = await Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      const database = await createTestDatabase();
      const [db, holder] = await Promise.all([connect(database.url), connect(database.url)]);
      return { database, db, holder, ...(await prepareHostile(db)) };
    }),
  );
});
afterAll(async () => {
  for (const { database, db, holder } of benches) {
    await Promise.all([db.close(), holder.close()]);
    await database.close();
  }
});

/** What speaks of the guard's table or function is tried first. */
function inOrder(guards: readonly Guard[]): Test[] {
  const words = guards.flatMap(({ name }) => name.match(/(?<=[ .:])[a-z_]{6,}/g) ?? []);
  const nearness = ({ mentions }: Test) => words.filter(word => mentions.includes(word)).length;
  const areOfWaiting = guards.length === 0 || guards.some(isOfWaiting);
  return TESTS.filter(test => areOfWaiting || !test.isOfWaiting)
    .map(test => ({ test, near: nearness(test) }))
    .toSorted((one, other) => other.near - one.near)
    .map(({ test }) => test);
}

async function findFailing(bench: Bench, guards: readonly Guard[]): Promise<string[]> {
  for (const drop of dropAll(guards)) await bench.db.script(drop);
  try {
    const failing: string[] = [];
    for (const [index, test] of inOrder(guards).entries()) {
      if (await test.fails(bench)) failing.push(test.name);
      if (failing.length === NAMED || (failing.length > 0 && index >= TRIED)) break;
    }
    return failing;
  } finally {
    for (const { restore } of guards.toReversed()) await bench.db.script(restore);
  }
}

describe('While another session holds it', () => {
  it.each(WAITS)('$name', async one => {
    const { db, holder, ids } = benches[0]!;
    expect(await tryWaiting(db, holder, ids, one)).toBe(AS_IT_SHOULD);
  });
});

describe('Each guard', () => {
  it('is missed by a test that is named for it as soon as it is gone', async () => {
    const guards = await listGuards(benches[0]!.db);
    const known = new Map(guards.map(guard => [guard.name, guard]));
    expect(known.size, 'no two guards have one name').toBe(guards.length);
    for (const [name, { behind }] of Object.entries(DOUBLES))
      for (const one of [name, ...behind]) expect(known.has(one), one).toBe(true);
    expect(await findFailing(benches[0]!, []), 'with every guard in its place').toEqual([]);
    const alone = new Map<string, string[]>();
    const together = new Map<string, string[]>();
    const waiting = [...guards];
    await Promise.all(
      benches.map(async bench => {
        for (let guard = waiting.shift(); guard; guard = waiting.shift()) {
          alone.set(guard.name, await findFailing(bench, [guard]));
          const double = DOUBLES[guard.name];
          if (double)
            together.set(guard.name, await findFailing(bench, [guard, ...double.behind.map(name => known.get(name)!)]));
        }
      }),
    );
    const failingOf = (name: string) => (together.get(name) ?? alone.get(name)!).join(' | ');
    const tell = (name: string) => {
      const double = DOUBLES[name];
      return double ? `${name} (with ${double.behind.join(' and ')}: ${double.why})` : name;
    };
    const doubled = guards.filter(({ name }) => DOUBLES[name]);
    console.log(
      [
        ...guards.map(({ name }) => `${tell(name)} -> ${failingOf(name)}`),
        `${guards.length} guards, ${doubled.length} of them double; ${TESTS.length} tests`,
      ].join('\n'),
    );
    expect(guards.filter(({ name }) => failingOf(name) === '').map(({ name }) => tell(name))).toEqual([]);
    expect(
      doubled.filter(({ name }) => alone.get(name)!.length > 0).map(({ name }) => name),
      'no double: it is missed alone',
    ).toEqual([]);
    // Everything was given back.
    for (const bench of benches) expect(await findFailing(bench, [])).toEqual([]);
  }, 550_000);
});
