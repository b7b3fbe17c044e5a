/**
 * `npm run bench`: what a delivery costs. The ordinary question and the ordinary answer, each against a bare insert through
 * the same driver in the same run, on a real PostgreSQL; round trips counted, medians compared as a ratio.
 */
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { countTrips, execute, setTransport } from '../db/client.js';
import { openDatabase } from './database/open.js';
import { runSql, startRealPostgres, withDatabase } from './database/real-postgres.js';
import { encodeEvent, type QuoListItem } from './quo/encode.js';
import { signHeaders } from './quo/sign.js';
import { readMessageFile } from './server/message-file.js';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 300);
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;

process.env.QUO_WEBHOOK_SECRETS = SECRET;
process.env.ADMIN_TOKEN = randomBytes(24).toString('hex');

const postgres = await startRealPostgres();
await runSql(postgres.url, 'create database bench');
const sample = readMessageFile(fileURLToPath(new URL('./demo/sample-line.jsonl', import.meta.url)));
const database = await openDatabase({ DATABASE_URL: withDatabase(postgres.url, 'bench') });
try {
  const { migrate } = await import('../db/migrate.js');
  await migrate();
  await execute(sql`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
  await execute(sql`create table bench_floor (id text primary key, body text, recorded_at timestamptz default now())`);

  for (const item of sample) await deliver(item);
  const rows = await execute<{ n: number }>(sql`select count(*)::int as n from exchanges where pattern_id is not null`);

  console.log(`${rows[0]!.n} exemplars learned, n = ${ROUNDS} of each`);
  await measure('no network in between', 0);
  await measure('2 ms of network added to each round trip, as between a function and its database', 2);
} finally {
  await database.close();
  await postgres.stop();
}
process.exit(0);

/** The same series with each round trip delayed: in production the network is most of a trip, and here there is none. */
async function measure(title: string, networkMs: number): Promise<void> {
  const direct = database.transport!;
  setTransport(async (url, init) => {
    if (networkMs > 0) await new Promise(resolve => setTimeout(resolve, networkMs));
    return direct(url, init);
  });
  const floor: number[] = [];
  const question: number[] = [];
  const answer: number[] = [];
  const trips = {
    question: new Set<number>(),
    answer: new Set<number>(),
    duplicate: new Set<number>(),
    refused: new Set<number>(),
  };
  for (let round = 0; round < ROUNDS; round++) {
    const [asked, answered] = makeExchange(sample, `${networkMs}x${round}`, round);
    const bare = sql`insert into bench_floor (id, body) values (${asked.id}, ${encodeEvent(asked, 'standard')}) on conflict (id) do nothing`;
    floor.push(await time(() => execute(bare)));
    trips.question.add(await tripsOf(async () => void question.push(await time(() => deliver(asked)))));
    trips.answer.add(await tripsOf(async () => void answer.push(await time(() => deliver(answered)))));
    if (round < ROUNDS - 1) continue;
    // The first duplicate writes its count after the answer; the second only counts.
    await deliver(answered);
    await new Promise(resolve => setTimeout(resolve, 50));
    trips.duplicate.add(await tripsOf(() => deliver(answered)));
    trips.refused.add(await tripsOf(() => deliver(answered, `whsec_${randomBytes(32).toString('base64')}`)));
  }
  const base = median(floor);
  const line = (name: string, times: number[], counts: Set<number>) =>
    console.log(
      `  ${name.padEnd(18)} median ${median(times).toFixed(2)} ms, ${(median(times) / base).toFixed(1)} × the bare insert, round trips ${most(counts)}`,
    );
  console.log(`${title}:`);
  console.log(`  ${'bare insert'.padEnd(18)} median ${base.toFixed(2)} ms, round trips 1`);
  line('question', question, trips.question);
  line('answer (learned)', answer, trips.answer);
  console.log(
    `  round trips before the answer: duplicate ${most(trips.duplicate)}, bad signature ${most(trips.refused)}`,
  );
}

async function deliver(item: QuoListItem, secret = SECRET): Promise<void> {
  const { POST } = await import('../api/webhook.js');
  const body = encodeEvent(item, 'standard');
  const headers = signHeaders('standard', secret, body, {
    deliveryId: `msg_${randomBytes(10).toString('hex')}`,
    nowMs: Date.now(),
  });
  const response = await POST(new Request('http://localhost/api/webhook', { method: 'POST', headers, body }));
  if (response.status !== 200 && secret === SECRET) throw new Error(`the webhook answered ${response.status}`);
  await response.arrayBuffer();
}

/** A question and an answer of the sample line, from a customer of its own. */
function makeExchange(sample: readonly QuoListItem[], name: string, round: number): [QuoListItem, QuoListItem] {
  const pairs = sample.flatMap((item, index) => {
    const next = sample[index + 1];
    return item.direction === 'incoming' &&
      next?.direction === 'outgoing' &&
      next.conversationId === item.conversationId &&
      next.userId?.startsWith('US')
      ? [[item, next] as const]
      : [];
  });
  const [asked, answered] = pairs[round % pairs.length]!;
  const customer = `+1555${String(1_000_000 + round)}${name.slice(0, 1)}`;
  const atMs = Date.parse('2026-10-20T09:00:00Z') + round * 60_000;
  const own = { conversationId: `CNbench${name}` };
  return [
    { ...asked, ...own, id: `ACbenchQ${name}`, from: customer, createdAt: new Date(atMs).toISOString() },
    { ...answered, ...own, id: `ACbenchA${name}`, to: [customer], createdAt: new Date(atMs + 20_000).toISOString() },
  ];
}

async function time(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

async function tripsOf(run: () => Promise<unknown>): Promise<number> {
  const before = countTrips();
  await run();
  return countTrips() - before;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
}

function most(counts: Set<number>): string {
  return [...counts].sort((a, b) => a - b).join('-');
}
