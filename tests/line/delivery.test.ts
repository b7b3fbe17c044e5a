import { beforeAll, describe, expect, it } from 'vitest';
import { encodeEvent, type QuoDialect } from '../../scripts/quo/encode.js';
import type { TestDatabase } from '../support/postgres.js';
import { count, createLine, deliver, deliverBody, openThread, readExchanges } from './support/quo-line.js';

const DIALECTS: QuoDialect[] = ['standard', 'v2', 'v3', 'v4', 'wrapped-v3'];

let db: TestDatabase;
beforeAll(async () => {
  db = await createLine();
  return () => db.close();
});

const accepted = { status: 200, body: { status: 'accepted' } };
const duplicate = { status: 200, body: { status: 'duplicate' } };

describe('Schemes and dialects', () => {
  it.each(DIALECTS)(
    'a question and its answer in %s are one exchange, learned at once with confidence 0.50',
    async dialect => {
      const customer = 100 + DIALECTS.indexOf(dialect);
      const { asks, answers, threadId } = openThread(customer);
      const question = asks(0, `what does locker number ${dialect} near the entrance cost`);
      const reply = answers(1, `Locker rental ${dialect} costs two dollars at the desk`);
      expect(await deliver(question, { dialect })).toMatchObject(accepted);
      expect(await deliver(reply, { dialect })).toMatchObject(accepted);
      expect(await readExchanges(db, threadId)).toEqual([
        {
          key: question.id,
          thread: threadId,
          customer: [question.id],
          operator: [reply.id],
          afterWindow: false,
          skipped: null,
          credited: true,
        },
      ]);
      const [row] = await db.sql(
        `select direction, text, thread_id, line_id, actor_id, is_person, event_at from messages where id = $1`,
        [reply.id],
      );
      expect(row).toEqual({
        direction: 'outgoing',
        text: reply.text,
        thread_id: threadId,
        line_id: reply.phoneNumberId,
        actor_id: 'USanna',
        is_person: true,
        event_at: new Date(reply.createdAt),
      });
    },
  );

  it('a pattern is born inactive, not auto-executable, asking for confirmation, with confidence 0.50', async () => {
    const { asks, answers, threadId } = openThread(110);
    await deliver(asks(0, 'can the sauna be heated before seven'));
    await deliver(answers(1, 'The sauna is heated from half past six'));
    const born = await db.sql(
      `select is_active, auto_executable, requires_confirmation, confidence_score::text, version, exchange_count, created_from
       from decision_patterns p where id in (select pattern_id from exchanges where thread_id = $1)`,
      [threadId],
    );
    expect(born).toEqual([
      {
        is_active: false,
        auto_executable: false,
        requires_confirmation: true,
        confidence_score: '0.5000',
        version: 1,
        exchange_count: 1,
        created_from: 'webhook',
      },
    ]);
  });

  it('the answer leaves as it was however often an authentic delivery is signed again', async () => {
    const question = openThread(111).asks(0, 'hello there');
    const [first, second] = [await deliver(question), await deliver(question, { dialect: 'v3' })];
    expect([first.body.status, second.body.status]).toEqual(['accepted', 'duplicate']);
  });
});

