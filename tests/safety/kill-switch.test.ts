// Evidence of an execution engages the kill switch and rolls everything back in its own transaction; only an admin's
// release, with a reason, undoes the former (I6 to I10).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  DATABASES,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  insertReason,
  isActive,
  makeReady,
  readState,
  refusal,
  release,
  type Session,
} from './support.js';

const OFF = { active: 0, executable: 0, inForce: 0, latched: true, enabled: 'false', queued: 0, pending: 0 };

describe.each(DATABASES)('the kill switch on %s', (_, open) => {
  let db: Session;
  let active: string;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(async () => {
    await makeReady(db);
    active = await insertActivePattern(db);
    await db.sql('insert into pattern_execution_queue (pattern_id) values ($1)', [active]);
  });

  const lastIncident = async () => {
    const [row] = await db.sql<Record<string, unknown> & { id: string; snapshot: Snapshot; changed: Changed }>(
      `select * from incidents order by opened_at desc, recorded_at desc limit 1`,
    );
    return row!;
  };

  it.each([
    ['that says it was automatic', `(was_auto_executed) values (true)`],
    ['that does not say whether it was automatic', `(approved_by, execution_mode) values ('US1', 'manual')`],
    ['that names no approver', `(was_auto_executed, execution_mode) values (false, 'manual')`],
    ['whose approver is blank', `(was_auto_executed, approved_by) values (false, '  ')`],
    ['in an unknown mode', `(was_auto_executed, approved_by, execution_mode) values (false, 'US1', 'auto')`],
    ['in a known mode, misspelt', `(was_auto_executed, approved_by, execution_mode) values (false, 'US1', 'Manual')`],
    ['of a pattern alone', `(pattern_id) values (gen_random_uuid())`],
    ['with nothing at all', 'default values'],
  ])('an execution %s switches everything off in its own transaction', async (_what, values) => {
    const before = await readState(db);
    await db.script(`insert into pattern_execution_history ${values}`);
    expect(await readState(db)).toEqual({ ...OFF, incidents: before.incidents + 1 });
    const incident = await lastIncident();
    expect(incident).toMatchObject({ source: 'evidence', state: 'open', rollback: 'done' });
    const evidence = await db.sql('select check_id, key from incident_evidence where incident_id = $1', [incident.id]);
    const [row] = await db.sql<{ id: string }>('select max(id)::text as id from pattern_execution_history');
    expect(evidence).toEqual([{ check_id: 'executions', key: row!.id }]);
  });

  it.each(['shadow', 'suggested', 'manual', null])(
    'an execution by a person in mode %s changes nothing',
    async mode => {
      const before = await readState(db);
      await db.sql(
        `insert into pattern_execution_history (was_auto_executed, approved_by, execution_mode) values (false, 'US1', $1)`,
        [mode],
      );
      expect(await readState(db)).toEqual(before);
      expect(before).toMatchObject({ active: 1, inForce: 1, latched: false, enabled: 'true' });
    },
  );

  it('many executions in one statement are one incident, with each as its evidence', async () => {
    const before = await readState(db);
    await db.script(`insert into pattern_execution_history (was_auto_executed, approved_by)
      select n % 2 = 0, 'US1' from generate_series(1, 40) n`);
    expect((await readState(db)).incidents).toBe(before.incidents + 1);
    const [row] = await db.sql('select count(*)::int as n from incident_evidence where incident_id = $1', [
      (await lastIncident()).id,
    ]);
    expect(row).toEqual({ n: 20 });
  });

  it('an insert of no execution at all is no incident', async () => {
    const before = await readState(db);
    await db.script('insert into pattern_execution_history (was_auto_executed) select true where false');
    expect(await readState(db)).toEqual(before);
  });

  it('the snapshot was taken before the rollback and holds ids, versions and settings, but no text', async () => {
    const secret = 'The canary sings at midnight.';
    const talking = await insertActivePattern(db, secret);
    await db.sql(`update decision_patterns set notes = $2, pattern_type = 'canary' where id = $1`, [talking, secret]);
    await db.script(`insert into pattern_execution_history (was_auto_executed, approved_by, conversation_id)
      values (true, 'canary approver', 'canary conversation')`);
    const { snapshot, changed } = await lastIncident();
    expect(snapshot.patterns.map(pattern => pattern.id).sort()).toEqual([active, talking].sort());
    expect(snapshot.patterns[0]).toEqual({
      id: expect.any(String),
      version: 1,
      isActive: true,
      autoExecutable: false,
      requiresConfirmation: true,
    });
    expect(snapshot.queue).toEqual([{ id: expect.any(String), status: 'pending' }]);
    expect(snapshot.config.enabled).toBe('true');
    expect(changed.patterns.toSorted()).toEqual([active, talking].sort());
    expect(changed).toMatchObject({ config: ['enabled'] });
    expect(changed.queue).toHaveLength(1);
    expect(JSON.stringify([snapshot, changed]).toLowerCase()).not.toContain('canary');
  });

  it('a second rollback changes no pattern, setting or queue row, and is recorded', async () => {
    await db.script(EXECUTED);
    const read = () =>
      db.sql(`select (select jsonb_agg(to_jsonb(p) order by p.id) from decision_patterns p) as patterns,
        (select jsonb_agg(to_jsonb(c) order by c.config_key) from pattern_learning_config c) as config,
        (select jsonb_agg(to_jsonb(q) order by q.id) from pattern_execution_queue q) as queue`);
    const [before, state, first] = [await read(), await readState(db), await lastIncident()];
    await db.script(EXECUTED);
    expect(await read()).toEqual(before);
    expect((await readState(db)).incidents).toBe(state.incidents + 1);
    const second = await lastIncident();
    expect(second.changed).toEqual({ patterns: [], queue: [], config: [] });
    await db.sql('select v3pls_roll_back($1)', [first.id]);
    expect(await read()).toEqual(before);
    expect((await db.sql('select changed from incidents where id = $1', [first.id]))[0]).toEqual({
      changed: first.changed,
    });
  });

  it('a rollback never makes a setting more permissive', async () => {
    await db.sql(
      `update pattern_learning_config set config_value = '0.99' where config_key = 'auto_execute_threshold'`,
    );
    const read = () =>
      db.sql(`select config_key, config_value from pattern_learning_config where config_key <> 'enabled' order by 1`);
    const before = await read();
    await db.script(EXECUTED);
    expect(await read()).toEqual(before);
  });

  it('there is no rollback without its incident', async () => {
    expect(await refusal(db.script('select v3pls_roll_back(gen_random_uuid())'))).toBe('V3R01');
    expect(await refusal(db.script('select v3pls_roll_back(null)'))).toBe('V3R01');
    expect(await isActive(db, active)).toBe(true);
  });

  it.each(['repeatable read', 'serializable'])(
    'at %s the rollback stays pending, and is completed later',
    async level => {
      await db.script(`begin isolation level ${level}; ${EXECUTED}; commit`);
      expect(await readState(db)).toMatchObject({ active: 1, inForce: 0, latched: true, pending: 1 });
      const incident = await lastIncident();
      expect(incident).toMatchObject({ rollback: 'pending', pending_because: 'V3R01', snapshot: null });
      expect(
        await refusal(db.script(`begin isolation level ${level}; select v3pls_roll_back('${incident.id}'); commit`)),
      ).toBe('V3R01');
      expect(await refusal(release(db))).toBe('V3G03');
      await db.sql('select v3pls_roll_back($1)', [incident.id]);
      expect(await readState(db)).toMatchObject(OFF);
      await release(db);
      expect((await readState(db)).latched).toBe(false);
    },
  );

  it('a snapshot that was planted on a pending incident does not keep its rollback from being done, and is replaced', async () => {
    await db.script(`begin isolation level repeatable read; ${EXECUTED}; commit`);
    const { id } = await lastIncident();
    await db.sql(
      `update incidents set snapshot = '{"patterns": []}', changed = '{}', rolled_back_at = now() where id = $1`,
      [id],
    );
    await db.sql('select v3pls_roll_back($1)', [id]);
    const incident = await lastIncident();
    expect(incident).toMatchObject({ rollback: 'done', changed: { patterns: [active] } });
    expect(incident.snapshot.patterns.map(pattern => pattern.id)).toEqual([active]);
    expect(await readState(db)).toMatchObject(OFF);
    expect(await refusal(db.sql(`update incidents set snapshot = '{}' where id = $1`, [id]))).toBe('V3A01');
  });

  it('a release needs a reason and somebody', async () => {
    await db.script(EXECUTED);
    await refusal(db.script(`insert into releases (actor) values ('admin:ada')`));
    await refusal(db.sql(`insert into releases (reason_id) values ($1)`, [await insertReason(db)]));
    expect((await readState(db)).latched).toBe(true);
  });

  it('a release closes every incident and switches nothing on', async () => {
    await db.script(EXECUTED);
    await db.script(EXECUTED);
    await release(db);
    expect(await readState(db)).toMatchObject({ ...OFF, latched: false });
    expect(await db.sql(`select 1 as one from incidents where state = 'open'`)).toEqual([]);
    expect(await db.sql(`select actor from audit_log where action = 'released' order by id desc limit 1`)).toEqual([
      { actor: 'admin:ada' },
    ]);
  });

  it('an incident only goes forward', async () => {
    await db.script(EXECUTED);
    const { id } = await lastIncident();
    for (const set of [
      `rollback = 'pending'`,
      `snapshot = '{}'`,
      'snapshot = null',
      `source = 'nothing'`,
      'id = gen_random_uuid()',
      `opened_at = 'epoch'`,
    ])
      expect(await refusal(db.sql(`update incidents set ${set} where id = $1`, [id])), set).toBe('V3A01');
    await release(db);
    expect(await refusal(db.sql(`update incidents set state = 'open' where id = $1`, [id]))).toBe('V3A01');
  });

  it('an inactive bystander is not touched by a rollback', async () => {
    const bystander = await insertPattern(db);
    const read = () => db.sql('select * from decision_patterns where id = $1', [bystander]);
    const before = await read();
    await db.script(EXECUTED);
    expect(await read()).toEqual(before);
  });
});

type Snapshot = { patterns: { id: string }[]; queue: unknown[]; config: Record<string, string> };
type Changed = { patterns: string[]; queue: string[]; config: string[] };
