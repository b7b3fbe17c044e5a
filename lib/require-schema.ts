/** The database that this code needs: one that is older answers nothing, and says so. */
import { SCHEMA_IS_OLDER, Unavailable } from '../db/errors.js';
import { SCHEMA_LEVEL } from '../db/level.js';

/** @throws Unavailable when the database is older than this code */
export function requireSchema(level: number | null): void {
  if ((level ?? -1) < SCHEMA_LEVEL) throw new Unavailable(SCHEMA_IS_OLDER);
}
