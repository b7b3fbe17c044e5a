import { beforeAll, describe, expect, it } from 'vitest';
import * as patterns from '../../api/patterns/index.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';

const SORTS = ['review', 'evidence', 'confidence', 'created'] as const;
const PATTERNS = 137;

let db: TestDatabase;
beforeAll(async () => {
  setLineEnvironment();
  db = await createTestDatabase();
  await db.use();
  // Many that are equal in what is sorted by, times that differ by a microsecond, and some retired ones.
  await db.sql(
    `insert into decision_patterns (pattern_type, trigger_text, response_template, created_at)
     select case n % 3 when 0 then 'answer' else 'question' end, 'trigger ' || n, 'reply ' || n || case n % 5 when 0 then ' 100%' else '' end,
       timestamptz '2026-11-01 12:00:00.123456+00' + (n / 7) * interval '1 microsecond'
     from generate_series(1, $1) n`,
    [PATTERNS],
  );
  await db.sql(
    `update decision_patterns set exchange_count = length(trigger_text) % 2 + 1, customer_count = (ascii(right(trigger_text, 1)) % 5)`,
  );
  await db.sql(`update decision_patterns set retired_at = now() where trigger_text like '%0'`);
  return () => db.close();
});

/** Every id in the order in which the pages bring it. */
async function walk(query: string) {
  const ids: string[] = [];
  const rows: Record<string, unknown>[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < 200; page++) {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await call(patterns.GET, `/api/patterns?${query}${next}`);
    expect(answer.status).toBe(200);
    rows.push(...answer.body.patterns);
    ids.push(...answer.body.patterns.map((pattern: { id: string }) => pattern.id));
    cursor = answer.body.nextCursor;
    if (cursor === null) return { ids, rows };
  }
  throw new Error('the pages never end');
}
const idsOf = async (where: string) =>
  (await db.sql<{ id: string }>(`select id from decision_patterns where ${where} order by id`)).map(row => row.id);

describe('The list, page by page', () => {
  it.each(SORTS.flatMap(sort => [1, 7, 100].map(limit => [sort, limit] as const)))(
    'sorted by %s, %i a page, visits each pattern exactly once',
    async (sort, limit) => {
      const { ids } = await walk(`status=all&sort=${sort}&limit=${limit}`);
      expect(ids).toHaveLength(PATTERNS);
      expect([...ids].sort()).toEqual(await idsOf('true'));
    },
  );

  it('shows everything but the retired where no status is asked for, inactive ones included', async () => {
    const { ids, rows } = await walk('limit=50');
    expect([...ids].sort()).toEqual(await idsOf('retired_at is null'));
    expect(
      rows.every(row => row.isActive === false && row.autoExecutable === false && row.requiresConfirmation === true),
    ).toBe(true);
    expect((await walk('status=retired')).ids.sort()).toEqual(await idsOf('retired_at is not null'));
  });

  it('puts what waits for review first, the most customers on top', async () => {
    const { rows } = await walk('sort=review&limit=20');
    const statuses = rows.map(row => row.status);
    expect(statuses).toEqual([...statuses].sort((a, b) => (a === b ? 0 : a === 'pending_review' ? -1 : 1)));
    expect(new Set(statuses)).toEqual(new Set(['pending_review', 'learning']));
    const customers = rows.map(row => (row.evidence as { customers: number }).customers);
    expect(customers).toEqual([...customers].sort((a, b) => b - a));
  });

  it('keeps its place while patterns are added', async () => {
    const first = await call(patterns.GET, '/api/patterns?status=all&sort=created&limit=100');
    expect(first.status).toBe(200);
    await db.sql(
      `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('answer', 'new', 'new')`,
    );
    const second = await call(
      patterns.GET,
      `/api/patterns?status=all&sort=created&limit=100&cursor=${encodeURIComponent(first.body.nextCursor)}`,
    );
    await db.sql(`delete from decision_patterns where trigger_text = 'new'`);
    const ids = [...first.body.patterns, ...second.body.patterns].map((pattern: { id: string }) => pattern.id);
    expect(ids).toHaveLength(PATTERNS);
    expect(new Set(ids).size).toBe(PATTERNS);
  });

  it('refuses a cursor of another sort', async () => {
    const { body } = await call(patterns.GET, '/api/patterns?sort=evidence&limit=1');
    expect(await call(patterns.GET, `/api/patterns?sort=created&cursor=${body.nextCursor}`)).toMatchObject({
      status: 422,
    });
  });

  it('finds by words and type, signs taken literally', async () => {
    expect((await walk('status=all&q=100%25')).ids.sort()).toEqual(await idsOf(`response_template like '%100\\%'`));
    expect((await walk('status=all&type=answer')).ids.sort()).toEqual(await idsOf(`pattern_type = 'answer'`));
    expect((await walk('status=all&q=TRIGGER%201')).ids.length).toBeGreaterThan(10);
  });

  it('counts each pattern under exactly one status', async () => {
    const { counts } = (await call(patterns.GET, '/api/patterns?limit=1')).body;
    const { learning, pendingReview, active, retired } = counts;
    expect(learning + pendingReview + active + retired).toBe(PATTERNS);
    expect({ active, retired }).toEqual({ active: 0, retired: (await idsOf('retired_at is not null')).length });
  });
});
