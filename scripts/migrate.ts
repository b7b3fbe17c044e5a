/** `npm run migrate`: brings the database of DATABASE_URL (unset: the embedded one) to this code's schema. Safe to run twice at once. */
import { openDatabase } from './database/open.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

runScript(async () => {
  loadLocalEnvironment({ generate: false });
  const database = await openDatabase(process.env);
  const where = database.kind === 'embedded' ? 'the embedded database' : 'the database of DATABASE_URL';
  try {
    const { migrateHere } = await import('./database/migrate-here.js');
    const applied = await migrateHere();
    await requireThisLevel(where);
    console.log(
      applied.length > 0 ? `Applied ${applied.join(', ')} to ${where}.` : `The schema of ${where} is up to date.`,
    );
  } finally {
    await database.close();
  }
});

/** After migrating it can only be the same or newer: then somebody works with older code than what last migrated. */
async function requireThisLevel(where: string): Promise<void> {
  const { findLevel } = await import('../db/doctor.js');
  const { SCHEMA_LEVEL } = await import('../db/level.js');
  const level = await findLevel();
  if (level !== null && level > SCHEMA_LEVEL)
    throw new Refusal(
      `Nothing was changed: ${where} is newer than this code (level ${level}, this code ${SCHEMA_LEVEL}). Get the newer code.`,
    );
}
