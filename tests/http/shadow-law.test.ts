import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTransport } from '../../db/client.js';
import { count, createLine, deliver, type Item, openThread, readExchanges, runCron } from '../line/support/quo-line.js';
import type { TestDatabase } from '../support/postgres.js';
import { listenToLog } from './support/calls.js';

let db: TestDatabase;
let log: ReturnType<typeof listenToLog>;
let thread: ReturnType<typeof openThread>;
let question: Item;
let reply: Item;
beforeEach(async () => {
  db = await createLine();
  log = listenToLog();
  thread = openThread(1);
  question = thread.asks(0, 'what does a day pass cost');
  reply = thread.answers(1, 'A day pass costs twelve dollars');
});
afterEach(async () => {
  log.stop();
  for (const secret of [thread.number, question.text!, reply.text!]) expect(log.text()).not.toContain(secret);
  await db.close();
});

type Poison = 'hangs' | 'fails' | 'breaks';
/** Every request that holds one of these words fails, as if that part of the system were broken. */
function poison(words: string[], how: Poison, isHit: (body: string) => boolean = () => true) {
  setTransport((url, init) => {
    const body = String(init.body);
    if (!words.some(word => body.includes(word)) || !isHit(body)) return db.transport(url, init);
    if (how === 'breaks') return Promise.resolve(new Response('gone', { status: 503 }));
    if (how === 'hangs')
      return new Promise((_, reject) =>
        init.signal!.addEventListener('abort', () => reject(init.signal!.reason), { once: true }),
      );
    const said = { message: 'canary', code: '23514', severity: 'ERROR' };
    return Promise.resolve(new Response(JSON.stringify(said), { status: 400 }));
  });
}
/** What the matcher's whole state is loaded with, and nothing else. */
const LOAD = ['order by recorded_at desc limit'];

const marked = () =>
  db.sql<{ thread_id: string }>('select thread_id from thread_marks').then(rows => rows.map(row => row.thread_id));
const expectLearnedByTheNextRun = async () => {
  await db.use();
  expect(await runCron()).toMatchObject({ status: 200, body: { status: 'clean' } });
  expect(await readExchanges(db, thread.threadId)).toMatchObject([
    { customer: [question.id], operator: [reply.id], skipped: null, credited: true },
  ]);
  expect(await marked()).toEqual([]);
};

describe('The shadow law: nothing on the shadow path delays, alters or fails the storing of a message', () => {
  it.each<Poison>(['fails', 'breaks'])(
    'when loading the matcher %s, both texts are accepted and the next run learns',
    async how => {
      poison(LOAD, how);
      expect(await deliver(question)).toMatchObject({ status: 200, body: { status: 'accepted' } });
      expect(await deliver(reply)).toMatchObject({ status: 200, body: { status: 'accepted' } });
      expect(await db.sql('select id, text from messages order by event_at')).toEqual([
        { id: question.id, text: question.text },
        { id: reply.id, text: reply.text },
      ]);
      expect(await db.sql('select kind, last_message_id, pattern_id from shadow_decisions')).toEqual([
        { kind: 'abstained', last_message_id: question.id, pattern_id: null },
      ]);
      expect(await marked()).toEqual([thread.threadId]);
      await expectLearnedByTheNextRun();
    },
  );

  it('when loading the matcher hangs, a question is accepted within a second with an abstention', async () => {
    poison(LOAD, 'hangs');
    const startedMs = performance.now();
    expect(await deliver(question)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(await db.sql('select kind, reasons from shadow_decisions')).toEqual([
      { kind: 'abstained', reasons: ['deadline'] },
    ]);
    await db.use();
  });

  it('when exchanges cannot be written, both texts are stored, and the next run learns', async () => {
    poison(['insert into exchanges'], 'fails');
    expect(await deliver(question)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await deliver(reply)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await count(db, 'messages')).toBe(2);
    expect(await db.sql('select kind, reasons from shadow_decisions')).toEqual([
      { kind: 'abstained', reasons: ['error'] },
    ]);
    expect(await marked()).toEqual([thread.threadId]);
    await expectLearnedByTheNextRun();
  });

  it.each([
    'insert into decision_patterns',
    'v3pls_refresh_patterns',
    'v3pls_expect_revision',
    'insert into shadow_judgements',
  ])('when "%s" fails, the answer is stored, and the next run learns', async part => {
    const other = openThread(2);
    await deliver(other.asks(0, 'what does a day pass cost'));
    await deliver(other.answers(1, 'Ring the bell beside the stairs twice'));
    await deliver(question);
    poison([part], 'fails');
    expect(await deliver(reply)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await count(db, 'messages where thread_id = $1', [thread.threadId])).toBe(2);
    expect(await marked()).toEqual([thread.threadId]);
    await expectLearnedByTheNextRun();
  });

  it('when shadow decisions cannot be written at all, the question is stored as a message all the same', async () => {
    poison(['insert into shadow_decisions'], 'fails');
    expect(await deliver(question)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    expect(await db.sql('select id, text from messages')).toEqual([{ id: question.id, text: question.text }]);
    expect(await deliver(reply)).toMatchObject({ status: 200, body: { status: 'accepted' } });
    await expectLearnedByTheNextRun();
  });

  it('one thread that cannot be followed does not keep the others from being learned', async () => {
    const other = openThread(2);
    poison(['insert into exchanges'], 'fails');
    await deliver(question);
    await deliver(reply);
    const [later, answer] = [
      other.asks(5, 'where do cars go'),
      other.answers(6, 'Cars go behind the building near the fence'),
    ];
    await deliver(later);
    await deliver(answer);
    expect(await marked()).toHaveLength(2);
    // The first of the marked threads stays broken.
    poison(['insert into exchanges'], 'fails', body => body.includes(question.id));
    await runCron();
    await db.use();
    expect(await readExchanges(db, other.threadId)).toMatchObject([
      { customer: [later.id], operator: [answer.id], credited: true },
    ]);
    expect(await marked()).toEqual([thread.threadId]);
    await expectLearnedByTheNextRun();
  });

  it('a connection that breaks while the batch is written is no 200: the sender comes again', async () => {
    poison(['insert into messages'], 'breaks');
    expect((await deliver(question)).status).toBe(503);
    await db.use();
    expect(await count(db, 'messages')).toBe(0);
    expect((await deliver(question)).body.status).toBe('accepted');
  });

  it('an answer that got lost after the commit is a duplicate when the sender comes again', async () => {
    await deliver(question);
    setTransport(async (url, init) => {
      const response = await db.transport(url, init);
      return String(init.body).includes('insert into messages') ? new Response('gone', { status: 503 }) : response;
    });
    // It looks before it stores the text alone, and finds it there.
    expect(await deliver(reply)).toMatchObject({ status: 200, body: { status: 'duplicate' } });
    await db.use();
    expect((await deliver(reply)).body.status).toBe('duplicate');
    expect(await readExchanges(db)).toMatchObject([{ operator: [reply.id], credited: true }]);
    expect(await count(db, 'decision_patterns')).toBe(1);
  });
});
