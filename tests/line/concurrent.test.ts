import { beforeEach, describe, expect, it } from 'vitest';
import { countTrips } from '../../db/client.js';
import { encodeEvent } from '../../scripts/quo/encode.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  count,
  createLine,
  deliver,
  deliverBody,
  type Item,
  openThread,
  readExchanges,
  runCron,
  shuffled,
} from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createLine();
  return () => db.close();
});

const SUBJECTS = ['sauna', 'parking', 'towels', 'lockers', 'bouldering', 'yoga', 'climbing shoes', 'swimming lessons'];
const REPLIES = [
  'The sauna is heated from half past six',
  'Cars go behind the building near the fence',
  'Towels are handed out at the desk for one dollar',
  'Any empty locker is yours, bring a padlock',
  'Bouldering needs neither rope nor partner',
  'Yoga begins every weekday before breakfast',
  'Shoes with rubber soles are rented beside the stairs',
  'Lessons for children happen in the small pool',
];
const deliverAtOnce = async (items: Item[]) => {
  const sent = await Promise.all(items.map(item => deliver(item)));
  expect(sent.map(one => one.body.status)).toEqual(items.map(() => 'accepted'));
};

describe('Deliveries at once', () => {
  it.each([1, 2, 3])('twelve of one thread give exactly the exchanges of the ordered line (order %i)', async seed => {
    const { asks, answers, threadId } = openThread(1);
    const items = SUBJECTS.slice(0, 4).flatMap((subject, n) => [
      asks(n * 10, `tell me about ${subject}`),
      asks(n * 10 + 1, `how does the ${subject} part work`),
      answers(n * 10 + 2, REPLIES[n]!),
    ]);
    await deliverAtOnce(shuffled(items, seed));
    expect(await count(db, 'messages')).toBe(12);
    const derive = () => readExchanges(db, threadId);
    const expected = [0, 3, 6, 9].map(first => ({
      customer: [items[first]!.id, items[first + 1]!.id],
      operator: [items[first + 2]!.id],
      skipped: null,
      credited: true,
    }));
    // Whoever lost too often against the others has marked the thread: the next run follows it.
    if ((await count(db, 'thread_marks')) > 0) await runCron();
    expect(await derive()).toMatchObject(expected);
    expect(await count(db, 'thread_marks')).toBe(0);
  });

  it('eight threads that learn at once lose no exchange, credit each once, and the counters are right', async () => {
    const threads = SUBJECTS.map((_, n) => openThread(n + 1));
    await deliverAtOnce(threads.map(({ asks }, n) => asks(0, `tell me about ${SUBJECTS[n]}`)));
    await deliverAtOnce(threads.map(({ answers }, n) => answers(1, REPLIES[n]!)));
    const run = await runCron();
    expect(run.body).toMatchObject({ status: 'clean' });
    const exchanges = await readExchanges(db);
    expect(exchanges).toHaveLength(8);
    expect(exchanges.every(one => one.credited && one.skipped === null)).toBe(true);
    const [sums] = await db.sql(
      'select sum(exchange_count)::int as credited, max(exchange_count) as most from decision_patterns',
    );
    expect(sums).toMatchObject({ credited: 8 });
  });

  it('the same answer to six questions at once founds one pattern, not six', async () => {
    const threads = [1, 2, 3, 4, 5, 6].map(n => openThread(n));
    await deliverAtOnce(threads.map(({ asks }) => asks(0, 'what does a day pass cost')));
    await deliverAtOnce(threads.map(({ answers }) => answers(1, 'A day pass costs twelve dollars')));
    await runCron();
    expect(await db.sql('select exchange_count, customer_count from decision_patterns')).toEqual([
      { exchange_count: 6, customer_count: 6 },
    ]);
  });

  it('a decision is never judged by an answer that was stored before it', async () => {
    const known = openThread(1);
    await deliver(known.asks(0, 'what does a day pass cost'));
    await deliver(known.answers(1, 'A day pass costs twelve dollars'));
    const threads = [2, 3, 4, 5, 6, 7].map(n => openThread(n));
    await deliverAtOnce(
      threads.flatMap(({ asks, answers }) => [
        asks(0, 'what does a day pass cost'),
        answers(1, 'A day pass costs twelve dollars'),
      ]),
    );
    await runCron();
    const wrong = await db.sql(
      `select d.id from shadow_decisions d join shadow_judgements j on j.decision_id = d.id where d.is_late`,
    );
    expect(wrong).toEqual([]);
    const late = await db.sql(
      `select d.id from shadow_decisions d join messages q on q.id = d.last_message_id
         join messages a on a.thread_id = q.thread_id and a.direction = 'outgoing'
       where a.recorded_at < d.committed_at and not d.is_late`,
    );
    expect(late).toEqual([]);
  });
});

