/** Pages of a list: how many, and from where on. A cursor is where a page ended, opaque to the caller and checked when it comes back. */
import * as z from 'zod';
import { Problem } from './problem.js';

export const pageLimit = z
  .string()
  .regex(/^\d{1,3}$/, 'A number from 1 to 100.')
  .transform(Number)
  .pipe(z.int().min(1).max(100))
  .default(50)
  .meta({ type: 'integer', minimum: 1, maximum: 100 });

export const pageCursor = z.string().max(400).optional();

/** @param rows one more than a page where there is a next one */
export function cutPage<Row>(rows: readonly Row[], limit: number): { shown: Row[]; last: Row | undefined } {
  return { shown: rows.slice(0, limit), last: rows.length > limit ? rows[limit - 1] : undefined };
}

export function writeCursor(cursor: Record<string, string | number>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @throws Problem invalid_input for a cursor that is not one of this list */
export function readCursor<Cursor>(shape: z.ZodType<Cursor>, text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  try {
    return shape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    throw new Problem('invalid_input', undefined, {
      errors: [
        { pointer: '#/cursor', detail: 'Not a cursor of this list: use nextCursor as it came, with the same sort.' },
      ],
    });
  }
}
