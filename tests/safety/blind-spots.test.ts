// What a watchdog run must see though it saw something like it before, and what must not blind it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runWatchdog } from '../../lib/watch.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { connect, EXECUTED, insertActivePattern, insertPattern, makeReady, type Session } from './support.js';

let database: TestDatabase;
let db: Session;
beforeEach(async () => {
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
  await makeReady(db);
});
afterEach(async () => {
  await db.close();
  await database.close();
});

const behindTheGuards = (table: string, statement: string) =>
  db.script(`alter table ${table} disable trigger user; ${statement}; alter table ${table} enable trigger user`);

const insertSent = (text: string) =>
  db.sql(
    `insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at)
     values (gen_random_uuid()::text, 'CN1', 'PN1', 'outgoing', $1, false, 'delivered', now())`,
    [text],
  );

async function expectAlarmTwice(forge: (time: number) => Promise<unknown>, repair: () => Promise<unknown>) {
  for (const time of [1, 2]) {
    await forge(time);
    expect((await runWatchdog()).status, `the ${time}. time`).toBe('rolled_back');
    await repair();
    await makeReady(db);
    expect((await runWatchdog()).status).toBe('clean');
  }
}

describe('the same wrong, done again after a release, is an alarm again', () => {
  it('a counter forged twice', async () => {
    await insertPattern(db);
    const set = (n: number) => db.sql('update decision_patterns set agreed_count = $1', [n]);
    await expectAlarmTwice(
      time => set(40 + time),
      () => set(0),
    );
  });

  it('shadow mode switched off twice, its CHECK dropped', async () => {
    await expectAlarmTwice(
      () =>
        behindTheGuards(
          'pattern_learning_config',
          `alter table pattern_learning_config drop constraint config_value_typed;
           update pattern_learning_config set config_value = 'false' where config_key = 'shadow_mode'`,
        ),
      // The rollback switched shadow mode on; the CHECK is for a person to put back.
      () =>
        db.script(`alter table pattern_learning_config add constraint config_value_typed
          check (v3pls_is_setting(config_key, config_value))`),
    );
  });

  it('a setting lost twice', async () => {
    const row = `insert into pattern_learning_config (config_key, config_value) values ('silence_hours', '1') on conflict do nothing`;
    await expectAlarmTwice(
      () =>
        behindTheGuards(
          'pattern_learning_config',
          `delete from pattern_learning_config where config_key = 'silence_hours'`,
        ),
      () => db.script(row),
    );
  });

  it('a queue row that waits again', async () => {
    await db.script('insert into pattern_execution_queue default values');
    await expectAlarmTwice(
      () => db.script(`update pattern_execution_queue set status = 'pending'`),
      async () => {},
    );
  });
});

describe('the watchdog is not blind', () => {
  it('to a pattern switched on again behind the guards, in words that were approved before', async () => {
    const id = await insertActivePattern(db);
    await db.script(EXECUTED);
    await makeReady(db);
    await behindTheGuards('decision_patterns', `update decision_patterns set is_active = true where id = '${id}'`);
    expect((await runWatchdog()).status).toBe('rolled_back');
  });

  it('to a threshold that no CHECK would accept', async () => {
    await db.script('alter table pattern_learning_config drop constraint config_value_typed');
    await behindTheGuards(
      'pattern_learning_config',
      `update pattern_learning_config set config_value = '0.2' where config_key = 'auto_execute_threshold'`,
    );
    expect((await runWatchdog()).status).toBe('rolled_back');
  });

  it('to a guard that is switched off', async () => {
    await db.script('alter table pattern_execution_history disable trigger judge_evidence');
    expect((await runWatchdog()).status).not.toBe('clean');
  });

  it('because of what a template says: a brace and a number', async () => {
    await insertPattern(db, { template: '{3} is the bay for {{name}} today, see you' });
    await insertSent('Your appointment is confirmed.');
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('because of 600 automatic texts and 500 patterns: a run takes under a second and a half', async () => {
    await db.script(`insert into decision_patterns (pattern_type, trigger_text, response_template)
      select 'faq', 'question ' || n, case when n % 2 = 0
        then 'Hello {{name}}, bay ' || n || ' is open until {{time}} and you can park behind the house.'
        else 'We answer number ' || n || ' at seven in the morning, see you.' end
      from generate_series(1, 500) n`);
    await db.script(`insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at)
      select 'AC' || n, 'CN1', 'PN1', 'outgoing', 'Thanks for message ' || n || ', we are closed now and will be back soon.',
        false, 'delivered', now() + interval '1 minute' from generate_series(1, 600) n`);
    const start = performance.now();
    expect((await runWatchdog()).status).toBe('clean');
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it('and a run that is overtaken by a newer one ends clean', async () => {
    const newer = await connect(database.url);
    try {
      await newer.script('begin; select 1 from watchdog_lease for update');
      const overtaken = runWatchdog().then(
        answer => answer.status,
        () => 'failed',
      );
      const waiting = `select exists (select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock') as waits`;
      while (!(await db.sql<{ waits: boolean }>(waiting))[0]!.waits);
      await newer.script(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now());
        update watchdog_lease set run_id = (select max(id) from watchdog_runs); commit`);
      expect(await overtaken).toBe('clean');
    } finally {
      await newer.close();
    }
  });

  it('many runs at once over one wrong leave it rolled back, latched and recorded', async () => {
    await insertActivePattern(db);
    await behindTheGuards('pattern_execution_history', EXECUTED);
    const answers = await Promise.all(Array.from({ length: 5 }, () => runWatchdog()));
    expect(answers.filter(answer => answer.status === 'clean')).toEqual([]);
    expect((await runWatchdog()).status).toBe('latched');
    expect(await db.sql('select distinct check_id, key from incident_evidence')).toHaveLength(1);
    expect(await db.sql(`select 1 as one from incidents where rollback = 'pending'`)).toEqual([]);
  });
});
