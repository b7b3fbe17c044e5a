// What somebody with the rights of the functions, or any session's settings, could do to the guards and the watchdog.
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { runWatchdog } from '../../lib/watch.js';
import { createTestDatabase, type TestDatabase, withUser } from '../support/postgres.js';
import {
  connect,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

let database: TestDatabase;
let owner: Session;
let app: Session;
beforeEach(async () => {
  database = await createTestDatabase();
  await database.use();
  owner = await connect(database.url);
  app = await connect(withUser(database.url, inject('postgresAppRole')));
  await makeReady(owner);
});
afterEach(async () => {
  await app.close();
  await owner.close();
  await database.close();
});

describe("With the rights of the functions' role", () => {
  it('an audit row that names a change which never was is no alarm without an end', async () => {
    await app.sql(`insert into audit_log (actor, action, subject, details) values ('eve', 'config_changed', 'shadow_mode', '{"new": "false"}'),
      ('eve', 'config_changed', 'match_threshold', '{"new": "0.99"}')`);
    expect((await runWatchdog()).status).toBe('rolled_back');
    await release(owner);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('an incident is closed by nothing but a command, and keeps who opened it', async () => {
    await owner.script(EXECUTED);
    for (const change of [
      `state = 'closed', closed_at = v3pls_now()`,
      `closed_at = v3pls_now()`,
      `actor = 'nobody'`,
      `changed = '{}'`,
    ])
      expect(await refusal(app.sql(`update incidents set ${change}`)), change).toBe('V3A01');
  });

  it('a run that claims to end in a thousand years does not put off the daily one', async () => {
    await app.sql(`insert into watchdog_runs (status, checks, started_at, finished_at, recorded_at)
      values ('clean', '[]', v3pls_now(), '2999-01-01', '2999-01-01')`);
    expect(await owner.sql(`select count(*)::int as n from watchdog_runs where recorded_at > v3pls_now()`)).toEqual([
      { n: 0 },
    ]);
  });

  it('words are not said to be first said later, and a text is not said to have been looked at or sent by a person', async () => {
    await insertPattern(owner, { template: 'We are open from nine to five.' });
    expect(await refusal(app.sql(`update pattern_versions set first_seen = '2999-01-01'`))).toBe('V3A01');
    const send = (id: string, columns: string, values: string) =>
      app.sql(`insert into messages (id, thread_id, line_id, direction, text, status, event_at, ${columns}) values ('${id}', 'CN1', 'PN1',
        'outgoing', 'We are open from nine to five.', 'delivered', v3pls_now() + interval '1 minute', ${values})`);
    expect(await refusal(send('AC1', 'is_person', 'true'))).toBe('23514');
    expect(await refusal(send('AC1', 'is_person, actor_id', `true, 'SYrobot'`))).toBe('23514');
    await send('AC2', 'is_person, watched_at', 'false, v3pls_now()');
    expect((await runWatchdog()).status).toBe('rolled_back');
  });

  it.each([
    ['kill_switch_latches', `insert into kill_switch_latches (source, actor) values ('manual', 'operator')`],
    ['audit_log', `insert into audit_log (actor, action) values ('operator', 'noted')`],
    ['watchdog_runs', `insert into watchdog_runs (status, checks, started_at) values ('failed', '[]', v3pls_now())`],
  ])('the sequence of %s, set back by a restore, keeps nothing out', async (table, insert) => {
    for (let row = 0; row < 3; row++) await app.sql(insert);
    await owner.sql(`select setval('${table}_id_seq', 1, false)`);
    for (let row = 0; row < 3; row++) await app.sql(insert);
    const [rows] = await owner.sql<{ kept: boolean }>(`select count(*) >= 6 as kept from ${table}`);
    expect(rows).toEqual({ kept: true });
    expect(await refusal(app.sql(`select v3pls_move_on('messages')`))).toBe('V3A01');
  });
});

describe('Whatever a session sets', () => {
  it.each([
    'quote_all_identifiers = on',
    'standard_conforming_strings = off',
    `timezone = '<X>-20'`,
    `lock_timeout = '1ms'`,
    `datestyle = 'German'`,
  ])('%s: evidence is stored, latched and rolled back', async setting => {
    await insertActivePattern(owner);
    await owner.script(`set ${setting}`);
    await owner.script(EXECUTED);
    expect(await readState(owner)).toMatchObject({ active: 0, inForce: 0, latched: true, pending: 0 });
  });

  it.each(['0x9', '1_0', '1e0', '0.9O'])('%s is no threshold', async value => {
    for (const setting of ['on', 'off']) {
      await app.script(`set standard_conforming_strings = ${setting}`);
      const set = `update pattern_learning_config set config_value = '${value}' where config_key = 'auto_execute_threshold'`;
      expect(['23514', 'V3G02']).toContain(await refusal(app.script(set)));
    }
  });

  it('an approval given in any time zone is one', async () => {
    await owner.script(`set timezone = '<X>-20'`);
    await insertActivePattern(owner);
    expect((await runWatchdog()).status).toBe('clean');
    expect(await readState(owner)).toMatchObject({ active: 1, inForce: 1 });
  });
});
