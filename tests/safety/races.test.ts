// Activation against rollback, in both orders, many times: nothing is ever active behind a finished rollback (I3, I7).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import {
  ACTIVATE,
  connect,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  isActive,
  makeReady,
  readState,
  type Session,
} from './support.js';

const ROUNDS = 50;
type Connection = Session & { pid: number };

let database: TestDatabase;
let watcher: Connection;
let one: Connection;
let other: Connection;
beforeAll(async () => {
  database = await createTestDatabase();
  [watcher, one, other] = await Promise.all([connect(database.url), connect(database.url), connect(database.url)]);
});
afterAll(async () => {
  await Promise.all([watcher.close(), one.close(), other.close()]);
  await database.close();
});

/** The barrier: resolves once this session waits for a lock. */
async function untilWaiting({ pid }: Connection): Promise<void> {
  for (;;) {
    const [row] = await watcher.sql<{ waits: boolean }>(
      'select exists (select from pg_locks where pid = $1 and not granted) as waits',
      [pid],
    );
    if (row!.waits) return;
  }
}

const outcome = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

async function openIncident(session: Session): Promise<string> {
  await session.sql(`insert into kill_switch_latches (source, actor) values ('operator', 'operator:olga')`);
  const [row] = await session.sql<{ id: string }>(
    `select v3pls_open_incident('operator', 'operator:olga', null, '[]') as id`,
  );
  return row!.id;
}

describe('activation against rollback', () => {
  beforeEach(() => makeReady(watcher));

  it(`an activation that meets a rollback waits for it and is then blocked (${ROUNDS} rounds)`, async () => {
    const id = await insertPattern(watcher);
    for (let round = 0; round < ROUNDS; round++) {
      await makeReady(watcher);
      await one.script(`begin; ${EXECUTED}`);
      const attempt = outcome(other.sql(ACTIVATE, [id, 1]));
      await untilWaiting(other);
      await one.script('commit');
      expect(await attempt).toBe('V3G01');
      expect(await isActive(watcher, id)).toBe(false);
    }
    expect(await readState(watcher)).toMatchObject({ active: 0, latched: true, pending: 0 });
  });

  it(`a rollback that meets an activation waits for it and then switches it off (${ROUNDS} rounds)`, async () => {
    const id = await insertPattern(watcher);
    for (let round = 0; round < ROUNDS; round++) {
      await makeReady(watcher);
      await one.script(`begin; insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada')`);
      const incident = await openIncident(other);
      const rollback = other.sql<{ changed: { patterns: string[] } }>('select v3pls_roll_back($1) as changed', [
        incident,
      ]);
      await untilWaiting(other);
      await one.script('commit');
      expect((await rollback)[0]!.changed.patterns).toEqual([id]);
      expect(await isActive(watcher, id)).toBe(false);
    }
  });

  it(`evidence that meets an activation leaves its rollback pending, and nothing in force (${ROUNDS / 5} rounds)`, async () => {
    const id = await insertPattern(watcher);
    for (let round = 0; round < ROUNDS / 5; round++) {
      await makeReady(watcher);
      await one.script(`begin; insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada')`);
      await other.script(EXECUTED);
      await one.script('commit');
      expect(await readState(watcher)).toMatchObject({ active: 1, inForce: 0, latched: true, pending: 1 });
      await other.sql(`select v3pls_roll_back(id) from incidents where rollback = 'pending'`);
      expect(await isActive(watcher, id)).toBe(false);
    }
  });

  it(`an activation and evidence started together never leave anything in force (${ROUNDS} rounds)`, async () => {
    const id = await insertPattern(watcher);
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      await makeReady(watcher);
      const [first, second] = round % 2 === 0 ? [one, other] : [other, one];
      const activation = outcome(first.sql(ACTIVATE, [id, 1]));
      const evidence = outcome(second.sql(EXECUTED));
      expect(await evidence).toBe('done');
      seen.add(await activation);
      const state = await readState(watcher);
      expect(state).toMatchObject({ inForce: 0, latched: true });
      if (state.pending === 0) expect(state.active).toBe(0);
    }
    for (const result of seen) expect(['done', 'V3G01']).toContain(result);
  });

  it('two rollbacks at once are two records, and the second changes nothing', async () => {
    const id = await insertActivePattern(watcher);
    const incidents = [await openIncident(one), await openIncident(other)];
    await one.script(`begin; select v3pls_roll_back('${incidents[0]}')`);
    const second = other.sql<{ changed: unknown }>('select v3pls_roll_back($1) as changed', [incidents[1]]);
    await untilWaiting(other);
    await one.script('commit');
    expect(await second).toEqual([{ changed: { patterns: [], queue: [], config: [] } }]);
    expect(await isActive(watcher, id)).toBe(false);
  });

  it('one incident completed by two runs at once is rolled back once', async () => {
    await insertActivePattern(watcher);
    const incident = await openIncident(one);
    await one.script(`begin; select v3pls_roll_back('${incident}')`);
    const second = other.sql<{ changed: { patterns: string[] } }>('select v3pls_roll_back($1) as changed', [incident]);
    await untilWaiting(other);
    await one.script('commit');
    expect((await second)[0]!.changed.patterns).toHaveLength(1);
    const audit = await watcher.sql(`select 1 as one from audit_log where action = 'rolled_back' and subject = $1`, [
      incident,
    ]);
    expect(audit).toHaveLength(1);
  });

  it('an edit that meets a rollback waits for it, and both happen', async () => {
    const id = await insertActivePattern(watcher);
    await one.script(`begin; ${EXECUTED}`);
    const edit = other.sql(`update decision_patterns set response_template = 'At eight.' where id = $1`, [id]);
    await untilWaiting(other);
    await one.script('commit');
    await edit;
    expect(await watcher.sql('select version, is_active from decision_patterns where id = $1', [id])).toEqual([
      { version: 2, is_active: false },
    ]);
  });

  it('an activation that meets an edit waits for it and is then blocked: these are not the approved words', async () => {
    const id = await insertPattern(watcher);
    await one.script(`begin; update decision_patterns set response_template = 'At eight.' where id = '${id}'`);
    const activation = outcome(other.sql(ACTIVATE, [id, 1]));
    await untilWaiting(other);
    await one.script('commit');
    expect(await activation).toBe('V3G01');
    expect(await isActive(watcher, id)).toBe(false);
  });

  it('switching learning on meets a rollback, waits, and cannot undo the latch', async () => {
    await one.script(`begin; ${EXECUTED}`);
    const enabling = other.sql(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
    await untilWaiting(other);
    await one.script('commit');
    await enabling;
    expect(await readState(watcher)).toMatchObject({ latched: true, inForce: 0, active: 0 });
  });
});
