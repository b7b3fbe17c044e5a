// The owner switches a guard off, does harm, and switches it on again: refused, or found by the next run and rolled back. Of what
// somebody with all rights can do, one thing cannot be told from the truth: a complete forgery of an admin's command, with its
// audit row and hash, which is an activation.
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { runWatchdog } from '../../lib/watch.js';
import { openPostgres } from '../../scripts/database/postgres-proxy.js';
import { OWNER_ATTACKS } from '../safety/owner-attacks.js';
import {
  connect,
  EXECUTED,
  insertActivePattern,
  insertPattern,
  makeReady,
  readState,
  type Session,
} from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

const OFF = { active: 0, executable: 0, inForce: 0, latched: true, enabled: 'false', queued: 0, pending: 0 };

let database: TestDatabase;
let db: Session;
beforeEach(async () => {
  database = await createTestDatabase();
  db = await connect(database.url);
});
afterEach(async () => {
  await db.close();
  await database.close();
});
const endings: Record<string, number> = {};
afterAll(() => {
  setTransport((url, init) => fetch(url, init));
  console.log(`attacks of the owner: ${JSON.stringify(endings)}`);
});

async function setScene(): Promise<Record<string, string>> {
  await makeReady(db);
  await db.script(EXECUTED);
  const [incident] = await db.sql<{ id: string }>('select id from incidents');
  await makeReady(db);
  const off = await insertPattern(db, { trigger: 'are you there?', template: 'We are here until ten.' });
  return { off, on: await insertActivePattern(db), incident: incident!.id };
}

/** As a cold instance: what was set for whoever connects is in effect. */
async function runCold(): Promise<string> {
  const { transport, close } = await openPostgres(database.url);
  setTransport(transport);
  try {
    return await runWatchdog().then(
      ({ status }) => status,
      (error: Error) => `threw ${error.message}`,
    );
  } finally {
    await close();
  }
}

it.each(OWNER_ATTACKS)('%s', async (_what, script, ending = 'found') => {
  await database.use();
  const ids = await setScene();
  expect(await runWatchdog()).toMatchObject({ status: 'clean' });
  const attempt = db.script(script.replaceAll(/\$(off|on|incident)\b/g, (_match, name: string) => ids[name]!));
  endings[ending] = (endings[ending] ?? 0) + 1;
  if (ending === 'refused') return expect(attempt).rejects.toThrow();
  await attempt;
  if (ending === 'daily') {
    expect(await runCold()).toBe('clean');
    // Whatever was not clean, or a day, makes the next run look at everything.
    await db.script(`insert into watchdog_runs (status, checks, started_at) values ('failed', '[]', v3pls_now())`);
  }
  if (ending === 'mended') {
    expect(await runCold()).toBe('clean');
    return expect(await db.sql(`select v3pls_lease_until() < now() + interval '1 hour' as short`)).toEqual([
      { short: true },
    ]);
  }
  expect(await runCold()).toBe('rolled_back');
  const left = await readState(db);
  expect(left).toMatchObject(ending === 'pending' ? { inForce: 0, executable: 0, latched: true, pending: 1 } : OFF);
});
