// Whatever part of the shadow path somebody else holds, a text is stored, and learned once it is free again.
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { count, createLine, deliver, openThread, readExchanges, runCron } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createLine();
});
afterEach(() => db.close());

const HELD = [
  ['a row of decision_patterns', 'select from decision_patterns for update'],
  ['decision_patterns against writers', 'lock table decision_patterns in share row exclusive mode'],
  ['decision_patterns altogether', 'lock table decision_patterns in access exclusive mode'],
  ['the learning revision', 'select from learning_state for update'],
  ['shadow_decisions altogether', 'lock table shadow_decisions in access exclusive mode'],
  ['exchanges altogether', 'lock table exchanges in access exclusive mode'],
] as const;

describe('while another session holds', () => {
  it.each(HELD)('%s, a question and an answer are stored within 8 s, and learned by the next run', async (_, lock) => {
    const known = openThread(1);
    await deliver(known.asks(0, 'what does a day pass cost'));
    await deliver(known.answers(1, 'A day pass costs twelve dollars'));
    const [asking, waiting] = [openThread(2), openThread(3)];
    await deliver(waiting.asks(0, 'how much is a day pass please'));
    const other = new pg.Client({ connectionString: db.url });
    await other.connect();
    await other.query('begin');
    await other.query(lock);
    const startedMs = performance.now();
    const answers = await Promise.all([
      deliver(asking.asks(0, 'day pass price?')),
      deliver(waiting.answers(1, 'A day pass costs twelve dollars')),
    ]);
    const tookMs = performance.now() - startedMs;
    await other.query('rollback');
    await other.end();
    expect(answers.map(answer => [answer.status, answer.body.status])).toEqual([
      [200, 'accepted'],
      [200, 'accepted'],
    ]);
    expect(tookMs).toBeLessThan(8_000);
    expect(await count(db, 'messages')).toBe(5);
    expect((await runCron()).body.status).toBe('clean');
    const learned = (await readExchanges(db)).filter(exchange => exchange.credited);
    expect(learned).toHaveLength(2);
    expect(await count(db, 'thread_marks')).toBe(0);
  });
});
