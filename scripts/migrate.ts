/** `npm run migrate`: brings the database of DATABASE_URL (unset: the embedded one) to this code's schema. Safe to run twice at once. */
import { openDatabase } from './database/open.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';

runScript(async () => {
  loadLocalEnvironment({ generate: false });
  const database = await openDatabase(process.env);
  try {
    const { migrate } = await import('../db/migrate.js');
    const { applied } = await migrate().catch(async error => {
      const { readFailure } = await import('../db/errors.js');
      const failure = readFailure(error);
      const why = failure.kind === 'unavailable' ? failure.detail : `error ${failure.code ?? 'in the script'}`;
      throw new Refusal(`The migration did not run and nothing was changed: ${why}`);
    });
    const where = database.kind === 'embedded' ? 'the embedded database' : 'the database of DATABASE_URL';
    console.log(
      applied.length > 0 ? `Applied ${applied.join(', ')} to ${where}.` : `The schema of ${where} is up to date.`,
    );
  } finally {
    await database.close();
  }
});
