// `npm run demo`: the dev server, learning switched on, a bundled sample line replayed as signed deliveries, and the
// page's address. Every pattern it makes stays inactive; only `-- --tour` also shows what an owner's decisions look like.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EMBEDDED_URL, isNeonAddress, readDataDir } from './database/open.js';
import type { QuoListItem } from './quo/encode.js';
import { type DevServer, serveUntilStopped } from './server/dev-server.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { readMessageFile } from './server/message-file.js';
import { makeProgressBar } from './server/progress.js';
import { Refusal, runScript } from './server/refusal.js';
import { chooseSigner, replayMessages } from './server/replay-messages.js';

const SAMPLE_FILE = fileURLToPath(new URL('./demo/sample-line.jsonl', import.meta.url));
/** The sample's last message is made to have come this long ago. */
const LAST_MESSAGE_AGE_MS = 3 * 60_000;
/** The tour's server is started this long before its first act. */
const FIRST_RUN_MS = 60_000;

runScript(async () => {
  const { reset, tour } = readArguments();
  loadLocalEnvironment();
  refuseNeon();
  if (tour) refuseOtherDatabases();
  if (reset) await resetData();
  await (tour ? showTour() : showDemo());
});

async function showDemo(): Promise<void> {
  const server = await serveUntilStopped();
  const stored = await countMessages(server);
  if (stored === 0) await replaySample(server);
  else console.error(describeStored(stored));
  sayReady(server);
}

/** The watchdog's first run and everything else belong to the tour's first day, where there is no database yet. */
async function showTour(): Promise<void> {
  const { planTour, playTour } = await import('./demo/tour.js');
  const { describeTour } = await import('./demo/tour-list.js');
  const { moveClock, restoreClock } = await import('./demo/tour-clock.js');
  const tour = planTour(readSample(), Date.now() - LAST_MESSAGE_AGE_MS);
  if (!existsSync(path.join(readDataDir(process.env), 'pg'))) moveClock(tour.startMs - FIRST_RUN_MS);
  const server = await serveUntilStopped();
  if ((await countMessages(server)) === 0) {
    console.error(`Three weeks of a sample line: ${tour.items.length} messages and what its owner did meanwhile …`);
    const signer = chooseSigner(process.env.QUO_WEBHOOK_SECRETS);
    const report = await playTour(tour, { url: server.url, signer }, makeProgressBar('Touring'));
    console.error(`${report.deliveries} deliveries${report.failed > 0 ? `, ${report.failed} of them failed` : ''}.`);
  } else if (!(await hasTour(server))) {
    throw new Refusal('There are messages already: npm run demo -- --tour --reset starts over with the tour.');
  }
  restoreClock();
  // The lease of the tour's last run is over.
  await callApi(server, 'POST', '/api/incidents', { action: 'check' });
  console.log(`\n${(await describeTour(server.url)).join('\n')}`);
  sayReady(server);
}

function sayReady(server: DevServer): void {
  console.log(`\nV3-PLS is ready: ${server.url}\nSign in as admin:  ${server.signInLink}\n`);
}

/** The tour's owner mints herself a token. */
async function hasTour(server: DevServer): Promise<boolean> {
  const { tokens } = (await callApi(server, 'GET', '/api/tokens')) as { tokens: { name: string }[] };
  return tokens.some(({ name }) => name === 'Ada');
}

function readArguments(): { reset: boolean; tour: boolean } {
  const flag = { type: 'boolean' as const, default: false };
  try {
    return parseArgs({ options: { reset: flag, tour: flag } }).values;
  } catch (error) {
    throw new Refusal(`${(error as Error).message}\nnpm run demo -- [--reset] [--tour]`);
  }
}

/** A database at Neon is a business's: made-up customers would teach it, and nothing takes them out again. */
function refuseNeon(): void {
  if (isNeonAddress(process.env.DATABASE_URL))
    throw new Refusal(
      'DATABASE_URL is a database at Neon: the demo would fill it with made-up texts and switch learning on. Unset it, here and in .env.',
    );
}

/** The tour moves the clock, which it can for the embedded database alone, and plants an execution. */
function refuseOtherDatabases(): void {
  const url = process.env.DATABASE_URL;
  if (url && url !== EMBEDDED_URL)
    throw new Refusal(
      '--tour makes up three weeks, decisions and an incident, and does so in the embedded database only: unset DATABASE_URL, here and in .env.',
    );
}

async function resetData(): Promise<void> {
  const url = process.env.DATABASE_URL;
  if (url && url !== EMBEDDED_URL) throw new Refusal('--reset only deletes the embedded database: unset DATABASE_URL.');
  const { deleteEmbedded } = await import('./database/pglite.js');
  await deleteEmbedded(readDataDir(process.env));
}

function readSample(): QuoListItem[] {
  if (!existsSync(SAMPLE_FILE)) throw new Refusal(`There is no sample line at ${SAMPLE_FILE}.`);
  return readMessageFile(SAMPLE_FILE);
}

async function replaySample(server: DevServer): Promise<void> {
  const items = shiftToNow(readSample(), Date.now());
  await callApi(server, 'PATCH', '/api/config', { values: { enabled: true }, reason: 'demo' });
  console.error(`Replaying ${items.length} messages of a sample line …`);
  const signer = chooseSigner(process.env.QUO_WEBHOOK_SECRETS);
  const report = await replayMessages(items, { url: server.url, signer }, makeProgressBar('Replaying'));
  const failed = report.deliveries - (report.statuses['200'] ?? 0);
  console.error(
    `${report.deliveries} deliveries in ${report.seconds} s${failed > 0 ? `, ${failed} of them failed` : ''}.`,
  );
}

/** Keeps every distance between the messages. */
function shiftToNow(items: QuoListItem[], nowMs: number): QuoListItem[] {
  const lastMs = items.reduce((latest, item) => Math.max(latest, Date.parse(item.createdAt)), 0);
  const shiftMs = nowMs - LAST_MESSAGE_AGE_MS - lastMs;
  return items.map(item => ({ ...item, createdAt: new Date(Date.parse(item.createdAt) + shiftMs).toISOString() }));
}

async function countMessages(server: DevServer): Promise<number> {
  const { deliveries } = (await callApi(server, 'GET', '/api/monitoring?window=10000d')) as {
    deliveries: { accepted: number };
  };
  return deliveries.accepted;
}

function describeStored(stored: number): string {
  const wanted = readMessageFile(SAMPLE_FILE).length;
  const what = stored < wanted ? `Only ${stored} of ${wanted} sample messages are there` : 'There are messages already';
  return `${what}: nothing is replayed (npm run demo -- --reset starts over).`;
}

async function callApi(server: DevServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${process.env.ADMIN_TOKEN}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Refusal(`${method} ${path} answered ${response.status}: the demo cannot go on.`);
  return response.json();
}
