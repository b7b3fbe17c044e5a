/**
 * `npm run -s check:streams -- FILE…`: each line replayed twice over HTTP on a real PostgreSQL: in order; then shuffled
 * within the hour, both signature schemes, 10 % duplicates. Messages and exchanges must be the same exactly, each credited
 * once, nothing active, nothing executed; how far the patterns agree is measured (NMI, ARI).
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { runSql, startRealPostgres, withDatabase } from '../../scripts/database/real-postgres.js';
import { encodeEvent, type QuoListItem } from '../../scripts/quo/encode.js';
import { signHeaders } from '../../scripts/quo/sign.js';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { orderDeliveries } from '../../scripts/server/replay-messages.js';
import { comparePartitions } from './partition-agreement.js';
import { CRON_SECRET, enableLearning, SECRETS, startServer } from './server.js';

type Outcome = {
  statuses: Record<string, number>;
  msPerDelivery: number;
  messages: string[];
  exchanges: Map<string, { shape: string; patternId: string | null }>;
  patterns: number;
  cron: string;
};

if (process.argv.length < 3) {
  console.error('usage: npm run -s check:streams -- FILE.jsonl[.gz] …');
  process.exit(1);
}
const postgres = await startRealPostgres();
let isFine = true;
const agreements: { nmi: number; ari: number }[] = [];
try {
  for (const file of process.argv.slice(2)) {
    const items = readMessageFile(file);
    const ordered = await replay('ordered', items, () => 'standard');
    const shuffled = orderDeliveries(items, { shuffleSeed: 11, duplicateProbability: 0.1 });
    const mixed = await replay('shuffled', shuffled, index => (index % 2 === 0 ? 'standard' : 'legacy'));
    const problems = [...listDifferences(ordered, mixed), ...[ordered, mixed].flatMap(listFaults)];
    const groups = [...ordered.exchanges].flatMap(([key, { patternId }]) => {
      const twin = mixed.exchanges.get(key)?.patternId;
      return patternId && twin ? [[patternId, twin] as const] : [];
    });
    const agreement = comparePartitions(groups);
    agreements.push(agreement);
    isFine &&= problems.length === 0;
    console.log(
      `${path.basename(file)}: ${shuffled.length} deliveries, ${JSON.stringify(mixed.statuses)}, ${ordered.exchanges.size} exchanges, patterns ${ordered.patterns}/${mixed.patterns}, NMI ${agreement.nmi.toFixed(3)}, ARI ${agreement.ari.toFixed(3)}, ${ordered.msPerDelivery.toFixed(1)}/${mixed.msPerDelivery.toFixed(1)} ms a delivery${problems.length ? `, PROBLEMS: ${problems.slice(0, 5).join('; ')} (${problems.length})` : ', equal'}`,
    );
  }
} finally {
  await postgres.stop();
}
const mean = (pick: (a: { nmi: number; ari: number }) => number) =>
  agreements.reduce((sum, a) => sum + pick(a), 0) / agreements.length;
console.log(
  `mean NMI ${mean(a => a.nmi).toFixed(3)}, mean ARI ${mean(a => a.ari).toFixed(3)}, ${isFine ? 'all equal' : 'NOT EQUAL'}`,
);
process.exit(isFine && mean(a => a.nmi) >= 0.9 ? 0 : 1);

async function replay(
  name: string,
  order: readonly QuoListItem[],
  schemeOf: (index: number) => 'standard' | 'legacy',
): Promise<Outcome> {
  const database = `streams_${name}_${randomBytes(4).toString('hex')}`;
  await runSql(postgres.url, `create database ${database}`);
  const url = withDatabase(postgres.url, database);
  const server = await startServer({ DATABASE_URL: url });
  const statuses: Record<string, number> = {};
  try {
    await enableLearning(server.base);
    const startedMs = performance.now();
    for (const [index, item] of order.entries()) {
      const scheme = schemeOf(index);
      const body = encodeEvent(item, scheme === 'standard' ? 'standard' : 'v3');
      const deliveryId = `msg_${randomBytes(10).toString('hex')}`;
      const headers = signHeaders(scheme, SECRETS[scheme], body, { deliveryId, nowMs: Date.now() });
      const response = await fetch(`${server.base}/api/webhook`, { method: 'POST', headers, body });
      await response.arrayBuffer();
      statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    }
    const msPerDelivery = (performance.now() - startedMs) / order.length;
    const cron = await fetch(`${server.base}/api/cron/safety`, { headers: { authorization: `Bearer ${CRON_SECRET}` } });
    const { status } = (await cron.json()) as { status: string };
    return { statuses, msPerDelivery, cron: status, ...(await readState(url)) };
  } finally {
    await server.stop();
  }
}

async function readState(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const messages = await client.query<{ line: string }>(
    `select concat_ws('|', id, thread_id, direction, text, actor_id, event_at) as line from messages order by id`,
  );
  const exchanges = await client.query<{ key: string; shape: string; pattern_id: string | null }>(
    `select key, concat_ws('|', customer_message_ids, operator_message_ids, is_after_window, skipped) as shape, pattern_id
     from exchanges where not is_withdrawn order by key`,
  );
  const unsafe = await client.query<{ n: number }>(
    `select ((select count(*) from decision_patterns where is_active or auto_executable or not requires_confirmation)
      + (select count(*) from pattern_execution_history) + (select count(*) from thread_marks)
      + (select count(*) from decision_patterns p where exchange_count <> (select count(*) from exchanges e where e.pattern_id = p.id)))::int as n`,
  );
  const patterns = await client.query<{ n: number }>('select count(*)::int as n from decision_patterns');
  await client.end();
  if (unsafe.rows[0]!.n > 0) isFine = false;
  return {
    messages: messages.rows.map(row => row.line),
    exchanges: new Map(exchanges.rows.map(row => [row.key, { shape: row.shape, patternId: row.pattern_id }])),
    patterns: patterns.rows[0]!.n,
  };
}

function listDifferences(one: Outcome, other: Outcome): string[] {
  const differences: string[] = [];
  if (one.messages.join('\n') !== other.messages.join('\n')) differences.push('messages differ');
  for (const key of new Set([...one.exchanges.keys(), ...other.exchanges.keys()])) {
    const [a, b] = [one.exchanges.get(key)?.shape, other.exchanges.get(key)?.shape];
    if (a !== b) differences.push(`exchange ${key}: ${a} / ${b}`);
  }
  return differences;
}

function listFaults(outcome: Outcome): string[] {
  const faults = Object.keys(outcome.statuses)
    .filter(status => status !== '200')
    .map(status => `status ${status}`);
  if (outcome.cron !== 'clean') faults.push(`cron ${outcome.cron}`);
  return faults;
}
