import { beforeAll, describe, expect, it } from 'vitest';
import * as exchanges from '../../api/exchanges.js';
import { loadMatcher } from '../../lib/matcher.js';
import { createLine, openThread } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { learnPattern, listExchanges, type Shown } from './support/exchange-list.js';
import { deliverAll, OTHER_REPLY, QUESTION, REPLY } from './support/marking.js';
import { makeToken } from './support/people.js';

let db: TestDatabase;

describe('Asking for some', () => {
  beforeAll(async () => {
    db = await createLine();
    // A first decision has 250 ms, which loading may take on a busy machine.
    await loadMatcher();
    return () => db.close();
  });

  it('by decision, by reason of the decision or of not learning, and by pattern', async () => {
    const patternId = await learnPattern(db);
    const same = openThread(1);
    const stop = openThread(2);
    const late = openThread(3);
    await deliverAll([
      same.asks(0, QUESTION),
      same.answers(1, REPLY),
      stop.asks(10, 'STOP'),
      late.asks(20, QUESTION),
      late.answers(90, OTHER_REPLY),
    ]);
    const threads = async (query: string) => (await listExchanges(query)).map(row => row.threadId);
    expect(await threads('')).toEqual(['CN3', 'CN2', 'CN1', 'CN90']);
    expect(await threads('decision=would_reply')).toEqual(['CN3', 'CN1']);
    expect(await threads('decision=abstained')).toEqual(['CN2', 'CN90']);
    expect(await threads('reason=opt_out')).toEqual(['CN2']);
    expect(await threads('reason=no_candidate')).toEqual(['CN90']);
    expect(await threads('reason=after_window')).toEqual(['CN3']);
    expect(await threads(`patternId=${patternId}`)).toEqual(['CN3', 'CN1', 'CN90']);
    expect(await threads(`patternId=${patternId.toUpperCase()}&decision=would_reply&limit=1`)).toEqual(['CN3']);
    expect(await threads('reason=never_heard_of')).toEqual([]);
  });

  it('by how the decision compared, by who answered, and by whether anything was learned', async () => {
    const bob = openThread(4);
    const noAnswer = openThread(5);
    await deliverAll([
      bob.asks(30, QUESTION),
      bob.answers(31, OTHER_REPLY, { userId: 'USbob' }),
      noAnswer.asks(40, QUESTION),
    ]);
    const threads = async (query: string) => (await listExchanges(query)).map(row => row.threadId);
    expect(await threads('agreement=agreed')).toEqual(['CN1']);
    expect(await threads('agreement=disagreed')).toEqual(['CN4']);
    expect(await threads('agreement=ignored')).toEqual(['CN3']);
    expect(await threads('operator=USbob')).toEqual(['CN4']);
    expect(await threads('operator=USanna')).toEqual(['CN3', 'CN1', 'CN90']);
    expect(await threads('operator=USnobody')).toEqual([]);
    expect(await threads('learned=true')).toEqual(['CN4', 'CN1', 'CN90']);
    expect(await threads('learned=false')).toEqual(['CN5', 'CN3', 'CN2']);
    expect(await threads('operator=USanna&learned=true&agreement=agreed')).toEqual(['CN1']);
  });

  it('names every pattern of the page by its words, to a viewer too', async () => {
    const token = await makeToken(db, 'viewer');
    for (const options of [{}, { token }]) {
      const { body } = await call(exchanges.GET, '/api/exchanges?learned=true', options);
      const named = new Set(
        body.exchanges.flatMap((row: Shown) => [row.learnedPatternId, row.decision?.patternId]).filter(Boolean),
      );
      expect(new Set(body.patterns.map(({ id }: { id: string }) => id))).toEqual(named);
      expect(body.patterns).toContainEqual({ id: expect.any(String), triggerText: QUESTION, status: 'learning' });
    }
    expect((await call(exchanges.GET, '/api/exchanges?operator=USnobody')).body.patterns).toEqual([]);
  });

  it.each([
    'agreement=maybe',
    'operator=anna',
    'learned=yes',
    'customer=%2B15551000001&learned=true',
    'limit=0',
    'limit=101',
    'decision=maybe',
    'reason=',
    "reason='; drop table exchanges; --",
    'patternId=1',
    'colour=1',
    'cursor=abc',
    `cursor=${Buffer.from('{"micros":1e300,"id":"00000000-0000-4000-8000-000000000000"}').toString('base64url')}`,
    `cursor=${Buffer.from('{"micros":1,"id":"x"}').toString('base64url')}`,
  ])('refuses %s with 422', async query => {
    expect(await call(exchanges.GET, `/api/exchanges?${query}`)).toMatchObject({
      status: 422,
      body: { code: 'invalid_input' },
    });
  });

  it.each([Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER])('takes a cursor of any moment, %i too', async micros => {
    const cursor = Buffer.from(JSON.stringify({ micros, id: '00000000-0000-4000-8000-000000000000' }));
    expect((await listExchanges(`cursor=${cursor.toString('base64url')}`)).length).toBe(micros > 0 ? 6 : 0);
  });
});

describe('Page by page', () => {
  const EXCHANGES = 137;
  beforeAll(async () => {
    db = await createLine();
    // Many of the same moment, times that differ by a microsecond, and some that are never shown.
    await db.sql(
      `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at, skipped, is_withdrawn)
       select 'k' || n, 'CN' || n % 9, 'PNline', array['m' || n], '{}',
         timestamptz '2026-11-01 12:00:00.123456+00' + (n / 7) * interval '1 microsecond', null, n > $1
       from generate_series(1, $1 + 10) n`,
      [EXCHANGES],
    );
    return () => db.close();
  });
  const walk = async (query: string, between: () => Promise<unknown> = async () => undefined) => {
    const rows: Shown[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await call(exchanges.GET, `/api/exchanges?${query}${next}`);
      rows.push(...body.exchanges);
      cursor = body.nextCursor;
      await between();
    } while (cursor !== null);
    return rows.map(row => row.id);
  };
  const inOrder = async () =>
    (
      await db.sql<{ id: string }>(
        `select id from exchanges where not is_withdrawn and key like 'k%' order by started_at desc, id desc`,
      )
    ).map(row => row.id);

  it.each([1, 7, 100])('%i a page visits each exchange exactly once, newest first', async limit => {
    expect(await walk(`limit=${limit}`)).toEqual(await inOrder());
  });

  it('keeps its place while new ones come in', async () => {
    let n = 0;
    const arrive = () =>
      db.sql(
        `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, started_at)
         values ($1, 'CN1', 'PNline', '{m}', '{}', timestamptz '2026-11-02 00:00:00+00' + $2 * interval '1 minute')`,
        [`new${n}`, n++],
      );
    expect(await walk('limit=20', arrive)).toEqual(await inOrder());
  });
});
