// The real neon client against both local databases: what holds on Neon holds on either of them.
import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../scripts/database/neon-protocol.js';
import { openInMemory } from '../../scripts/database/pglite.js';
import { createTestDatabase } from '../support/postgres.js';

const databases: Record<string, () => Promise<{ transport: Transport; close(): Promise<void> }>> = {
  PGlite: () => openInMemory(),
  PostgreSQL: () => createTestDatabase({ template: 'template1' }),
};

describe.each(Object.keys(databases))('%s', name => {
  const sql = neon('postgres://nobody:secret@localhost/nothing', { arrayMode: true, fullResults: true });
  let database: { transport: Transport; close(): Promise<void> };
  beforeAll(async () => {
    database = await databases[name]!();
    neonConfig.fetchFunction = database.transport;
    await sql.query('create table things (id int primary key, label text not null, unique (label))');
  });
  afterAll(() => database.close());

  /** What the database itself sends, before neon's client makes numbers and dates of it. */
  const raw = async (query: string, params: unknown[] = []) => {
    const types = { getTypeParser: () => (value: string) => value };
    return (await sql.query(query, params, { types: types as never })).rows[0];
  };

  it('takes and gives values as raw text', async () => {
    expect(
      await raw(
        `select $1::boolean, $2::bytea, $3::int[], $4::text[], $5::jsonb, $6::numeric, $7::timestamptz at time zone 'UTC',
                $8::bigint, $9::uuid, $10::date`,
        [
          true,
          Buffer.from([0, 255, 92]),
          [1, 2],
          ['a"b', 'c,d', null, ''],
          { a: [1, 'ä'] },
          '123456789.000000001',
          '2026-11-23T10:00:00.123456Z',
          '9007199254740993',
          '018f0000-0000-7000-8000-000000000000',
          '2026-11-23',
        ],
      ),
    ).toEqual([
      't',
      '\\x00ff5c',
      '{1,2}',
      '{"a\\"b","c,d",NULL,""}',
      '{"a": [1, "ä"]}',
      '123456789.000000001',
      '2026-11-23 10:00:00.123456',
      '9007199254740993',
      '018f0000-0000-7000-8000-000000000000',
      '2026-11-23',
    ]);
  });

  it('keeps null, the empty text and every character apart', async () => {
    const text = 'emoji ☕😀, "quotes", \\ backslash, \n newline, \t tab';
    expect(await raw('select null::text, $1::text, $2::text, $3::text', ['', text, null])).toEqual([
      null,
      '',
      text,
      null,
    ]);
  });

  it('tells the columns, the command and the count', async () => {
    const result = await sql.query("insert into things values (1, 'one'), (2, 'two') returning id, label");
    expect(result).toMatchObject({ command: 'INSERT', rowCount: 2, rowAsArray: true });
    expect(result.fields).toMatchObject([
      { name: 'id', dataTypeID: 23 },
      { name: 'label', dataTypeID: 25 },
    ]);
    expect(await sql.query('update things set label = label where id > 100')).toMatchObject({
      command: 'UPDATE',
      rowCount: 0,
      rows: [],
    });
    expect((await sql.query('do $$ begin perform 1; end $$')).rows).toEqual([]);
  });

  it('answers a failed statement with the SQLSTATE, the constraint and the table', async () => {
    const error = await sql.query("insert into things values (1, 'again')").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NeonDbError);
    expect(error).toMatchObject({ code: '23505', constraint: 'things_pkey', table: 'things', severity: 'ERROR' });
    await expect(sql.query('select nonsense')).rejects.toMatchObject({ code: '42703' });
    await expect(sql.query('select $1::int', ['x'])).rejects.toMatchObject({ code: '22P02' });
    await expect(
      sql.query("do $$ begin raise exception 'no' using errcode = 'P0042', detail = 'why'; end $$"),
    ).rejects.toMatchObject({ code: 'P0042', detail: 'why' });
  });

  it('refuses two statements in one query, as Neon does', async () => {
    await expect(sql.query('select 1; select 2')).rejects.toMatchObject({ code: '42601' });
  });

  it('runs a batch as one transaction: all of it or nothing', async () => {
    const [first, second] = await sql.transaction([
      sql.query("insert into things values (10, 'ten') returning pg_current_xact_id()::text"),
      sql.query('select pg_current_xact_id()::text, count(*)::int from things where id = 10'),
    ]);
    expect(second!.rows[0]).toEqual([...(first!.rows[0] as unknown as string[]), 1]);

    const error = await sql
      .transaction([
        sql.query("insert into things values (11, 'eleven')"),
        sql.query("insert into things values (10, 'ten again')"),
        sql.query("insert into things values (12, 'twelve')"),
      ])
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: '23505', constraint: 'things_pkey' });
    expect((await sql.query('select id from things where id in (11, 12)')).rows).toEqual([]);
    expect((await sql.query('select 1')).rows).toEqual([[1]]);
  });

  it('reports a constraint that only fails at the commit', async () => {
    await sql.query('create table later (id int, unique (id) deferrable initially deferred)');
    await expect(
      sql.transaction([sql.query('insert into later values (1)'), sql.query('insert into later values (1)')]),
    ).rejects.toMatchObject({ code: '23505' });
    expect((await sql.query('select * from later')).rows).toEqual([]);
  });

  it.each([
    ['ReadCommitted', 'read committed'],
    ['RepeatableRead', 'repeatable read'],
    ['Serializable', 'serializable'],
  ] as const)('gives a batch the isolation level %s', async (isolationLevel, shown) => {
    const [result] = await sql.transaction([sql.query('show transaction_isolation')], { isolationLevel });
    expect(result!.rows).toEqual([[shown]]);
  });

  it('gives a batch that may only read an error when it writes', async () => {
    await expect(
      sql.transaction([sql.query("insert into things values (20, 'twenty')")], { readOnly: true }),
    ).rejects.toMatchObject({ code: '25006' });
  });

  it('never leaves a transaction open behind a single statement', async () => {
    await expect(sql.query('begin')).rejects.toMatchObject({ code: '25001' });
    await sql.query("insert into things values (30, 'thirty')");
    await expect(sql.query('begin')).rejects.toMatchObject({ code: '25001' });
    expect((await sql.query('select count(*)::int from things where id = 30')).rows).toEqual([[1]]);
  });

  it('goes on when a migration changes what a known statement yields', async () => {
    await sql.query('create table growing (a int)');
    for (let time = 0; time < 3; time += 1) expect((await sql.query('select * from growing')).fields).toHaveLength(1);
    await sql.query('alter table growing add column b int');
    expect((await sql.query('select * from growing')).fields).toHaveLength(2);
    const [result] = await sql.transaction([sql.query('select * from growing')]);
    expect(result!.fields).toHaveLength(2);
  });

  it('sends a statement that is twice in one batch twice', async () => {
    const insert = 'insert into things values ($1, $2) returning id';
    for (const base of [100, 200, 300]) {
      const results = await sql.transaction([1, 2, 3].map(n => sql.query(insert, [base + n, `label ${base + n}`])));
      expect(results.map(result => result.rows)).toEqual([[[base + 1]], [[base + 2]], [[base + 3]]]);
    }
    await expect(sql.transaction([1, 1].map(n => sql.query(insert, [400 + n, 'label'])))).rejects.toMatchObject({
      code: '23505',
    });
  });

  it('keeps requests apart that are made at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2
          ? sql.query('select $1::int', [index])
          : sql.transaction([sql.query('select $1::int', [index]), sql.query('select 1')]).then(results => results[0]!),
      ),
    );
    expect(answers.map(answer => answer.rows)).toEqual(answers.map((_, index) => [[index]]));
  });

  it('answers an abort at once, and works on', async () => {
    const fetchOptions = { signal: AbortSignal.abort() };
    await expect(sql.query('select 1', [], { fetchOptions })).rejects.toThrow(/Error connecting to database/);
    expect((await sql.query('select 1')).rows).toEqual([[1]]);
  });
});
