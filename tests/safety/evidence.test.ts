// Evidence is never refused and never altered (I5).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASES, EXECUTED, insertActivePattern, insertReason, makeReady, refusal, type Session } from './support.js';

const APPEND_ONLY = [
  ...['pattern_execution_history', 'shadow_decisions', 'shadow_judgements', 'audit_log', 'activations'],
  ...[
    'config_changes',
    'releases',
    'kill_switch_latches',
    'kill_switch_releases',
    'incident_evidence',
    'watchdog_runs',
    'ground_truth_sightings',
  ],
];
/** Rows of these change, but never go away. */
const KEPT = ['incidents', 'pattern_learning_config', 'watchdog_lease', 'learning_state'];

describe.each(DATABASES)('evidence on %s', (_, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
    await makeReady(db);
    const id = await insertActivePattern(db);
    await db.script(`insert into shadow_decisions (thread_id, last_message_id, kind) values ('CN1', 'AC1', 'abstained');
      insert into shadow_judgements (decision_id, pattern_id, pattern_version, would_reply, outcome)
        values (1, '${id}', 1, true, 'agreed');
      insert into ground_truth_sightings (message_id) values ('AC0');
      ${EXECUTED}`);
    const reason = await insertReason(db);
    await db.sql(
      `insert into config_changes (config_key, new_value, actor, reason_id) values ('activation_days', '60', 'admin:ada', $1)`,
      [reason],
    );
    await makeReady(db);
  });
  afterAll(() => db.close());
  beforeEach(() => makeReady(db));

  it.each(APPEND_ONLY)('%s keeps its rows: no update, delete or truncate', async table => {
    const read = async () => (await db.sql(`select to_jsonb(t)::text as row from ${table} t order by 1`)).length;
    const before = await db.sql(`select to_jsonb(t)::text as row from ${table} t order by 1`);
    expect(before.length, 'there has to be a row to lose').toBeGreaterThan(0);
    for (const statement of [
      `update ${table} set recorded_at = '2001-01-01'`,
      `update ${table} set recorded_at = recorded_at where false`,
      `delete from ${table}`,
      `delete from ${table} where false`,
      `truncate ${table}`,
      `truncate ${table} cascade`,
      `truncate ${table} restart identity`,
      `with gone as (delete from ${table} returning 1) select count(*) from gone`,
    ])
      expect(await refusal(db.script(statement)), statement).toBe('V3A01');
    expect(await db.sql(`select to_jsonb(t)::text as row from ${table} t order by 1`)).toEqual(before);
    expect(await read()).toBe(before.length);
  });

  it.each(KEPT)('%s never loses a row', async table => {
    for (const statement of [`delete from ${table}`, `truncate ${table}`, `truncate ${table} cascade`])
      expect(await refusal(db.script(statement)), statement).toBe('V3A01');
    expect((await db.sql(`select 1 as one from ${table}`)).length).toBeGreaterThan(0);
  });

  it.each(['decision_patterns', 'pattern_execution_queue'])('%s cannot be truncated past its triggers', async table => {
    expect(await refusal(db.script(`truncate ${table}, messages`))).toBe('V3A01');
  });

  it('an upsert cannot alter a row either', async () => {
    for (const statement of [
      `insert into activations (id, pattern_id, version, actor) select id, pattern_id, version, actor from activations
         order by id limit 1 on conflict (id) do update set actor = 'nobody'`,
      `insert into incident_evidence (check_id, key, incident_id) select check_id, key, incident_id
         from incident_evidence limit 1 on conflict (incident_id, check_id, key) do update set key = 'gone'`,
      `merge into audit_log a using (select 1) one on true when matched then delete`,
      `merge into audit_log a using (select 1) one on true when matched then update set actor = 'nobody'`,
    ])
      await refusal(db.script(statement));
  });

  it.each([
    ['of a pattern that does not exist', `(pattern_id, was_auto_executed) values (gen_random_uuid(), true)`],
    ['of no pattern', `(pattern_id, was_auto_executed) values (null, true)`],
    ['with nothing at all', 'default values'],
    ['with an id that is taken', `(id, was_auto_executed) select min(id), true from pattern_execution_history`],
    ['with no id', `(id, was_auto_executed) values (null, false)`],
    ['with the largest id', `(id, was_auto_executed) values (9223372036854775807, true)`],
    ['with every column NULL', `values (null, null, null, null, null, null, null, null, null, null)`],
    ['with an unknown mode and a long approver', `(execution_mode, approved_by) values ('🤖', repeat('x', 100000))`],
    ['dated 1970 and in doubt', `(created_at, confidence_at_execution) values ('epoch', 'NaN')`],
    ['dated never', `(created_at, recorded_at) values ('infinity', '-infinity')`],
  ])('an execution %s is accepted', async (_what, values) => {
    const count = async () =>
      (await db.sql<{ n: number }>('select count(*)::int as n from pattern_execution_history'))[0]!.n;
    const before = await count();
    await db.script(`insert into pattern_execution_history ${values}`);
    expect(await count()).toBe(before + 1);
  });

  it('an execution is recorded at the time it came, whatever it says', async () => {
    const rows = await db.sql<{ now: boolean }>(
      `insert into pattern_execution_history (was_auto_executed, recorded_at) values (true, '2001-01-01')
       returning recorded_at > now() - interval '1 minute' as now`,
    );
    expect(rows).toEqual([{ now: true }]);
  });

  it('an evidence transaction that is rolled back leaves nothing', async () => {
    const read = () =>
      db.sql(`select (select count(*) from pattern_execution_history) as history, (select count(*) from incidents) as incidents,
        (select count(*) from kill_switch_latches) as latches, (select count(*) from audit_log) as audit,
        (select string_agg(config_value, ',' order by config_key) from pattern_learning_config) as config`);
    const before = await read();
    await db.script(`begin; ${EXECUTED}; rollback`);
    await db.script(`begin; savepoint one; ${EXECUTED}; rollback to one; commit`);
    await refusal(db.script(`${EXECUTED}; select 1 / 0`));
    expect(await read()).toEqual(before);
  });

  it('a deleted queue row is cancelled and kept', async () => {
    const rows = await db.sql<{ id: string }>(
      `insert into pattern_execution_queue (conversation_id, status) values ('CN1', 'pending'), ('CN1', 'dismissed') returning id`,
    );
    await db.sql('delete from pattern_execution_queue');
    const kept = await db.sql('select status from pattern_execution_queue where id = any ($1) order by 1', [
      `{${rows.map(row => row.id).join()}}`,
    ]);
    expect(kept).toEqual([{ status: 'cancelled' }, { status: 'dismissed' }]);
  });

  it('a removed pattern is remembered and audited', async () => {
    const id = await insertActivePattern(db);
    await db.sql('delete from decision_patterns where id = $1', [id]);
    expect(await db.sql('select pattern_id from removed_patterns where pattern_id = $1', [id])).toHaveLength(1);
    expect(await db.sql(`select actor from audit_log where action = 'pattern_removed' and subject = $1`, [id])).toEqual(
      [{ actor: 'sql:postgres' }],
    );
    // Its versions stay, so its id cannot come back with other words as if nothing had been.
    const again = `insert into decision_patterns (id, pattern_type, trigger_text, response_template) values ('${id}', 'faq', 'a', 'b')`;
    expect(await refusal(db.script(again))).toBe('23505');
  });
});
