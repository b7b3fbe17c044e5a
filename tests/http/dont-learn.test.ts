import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { count, createLine, deliver, type Item, openThread, runCron } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { listenToLog } from './support/calls.js';
import {
  deliverAll,
  expectSettled,
  learnTwice,
  mark,
  OTHER_QUESTION,
  OTHER_REPLY,
  QUESTION,
  REPLY,
  readMarkAudit,
  readPatterns,
  readRows,
  talkForLong,
} from './support/marking.js';
import { makeToken } from './support/people.js';

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
/** A line of its own for each test, and nothing of its texts in the log. */
const onFreshLine = () => {
  beforeEach(async () => {
    db = await createLine();
    log = listenToLog();
    return () => db.close();
  });
  afterEach(() => {
    log.stop();
    expect(log.text()).not.toMatch(/day pass|upstairs|\+1555/);
  });
};

describe('Marking an exchange', () => {
  onFreshLine();

  it('takes its pattern away at once where it had taught that alone, and unmarking learns it again', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [{ id } = { id: '' }] = await readRows(db, threadId);
    const answer = await mark({ exchangeId: id, dontLearn: true, reason: 'a slip of the pen' });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        exchangeId: id,
        dontLearn: true,
        exchange: { id, skipped: 'dont_learn', dontLearn: true, learnedPatternId: null, customerText: QUESTION },
      },
    });
    expect(answer.body.pending).toBeUndefined();
    expect(await readPatterns(db)).toEqual([]);
    expect(await readRows(db, threadId)).toEqual([
      { id, skipped: 'dont_learn', dontLearn: true, patternId: null, words: null },
    ]);
    await expectSettled(db);
    const again = await mark({ exchangeId: id, dontLearn: false });
    expect(again).toMatchObject({
      status: 200,
      body: { dontLearn: false, exchange: { skipped: null, dontLearn: false, learnedPatternId: expect.any(String) } },
    });
    expect(await readPatterns(db)).toMatchObject([{ id: again.body.exchange.learnedPatternId, exchange_count: 1 }]);
    expect(await readRows(db, threadId)).toMatchObject([{ id, skipped: null, words: REPLY }]);
    await expectSettled(db);
    expect(await readMarkAudit(db)).toEqual([
      { actor: 'admin', action: 'dont_learn', subject: id, reason: 'a slip of the pen' },
      { actor: 'admin', action: 'may_learn', subject: id, reason: null },
    ]);
  });

  it('takes its evidence away where others taught the same, and its decision judges nobody', async () => {
    const { two, patternId, second } = await learnTwice(db);
    expect(await readPatterns(db)).toEqual([{ id: patternId, exchange_count: 2, agreed_count: 1 }]);
    expect((await mark({ exchangeId: two.id, dontLearn: true })).body.exchange).toMatchObject({ agreement: 'ignored' });
    expect(await readPatterns(db)).toEqual([{ id: patternId, exchange_count: 1, agreed_count: 0 }]);
    await expectSettled(db);
    expect((await mark({ exchangeId: two.id, dontLearn: false })).body.exchange).toMatchObject({ agreement: 'agreed' });
    expect(await readPatterns(db)).toEqual([{ id: patternId, exchange_count: 2, agreed_count: 1 }]);
    expect(await readRows(db, second.threadId)).toMatchObject([{ patternId }]);
    await expectSettled(db);
  });

  it.each([
    ['edited', `update decision_patterns set edited_at = now()`],
    ['retired', `update decision_patterns set retired_at = now()`],
  ])('leaves a pattern that a person %s, without its evidence', async (_, act) => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    await db.sql(act);
    const [row] = await readRows(db, threadId);
    expect((await mark({ exchangeId: row!.id, dontLearn: true })).status).toBe(200);
    expect(await readPatterns(db)).toEqual([{ id: row!.patternId, exchange_count: 0, agreed_count: 0 }]);
  });

  it('that is still open keeps the answer out when it comes', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION)]);
    const [row] = await readRows(db, threadId);
    expect((await mark({ exchangeId: row!.id, dontLearn: true })).body).toMatchObject({ exchange: { skipped: null } });
    await deliverAll([answers(1, REPLY)]);
    expect(await readRows(db, threadId)).toMatchObject([{ id: row!.id, skipped: 'dont_learn', dontLearn: true }]);
    expect(await readPatterns(db)).toEqual([]);
  });

  it('holds while the question and the answer grow', async () => {
    const { asks, answers, threadId } = openThread(1);
    const early = asks(0, 'hello over there');
    await deliverAll([asks(1, QUESTION), answers(2, REPLY)]);
    const [row] = await readRows(db, threadId);
    await mark({ exchangeId: row!.id, dontLearn: true });
    await deliverAll([answers(3, 'Towels are included in that')]);
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: 'dont_learn', dontLearn: true, patternId: null }]);
    await deliverAll([early]);
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: 'dont_learn', dontLearn: true, patternId: null }]);
    await deliverAll([asks(5, OTHER_QUESTION), answers(6, OTHER_REPLY)]);
    expect(await readRows(db, threadId)).toMatchObject([
      { skipped: 'dont_learn' },
      { skipped: null, dontLearn: false },
    ]);
    expect(await readPatterns(db)).toMatchObject([{ exchange_count: 1 }]);
  });

  it('holds for both halves where a late text parts it', async () => {
    const { asks, answers, threadId } = openThread(1);
    const late = asks(3, OTHER_QUESTION);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY), answers(5, OTHER_REPLY)]);
    const [row] = await readRows(db, threadId);
    await mark({ exchangeId: row!.id, dontLearn: true });
    await deliverAll([late]);
    expect(await readRows(db, threadId)).toMatchObject([
      { skipped: 'dont_learn', dontLearn: true },
      { skipped: 'dont_learn', dontLearn: true },
    ]);
    expect(await readPatterns(db)).toEqual([]);
  });

  it('holds where a late text joins it to the question before', async () => {
    const { asks, answers, threadId } = openThread(1);
    const between = asks(40, 'or could I come by');
    await deliverAll([asks(0, QUESTION), asks(80, OTHER_QUESTION), answers(81, OTHER_REPLY)]);
    const [, row] = await readRows(db, threadId);
    await mark({ exchangeId: row!.id, dontLearn: true });
    await deliverAll([between]);
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: 'dont_learn', dontLearn: true, patternId: null }]);
    expect(await readPatterns(db)).toEqual([]);
    await expectSettled(db);
  });

  it('reaches an old exchange of a thread with thousands of texts', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    await talkForLong(db, threadId, 5000);
    const [row] = await readRows(db, threadId);
    const answer = await mark({ exchangeId: row!.id, dontLearn: true });
    expect(answer.body).toMatchObject({ exchange: { skipped: 'dont_learn', learnedPatternId: null } });
    expect(answer.body.pending).toBeUndefined();
    expect(await readPatterns(db)).toEqual([]);
    // The mark of the thread is left to the next run, which looks at all of it.
    expect((await runCron()).body.status).toBe('clean');
    expect(await count(db, 'thread_marks')).toBe(0);
    expect(
      await count(db, `exchanges where thread_id = '${threadId}' and skipped = 'acknowledgement'`),
    ).toBeGreaterThan(2_400);
  });
});

