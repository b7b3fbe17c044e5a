// A pattern is never active without an admin's activation of exactly these words, with every gate open (I3, I4, I11).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ACTIVATE,
  activate,
  DATABASES,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  isActive,
  makeReady,
  readState,
  refusal,
  renewLease,
  type Session,
} from './support.js';

type Gate = { id: string; ok: boolean };

describe.each(DATABASES)('activation on %s', (_, open) => {
  let db: Session;
  let bystander: string;
  beforeAll(async () => {
    db = await open();
    bystander = await insertPattern(db, { template: 'A bystander that nobody touches.' });
  });
  afterAll(async () => {
    expect(await isActive(db, bystander)).toBe(false);
    await db.close();
  });
  beforeEach(() => makeReady(db));

  /** Which gates said no. */
  async function closedGates(id: string, version = 1): Promise<string[]> {
    const error = await db.sql(ACTIVATE, [id, version]).then(
      () => expect.unreachable('this activation had to be blocked'),
      (thrown: { code: string; detail: string }) => thrown,
    );
    expect(error.code).toBe('V3G01');
    return (JSON.parse(error.detail) as Gate[]).filter(gate => !gate.ok).map(gate => gate.id);
  }

  it('a pattern is active once an admin activated this version, and the audit says who', async () => {
    const id = await insertPattern(db);
    await activate(db, id);
    expect(await isActive(db, id)).toBe(true);
    const inForce = await db.sql<{ days: string }>(
      `select extract(day from expires_at - activated_at)::text as days from patterns_in_force where id = $1`,
      [id],
    );
    expect(inForce).toEqual([{ days: '30' }]);
    expect(await db.sql(`select actor from audit_log where action = 'activated' and subject = $1`, [id])).toEqual([
      { actor: 'admin:ada' },
    ]);
  });

  it('a pattern is never active by raw SQL', async () => {
    const id = await insertPattern(db);
    const other = await insertPattern(db);
    for (const statement of [
      'update decision_patterns set is_active = true',
      `update decision_patterns set is_active = true where id = '${id}'`,
      `update decision_patterns set is_active = null where id = '${id}'`,
      `update decision_patterns set is_active = true, trigger_text = 'other words' where id = '${id}'`,
      `insert into audit_log (actor, action, subject) values ('admin:ada', 'activated', '${id}');
       update decision_patterns set is_active = true where id = '${id}'`,
      `insert into activations (pattern_id, version, actor) values ('${other}', 1, 'admin:ada');
       update decision_patterns set is_active = true where id = '${id}'`,
    ])
      expect(await refusal(db.script(statement))).toBe('V3G04');
    expect([await isActive(db, id), await isActive(db, other)]).toEqual([false, false]);
  });

  it('an activation of another transaction does not help', async () => {
    const id = await insertActivePattern(db);
    await db.sql('update decision_patterns set is_active = false where id = $1', [id]);
    expect(await refusal(db.sql('update decision_patterns set is_active = true where id = $1', [id]))).toBe('V3G04');
    const [copied] = await db.sql<{ transaction: string }>(
      'select transaction::text as transaction from activations where pattern_id = $1',
      [id],
    );
    expect(copied!.transaction).not.toBe('');
    expect(await isActive(db, id)).toBe(false);
  });

  it('what an activation says of itself is overwritten: transaction, hash and dates', async () => {
    const id = await insertPattern(db);
    await db.sql(
      `insert into activations (pattern_id, version, actor, content_hash, transaction, activated_at, expires_at)
       values ($1, 1, 'admin:ada', 'forged', '3'::xid8, '2001-01-01', '2999-01-01')`,
      [id],
    );
    const rows = await db.sql(
      `select content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots) as hash,
         transaction <> '3'::xid8 as transaction, activated_at > now() - interval '1 minute' as activated,
         expires_at < now() + interval '31 days' as expires
       from activations a join decision_patterns p on p.id = a.pattern_id where p.id = $1`,
      [id],
    );
    expect(rows).toEqual([{ hash: true, transaction: true, activated: true, expires: true }]);
  });

  it('is blocked for a pattern that does not exist, another version, a retired pattern and nobody', async () => {
    const id = await insertPattern(db);
    expect(await closedGates('00000000-0000-4000-8000-000000000000')).toEqual(['pattern', 'version']);
    expect(await closedGates(id, 2)).toEqual(['version']);
    await db.sql('update decision_patterns set retired_at = now() where id = $1', [id]);
    expect(await closedGates(id)).toEqual(['pattern']);
    const other = await insertPattern(db);
    for (const actor of ['', '   '])
      expect(
        await refusal(
          db.sql(`insert into activations (pattern_id, version, actor) values ($1, 1, $2)`, [other, actor]),
        ),
      ).toBe('V3G01');
    expect(await refusal(db.sql(`insert into activations (pattern_id, version) values ($1, 1)`, [other]))).toBe(
      'V3G01',
    );
    expect([await isActive(db, id), await isActive(db, other)]).toEqual([false, false]);
  });

  it('is blocked while the kill switch is engaged', async () => {
    const id = await insertPattern(db);
    await db.sql(`insert into kill_switch_latches (source, actor) values ('test', 'operator:olga')`);
    expect(await closedGates(id)).toEqual(['kill_switch']);
    expect(await isActive(db, id)).toBe(false);
  });

  it('is blocked while the lease is stale, and before there ever was one', async () => {
    const id = await insertPattern(db);
    const setLease = (value: string) =>
      db.script(`alter table watchdog_lease disable trigger user;
        update watchdog_lease set renewed_at = ${value};
        alter table watchdog_lease enable trigger user`);
    await setLease(`now() - interval '11 minutes 1 second'`);
    expect(await closedGates(id)).toEqual(['watchdog_lease']);
    await setLease('null');
    expect(await closedGates(id)).toEqual(['watchdog_lease']);
    await setLease(`now() - interval '10 minutes'`);
    await activate(db, id);
    expect(await isActive(db, id)).toBe(true);
  });

  it.each(['repeatable read', 'serializable'])('is blocked at %s', async level => {
    const id = await insertPattern(db);
    const attempt = `begin isolation level ${level};
      insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada'); commit`;
    expect(await refusal(db.script(attempt))).toBe('V3G01');
    expect(await isActive(db, id)).toBe(false);
  });

  it('the lease is renewed only by a new, clean run', async () => {
    const renew = 'update watchdog_lease set run_id = (select max(id) from watchdog_runs)';
    expect(await refusal(db.script(renew))).toBe('V3G04');
    for (const status of ['latched', 'rolled_back']) {
      await db.sql(`insert into watchdog_runs (status, checks, started_at) values ($1, '[]', now())`, [status]);
      expect(await refusal(db.script(renew))).toBe('V3G04');
    }
    expect(await refusal(db.script(`update watchdog_lease set renewed_at = '2999-01-01'`))).toBe('V3G04');
    expect(await refusal(db.script('delete from watchdog_lease'))).toBe('V3A01');
    await refusal(db.script('insert into watchdog_lease (id) values (2)'));
    await renewLease(db);
    const [row] = await db.sql<{ ok: boolean }>('select renewed_at <= now() as ok from watchdog_lease');
    expect(row).toEqual({ ok: true });
  });

  it.each([
    ['trigger', `trigger_text = 'when do you close?'`],
    ['template', `response_template = 'We close at nine.'`],
    ['slots', `slots = '[{"name":"time"}]'`],
    ['template, while saying active', `response_template = 'We never close.', is_active = true`],
  ])('changing the %s deactivates, counts the version up and starts confidence again', async (_what, set) => {
    const id = await insertActivePattern(db);
    await db.sql(`update decision_patterns set agreed_count = 9 where id = $1`, [id]);
    await db.sql(`update decision_patterns set ${set} where id = $1`, [id]);
    const [row] = await db.sql(
      'select is_active, version, confidence_score, agreed_count from decision_patterns where id = $1',
      [id],
    );
    expect(row).toEqual({ is_active: false, version: 2, confidence_score: '0.5000', agreed_count: 0 });
    const versions = await db.sql('select version from pattern_versions where pattern_id = $1 order by 1', [id]);
    expect(versions).toEqual([{ version: 1 }, { version: 2 }]);
    expect(await closedGates(id, 1)).toEqual(['version']);
    await activate(db, id, 2);
    expect(await isActive(db, id)).toBe(true);
  });

  it('the first words again are a third version, and the old approval does not count for it', async () => {
    const id = await insertActivePattern(db, 'We open at seven.');
    await db.sql(`update decision_patterns set response_template = 'We open at eight.' where id = $1`, [id]);
    await db.sql(`update decision_patterns set response_template = 'We open at seven.' where id = $1`, [id]);
    expect(await refusal(db.sql('update decision_patterns set is_active = true where id = $1', [id]))).toBe('V3G04');
    expect(await db.sql('select version, is_active from decision_patterns where id = $1', [id])).toEqual([
      { version: 3, is_active: false },
    ]);
  });

  it('an activation and new words in one transaction leave the pattern inactive', async () => {
    const id = await insertPattern(db);
    await db.script(`insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada');
      update decision_patterns set response_template = 'Send your card number.' where id = '${id}'`);
    expect(await isActive(db, id)).toBe(false);
    expect((await readState(db)).inForce).toBe(
      (await db.sql('select id from patterns_in_force where id <> $1', [id])).length,
    );
  });

  it('a retired pattern is inactive, and stays so when it is restored', async () => {
    const id = await insertActivePattern(db);
    await db.sql('update decision_patterns set retired_at = now() where id = $1', [id]);
    expect(await isActive(db, id)).toBe(false);
    await db.sql('update decision_patterns set retired_at = null where id = $1', [id]);
    expect(await isActive(db, id)).toBe(false);
  });

  it('a version and an id never change by themselves', async () => {
    const id = await insertActivePattern(db);
    for (const set of ['version = 2', 'version = 0', 'id = gen_random_uuid()'])
      expect(await refusal(db.sql(`update decision_patterns set ${set} where id = $1`, [id]))).toBe('V3G04');
    await refusal(db.sql('update decision_patterns set version = null where id = $1', [id]));
  });

  it('confidence is what the judgements say, and nothing else', async () => {
    const id = await insertPattern(db);
    const set = (value: string) =>
      db.sql(`update decision_patterns set confidence_score = ${value} where id = $1`, [id]);
    for (const value of ['0.51', '0.99', '1', '0', `'NaN'`, 'null']) await refusal(set(value));
    await db.sql(
      `insert into shadow_judgements (decision_id, pattern_id, pattern_version, would_reply, outcome)
       select n, $1, 1, true, case when n <= 3 then 'agreed' when n = 4 then 'disagreed' else 'ignored' end
       from generate_series(1, 6) n`,
      [id],
    );
    expect(await refusal(set('0.75'))).toBe('V3G04');
    await set('0.625');
    await db.sql(`insert into shadow_judgements (decision_id, pattern_id, pattern_version, would_reply, outcome)
       values (4, '${id}', 1, true, 'agreed'), (7, '${id}', 1, false, 'agreed'), (8, '${id}', 2, true, 'agreed')`);
    await db.sql('select v3pls_refresh_patterns(array[$1::uuid])', [id]);
    expect(
      await db.sql('select confidence_score, agreed_count, disagreed_count from decision_patterns where id = $1', [id]),
    ).toEqual([{ confidence_score: '0.7500', agreed_count: 4, disagreed_count: 0 }]);
  });

  it('nothing is in force while the kill switch is engaged, though the column still says active', async () => {
    const id = await insertActivePattern(db);
    await db.sql(`insert into kill_switch_latches (source, actor) values ('test', 'operator:olga')`);
    expect(await isActive(db, id)).toBe(true);
    expect((await readState(db)).inForce).toBe(0);
  });

  it('an execution in the transaction of an activation switches it off again', async () => {
    const id = await insertPattern(db);
    await db.script(
      `insert into activations (pattern_id, version, actor) values ('${id}', 1, 'admin:ada'); ${EXECUTED}`,
    );
    expect(await isActive(db, id)).toBe(false);
    expect(await readState(db)).toMatchObject({ active: 0, latched: true, enabled: 'false', pending: 0 });
  });
});
