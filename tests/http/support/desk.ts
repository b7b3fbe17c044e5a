/** What the tests of deciding share: a line with an admin, an operator and a pattern that nobody may touch. */
import { beforeAll, beforeEach, expect } from 'vitest';
import * as pattern from '../../../api/patterns/[id]/index.js';
import * as toggle from '../../../api/patterns/[id]/toggle.js';
import { setLineEnvironment } from '../../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { call } from './calls.js';
import { makeToken } from './people.js';

const STATE = `select md5(string_agg(to_jsonb(p)::text, '' order by id)) as sum from decision_patterns p where id = $1`;

/** Registers its own set-up; every test finds a fresh lease and no counted writes. */
export function openDesk() {
  const people = { operator: '', admin: '' };
  let db!: TestDatabase;

  async function renewLease() {
    await db.sql(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`);
    await db.sql('update watchdog_lease set run_id = (select max(id) from watchdog_runs)');
  }
  const sumOf = async (id: string) => (await db.sql<{ sum: string }>(STATE, [id]))[0]!.sum;
  async function addPattern(trigger = 'When do you open?', template = 'We open at nine.'): Promise<string> {
    const [row] = await db.sql<{ id: string }>(
      `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('answer', $1, $2) returning id`,
      [trigger, template],
    );
    return row!.id;
  }

  beforeAll(async () => {
    db = await createTestDatabase();
    await db.use();
    setLineEnvironment();
    people.operator = await makeToken(db, 'operator', 'Olga');
    people.admin = await makeToken(db, 'admin', 'Ada');
    const bystander = await addPattern('Do you sell gloves?', 'We do, at the desk.');
    const before = await sumOf(bystander);
    return async () => {
      expect(await sumOf(bystander), 'a bystander').toBe(before);
      await db.close();
    };
  });
  beforeEach(async () => {
    setLineEnvironment();
    await db.sql('delete from rate_limits');
    await renewLease();
  });

  return {
    people,
    addPattern,
    sumOf,
    sql: <Row = Record<string, unknown>>(text: string, params?: unknown[]) => db.sql<Row>(text, params),
    switchTo: (id: string, body: unknown, token = people.admin) =>
      call(toggle.POST, `/api/patterns/${id}/toggle`, { method: 'POST', token, body }),
    change: (id: string, body: unknown, token = people.admin) =>
      call(pattern.PATCH, `/api/patterns/${id}`, { method: 'PATCH', token, body }),
    read: (id: string, token = people.admin) => call(pattern.GET, `/api/patterns/${id}?id=${id}`, { token }),
    retire: (id: string, token = people.admin) =>
      call(pattern.DELETE, `/api/patterns/${id}`, { method: 'DELETE', token }),
    audit: (id: string) =>
      db.sql(
        `select v3pls_actor_name(actor) as actor, action, details ->> 'isActive' as "isActive" from audit_log where subject = $1 order by id`,
        [id],
      ),
  };
}
