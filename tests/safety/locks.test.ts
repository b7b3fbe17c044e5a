// What the kill switch does while somebody holds the locks: the latch waits for nothing, evidence waits for little, and a
// rollback that could not get its locks is completed later (I6, I10).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import {
  connect,
  EXECUTED,
  insertActivePattern,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

let database: TestDatabase;
let db: Session;
let holder: Session;
beforeAll(async () => {
  database = await createTestDatabase();
  [db, holder] = await Promise.all([connect(database.url), connect(database.url)]);
});
afterAll(async () => {
  await Promise.all([db.close(), holder.close()]);
  await database.close();
});
beforeEach(async () => {
  await makeReady(db);
  await insertActivePattern(db);
});

async function timed(act: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/** Runs `act` while another session holds these locks. */
async function whileHeld(locks: string, act: () => Promise<void>): Promise<void> {
  await holder.script(`begin; ${locks}`);
  try {
    await act();
  } finally {
    await holder.script('rollback');
  }
}

describe('while another session holds locks', () => {
  it.each([
    ['the patterns', 'lock table decision_patterns in access exclusive mode'],
    ['the patterns for writing', 'lock table decision_patterns in row exclusive mode'],
    ['one pattern', 'select 1 from decision_patterns for update'],
    ['the settings', 'lock table pattern_learning_config in access exclusive mode'],
    ['one setting', `select 1 from pattern_learning_config where config_key = 'enabled' for update`],
    ['the queue', 'lock table pattern_execution_queue in access exclusive mode'],
    [
      'all three',
      'lock table decision_patterns, pattern_learning_config, pattern_execution_queue in access exclusive mode',
    ],
  ])('on %s, evidence is stored at once, latched, and its rollback completed afterwards', async (_what, locks) => {
    let incident = '';
    await whileHeld(locks, async () => {
      expect(await timed(() => db.script(EXECUTED))).toBeLessThan(300);
      const rows = await db.sql<{ id: string; because: string; latched: boolean }>(
        `select id, pending_because as because, v3pls_is_latched() as latched from incidents where rollback = 'pending'`,
      );
      expect(rows).toEqual([{ id: expect.any(String), because: '55P03', latched: true }]);
      incident = rows[0]!.id;
      expect(await refusal(release(db))).toBe('V3G03');
    });
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, latched: true, pending: 1 });
    await db.sql('select v3pls_roll_back($1)', [incident]);
    expect(await readState(db)).toMatchObject({ active: 0, enabled: 'false', latched: true, pending: 0 });
    const [row] = await db.sql<{ taken: boolean }>(
      `select snapshot -> 'patterns' <> '[]' as taken, pending_because as because from incidents where id = $1`,
      [incident],
    );
    expect(row).toEqual({ taken: true, because: null });
  });

  it('the session’s own lock_timeout is as it was afterwards', async () => {
    await db.script(`set lock_timeout = '7s'`);
    await whileHeld('lock table decision_patterns in access exclusive mode', () => db.script(EXECUTED));
    expect(await db.sql('show lock_timeout')).toEqual([{ lock_timeout: '7s' }]);
    await db.script('reset lock_timeout');
  });

  it('the kill switch is engaged in under 100 ms while every other table is locked', async () => {
    const tables = await db.sql<{ name: string }>(
      `select quote_ident(relname) as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'kill_switch_latches'`,
    );
    expect(tables.length).toBeGreaterThan(20);
    const locks = `lock table ${tables.map(table => table.name).join(', ')} in access exclusive mode`;
    await whileHeld(locks, async () => {
      const latch = `insert into kill_switch_latches (source, actor) values ('operator', 'operator:olga')`;
      expect(await timed(() => db.script(latch))).toBeLessThan(100);
    });
    expect(await readState(db)).toMatchObject({ latched: true, inForce: 0 });
  });

  it('a release opens only the latches that it saw', async () => {
    await db.script(EXECUTED);
    await holder.script(`begin; insert into kill_switch_latches (source, actor) values ('operator', 'operator:olga')`);
    await release(db);
    expect((await readState(db)).latched).toBe(false);
    await holder.script('commit');
    expect((await readState(db)).latched).toBe(true);
    await release(db);
    expect((await readState(db)).latched).toBe(false);
  });

  it('an activation that began before the latch and commits after it is not in force', async () => {
    const other = await connect(database.url);
    const [row] = await db.sql<{ id: string }>('select id from decision_patterns where is_active limit 1');
    await holder.script(
      `begin; insert into activations (pattern_id, version, actor) values ('${row!.id}', 1, 'admin:ada')`,
    );
    await other.script(`insert into kill_switch_latches (source, actor) values ('operator', 'operator:olga')`);
    await holder.script('commit');
    expect((await readState(db)).inForce).toBe(0);
    await other.close();
  });
});
