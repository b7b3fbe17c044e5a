/** The list of patterns as the contract shapes it, each with its gates. */
import * as z from 'zod';
import { listPatterns } from '../db/patterns.js';
import { exportPatterns } from './export-patterns.js';
import { requireSchema } from './follow.js';
import { Problem } from './http/problem.js';
import { plainText } from './http/text.js';
import { presentPattern } from './present-pattern.js';
import { readSettings } from './settings.js';

export const patternQuery = z.strictObject({
  status: z.enum(['learning', 'pending_review', 'active', 'retired', 'all']).optional(),
  type: plainText(64).min(1).optional(),
  q: plainText(200).optional(),
  sort: z.enum(['review', 'evidence', 'confidence', 'created']).default('review'),
  limit: z
    .string()
    .regex(/^\d{1,3}$/, 'A number from 1 to 100.')
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(50),
  cursor: z.string().max(400).optional(),
  /** All that fit the filters, as a file. */
  format: z.enum(['csv', 'json']).optional(),
});

const cursorShape = z.strictObject({ sort: z.string(), rank: z.int(), measure: z.number(), id: z.guid() });

/** @throws Problem invalid_input for a cursor that is not one of ours or belongs to another sort */
export async function presentPatterns(query: z.infer<typeof patternQuery>) {
  const { status = null, type = null, q, sort, limit } = query;
  if (query.format) {
    const all = await listPatterns({ status, type, q: q?.trim() || null, sort, limit: null, after: null });
    requireSchema(all.level);
    const settings = readSettings(all.config);
    const patterns = all.patterns.map(row => presentPattern(row, settings));
    return exportPatterns(patterns, query.format);
  }
  const after = query.cursor === undefined ? null : readCursor(query.cursor, sort);
  const page = await listPatterns({ status, type, q: q?.trim() || null, sort, limit, after });
  requireSchema(page.level);
  const settings = readSettings(page.config);
  const shown = page.patterns.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = page.patterns.length > limit && last;
  return {
    patterns: shown.map(row => presentPattern(row, settings)),
    nextCursor: hasMore ? writeCursor({ sort, rank: last.rank, measure: last.measure, id: last.id }) : null,
    counts: page.counts,
  };
}

function writeCursor(cursor: z.infer<typeof cursorShape>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string, sort: string) {
  try {
    const cursor = cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (cursor.sort === sort) return cursor;
  } catch {
    // Answered below, as any other cursor that is not ours.
  }
  throw new Problem('invalid_input', undefined, {
    errors: [
      { pointer: '#/cursor', detail: 'Not a cursor of this list: use nextCursor as it came, with the same sort.' },
    ],
  });
}
