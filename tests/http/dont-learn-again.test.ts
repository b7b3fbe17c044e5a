import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { count, createLine, openThread, runCron, setLearning } from '../line/support/quo-line.js';
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

describe('The same again', () => {
  onFreshLine();

  it('changes nothing and is audited once', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    for (const [body, state] of [
      [{ exchangeId: row!.id, dontLearn: false, reason: 'it is fine' }, { exchange: { skipped: null } }],
      [{ threadId, dontLearn: false }, { threadId }],
    ] as const)
      expect(await mark(body)).toMatchObject({ status: 200, body: { dontLearn: false, ...state } });
    expect(await readMarkAudit(db)).toEqual([]);
    expect(await count(db, 'reasons')).toBe(0);
    const versions = () => db.sql('select id, version from threads');
    for (const name of [{ exchangeId: row!.id }, { threadId }]) {
      const first = await mark({ ...name, dontLearn: true, reason: 'because' });
      const before = await versions();
      expect(await mark({ ...name, dontLearn: true, reason: 'because' })).toMatchObject({ body: first.body });
      expect(await versions()).toEqual(before);
    }
    expect(await readMarkAudit(db)).toHaveLength(2);
    expect(await count(db, 'reasons')).toBe(2);
  });

  it('by many people at once: all are answered, one is audited, and the marks are followed', async () => {
    const { one, two, patternId } = await learnTwice(db);
    for (const dontLearn of [true, false, true]) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, n) => mark({ exchangeId: n % 2 ? one.id : two.id, dontLearn })),
      );
      expect(answers.map(answer => answer.status)).toEqual(Array(6).fill(200));
      expect(answers.every(answer => answer.body.dontLearn === dontLearn)).toBe(true);
    }
    expect(await readMarkAudit(db)).toHaveLength(6);
    await runCron();
    expect(await readPatterns(db)).toEqual([{ id: patternId, exchange_count: 0, agreed_count: 0 }]);
    expect(await count(db, 'exchanges where pattern_id is not null')).toBe(0);
    await expectSettled(db);
  });

  it('one marks while another unmarks and texts come in: whoever is last is followed', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    await Promise.all([
      mark({ exchangeId: row!.id, dontLearn: true }),
      deliverAll([answers(2, 'Towels are included in that')]),
      mark({ exchangeId: row!.id, dontLearn: false }),
      mark({ threadId, dontLearn: true }),
      deliverAll([asks(5, OTHER_QUESTION), answers(6, OTHER_REPLY)]),
      mark({ threadId, dontLearn: false }),
    ]);
    await runCron();
    const [{ dont_learn: isThreadMarked } = { dont_learn: false }] = await db.sql<{ dont_learn: boolean }>(
      'select dont_learn from threads where id = $1',
      [threadId],
    );
    for (const { skipped, dontLearn } of await readRows(db, threadId))
      expect(skipped).toBe(isThreadMarked || dontLearn ? 'dont_learn' : null);
    await expectSettled(db);
  });
});

