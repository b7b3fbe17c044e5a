// Two sessions at once, in both orders, a thousand rounds on a real PostgreSQL: each begins with the other stopped after one of
// its statements, and waits are found by the locks, not by the clock. The statements are the code's own, sent one at a time.
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changeConfig } from '../../db/config.js';
import { tripByHand } from '../../db/incidents.js';
import { activatePattern, commandPattern } from '../../db/pattern-commands.js';
import { engageKillSwitch, tripAndRecord } from '../../db/watchdog.js';
import { runWatchdog } from '../../lib/watch.js';
import { connect, EXECUTED, makeReady, readState, type Session } from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { captureStatements, type Statement } from './support/captured.js';
import { expectSound } from './support/invariants.js';

/** Of each pair in each order: five pairs, two orders. */
const ROUNDS = 100;
const PATTERNS = 3;
type Connection = Session & { pid: number };
type Party = { name: string; steps: Statement[] };
type Made = (ids: string[], round: number) => Promise<Party>;

let database: TestDatabase;
let watcher: Connection;
let one: Connection;
let other: Connection;
beforeEach(async () => {
  database = await createTestDatabase();
  // The acts are captured, never sent: but the client wants an address.
  await database.use();
  [watcher, one, other] = (await Promise.all([1, 2, 3].map(() => connect(database.url)))) as [
    Connection,
    Connection,
    Connection,
  ];
});
afterEach(async () => {
  await Promise.all([watcher.close(), one.close(), other.close()]);
  await database.close();
});

const plain = (text: string): Statement => ({ text, params: [] });
const inTransaction = (statements: Statement[]) => [plain('begin'), ...statements, plain('commit')];
const reason = () => ({ id: randomUUID(), text: 'a race' });
const by = { actor: 'admin:ada', name: 'ada' };

const activation: Made = async ([id]) => ({
  name: 'activation',
  steps: inTransaction(await captureStatements(() => activatePattern(id!, 1, by.actor, reason()))),
});
/** As an operator does it: the latch in a commit of its own, then the rollback. */
const byHand: Made = async () => ({
  name: 'rollback by hand',
  steps: [
    ...(await captureStatements(() => engageKillSwitch('manual', by.actor))),
    ...inTransaction(await captureStatements(() => tripByHand(by, reason()))),
  ],
});
const byWatchdog: Made = async () => ({
  name: 'rollback by the watchdog',
  steps: [
    ...(await captureStatements(() => engageKillSwitch('watchdog', 'watchdog'))),
    ...(await captureStatements(() =>
      tripAndRecord({ source: 'watchdog', actor: 'watchdog' }, [{ checkId: 'queue', key: randomUUID() }], {
        checks: [],
        startedAt: new Date().toISOString(),
        scope: 'whole',
      }),
    )),
  ],
});
const byEvidence: Made = async () => ({ name: 'evidence', steps: inTransaction([plain(EXECUTED)]) });
const latch: Made = async () => ({
  name: 'latch',
  steps: inTransaction(await captureStatements(() => engageKillSwitch('manual', by.actor))),
});
const TRIPS = [byHand, byWatchdog, byEvidence];
const rollback: Made = (ids, round) => TRIPS[round % 3]!(ids, round);
const otherRollback: Made = (ids, round) => TRIPS[Math.floor(round / 3) % 3]!(ids, round);
const edit: Made = async ([id]) => ({
  name: 'edit',
  steps: inTransaction(
    await captureStatements(() =>
      commandPattern(
        id!,
        [{ patternId: id!, action: 'edit', expectedVersion: 1 }],
        { responseTemplate: { text: 'We open at eight.', slots: [] } },
        by.actor,
        null,
      ),
    ),
  ),
});
const CHANGES = [
  { key: 'activation_days', value: '7' },
  { key: 'watchdog_interval_minutes', value: '60' },
  { key: 'enabled', value: 'false' },
  { key: 'review_min_customers', value: '9' },
];
const configuration: Made = async (_ids, round) => ({
  name: 'configuration',
  steps: inTransaction(
    await captureStatements(() => changeConfig([CHANGES[round % CHANGES.length]!], by.actor, reason())),
  ),
});

/** Statement by statement; after an error the transaction is rolled back. @returns 'done' or the error's code */
async function run(session: Connection, steps: readonly Statement[]): Promise<string> {
  for (const { text, params } of steps) {
    const code = await session.sql(text, params).then(
      () => null,
      (error: { code: string }) => error.code,
    );
    if (code) {
      await session.sql('rollback');
      return code;
    }
  }
  return 'done';
}

/** The barrier: resolves once this session waits for a lock, or its work is over. */
async function untilWaitingOrOver({ pid }: Connection, work: Promise<unknown>): Promise<'waits' | 'over'> {
  let isOver = false;
  work.then(() => {
    isOver = true;
  });
  for (;;) {
    const [row] = await watcher.sql<{ waits: boolean }>(
      'select exists (select from pg_locks where pid = $1 and not granted) as waits',
      [pid],
    );
    if (isOver) return 'over';
    if (row!.waits) return 'waits';
  }
}

