import { beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/postgres.js';
import {
  count,
  createLine,
  deliver,
  type Item,
  LINE,
  openThread,
  readExchanges,
  runCron,
  setLearning,
  shuffled,
} from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createLine();
  return () => db.close();
});

const deliverAll = async (items: Item[]) => {
  for (const item of items) expect((await deliver(item)).body.status).toBe('accepted');
};
const codes = async (threadId?: string) => (await readExchanges(db, threadId)).map(exchange => exchange.skipped);

describe('Learning off', () => {
  it('stores messages, decides nothing, learns nothing, and what closed meanwhile is learning_off for good', async () => {
    const { asks, answers, threadId } = openThread(1);
    await setLearning(db, false);
    await deliverAll([asks(0, 'what does a day pass cost'), answers(1, 'A day pass costs twelve dollars')]);
    expect(await count(db, 'messages')).toBe(2);
    await setLearning(db, true);
    await deliverAll([answers(2, 'And children under six are free')]);
    await runCron();
    expect(await readExchanges(db, threadId)).toMatchObject([
      { operator: ['AC1t002', 'AC1t003'], skipped: 'learning_off', credited: false },
    ]);
    expect(await count(db, 'decision_patterns')).toBe(0);
    expect(await count(db, 'shadow_decisions')).toBe(0);
  });

  it('leaves what was learned before as it was: credit, redacted words and judgement', async () => {
    const first = openThread(1);
    const second = openThread(2);
    await deliverAll([
      first.asks(0, 'what does a day pass cost'),
      first.answers(1, 'A day pass costs twelve dollars'),
      second.asks(5, 'what does a day pass cost'),
      second.answers(6, 'A day pass costs twelve dollars'),
    ]);
    const words = 'select pattern_id, customer_text, reply_text, skipped from exchanges order by started_at';
    const outcomes =
      'select distinct on (decision_id) decision_id, outcome from shadow_judgements order by decision_id, id desc';
    const before = [await db.sql(words), await db.sql(outcomes)];
    expect(before[1]).toMatchObject([{ outcome: 'agreed' }]);
    await setLearning(db, false);
    await deliverAll([second.answers(7, 'Towels are included')]);
    expect([await db.sql(words), await db.sql(outcomes)]).toEqual(before);
  });
});

describe('Nothing is learned from', () => {
  it('an opt-out: no answer is suggested and none is learned', async () => {
    const { asks, answers } = openThread(1);
    await deliverAll([asks(0, 'STOP'), answers(1, 'You are off the list, sorry to see you go')]);
    expect(await codes()).toEqual(['opt_out']);
    expect(await db.sql('select kind, reasons from shadow_decisions')).toEqual([
      { kind: 'abstained', reasons: ['opt_out'] },
    ]);
  });

  it('an emergency', async () => {
    const { asks, answers } = openThread(1);
    await deliverAll([asks(0, 'someone is not breathing, call 911'), answers(1, 'On our way to the upstairs room')]);
    expect(await codes()).toEqual(['emergency']);
    expect(await db.sql('select kind, reasons from shadow_decisions')).toEqual([
      { kind: 'abstained', reasons: ['emergency'] },
    ]);
  });

  it('a picture without words', async () => {
    const { asks, answers } = openThread(1);
    await deliverAll([
      asks(0, '', { media: [{ url: 'https://example.invalid/a.jpg' }] }),
      answers(1, 'That shoe is ours'),
    ]);
    expect(await codes()).toEqual(['media_only']);
  });

  it('a group: one text with two recipients is enough, also when it comes last', async () => {
    const { asks, answers, number } = openThread(1);
    await deliverAll([asks(0, 'what does a day pass cost'), answers(1, 'A day pass costs twelve dollars')]);
    expect(await codes()).toEqual([null]);
    await deliverAll([asks(2, 'and for my friend here', { to: [LINE, '+15550009999'] })]);
    expect(await codes()).toEqual(['group', null]);
    await deliverAll([answers(3, 'Twelve dollars each for both of you', { to: [number, '+15550009999'] })]);
    expect(await codes()).toEqual(['group', 'group']);
    expect(await count(db, 'decision_patterns')).toBe(0);
  });

  it.each(['SYU1', 'XY9', ''])('an answer whose sender is "%s": it belongs to no turn', async userId => {
    const { asks, answers } = openThread(1);
    await deliverAll([asks(0, 'what does a day pass cost'), answers(1, 'A day pass costs twelve dollars', { userId })]);
    expect(await readExchanges(db)).toMatchObject([{ operator: [], skipped: null, credited: false }]);
    expect(await count(db, 'decision_patterns')).toBe(0);
    await deliverAll([answers(2, 'It is twelve dollars for the whole day')]);
    expect(await readExchanges(db)).toMatchObject([{ operator: ['AC1t003'], credited: true }]);
  });

  it('an answer after the window, and a text that nobody asked for', async () => {
    const { asks, answers } = openThread(1);
    await deliverAll([
      asks(0, 'what does a day pass cost'),
      answers(60, 'A day pass costs twelve dollars'),
      answers(200, 'Hello'),
    ]);
    expect(await codes()).toEqual(['after_window', 'no_customer_turn']);
  });
});

describe('A broadcast', () => {
  const PROMOTION = 'The climbing hall has a new bouldering wall on the second floor';
  const HOURS = 'We close at nine tonight because of the holiday';

  /** The exchanges' codes by customer text ids, whatever the order of their rows. */
  const result = async () =>
    (await readExchanges(db)).map(({ customer, operator, skipped }) => ({ customer, operator, skipped }));
  const inOrders = async (items: Item[]) => {
    const byTime = [...items].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    await deliverAll(byTime);
    const ordered = await result();
    const answersFirst = [...items].sort((a, b) =>
      a.direction > b.direction ? -1 : a.direction < b.direction ? 1 : 0,
    );
    const orders = {
      answersFirst,
      backwards: byTime.toReversed(),
      shuffled: shuffled(items, 1),
      again: shuffled(items, 6),
    };
    for (const [name, order] of Object.entries(orders)) {
      const other = await createLine();
      const mine = db;
      db = other;
      await deliverAll(order);
      await runCron();
      expect(await result(), name).toEqual(ordered);
      await other.close();
      db = mine;
      await mine.use();
    }
    return ordered;
  };

  it('to six customers teaches nothing, in any order of arrival', async () => {
    const items = [1, 2, 3, 4, 5, 6].flatMap(customer => {
      const { asks, answers } = openThread(customer);
      const promotion = answers(10 + customer, PROMOTION);
      return customer <= 2 ? [asks(9, 'what is new on your second floor'), promotion] : [promotion];
    });
    const ordered = await inOrders(items);
    // Who had not asked has no turn to learn from in the first place.
    expect(ordered.map(exchange => exchange.skipped)).toEqual([
      ...Array(2).fill('broadcast'),
      ...Array(4).fill('no_customer_turn'),
    ]);
    expect(await count(db, 'decision_patterns')).toBe(0);
  });

  it('is none where most had asked: the same answer to six questions is learned, in any order of arrival', async () => {
    const items = [1, 2, 3, 4, 5, 6].flatMap(customer => {
      const { asks, answers } = openThread(customer);
      const hours = answers(10 + customer, HOURS);
      return customer <= 3 ? [asks(9, 'when does the hall close tonight'), hours] : [hours];
    });
    const ordered = await inOrders(items);
    expect(ordered.map(exchange => exchange.skipped)).toEqual([
      ...Array(3).fill(null),
      ...Array(3).fill('no_customer_turn'),
    ]);
  });
});