describe('Marking a thread', () => {
  onFreshLine();

  it('unlearns all of it, keeps out what comes later, and unmarking learns all of it', async () => {
    const { asks, answers, threadId } = openThread(1);
    const bystander = openThread(2);
    await deliverAll([
      asks(0, QUESTION),
      answers(1, REPLY),
      asks(5, OTHER_QUESTION),
      answers(6, OTHER_REPLY),
      bystander.asks(10, QUESTION),
      bystander.answers(11, REPLY),
    ]);
    expect(await readPatterns(db)).toMatchObject([{ exchange_count: 2 }, { exchange_count: 1 }]);
    const operator = await makeToken(db, 'operator');
    expect(await mark({ threadId, dontLearn: true, reason: 'family' }, operator)).toMatchObject({
      status: 200,
      body: { threadId, dontLearn: true },
    });
    expect(await readPatterns(db)).toMatchObject([{ exchange_count: 1 }]);
    await deliverAll([asks(20, OTHER_QUESTION)]);
    expect(
      await db.sql('select reasons from shadow_decisions where thread_id = $1 order by id desc limit 1', [threadId]),
    ).toEqual([{ reasons: ['dont_learn'] }]);
    await deliverAll([answers(21, OTHER_REPLY)]);
    expect((await readRows(db, threadId)).map(row => [row.skipped, row.dontLearn])).toEqual(
      Array(3).fill(['dont_learn', false]),
    );
    expect(await readRows(db, 'CN2')).toMatchObject([{ skipped: null }]);
    await expectSettled(db);
    const again = await mark({ threadId, dontLearn: false }, operator);
    expect(again.body).toEqual({ threadId, dontLearn: false });
    expect((await readRows(db, threadId)).map(row => row.skipped)).toEqual([null, null, null]);
    expect(await readPatterns(db)).toMatchObject([{ exchange_count: 2 }, { exchange_count: 2 }]);
    await expectSettled(db);
    expect(await readMarkAudit(db)).toMatchObject([
      { actor: expect.stringMatching(/^token:/), action: 'dont_learn', subject: threadId, reason: 'family' },
      { actor: expect.stringMatching(/^token:/), action: 'may_learn', subject: threadId, reason: null },
    ]);
  });

  it('leaves the marks of its exchanges when its own is taken away', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY), asks(5, OTHER_QUESTION), answers(6, OTHER_REPLY)]);
    const [row] = await readRows(db, threadId);
    await mark({ exchangeId: row!.id, dontLearn: true });
    await mark({ threadId, dontLearn: true });
    expect((await mark({ exchangeId: row!.id, dontLearn: false })).body).toMatchObject({
      dontLearn: false,
      exchange: { dontLearn: false, threadDontLearn: true, skipped: 'dont_learn' },
    });
    await mark({ exchangeId: row!.id, dontLearn: true });
    await mark({ threadId, dontLearn: false });
    expect(await readRows(db, threadId)).toMatchObject([
      { skipped: 'dont_learn', dontLearn: true },
      { skipped: null, dontLearn: false },
    ]);
  });

  it.each([1, 2, 3, 4])('holds when the thread gets its name only after %i texts', async nth => {
    const { asks, answers, threadId } = openThread(1);
    const items = [asks(0, QUESTION), answers(1, REPLY), asks(5, OTHER_QUESTION), answers(6, OTHER_REPLY)];
    for (const item of items.slice(0, nth)) {
      const unnamed = { ...item, conversationId: null } as unknown as Item;
      expect((await deliver(unnamed, { dialect: 'v2' })).body.status).toBe('accepted');
    }
    const [thread] = await db.sql<{ id: string }>('select id from threads');
    expect(thread!.id).toMatch(/^TH/);
    await mark({ threadId: thread!.id, dontLearn: true });
    await deliverAll(items.slice(nth));
    expect((await readRows(db, nth < 4 ? threadId : thread!.id)).map(row => row.skipped)).toEqual(
      Array(2).fill('dont_learn'),
    );
    // A pattern that a decision was judged by stays, without evidence.
    expect(await count(db, 'exchanges where pattern_id is not null')).toBe(0);
    expect(await count(db, 'decision_patterns where exchange_count > 0')).toBe(0);
  });

  it('of thousands of texts reaches the oldest of them', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    await talkForLong(db, threadId, 4500);
    const answer = await mark({ threadId, dontLearn: true });
    expect(answer).toMatchObject({ status: 200, body: { threadId, dontLearn: true } });
    if (answer.body.pending) await runCron();
    expect(await readPatterns(db)).toEqual([]);
    expect(await count(db, 'exchanges where pattern_id is not null')).toBe(0);
  });
});
