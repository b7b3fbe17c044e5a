/** The list of patterns as the contract shapes it, each with its gates. */
import * as z from 'zod';
import { listPatterns } from '../db/patterns.js';
import { exportPatterns } from './export-patterns.js';
import type { Caller } from './http/caller.js';
import { cutPage, pageCursor, pageLimit, readCursor, writeCursor } from './http/paging.js';
import { plainText } from './http/text.js';
import { presentPattern } from './present-pattern.js';
import { requireSchema } from './require-schema.js';
import { readSettings } from './settings.js';

export const patternQuery = z
  .strictObject({
    status: z.enum(['learning', 'pending_review', 'active', 'retired', 'all']).optional(),
    type: plainText(64).min(1).optional(),
    q: plainText(200).optional(),
    sort: z.enum(['review', 'evidence', 'confidence', 'created']).default('review'),
    limit: pageLimit,
    cursor: pageCursor,
    /** All that fit the filters, as a file. */
    format: z.enum(['csv', 'json']).optional(),
  })
  .refine(({ cursor, format }) => cursor === undefined || format === undefined, {
    path: ['cursor'],
    message: 'An export comes whole: leave the cursor out.',
  });

const cursorOf = (sort: string) =>
  z.strictObject({ sort: z.literal(sort), rank: z.int().min(0).max(9), measure: z.number(), id: z.guid() });

/** @throws Problem invalid_input for a cursor that is not one of ours or belongs to another sort */
export async function presentPatterns(query: z.infer<typeof patternQuery>, caller: Caller) {
  const mayRead = caller.role !== 'viewer';
  const { status = null, type = null, q, sort, limit } = query;
  if (query.format) {
    const all = await listPatterns({ status, type, q: q?.trim() || null, sort, limit: null, after: null });
    requireSchema(all.level);
    const settings = readSettings(all.config);
    const patterns = all.patterns.map(row => presentPattern(row, settings, mayRead));
    return exportPatterns({ patterns, nextCursor: null, counts: all.counts }, query.format);
  }
  const after = readCursor(cursorOf(sort), query.cursor);
  const page = await listPatterns({ status, type, q: q?.trim() || null, sort, limit, after });
  requireSchema(page.level);
  const settings = readSettings(page.config);
  const { shown, last } = cutPage(page.patterns, limit);
  return {
    patterns: shown.map(row => presentPattern(row, settings, mayRead)),
    nextCursor: last ? writeCursor({ sort, rank: last.rank, measure: last.measure, id: last.id }) : null,
    counts: page.counts,
  };
}
