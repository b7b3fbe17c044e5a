/** A line's history, imported: what is stored and learned is what its deliveries would have brought, once each, and nothing is active. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyHistory, learnStored, storeHistory } from '../../lib/import-history.js';
import { normaliseItem } from '../../lib/quo/message.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { comparePartitions } from '../long/partition-agreement.js';
import type { TestDatabase } from '../support/postgres.js';
import { count, createLine, deliver, runCron } from './support/quo-line.js';

const sample = readFileSync(new URL('../../scripts/demo/sample-line.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line) as QuoListItem);

async function importItems(items: readonly QuoListItem[]) {
  const history = emptyHistory();
  await storeHistory(
    items.map(item => normaliseItem(item)!),
    'import',
    history,
  );
  return learnStored(history);
}

const MESSAGES =
  'select id, thread_id, line_id, direction, text, actor_id, is_person, is_group, has_media, status, event_at, is_off from messages order by id';
const EXCHANGES = `select key, id, thread_id, line_id, customer_message_ids, operator_message_ids, previous_operator_message_ids, operator_id,
  started_at, asked_at, answered_at, is_after_window, skipped, skipped_detail, dont_learn, customer_text, previous_operator_text, reply_text
  from exchanges where not is_withdrawn order by key`;

describe('The same line by import and by its deliveries', () => {
  let delivered: TestDatabase;
  let imported: TestDatabase;
  beforeAll(async () => {
    delivered = await createLine();
    for (const item of sample) await deliver(item);
    imported = await createLine();
    await importItems(sample);
  });
  afterAll(() => Promise.all([delivered.close(), imported.close()]));

  it('gives the same messages and threads', async () => {
    expect(await imported.sql(MESSAGES)).toEqual(await delivered.sql(MESSAGES));
    const threads = 'select id, line_id, customer, is_group from threads order by id';
    expect(await imported.sql(threads)).toEqual(await delivered.sql(threads));
    expect(await imported.sql('select line_id, number from lines')).toEqual(
      await delivered.sql('select line_id, number from lines'),
    );
  });

  it('gives the same exchanges, with the same verdicts and the same redacted words', async () => {
    expect(await imported.sql(EXCHANGES)).toEqual(await delivered.sql(EXCHANGES));
  });

  it('groups them alike', async () => {
    const groups = async (db: TestDatabase) =>
      new Map(
        (
          await db.sql<{ key: string; pattern: string }>(
            'select key, pattern_id as pattern from exchanges where pattern_id is not null',
          )
        ).map(({ key, pattern }) => [key, pattern]),
      );
    const [one, other] = [await groups(delivered), await groups(imported)];
    expect([...other.keys()].sort()).toEqual([...one.keys()].sort());
    const agreement = comparePartitions([...one].map(([key, pattern]) => [pattern, other.get(key)!] as const));
    expect(agreement.nmi).toBeGreaterThan(0.95);
  });
  it('makes no shadow decision, and the watchdog finds the line clean', async () => {
    expect(await count(imported, 'shadow_decisions')).toBe(0);
    await imported.use();
    expect(await runCron()).toMatchObject({ status: 200, body: { status: 'clean' } });
  });
});
