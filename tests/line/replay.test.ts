import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { orderDeliveries } from '../../scripts/server/replay-messages.js';
import type { TestDatabase } from '../support/postgres.js';
import { count, createLine, deliver, readExchanges, runCron } from './support/quo-line.js';

/** Codes that the words decide, on top of which others may depend on what came before. */
const BY_WORDS = new Set(['acknowledgement', 'media_only', 'opt_out', 'emergency', 'quarantined', null]);

const items = readFileSync(new URL('../../scripts/demo/sample-line.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(Boolean)
  .map(line => JSON.parse(line) as QuoListItem);

let ordered: TestDatabase;
let shuffled: TestDatabase;
const statuses: Record<string, number> = {};

const replay = async (list: readonly QuoListItem[]) => {
  const db = await createLine();
  for (const [index, item] of list.entries()) {
    const { status, body } = await deliver(item, { dialect: index % 2 === 0 ? 'standard' : 'v3' });
    const key = `${status} ${body.status}`;
    statuses[key] = (statuses[key] ?? 0) + 1;
  }
  return db;
};
const shape = async (db: TestDatabase) =>
  (await readExchanges(db)).map(({ customer, operator, afterWindow, skipped }) => ({
    customer,
    operator,
    afterWindow,
    skipped: BY_WORDS.has(skipped) ? 'by its words' : skipped,
  }));

describe('A line replayed out of order, within an hour, with every tenth delivery twice', () => {
  const arrival = orderDeliveries(items, { shuffleSeed: 7, duplicateProbability: 0.1 });
  beforeAll(async () => {
    ordered = await replay(items);
    shuffled = await replay(arrival);
  });
  afterAll(() => Promise.all([ordered.close(), shuffled.close()]));

  it('is really out of order, and every delivery is answered 200', () => {
    expect(arrival.map(item => item.id)).not.toEqual(items.map(item => item.id));
    expect(arrival.length).toBeGreaterThan(items.length * 1.05);
    expect(statuses).toEqual({ '200 accepted': items.length * 2, '200 duplicate': arrival.length - items.length });
  });

  it('gives the same messages', async () => {
    const messages = 'select id, thread_id, direction, text, actor_id, status, event_at from messages order by id';
    expect(await shuffled.sql(messages)).toEqual(await ordered.sql(messages));
  });

  it('gives exactly the exchanges of the ordered replay', async () => {
    const expected = await shape(ordered);
    expect(expected.length).toBeGreaterThan(100);
    expect(await shape(shuffled)).toEqual(expected);
  });

  it('credits each answered exchange to one pattern or says why not', async () => {
    for (const db of [ordered, shuffled]) {
      for (const { operator, skipped, credited } of await readExchanges(db))
        expect(credited !== (skipped !== null)).toBe(operator.length > 0);
      const [sum] = await db.sql<{ n: number }>('select sum(exchange_count)::int as n from decision_patterns');
      expect(sum!.n).toBe(await count(db, 'exchanges where pattern_id is not null'));
      expect(await count(db, 'decision_patterns where exchange_count = 0 and agreed_count + disagreed_count = 0')).toBe(
        0,
      );
    }
  });

  it('leaves no pattern active, nothing marked, and the watchdog finds it clean', async () => {
    for (const db of [ordered, shuffled]) {
      expect(await count(db, 'decision_patterns where is_active or auto_executable or not requires_confirmation')).toBe(
        0,
      );
      expect(await count(db, 'thread_marks')).toBe(0);
      await db.use();
      expect(await runCron()).toMatchObject({ status: 200, body: { status: 'clean' } });
    }
  });

  it('never judges a late decision, and judges no decision twice the same way in a row', async () => {
    for (const db of [ordered, shuffled]) {
      expect(
        await count(db, 'shadow_judgements j join shadow_decisions d on d.id = j.decision_id where d.is_late'),
      ).toBe(0);
      const repeated = `(select outcome = lag(outcome) over (partition by decision_id order by id) as is_same from shadow_judgements) x where is_same`;
      expect(await count(db, repeated)).toBe(0);
    }
  });
});
