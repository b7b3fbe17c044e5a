/** The page's own answer to a filter is the server's: asked of the same patterns, both name the same ones in the same order. */
import { beforeAll, expect, it } from 'vitest';
import * as patterns from '../../api/patterns/index.js';
import type { Pattern } from '../../web/src/contract.js';
import { answerFrom, NO_FILTERS, readFilters, toQuery, writeFilters } from '../../web/src/patterns/filters.js';
import { call } from '../http/support/calls.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase } from '../support/postgres.js';

const PATTERNS = 60;
const QUESTIONS = [
  '',
  'status=pending_review',
  'status=learning&sort=evidence',
  'status=retired&sort=created',
  'status=all&sort=confidence',
  'type=question&sort=created',
  'q=REPLY 1',
  'q=100%25',
  'q=_',
  'status=all&type=answer&q=trigger 4&sort=evidence',
];

let all: Pattern[];
beforeAll(async () => {
  setLineEnvironment();
  const db = await createTestDatabase();
  await db.use();
  await db.sql(
    `insert into decision_patterns (pattern_type, trigger_text, response_template, created_at)
     select case n % 3 when 0 then 'answer' else 'question' end, 'Trigger ' || n,
       'reply ' || n || case n % 5 when 0 then ' 100%' when 1 then ' a_b' else '' end,
       timestamptz '2026-10-01 12:00:00+00' + (n / 7) * interval '1 hour'
     from generate_series(1, $1) n`,
    [PATTERNS],
  );
  await db.sql(`update decision_patterns set exchange_count = length(response_template) % 4 + 1,
    customer_count = ascii(right(trigger_text, 1)) % 5`);
  await db.sql(`update decision_patterns set retired_at = now() where trigger_text like '%7'`);
  all = await list('status=all');
  return () => db.close();
});

async function list(query: string): Promise<Pattern[]> {
  return (await call(patterns.GET, `/api/patterns?${query}&limit=100`)).body.patterns;
}

it.each(QUESTIONS)('asked for "%s"', async question => {
  const filters = readFilters(new URLSearchParams(question));
  const query = new URLSearchParams(toQuery(filters) as Record<string, string>).toString();
  const answered = (await list(query)).map(pattern => pattern.id);
  expect(answered.length).toBeGreaterThan(0);
  expect(answered.length < PATTERNS).toBe(writeFilters({ ...filters, sort: NO_FILTERS.sort }) !== 'status=all');
  expect(answerFrom(all, filters, PATTERNS).map(pattern => pattern.id)).toEqual(answered);
});