describe('Duplicates', () => {
  it('a redelivery with the same delivery id changes nothing at all', async () => {
    const { asks } = openThread(120);
    const question = asks(0, 'is the steam room open');
    expect(await deliver(question, { deliveryId: 'msg_same' })).toMatchObject(accepted);
    const before = await db.sql('select * from messages order by id');
    const versions = await db.sql('select id, version from threads order by id');
    expect(await deliver(question, { deliveryId: 'msg_same' })).toMatchObject(duplicate);
    expect(await db.sql('select * from messages order by id')).toEqual(before);
    expect(await db.sql('select id, version from threads order by id')).toEqual(versions);
  });

  it('one text through two subscriptions, with different bodies and secrets, is one row', async () => {
    const { asks, answers, threadId } = openThread(121);
    const [question, reply] = [
      asks(0, 'do you sell chalk at the desk'),
      answers(1, 'Chalk is sold at the desk for six dollars'),
    ];
    const sent = [];
    for (const item of [question, reply])
      for (const dialect of ['standard', 'v3'] as const) sent.push((await deliver(item, { dialect })).body.status);
    expect(sent).toEqual(['accepted', 'duplicate', 'accepted', 'duplicate']);
    expect(await count(db, 'messages where thread_id = $1', [threadId])).toBe(2);
    expect(await count(db, 'deliveries where message_id = $1', [question.id])).toBe(1);
    expect(await count(db, 'shadow_decisions where thread_id = $1', [threadId])).toBe(1);
    expect(await readExchanges(db, threadId)).toHaveLength(1);
  });

  it('a second "yes" is another message, not a duplicate', async () => {
    const { asks, threadId } = openThread(122);
    expect(await deliver(asks(0, 'yes'))).toMatchObject(accepted);
    expect(await deliver(asks(1, 'yes'))).toMatchObject(accepted);
    expect(await count(db, 'messages where thread_id = $1', [threadId])).toBe(2);
  });

  it.each([
    ['the same delivery id', 130, () => 'msg_raced'],
    ['delivery ids of their own', 131, (n: number) => `msg_raced_${n}`],
  ])('five copies sent at once, with %s, are accepted once', async (_, customer, deliveryId) => {
    const { asks, threadId } = openThread(customer);
    const question = asks(0, 'where is the lost property box');
    const sent = await Promise.all(
      Array.from({ length: 5 }, (_, n) => deliver(question, { deliveryId: deliveryId(n) })),
    );
    expect(sent.map(one => one.status)).toEqual([200, 200, 200, 200, 200]);
    expect(sent.map(one => one.body.status).sort()).toEqual([
      'accepted',
      'duplicate',
      'duplicate',
      'duplicate',
      'duplicate',
    ]);
    expect(await count(db, 'messages where thread_id = $1', [threadId])).toBe(1);
    expect(await count(db, 'shadow_decisions where thread_id = $1', [threadId])).toBe(1);
    expect(await count(db, 'deliveries where message_id = $1', [question.id])).toBe(1);
  });

  it('five copies of an answer sent at once teach once', async () => {
    const { asks, answers, threadId } = openThread(132);
    await deliver(asks(0, 'may I bring a dog onto the terrace'));
    const reply = answers(1, 'Dogs on a leash are welcome on the terrace');
    const sent = await Promise.all(Array.from({ length: 5 }, () => deliver(reply)));
    expect(sent.filter(one => one.body.status === 'accepted')).toHaveLength(1);
    expect(await readExchanges(db, threadId)).toMatchObject([{ operator: [reply.id], credited: true }]);
    expect(await count(db, 'decision_patterns where trigger_text ilike $1', ['%dog%'])).toBe(1);
  });
});

describe('A message with two events', () => {
  it('failed and then delivered is one message, whose status goes forward and whose exchange is counted once', async () => {
    const { asks, answers, threadId } = openThread(140);
    await deliver(asks(0, 'which bus stops in front of the hall'));
    const reply = answers(1, 'Bus nine stops in front of the hall');
    const failed = encodeEvent({ ...reply, status: 'failed' }, 'standard');
    expect(await deliverBody(failed)).toMatchObject(accepted);
    expect(await deliver(reply)).toMatchObject(accepted);
    expect(await deliverBody(failed)).toMatchObject(duplicate);
    expect(await db.sql('select status from messages where id = $1', [reply.id])).toEqual([{ status: 'delivered' }]);
    expect(await count(db, `deliveries where message_id = $1 and outcome = 'accepted'`, [reply.id])).toBe(2);
    expect(await readExchanges(db, threadId)).toMatchObject([{ operator: [reply.id], credited: true }]);
  });

  it('a late "failed" does not take "delivered" back', async () => {
    const reply = openThread(141).answers(0, 'The hall closes at nine');
    await deliver(reply);
    expect(await deliverBody(encodeEvent({ ...reply, status: 'failed' }, 'standard'))).toMatchObject(accepted);
    expect(await db.sql('select status from messages where id = $1', [reply.id])).toEqual([{ status: 'delivered' }]);
  });
});

describe('Texts that PostgreSQL or people cannot read', () => {
  it('NUL and lone surrogates are replaced by a visible mark, and the rest stays', async () => {
    const { asks } = openThread(150);
    const question = asks(0, 'a\0b \ud800 c \udc00 ☕ 🧗');
    for (const dialect of ['standard', 'v3'] as const)
      await deliver({ ...question, id: `${question.id}${dialect}` }, { dialect });
    const rows = await db.sql<{ text: string }>('select text from messages where id like $1', [`${question.id}%`]);
    expect(rows).toEqual([{ text: 'a\ufffdb \ufffd c \ufffd ☕ 🧗' }, { text: 'a\ufffdb \ufffd c \ufffd ☕ 🧗' }]);
  });

  it('a text of 150,000 characters is stored whole, and soon', async () => {
    const { asks, answers } = openThread(151);
    const long = 'is my number 555 0100 or Anna Smith there at 12:30? '.repeat(2_900);
    const startedMs = performance.now();
    const question = asks(0, long);
    expect(await deliver(question)).toMatchObject(accepted);
    expect(await deliver(answers(1, 'That was a long text'))).toMatchObject(accepted);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(await db.sql('select length(text) as n from messages where id = $1', [question.id])).toEqual([
      { n: long.length },
    ]);
  });
});
