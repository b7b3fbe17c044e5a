// A restoration closes the incident and gives back the settings that are no matter of safety; it switches nothing on (I9).
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import {
  connect,
  DATABASES,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  insertReason,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

const RESTORE = `insert into restorations (incident_id, actor, reason_id) values ($1, 'admin:ada', $2)`;
const restore = async (db: Session, incident: string) => db.sql(RESTORE, [incident, await insertReason(db)]);

/** Evidence comes, everything is rolled back. @returns the incident */
async function trip(db: Session): Promise<string> {
  await db.script(EXECUTED);
  const [row] = await db.sql<{ id: string }>(
    'select id from incidents order by opened_at desc, recorded_at desc limit 1',
  );
  return row!.id;
}

type Settings = Record<string, string>;

const readSettings = async (db: Session): Promise<Settings> =>
  Object.fromEntries(
    (
      await db.sql<{ key: string; value: string }>(
        'select config_key as key, config_value as value from pattern_learning_config',
      )
    ).map(({ key, value }) => [key, value]),
  );

async function changeSettings(db: Session, settings: Settings): Promise<void> {
  const reason = await insertReason(db);
  await db.sql(
    `insert into config_changes (config_key, new_value, actor, reason_id)
     select key, value, 'admin:ada', $2 from jsonb_each_text($1::jsonb)`,
    [JSON.stringify(settings), reason],
  );
}

/** Everything that decides what may happen, but for the settings. */
const readAll = (db: Session) =>
  db.sql(`select v3pls_is_latched() as latched, (select renewed_at from watchdog_lease) as lease,
    (select jsonb_agg(to_jsonb(p) order by p.id) from decision_patterns p) as patterns,
    (select jsonb_agg(to_jsonb(q) order by q.id) from pattern_execution_queue q) as queue,
    (select count(*) from activations) as activations, (select count(*) from releases) as releases`);

const days = fc.integer({ min: 1, max: 9_999 }).map(String);
const GIVEN_BACK = {
  conversation_window_minutes: days,
  business_timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/Denver', 'Asia/Kathmandu'),
  message_retention_days: days,
  delivery_retention_days: days,
};
const SAFETY = {
  auto_execute_threshold: fc.constantFrom('0.60', '0.95', '1'),
  min_executions_for_auto: days,
  review_min_customers: fc.constantFrom('1', '3', '9'),
  activation_days: fc.constantFrom('1', '30', '99'),
  watchdog_interval_minutes: fc.constantFrom('1', '5', '60'),
  silence_hours: days,
  match_threshold: fc.constantFrom('0.10', '0.50', '0.99'),
};
const settings = fc.record({ ...GIVEN_BACK, ...SAFETY }, { requiredKeys: [] }) as fc.Arbitrary<Settings>;

describe.each(DATABASES)('a restoration on %s', (_, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await makeReady(db);
    await insertActivePattern(db);
  });

  it('gives back what is no matter of safety and nothing else, whatever was set before and after the incident', async () => {
    await fc.assert(
      fc.asyncProperty(
        settings,
        settings,
        fc.record({ patterns: fc.nat(2), queued: fc.boolean(), isOnAgain: fc.boolean(), isReleased: fc.boolean() }),
        async (earlier, later, { patterns, queued, isOnAgain, isReleased }) => {
          await makeReady(db);
          await changeSettings(db, earlier);
          for (let n = 0; n < patterns; n++) await insertActivePattern(db);
          await insertPattern(db);
          if (queued) await db.script('insert into pattern_execution_queue default values');
          const before = await readSettings(db);
          const incident = await trip(db);
          await changeSettings(db, later);
          if (isOnAgain) await changeSettings(db, { enabled: 'true' });
          if (isReleased) await release(db);
          const [everything, now] = [await readAll(db), await readSettings(db)];

          await restore(db, incident);

          expect(await readAll(db)).toEqual(everything);
          const givenBack = Object.fromEntries(Object.keys(GIVEN_BACK).map(key => [key, before[key]]));
          expect(await readSettings(db)).toEqual({ ...now, ...givenBack });
          expect(await db.sql('select state, rollback from incidents where id = $1', [incident])).toEqual([
            { state: 'closed', rollback: 'done' },
          ]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('closes its incident alone, leaves the kill switch engaged, and says who and why', async () => {
    const [first, second] = [await trip(db), await trip(db)];
    await restore(db, second);
    expect(await readState(db)).toMatchObject({ active: 0, inForce: 0, enabled: 'false', latched: true, pending: 0 });
    const rows = await db.sql('select id, state, closed_at is not null as closed from incidents where id in ($1, $2)', [
      first,
      second,
    ]);
    expect(rows).toContainEqual({ id: first, state: 'open', closed: false });
    expect(rows).toContainEqual({ id: second, state: 'closed', closed: true });
    const audit = await db.sql(
      `select a.actor, r.text from audit_log a join reasons r on r.id = a.reason_id
       where a.action = 'restored' and a.subject = $1`,
      [second],
    );
    expect(audit).toEqual([{ actor: 'admin:ada', text: 'checked on the page' }]);
  });

  it('a second time changes nothing more, also where a setting was changed since', async () => {
    await changeSettings(db, { conversation_window_minutes: '45', business_timezone: 'Europe/Berlin' });
    const incident = await trip(db);
    await changeSettings(db, { conversation_window_minutes: '60' });
    await restore(db, incident);
    expect(await readSettings(db)).toMatchObject({ conversation_window_minutes: '45' });
    await changeSettings(db, { conversation_window_minutes: '90' });
    const read = async () => [
      await readAll(db),
      await readSettings(db),
      await db.sql('select * from incidents where id = $1', [incident]),
      await db.sql('select count(*) from audit_log'),
    ];
    const before = await read();
    await restore(db, incident);
    await db.sql(
      `insert into restorations (incident_id, actor, reason_id) select $1, 'admin:ada', $2 from generate_series(1, 2)`,
      [incident, await insertReason(db)],
    );
    expect(await read()).toEqual(before);
  });

  it('several of one incident in one statement give back once', async () => {
    const incident = await trip(db);
    await changeSettings(db, { business_timezone: 'Asia/Kathmandu' });
    await db.sql(
      `insert into restorations (incident_id, actor, reason_id) select $1, 'admin:ada', $2 from generate_series(1, 3)`,
      [incident, await insertReason(db)],
    );
    expect((await readSettings(db)).business_timezone).not.toBe('Asia/Kathmandu');
    expect(await db.sql(`select actor from audit_log where action = 'restored' and subject = $1`, [incident])).toEqual([
      { actor: 'admin:ada' },
    ]);
  });

  it('a setting that was missing or unreadable when the snapshot was taken stays at its safest', async () => {
    await db.script(`alter table pattern_learning_config disable trigger user;
      delete from pattern_learning_config where config_key = 'message_retention_days';
      alter table pattern_learning_config enable trigger user`);
    const incident = await trip(db);
    await restore(db, incident);
    expect(await readSettings(db)).toMatchObject({ message_retention_days: '365' });
  });

  it('is refused without a reason, with a blank one, and without somebody', async () => {
    const incident = await trip(db);
    const reason = await insertReason(db);
    const insert = (columns: string, values: string) =>
      refusal(db.script(`insert into restorations (incident_id, ${columns}) values ('${incident}', ${values})`));
    expect(await insert('actor', `'admin:ada'`)).toBe('V3G03');
    expect(await insert('actor, reason_id', `'admin:ada', gen_random_uuid()`)).toBe('V3G03');
    expect(await insert('actor, reason_id', `'admin:ada', '${await insertReason(db, ' \t\n')}'`)).toBe('V3G03');
    for (const actor of [`''`, `'  '`, 'null'])
      expect(await insert('actor, reason_id', `${actor}, '${reason}'`)).toBe('V3G03');
    expect(await insert('reason_id', `'${reason}'`)).toBe('V3G03');
    expect(await db.sql('select state from incidents where id = $1', [incident])).toEqual([{ state: 'open' }]);
  });

  it('of no incident is refused', async () => {
    for (const incident of ['gen_random_uuid()', 'null'])
      expect(
        await refusal(
          db.script(`insert into restorations (incident_id, actor, reason_id)
            values (${incident}, 'admin:ada', '${await insertReason(db)}')`),
        ),
      ).toBe('V3C01');
  });

  it('is refused while the rollback is pending, and goes through once it is done', async () => {
    await db.script(`begin isolation level repeatable read; ${EXECUTED}; commit`);
    const [row] = await db.sql<{ id: string }>(`select id from incidents where rollback = 'pending'`);
    expect(await refusal(restore(db, row!.id))).toBe('V3G03');
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, latched: true, pending: 1 });
    await db.sql('select v3pls_roll_back($1)', [row!.id]);
    await restore(db, row!.id);
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, pending: 0 });
  });

  it('keeps its row, with the number, time and transaction that the database gives it', async () => {
    const incident = await trip(db);
    await db.sql(
      `insert into restorations (id, incident_id, actor, reason_id, transaction, recorded_at)
       values (-7, $1, 'admin:ada', $2, '1', '2001-01-01')`,
      [incident, await insertReason(db)],
    );
    const read = () =>
      db.sql(
        `select id > 0 as numbered, transaction <> '1' as stamped, recorded_at > '2002-01-01' as timed
        from restorations where incident_id = $1`,
        [incident],
      );
    expect(await read()).toEqual([{ numbered: true, stamped: true, timed: true }]);
    for (const statement of [
      `update restorations set actor = 'nobody'`,
      'delete from restorations',
      'delete from restorations where false',
      'truncate restorations',
    ])
      expect(await refusal(db.script(statement)), statement).toBe('V3A01');
    expect(await read()).toHaveLength(1);
  });
});

describe('a release', () => {
  it.each(DATABASES)('on %s is refused while a pattern is still on behind the kill switch', async (_, open) => {
    const db = await open();
    try {
      await makeReady(db);
      await insertActivePattern(db);
      await release(db);
      expect(await readState(db), 'harmless where nothing is engaged').toMatchObject({ active: 1, inForce: 1 });
      await db.script(`insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`);
      expect(await refusal(release(db))).toBe('V3G03');
      expect(await readState(db)).toMatchObject({ inForce: 0, latched: true });
      await db.script('update decision_patterns set is_active = false where is_active');
      await release(db);
      expect(await readState(db)).toMatchObject({ active: 0, inForce: 0, latched: false });
    } finally {
      await db.close();
    }
  });
});

describe('two at once', () => {
  let database: TestDatabase;
  let [watcher, one, other]: (Session & { pid: number })[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
    [watcher, one, other] = await Promise.all([1, 2, 3].map(() => connect(database.url)));
  });
  afterAll(async () => {
    await Promise.all([watcher!.close(), one!.close(), other!.close()]);
    await database.close();
  });

  const untilWaiting = async ({ pid }: { pid: number }) => {
    for (let waits = false; !waits; )
      [{ waits }] = (await watcher!.sql(
        'select exists (select from pg_locks where pid = $1 and not granted) as waits',
        [pid],
      )) as [{ waits: boolean }];
  };

  it('the restoration that waited for another changes nothing more', async () => {
    await makeReady(watcher!);
    const incident = await trip(watcher!);
    await changeSettings(watcher!, { business_timezone: 'Asia/Kathmandu' });
    const reason = await insertReason(watcher!);
    await one!.script(`begin; insert into restorations (incident_id, actor, reason_id)
      values ('${incident}', 'admin:ada', '${reason}')`);
    const second = other!.sql(RESTORE, [incident, reason]);
    await untilWaiting(other!);
    await one!.script('commit');
    await second;
    expect(await watcher!.sql(`select 1 as one from audit_log where action = 'restored'`)).toHaveLength(1);
    expect((await readSettings(watcher!)).business_timezone).toBe('UTC');
  });

  it('a restoration and a rollback wait for each other in turn, and neither fails', async () => {
    await makeReady(watcher!);
    const incident = await trip(watcher!);
    await changeSettings(watcher!, { business_timezone: 'Asia/Kathmandu' });
    const reason = await insertReason(watcher!);
    await one!.script(`begin; lock table pattern_learning_config in share row exclusive mode`);
    const restoring = other!.sql(RESTORE, [incident, reason]);
    await untilWaiting(other!);
    await one!.script(`select v3pls_roll_back('${incident}'); commit`);
    await restoring;
    expect(await watcher!.sql('select state from incidents where id = $1', [incident])).toEqual([{ state: 'closed' }]);
  });
});
