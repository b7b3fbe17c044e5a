/** Patterns as files: CSV that no spreadsheet runs, and JSON. */
import { parse } from 'csv-parse/sync';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as patterns from '../../api/patterns/index.js';
import { patternPage } from '../../lib/contract/answers.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';

const HOSTILE = [
  `=cmd|' /C calc'!A0`,
  '+1+cmd',
  '-2+3+cmd',
  '@SUM(1+1)',
  '\t=1+1',
  '\r=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\ufeff=1+1',
  '\u200b=HYPERLINK("http://evil.example","x")',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '|calc',
  '\n=1+1',
  '"=1+1',
  '=1+1";=1+1',
  'a,b;c\td\r\n=1+1',
];
const HARMLESS = [
  'We open at nine.',
  'a = b',
  'Ten - six',
  'It’s “fine”, truly; 100 %',
  'zwei\nZeilen',
  '營業時間?',
  '👍 yes',
];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  for (const text of [...HOSTILE, ...HARMLESS])
    await db.sql(
      `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('answer', $1, $1)`,
      [text],
    );
  return () => db.close();
});
beforeEach(setLineEnvironment);

const download = (query: string) => call(patterns.GET, `/api/patterns?${query}`);

describe('The export as CSV', () => {
  it('has one row a pattern, whatever the texts hold, and gives back each text', async () => {
    const answer = await download('format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="patterns.csv"');
    const rows = parse(answer.text, { columns: true, bom: true }) as Record<string, string>[];
    expect(rows).toHaveLength(HOSTILE.length + HARMLESS.length);
    const texts = rows.map(row => row.responseTemplate!);
    for (const text of HARMLESS) expect(texts).toContain(text);
    for (const text of HOSTILE) expect(texts.map(cell => cell.replace(/^'/, ''))).toContain(text);
  });

  it('has no cell that a spreadsheet would run', async () => {
    const rows = parse((await download('format=csv')).text, { bom: true }) as string[][];
    for (const cell of rows.slice(1).flat()) {
      // What remains when a spreadsheet passes over blanks and signs that are not seen.
      const seen = cell.normalize('NFKC').replace(/^[\s\p{Cf}\p{Cc}]+/u, '');
      if (/^-?\d+(\.\d+)?$/.test(seen)) continue;
      expect(seen).not.toMatch(/^[=+\-@|]/);
    }
  });

  it('has every cell in quotes, so that no line break or semicolon inside one begins another', async () => {
    const { text } = await download('format=csv');
    const outside = text.replace(/^\ufeff/, '').replace(/"(?:[^"]|"")*"/g, '');
    expect(outside).toMatch(/^(?:,*\r\n)+$/);
  });

  it('holds what the filters let through', async () => {
    const nine = parse((await download('format=csv&q=nine')).text, { columns: true, bom: true }) as unknown[];
    expect(nine).toHaveLength(1);
    const active = parse((await download('format=csv&status=active')).text, { columns: true, bom: true }) as unknown[];
    expect(active).toEqual([]);
  });
});

it('the export as JSON has the shape of the list, and all of it', async () => {
  const answer = await download('format=json&limit=1');
  expect(answer.headers.get('content-disposition')).toBe('attachment; filename="patterns.json"');
  expect(patternPage.parse(answer.body).patterns).toHaveLength(HOSTILE.length + HARMLESS.length);
});

it('another format is 422', async () => {
  expect((await download('format=xlsx')).status).toBe(422);
});
