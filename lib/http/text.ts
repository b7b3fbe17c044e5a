/** A text from a caller, as PostgreSQL takes it. */
import * as z from 'zod';

/** Without NUL and without half a surrogate pair, which no UTF-8 database can hold. */
export function plainText(most: number) {
  return z
    .string()
    .max(most)
    .refine(text => !text.includes('\0') && text.isWellFormed(), 'Holds a character that is not text.');
}
