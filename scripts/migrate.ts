/** `npm run migrate`: brings the database of DATABASE_URL (or the embedded one) to this code's schema. Safe to run twice at once. */
import { openDatabase } from './database/open.js';

const database = await openDatabase(process.env);
try {
  const { migrate } = await import('../db/migrate.js');
  const { applied } = await migrate();
  process.stdout.write(applied.length ? `Applied ${applied.join(', ')}.\n` : 'The schema is up to date.\n');
} catch (error) {
  const { readFailure } = await import('../db/errors.js');
  const failure = readFailure(error);
  process.stderr.write(
    `The migration did not run and nothing was changed: ${failure.kind === 'unavailable' ? failure.detail : `error ${failure.code}`}\n`,
  );
  process.exitCode = 1;
} finally {
  await database.close();
}