describe('When it cannot be followed at once', () => {
  onFreshLine();

  it('the mark is stored, the answer says pending, and the next run does it', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    setTransport((url, init) =>
      String(init.body).includes('v3pls_claim_thread')
        ? Promise.resolve(new Response('gone', { status: 503 }))
        : db.transport(url, init),
    );
    expect(await mark({ exchangeId: row!.id, dontLearn: true })).toMatchObject({
      status: 200,
      body: { dontLearn: true, pending: true, exchange: { dontLearn: true, learnedPatternId: row!.patternId } },
    });
    expect((await mark({ threadId, dontLearn: true })).body).toEqual({ threadId, dontLearn: true, pending: true });
    await db.use();
    expect((await runCron()).body.status).toBe('clean');
    expect(await readPatterns(db)).toEqual([]);
    await expectSettled(db);
  });

  it('an answer that comes at that moment starts again, and is not learned', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION)]);
    const [row] = await readRows(db, threadId);
    let state: 'waiting' | 'marking' | 'marked' = 'waiting';
    setTransport(async (url, init) => {
      const isWrite = String(init.body).includes('v3pls_claim_thread');
      if (isWrite && state === 'marking') return new Response('gone', { status: 503 });
      if (isWrite && state === 'waiting') {
        state = 'marking';
        expect((await mark({ exchangeId: row!.id, dontLearn: true })).status).toBe(200);
        state = 'marked';
      }
      return db.transport(url, init);
    });
    await deliverAll([answers(1, REPLY)]);
    expect(state).toBe('marked');
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: 'dont_learn', dontLearn: true, patternId: null }]);
    expect(await readPatterns(db)).toEqual([]);
  });

  it('the same mark again tries again', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    await db.sql('update exchanges set dont_learn = true');
    expect((await mark({ exchangeId: row!.id, dontLearn: true })).body).toMatchObject({
      exchange: { skipped: 'dont_learn', learnedPatternId: null },
    });
    expect(await readMarkAudit(db)).toEqual([]);
    expect(await readPatterns(db)).toEqual([]);
  });

  it('where the mark itself cannot be stored nothing has changed', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    setTransport(() => Promise.resolve(new Response('gone', { status: 503 })));
    expect(await mark({ exchangeId: row!.id, dontLearn: true })).toMatchObject({ status: 503 });
    await db.use();
    expect(await readRows(db, threadId)).toEqual([row]);
    expect(await readMarkAudit(db)).toEqual([]);
  });

  it('with learning off a mark unlearns at once, and unmarking waits until learning is on', async () => {
    const { asks, answers, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    const [row] = await readRows(db, threadId);
    await setLearning(db, false);
    expect((await mark({ exchangeId: row!.id, dontLearn: true })).body.pending).toBeUndefined();
    expect(await readPatterns(db)).toEqual([]);
    expect((await mark({ exchangeId: row!.id, dontLearn: false })).body).toMatchObject({ pending: true });
    await runCron();
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: 'dont_learn', dontLearn: false, patternId: null }]);
    await setLearning(db, true);
    await runCron();
    expect(await readRows(db, threadId)).toMatchObject([{ skipped: null, words: REPLY }]);
    await expectSettled(db);
  });

  it('what closed while learning was off stays learning_off when a mark comes and goes', async () => {
    const { asks, answers, threadId } = openThread(1);
    await setLearning(db, false);
    await deliverAll([asks(0, QUESTION), answers(1, REPLY)]);
    await setLearning(db, true);
    const [row] = await readRows(db, threadId);
    await mark({ exchangeId: row!.id, dontLearn: true });
    expect((await mark({ exchangeId: row!.id, dontLearn: false })).body).toMatchObject({
      exchange: { skipped: 'learning_off', learnedPatternId: null },
    });
  });
});

describe('What is accepted', () => {
  beforeAll(async () => {
    db = await createLine();
    return () => db.close();
  });

  const ID = '00000000-0000-4000-8000-000000000000';
  it.each([
    [{ exchangeId: ID, dontLearn: true }, 404],
    [{ threadId: 'CNnobody', dontLearn: true }, 404],
    [{ threadId: "'; drop table threads; --", dontLearn: true }, 404],
    [{ exchangeId: ID, threadId: 'CN1', dontLearn: true }, 422],
    [{ dontLearn: true }, 422],
    [{ exchangeId: ID }, 422],
    [{ exchangeId: 'x', dontLearn: true }, 422],
    [{ threadId: '', dontLearn: true }, 422],
    [{ threadId: 'x'.repeat(256), dontLearn: true }, 422],
    [{ threadId: 'a\0b', dontLearn: true }, 422],
    [{ threadId: 'CN1', dontLearn: 'true' }, 422],
    [{ threadId: 'CN1', dontLearn: true, reason: '  ' }, 422],
    [{ threadId: 'CN1', dontLearn: true, patternId: ID }, 422],
  ])('%j is answered %i', async (body, status) => {
    expect((await mark(body)).status).toBe(status);
    expect(await readMarkAudit(db)).toEqual([]);
  });

  it('an exchange that is shown to nobody is not found', async () => {
    const { asks, threadId } = openThread(1);
    await deliverAll([asks(0, QUESTION), asks(70, OTHER_QUESTION)]);
    const [, row] = await readRows(db, threadId);
    await deliverAll([asks(35, 'and where do I pay')]);
    expect((await mark({ exchangeId: row!.id, dontLearn: true })).status).toBe(404);
  });

  it('a viewer may not mark', async () => {
    const { asks, threadId } = openThread(2);
    await deliverAll([asks(0, QUESTION)]);
    expect(await mark({ threadId, dontLearn: true }, await makeToken(db, 'viewer'))).toMatchObject({ status: 403 });
    expect(await readMarkAudit(db)).toEqual([]);
  });
});