describe('A text that names no thread', () => {
  /** v4 without its deep link: neither conversation nor link tells the thread. */
  const deliverUnnamed = (item: Item) => {
    const body = JSON.parse(encodeEvent(item, 'v4'));
    delete body.data.deepLink;
    return deliverBody(JSON.stringify(body), { scheme: 'legacy' });
  };

  it.each([
    ['first', true],
    ['last', false],
  ])('joins its thread when it comes %s', async (_, isFirst) => {
    const { asks, answers, threadId } = openThread(1);
    const question = asks(0, 'what does a day pass cost');
    const reply = answers(1, 'A day pass costs twelve dollars');
    const steps = [() => deliverUnnamed(question), () => deliver(reply)];
    for (const step of isFirst ? steps : steps.reverse()) expect((await step()).body.status).toBe('accepted');
    expect(await readExchanges(db)).toMatchObject([
      { thread: threadId, customer: [question.id], operator: [reply.id], skipped: null, credited: true },
    ]);
    expect(await db.sql('select id from threads')).toEqual([{ id: threadId }]);
    expect(await count(db, 'messages where thread_id <> $1', [threadId])).toBe(0);
  });

  it('joins its thread when both come at the same moment', async () => {
    const pairs = [1, 2, 3, 4, 5, 6].map(n => {
      const { asks, answers } = openThread(n);
      return [asks(0, `tell me about ${SUBJECTS[n]}`), answers(1, REPLIES[n]!)] as const;
    });
    await Promise.all(pairs.flatMap(([question, reply]) => [deliverUnnamed(question), deliver(reply)]));
    await runCron();
    expect((await db.sql<{ id: string }>('select id from threads order by id')).map(row => row.id)).toEqual(
      [1, 2, 3, 4, 5, 6].map(n => `CN${n}`),
    );
    expect(await readExchanges(db)).toMatchObject(
      pairs.map(([question, reply]) => ({ customer: [question.id], operator: [reply.id], credited: true })),
    );
  });

  it('a whole line without names is followed all the same, and its decisions move with it', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverUnnamed(asks(0, 'what does a day pass cost'));
    await deliverUnnamed(answers(1, 'A day pass costs twelve dollars'));
    await deliverUnnamed(asks(2, 'and where do cars go'));
    expect(await readExchanges(db)).toMatchObject([{ credited: true }, { credited: false }]);
    await deliver(answers(3, 'Cars go behind the building near the fence'));
    expect(await readExchanges(db, threadId)).toMatchObject([{ credited: true }, { credited: true }]);
    expect(await db.sql('select id from threads')).toEqual([{ id: threadId }]);
    expect((await runCron()).body.status).toBe('clean');
  });
});

describe('A long thread', () => {
  it('takes a text that comes ninety-nine texts late: same exchanges, each credited, and no false alarm', async () => {
    const { asks, answers, threadId } = openThread(1);
    const items = Array.from({ length: 25 }, (_, n) => [
      asks(n * 5, `question ${n} about the hall`),
      // The twenty-first teaches a pattern of its own: it is the one at the edge of what a delivery reads.
      answers(n * 5 + 1, n === 20 ? REPLIES[2]! : `answer ${n} about the hall`),
      answers(n * 5 + 2, n === 20 ? REPLIES[3]! : `more of answer ${n} about the hall`),
      answers(n * 5 + 3, n === 20 ? REPLIES[4]! : `end of answer ${n} about the hall`),
    ]).flat();
    const [late, ...rest] = items;
    for (const item of rest) await deliver(item);
    const before = countTrips();
    expect((await deliver(late!)).body.status).toBe('accepted');
    // Two of the ordinary case; it may ask for more, but not lose against itself until it gives up.
    expect(countTrips() - before).toBeLessThanOrEqual(6);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
    expect(await readExchanges(db, threadId)).toMatchObject(
      Array.from({ length: 25 }, (_, n) => ({
        customer: [items[n * 4]!.id],
        operator: [items[n * 4 + 1]!.id, items[n * 4 + 2]!.id, items[n * 4 + 3]!.id],
        skipped: null,
        credited: true,
      })),
    );
  });
});
