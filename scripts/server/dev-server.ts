// The dev server: api/ and its crons, the page and a database, in one process. Its port opens only after migrations and
// a first run of every cron, so that whoever is answered is answered by a system that is ready.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Cron } from 'croner';
import { openDatabase } from '../database/open.js';
import { type App, makeApp } from './app.js';
import { listen, requireFreePort } from './listen.js';
import { loadLocalEnvironment, readPort } from './local-environment.js';
import { buildPage } from './page-build.js';
import { Refusal } from './refusal.js';
import { loadRoutes } from './routes.js';
import { makeHeaderFinder, readVercelConfig, type VercelConfig } from './vercel-config.js';

export type DevServer = {
  /** `http://localhost:3000`, without a slash. */
  url: string;
  /** The page's address with the first admin's token in its fragment, which browsers send nowhere. */
  signInLink: string;
  databaseKind: 'embedded' | 'postgres' | 'neon';
  close(): Promise<void>;
};

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLOSE_LIMIT_MS = 4_000;

/** Starts everything from process.env. Throws a Refusal for what a person has to put right. */
export async function startDevServer(say: (line: string) => void = console.error): Promise<DevServer> {
  loadLocalEnvironment();
  await requireValidSecrets();
  const port = readPort(process.env.PORT);
  await requireFreePort(port);
  // The page and an embedded database each take seconds the first time, in processes of their own.
  const page = buildPage(ROOT);
  const database = await openDatabase(process.env, say).catch(async error => {
    // Ended in the middle it would leave its lock, and the next start would wait for that.
    await page;
    throw error;
  });
  try {
    const { migrateHere } = await import('../database/migrate-here.js');
    const applied = await migrateHere();
    if (applied.length > 0) say(`Migrations applied: ${applied.length}.`);
    const config = readVercelConfig(path.join(ROOT, 'vercel.json'));
    const missingPage = await page;
    if (missingPage) say(missingPage);
    const app = makeApp({
      routes: await loadRoutes(path.join(ROOT, 'api')),
      publicDir: path.join(ROOT, 'public'),
      findHeaders: makeHeaderFinder(config.headers),
      missingPage,
      log: say,
    });
    const crons = await startCrons(app, config, say);
    const listening = await listen(app.listener, port);
    const url = `http://localhost:${listening.port}`;
    return {
      url,
      signInLink: `${url}/#token=${process.env.ADMIN_TOKEN}`,
      databaseKind: database.kind,
      async close() {
        for (const cron of crons) cron.stop();
        await listening.close(CLOSE_LIMIT_MS, app.settle);
        await database.close();
      },
    };
  } catch (error) {
    await page;
    await database.close();
    throw error;
  }
}

/** Runs a dev server until SIGTERM or SIGINT, then ends with 0; for the main function of a script. */
export async function serveUntilStopped(say?: (line: string) => void): Promise<DevServer> {
  let isStopping = false;
  // npm, the shell and tsx each pass the signal on, so it comes several times.
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), CLOSE_LIMIT_MS + 4_000).unref();
    await (await starting.catch(() => undefined))?.close();
    process.exit(0);
  };
  const starting = startDevServer(say);
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return starting.catch(error => {
    if (!isStopping) throw error;
    // Ctrl-C reaches the processes under this one too: what they left half done is no fault, and `stop` ends this one.
    return new Promise<never>(() => {});
  });
}

/** Runs each cron once, then on its schedule (UTC), through the same functions that a platform would call. */
async function startCrons(app: App, { crons }: VercelConfig, say: (line: string) => void): Promise<Cron[]> {
  const run = async (cronPath: string) => {
    const headers = { authorization: `Bearer ${process.env.CRON_SECRET}`, 'user-agent': 'vercel-cron/1.0' };
    const response = await app.fetch(new Request(`http://localhost${cronPath}`, { headers }));
    await response.body?.cancel();
    if (!response.ok) say(`The cron ${cronPath} answered ${response.status}.`);
  };
  for (const cron of crons) await run(cron.path);
  return crons.map(cron => new Cron(cron.schedule, { timezone: 'UTC', protect: true }, () => run(cron.path)));
}

/** A bad value is a sentence now, where each function would answer 503 later. */
async function requireValidSecrets(): Promise<void> {
  const environment = await import('../../lib/environment.js');
  try {
    environment.requireAdminToken();
    environment.requireCronSecret();
    environment.requireWebhookSecrets();
    environment.readAllowedOrigins();
    environment.readAllowPreview();
    if (process.env.PRIVACY_KEY) environment.requirePrivacyKey();
  } catch (error) {
    throw new Refusal((error as Error).message);
  }
}
