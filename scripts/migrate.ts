/**
 * `npm run migrate [-- --app-role NAME]`: brings the database of DATABASE_URL (unset: the embedded one) to this code's schema. Safe to
 * run twice at once. With --app-role it gives that role what the functions need, and nothing else.
 */
import { parseArgs } from 'node:util';
import { openDatabase } from './database/open.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

const USAGE = 'npm run -s migrate -- [--app-role NAME]';

runScript(async () => {
  const appRole = readAppRole();
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
    if (appRole !== undefined) await grantTo(appRole);
  } finally {
    await database.close();
  }
});

function readAppRole(): string | undefined {
  try {
    return parseArgs({ options: { 'app-role': { type: 'string' } } }).values['app-role'];
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function grantTo(role: string): Promise<void> {
  const { grantToAppRole } = await import('../db/app-role.js');
  const { readFailure } = await import('../db/errors.js');
  await grantToAppRole(role).catch(error => {
    const { code } = readFailure(error);
    if (code === '42704') throw new Refusal(`There is no role "${role}": create it with a password first.`);
    if (code === '42501') throw new Refusal(`This role may not give rights to "${role}": use the database's owner.`);
    throw error;
  });
  console.log(`The role ${role} may do what the functions need, and nothing else.`);
}

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
