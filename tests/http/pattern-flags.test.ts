/** What an owner is told of a pattern that the line has left behind: a fact that changed, a question that operators answer otherwise. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as pattern from '../../api/patterns/[id]/index.js';
import * as patterns from '../../api/patterns/index.js';
import * as tokens from '../../api/tokens.js';
import { countTrips } from '../../db/client.js';
import { openThread, setLineEnvironment } from '../line/support/quo-line.js';
import { createTestPglite } from '../support/pglite.js';
import { createTestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { deliverAll } from './support/marking.js';

const DAY_MS = 86_400_000;
const ENABLE = `update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`;
let customers = 0;
let day = 0;

/** Each from another customer, a day later than the one before. */
async function ask(question: string, ...replies: string[]): Promise<void> {
  for (const reply of replies) {
    const thread = openThread(++customers, Date.UTC(2026, 4, 1, 15) + ++day * DAY_MS);
    await deliverAll([thread.asks(0, question), thread.answers(2, reply)]);
  }
}

type Shown = { id: string; responseTemplate: string; version: number; flags: string[] };
/** Fixed dates grow stale by the tester's clock: that flag is no matter here. */
const withoutStale = <Body extends { flags: string[] }>(body: Body): Body => ({
  ...body,
  flags: body.flags.filter(flag => flag !== 'stale'),
});
const list = async (): Promise<Shown[]> =>
  (await call(patterns.GET, '/api/patterns?status=all')).body.patterns.map(withoutStale);
const find = async (words: string) => (await list()).find(({ responseTemplate }) => responseTemplate.includes(words))!;
const read = (id: string, token?: string) =>
  call(pattern.GET, `/api/patterns/${id}`, token === undefined ? {} : { token }).then(({ body }) => withoutStale(body));
const change = (id: string, body: unknown) =>
  call(pattern.PATCH, `/api/patterns/${id}`, { method: 'PATCH', body }).then(answer => withoutStale(answer.body));

describe.each([
  ['PGlite', async () => createTestPglite().then(({ exec, use, close }) => ({ run: exec, use, close }))],
  ['PostgreSQL', async () => createTestDatabase().then(({ sql, use, close }) => ({ run: sql, use, close }))],
])('On a line on %s', (_, open) => {
  let db: Awaited<ReturnType<typeof open>>;
  let viewer = '';
  beforeAll(async () => {
    setLineEnvironment();
    db = await open();
    await db.use();
    await db.run(ENABLE);
    const made = await call(tokens.POST, '/api/tokens', { method: 'POST', body: { name: 'Vera', role: 'viewer' } });
    viewer = made.body.token;
  });
  afterAll(() => db.close());

  it('a price that newer replies give otherwise is flagged, with the newer one, until an admin writes it', async () => {
    const question = 'how much is a day pass';
    await ask(question, 'A day pass is $39.95 and includes the pool.', 'A day pass is $39.95 and includes the pool.');
    const { id } = await find('$39.95');
    expect(await read(id)).toMatchObject({ flags: [], facts: ['$39.95'], factChanges: [] });
    await ask(question, 'A day pass is $35 and includes the pool.');
    expect((await read(id)).flags, 'one odd reply').toEqual([]);
    await ask(question, 'A day pass is $35 now and includes the pool.');
    expect((await find('$39.95')).flags).toEqual(['fact_changed']);
    expect(await read(id)).toMatchObject({
      evidence: { exchanges: 4 },
      flags: ['fact_changed'],
      factChanges: [{ fact: '$39.95', newer: '$35', seen: 2 }],
    });
    expect(await read(id, viewer), 'a viewer sees that, not what').toMatchObject({
      flags: ['fact_changed'],
      factChanges: [],
    });
    const edited = await change(id, {
      expectedVersion: 1,
      responseTemplate: 'A day pass is $35 and includes the pool.',
    });
    expect(edited.flags).toEqual(['edited']);
    expect(await read(id)).toMatchObject({ flags: ['edited'], facts: ['$35'], factChanges: [] });
  });

  it('a pattern whose question operators now answer with another one conflicts, until it is merged', async () => {
    const question = 'can i bring my dog to the climbing hall';
    const old = 'Yes, dogs are welcome everywhere, just keep them on a leash';
    const other = 'Sorry, because of new insurance rules animals must stay outside from this season on';
    await ask(question, old, old, old);
    const { id } = await find('leash');
    expect((await read(id)).shadow.agreed).toBeGreaterThan(0);
    for (let round = 0; round < 12 && !(await read(id)).flags.includes('conflict'); round++) await ask(question, other);
    const { id: otherId } = await find('insurance');
    const found = await read(id, viewer);
    const [conflict, ...rest] = found.conflicts;
    expect(rest).toEqual([]);
    expect(conflict).toEqual({ id: otherId, times: expect.any(Number) });
    expect(conflict.times).toBeGreaterThanOrEqual(3);
    expect(conflict.times).toBeGreaterThan(found.shadow.agreed);
    expect((await find('leash')).flags).toContain('conflict');
    expect((await find('insurance')).flags, 'the answer that wins').not.toContain('conflict');
    const merged = await change(id, {
      expectedVersion: found.version,
      mergeInto: { id: otherId, expectedVersion: (await read(otherId)).version },
    });
    expect(merged).toMatchObject({ status: 'retired', flags: [] });
    expect((await find('insurance')).flags).toEqual([]);
  });

  it('all of it is still one trip', async () => {
    const { id } = await find('$35');
    for (const ask of [list, () => read(id)]) {
      await ask();
      const before = countTrips();
      await ask();
      expect(countTrips() - before).toBe(1);
    }
  });
});
