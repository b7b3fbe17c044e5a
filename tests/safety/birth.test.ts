// A pattern is born inactive, whoever writes it and however (I1, I2).
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { DATABASES, insertPattern, makeReady, readState, refusal, type Session } from './support.js';

const WORDS = { pattern_type: `'faq'`, trigger_text: `'open?'`, response_template: `'We open at seven.'` };
const SAFE = { ...WORDS, is_active: 'false', auto_executable: 'false', requires_confirmation: 'true' };

const insertOf = (columns: Record<string, string>) =>
  `insert into decision_patterns (${Object.keys(columns).join(', ')}) values (${Object.values(columns).join(', ')})`;

const UNSAFE: [what: string, columns: Record<string, string>][] = [
  ['active', { is_active: 'true' }],
  ['active by NULL', { is_active: 'null' }],
  ['auto-executable', { auto_executable: 'true' }],
  ['auto-executable by NULL', { auto_executable: 'null' }],
  ['unconfirmed', { requires_confirmation: 'false' }],
  ['unconfirmed by NULL', { requires_confirmation: 'null' }],
  ['trusted', { confidence_score: '0.99' }],
  ['distrusted', { confidence_score: '0.10' }],
  ['trusted by NULL', { confidence_score: 'null' }],
  ['trusted by NaN', { confidence_score: `'NaN'` }],
  ['in its second version', { version: '2' }],
  ['without a version', { version: 'null' }],
  ...[
    ...['execution_count', 'success_count', 'failure_count', 'exchange_count', 'customer_count', 'operator_count'],
    ...['day_count', 'agreed_count', 'disagreed_count'],
  ].flatMap((column): [string, Record<string, string>][] => [
    [`with ${column} 7`, { [column]: '7' }],
    [`with ${column} NULL`, { [column]: 'null' }],
  ]),
];

describe.each(DATABASES)('a new pattern on %s', (_, open) => {
  let db: Session;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());
  beforeEach(() => makeReady(db));

  it('with nothing but its type and words is accepted, and is safe', async () => {
    const id = await insertPattern(db);
    const [row] = await db.sql('select * from decision_patterns where id = $1', [id]);
    expect(row).toMatchObject({
      is_active: false,
      auto_executable: false,
      requires_confirmation: true,
      confidence_score: '0.5000',
      version: 1,
      created_from: 'external',
      retired_at: null,
      exchange_count: 0,
      agreed_count: 0,
    });
    expect(await db.sql('select version, response_template from pattern_versions where pattern_id = $1', [id])).toEqual(
      [{ version: 1, response_template: 'We open at seven every day.' }],
    );
  });

  it.each(UNSAFE)('is never %s', async (_what, columns) => {
    await insertPattern(db);
    const before = await readState(db);
    await refusal(db.script(insertOf({ ...SAFE, ...columns })));
    expect(await readState(db)).toEqual(before);
  });

  it.each(UNSAFE)('is never %s by an upsert, for a new id or an old one', async (_what, columns) => {
    const id = await insertPattern(db);
    const assignments = Object.entries(columns).map(([column, value]) => `${column} = ${value}`);
    const upsert = (values: Record<string, string>) =>
      `${insertOf(values)} on conflict (id) do update set ${assignments.join(', ')}`;
    await refusal(db.script(upsert({ ...SAFE, ...columns, id: 'gen_random_uuid()' })));
    await refusal(db.script(upsert({ ...SAFE, ...columns, id: `'${id}'` })));
    expect(await readState(db)).toMatchObject({ active: 0, executable: 0 });
  });

  it('is refused with all of its neighbours when one of them is active', async () => {
    const [before] = await db.sql('select count(*) as n from decision_patterns');
    await refusal(
      db.script(`insert into decision_patterns (pattern_type, trigger_text, response_template, is_active)
        select 'faq', 'q' || n, 'answer ' || n, n = 50 from generate_series(1, 50) n`),
    );
    expect(await db.sql('select count(*) as n from decision_patterns')).toEqual([before]);
  });

  it('has a type of 1 to 64 characters and words of at most 20,000', async () => {
    const wrong: Record<string, string>[] = [
      { pattern_type: `''` },
      { pattern_type: `repeat('x', 65)` },
      { trigger_text: `''` },
      { response_template: `repeat('x', 20001)` },
      { created_from: `'nowhere'` },
    ];
    for (const columns of wrong) expect(await refusal(db.script(insertOf({ ...WORDS, ...columns })))).toBe('23514');
    await db.script(insertOf({ ...WORDS, pattern_type: `repeat('x', 64)`, trigger_text: `repeat('é', 20000)` }));
  });

  it('cannot be made to execute, or to stop asking, afterwards', async () => {
    const id = await insertPattern(db);
    for (const set of ['auto_executable = true', 'auto_executable = null', 'requires_confirmation = false'])
      await refusal(db.script(`update decision_patterns set ${set} where id = '${id}'`));
    await refusal(db.script(`update decision_patterns set requires_confirmation = null where id = '${id}'`));
    expect(await readState(db)).toMatchObject({ executable: 0 });
  });
});

describe('COPY on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  /** COPY from a program of the server's: the rows never pass an INSERT statement. */
  const copy = (columns: string, row: string) =>
    database.sql(`copy decision_patterns (${columns}) from program 'echo "${row}"' with (format csv)`);

  it('brings in a pattern with its words alone', async () => {
    await copy('pattern_type, trigger_text, response_template', 'faq,open?,At seven.');
    expect(await database.sql('select is_active, version from decision_patterns')).toEqual([
      { is_active: false, version: 1 },
    ]);
  });

  it.each([
    ['is_active', 't'],
    ['auto_executable', 't'],
    ['requires_confirmation', 'f'],
    ['confidence_score', '0.97'],
    ['version', '3'],
    ['agreed_count', '40'],
    ['is_active', ''],
  ])('is refused with %s %s', async (column, value) => {
    await refusal(copy(`pattern_type, trigger_text, response_template, ${column}`, `faq,open?,At seven.,${value}`));
    expect(await database.sql('select count(*) as n from decision_patterns')).toEqual([{ n: '1' }]);
  });
});