/** Begins the first, stops it after its n-th statement, begins the second, and lets the first go on once the second waits or is over. */
async function race(first: Party, second: Party, stopAfter: number) {
  const begun = await run(one, first.steps.slice(0, stopAfter));
  expect(begun, `${first.name} as far as its statement ${stopAfter}`).toBe('done');
  const attempt = run(other, second.steps);
  const met = await untilWaitingOrOver(other, attempt);
  const rest = await run(one, first.steps.slice(stopAfter));
  return { met, first: rest, second: await attempt };
}

const count = (tally: Map<string, number>, what: string) => tally.set(what, (tally.get(what) ?? 0) + 1);

/** Everything at its default, the kill switch released, the lease fresh; the first pattern on only where asked, the others on. */
async function setScene(startsOn: boolean): Promise<string[]> {
  const ids = Array.from({ length: PATTERNS }, () => randomUUID());
  const why = randomUUID();
  await makeReady(watcher);
  await watcher.script(`insert into reasons (id, text) values ('${why}', 'a race');
    insert into config_changes (config_key, new_value, actor, reason_id) select config_key, default_value, 'admin:ada', '${why}'
      from v3pls_config_rules() where config_key <> 'enabled' and default_value <> v3pls_setting(config_key);
    delete from decision_patterns;
    insert into decision_patterns (id, pattern_type, trigger_text, response_template)
      select id::uuid, 'faq', 'when do you open?', 'We open at seven every day.' from unnest('{${ids.join(',')}}'::text[]) id;
    insert into activations (pattern_id, version, actor) select id::uuid, 1, 'admin:ada' from unnest('{${ids.slice(startsOn ? 0 : 1).join(',')}}'::text[]) id`);
  return ids;
}

/** What the two may end with: whoever came second may be told no, and nothing else. */
async function runPair(make: [Made, Made], options: { startsOn: boolean; mayFail: Record<string, RegExp> }) {
  const tally = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const ids = await setScene(options.startsOn);
    const wereOn = options.startsOn ? ids : ids.slice(1);
    const { at } = (await watcher.sql<{ at: string }>('select clock_timestamp()::text as at'))[0]!;

    const [first, second] = [await make[0](ids, round), await make[1](ids, round)];
    const outcome = await race(first, second, 1 + (round % (first.steps.length - 1)));
    count(tally, `second ${outcome.met}`);
    for (const [party, result] of [
      [first, outcome.first],
      [second, outcome.second],
    ] as const) {
      count(tally, `${party.name} ${result}`);
      if (result !== 'done')
        expect(result, `${party.name} against ${first.name}`).toMatch(options.mayFail[party.name] ?? /^$/);
    }
    await expectSound(watcher, `round ${round}`);
    await expectFinished({ wereOn, since: at, round });
  }
  const [row] = await watcher.sql<{ deadlocks: string }>(
    'select deadlocks from pg_stat_database where datname = current_database()',
  );
  expect(row!.deadlocks, 'deadlocks').toBe('0');
  return [...tally]
    .sort()
    .map(([what, n]) => `${what}: ${n}`)
    .join(', ');
}

/** What follows in life: the next run of the watchdog. After it, nothing is on under a latch, and nothing waits to be rolled back. */
async function expectFinished({ wereOn, since, round }: { wereOn: string[]; since: string; round: number }) {
  await database.use();
  const before = await readState(watcher);
  const { status } = await runWatchdog();
  const after = await readState(watcher);
  expect(status === 'clean', `round ${round}: ${status}`).toBe(!before.latched);
  expect(after).toMatchObject({ executable: 0, pending: 0, queued: 0, latched: before.latched });
  if (before.latched) expect(after).toMatchObject({ active: 0, inForce: 0, enabled: 'false' });
  else expect(after.inForce, 'what is on is in force').toBe(after.active);
  await expectSound(watcher, `after round ${round}`);
  // Each pattern that was on was switched off by exactly one rollback of this round.
  const rows = await watcher.sql<{ ids: string[] }>(
    `select changed -> 'patterns' as ids from incidents where recorded_at >= $1::timestamptz - interval '1 second' and rollback = 'done' and state = 'open'`,
    [since],
  );
  const off = rows.flatMap(row => row.ids);
  expect(new Set(off).size).toBe(off.length);
  if (before.latched) expect(off).toEqual(expect.arrayContaining(wereOn));
}

const NOT_NOW = /^(V3G01|V3G04)$/;
const PAIRS: [string, Made, Made, { startsOn: boolean; mayFail: Record<string, RegExp> }][] = [
  ['activation and latch', activation, latch, { startsOn: false, mayFail: { activation: NOT_NOW } }],
  ['activation and rollback', activation, rollback, { startsOn: false, mayFail: { activation: NOT_NOW } }],
  ['activation and edit', activation, edit, { startsOn: false, mayFail: { activation: NOT_NOW } }],
  ['activation and configuration', activation, configuration, { startsOn: false, mayFail: {} }],
  ['two trips', rollback, otherRollback, { startsOn: true, mayFail: {} }],
];

describe.each(PAIRS)('%s', (name, a, b, options) => {
  it.each([
    ['as named', [a, b]],
    ['the other way round', [b, a]],
  ] as [string, [Made, Made]][])(
    `%s, ${ROUNDS} rounds`,
    async (order, make) => {
      console.log(`${name}, ${order}: ${await runPair(make, options)}`);
    },
    120_000,
  );
});
