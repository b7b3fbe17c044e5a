/** Secret replies of the corpus as a line of their own, delivered, learned and shown: none of them comes out anywhere. */
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as exchanges from '../../api/exchanges.js';
import * as onePattern from '../../api/patterns/[id]/index.js';
import * as patterns from '../../api/patterns/index.js';
import * as previews from '../../api/preview.js';
import { execute } from '../../db/client.js';
import { call, listenToLog } from '../http/support/calls.js';
import { type CorpusReply, findSurvivors, readCorpus } from '../learning/redaction-corpus/read.js';
import { createTestPglite, type TestPglite } from '../support/pglite.js';
import { deliver, openThread, setLineEnvironment } from './support/quo-line.js';

const CORPUS = ['secrets.txt', 'more-secrets.txt', 'last-secrets.txt'].flatMap(readCorpus);
const COUNT = 30;
const FOLLOW_UP = 'do you have parking for a van';
const FOLLOW_UP_REPLY = 'Yes, it is behind the building';
/** Shorter ones stand in ids, times and counts. */
const MIN_TELLING = 4;

/** Spread evenly over the corpus, so that every kind is among them. */
const LINE: CorpusReply[] = Array.from({ length: COUNT }, (_, n) => CORPUS[Math.floor((n * CORPUS.length) / COUNT)]!);

let db: TestPglite;
let log: ReturnType<typeof listenToLog>;
beforeAll(async () => {
  setLineEnvironment();
  db = await createTestPglite();
  await db.exec(`update learning_state set identity = gen_random_uuid();
    update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
  await db.use();
  log = listenToLog();
  for (const [n, { question, reply }] of LINE.entries()) {
    const { asks, answers } = openThread(700 + n);
    const turns = [asks(0, question), answers(1, reply)];
    // The reply is context of what is learned next.
    if (n % 3 === 0) turns.push(asks(5, FOLLOW_UP), answers(6, FOLLOW_UP_REPLY));
    for (const turn of turns) expect((await deliver(turn)).body.status).toBe('accepted');
  }
});
afterAll(async () => {
  log.stop();
  await db.close();
});

/** Words of the corpus' secrets that say too much wherever they stand, beside all that was said openly; ids, times and shares are nobody's. */
function listLeaks(answers: string): string[] {
  const said = answers.replace(
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d\d:\d\d:\d\d(?:\.\d+)?|\b[01]\.\d+/g,
    ' ',
  );
  const open = `${LINE.map(({ question }) => question).join(' ')} ${FOLLOW_UP} ${FOLLOW_UP_REPLY}`;
  return LINE.flatMap(one => {
    const telling = { ...one, runs: [], secrets: one.secrets.filter(isTelling) };
    return findSurvivors(telling, said).filter(secret => findSurvivors(telling, open).length === 0 && secret !== '');
  });
}

/** Number words, months and what every answer is full of tell nothing by themselves. */
function isTelling(secret: string): boolean {
  const isPlain =
    /^(?:zero|one|two|three|four|five|six|seven|eight|nine|eleven|forty|twelve|twenty|nineteen|double|name|open|state|april)$/;
  return secret.length >= MIN_TELLING && !isPlain.test(secret) && !/^(?:19|20)\d\d$/.test(secret);
}

const texts: string[] = [];
async function ask(handler: Parameters<typeof call>[0], path: string, body?: unknown): Promise<string> {
  const answer = await call(handler, path, body === undefined ? {} : { method: 'POST', body });
  expect(answer.status, path).toBe(200);
  texts.push(answer.text);
  return answer.text;
}

describe('A line that tells secrets', () => {
  it('gives none away in what it lists, exports, previews or logs', async () => {
    const list = JSON.parse(await ask(patterns.GET, '/api/patterns?limit=100')) as { patterns: { id: string }[] };
    expect(list.patterns.length).toBeGreaterThan(10);
    await ask(patterns.GET, '/api/patterns?format=csv');
    await ask(patterns.GET, '/api/patterns?format=json');
    for (const { id } of list.patterns.slice(0, 8)) await ask(onePattern.GET, `/api/patterns/${id}?id=${id}`);
    const shown = await ask(exchanges.GET, '/api/exchanges?limit=100');
    expect(shown).toContain('{{code}}');
    // Each question once: the answer is what was learned from it.
    for (const text of new Set(LINE.map(({ question }) => question)))
      await ask(previews.POST, '/api/preview', { text });
    const said = `${texts.join('\n')}\n${log.text()}`;
    expect(said).toContain(FOLLOW_UP);
    expect(listLeaks(said)).toEqual([]);
  });

  it('keeps none in what was learned', async () => {
    const stored = await readStored();
    expect(stored).toContain(FOLLOW_UP_REPLY);
    expect(listLeaks(stored)).toEqual([]);
  });

  it('would be seen to: every secret is noticed where a text is shown as it was said', () => {
    const telling = LINE.filter(one => one.secrets.some(isTelling));
    expect(telling.length).toBeGreaterThan(15);
    expect(listLeaks(telling.map(({ reply }) => reply).join('\n')).length).toBeGreaterThan(15);
  });
});

/** Every row of every table as text, the messages apart: they are kept as they came, for a while, and learned texts are not. */
async function readStored(): Promise<string> {
  const tables = await execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('messages', 'deliveries')`,
  );
  expect(tables.length).toBeGreaterThan(20);
  const rows: string[] = [];
  for (const { name } of tables) {
    const [row] = await execute<{ said: string | null }>(
      sql`select string_agg(t::text, ' ') as said from ${sql.identifier(name)} t`,
    );
    rows.push(row?.said ?? '');
  }
  return rows.join('\n');
}
