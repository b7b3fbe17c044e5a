import { sql } from 'drizzle-orm';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { execute, setTransport } from '../../db/client.js';
import { followAgain } from '../../lib/follow.js';
import {
  bystanders,
  createErasableLine,
  dump,
  erase,
  findHits,
  NUMBER,
  PRIVACY_KEY,
  SHARED_QUESTION,
  TRACES,
  talk,
  target,
} from '../line/support/erasing.js';
import { count, deliver, readExchanges, runCron } from '../line/support/quo-line.js';
import { connect } from '../safety/support.js';
import { createTestPglite } from '../support/pglite.js';
import type { TestDatabase } from '../support/postgres.js';

type Connection = Awaited<ReturnType<typeof connect>>;

let db: TestDatabase;
let watcher: Connection;
beforeEach(async () => {
  db = await createErasableLine();
  watcher = await connect(db.url);
  return async () => {
    await watcher.close();
    await db.close();
  };
});
afterAll(() => setTransport((url, init) => fetch(url, init)));

const ERASES = 'v3pls_erase_customer';
const STORES = 'v3pls_claim_thread';
const STORES_ALONE = 'stored_alone';

/** Holds back the first round trip that says `words`, until it is let go. */
function holdBack(words: string) {
  let arrive = () => {};
  let go = () => {};
  const arrived = new Promise<void>(resolve => {
    arrive = resolve;
  });
  const gate = new Promise<void>(resolve => {
    go = resolve;
  });
  let isHeld = false;
  setTransport(async (url, init) => {
    if (!isHeld && String(init.body).includes(words)) {
      isHeld = true;
      arrive();
      await gate;
    }
    return db.transport(url, init);
  });
  return { arrived, go };
}

/** Resolves once a session that runs `words` waits for a lock. */
async function untilWaiting(words: string): Promise<number> {
  for (;;) {
    const [row] = await watcher.sql<{ pid: number }>(
      `select a.pid from pg_stat_activity a join pg_locks l on l.pid = a.pid and not l.granted
       where a.datname = current_database() and a.query like $1 and a.pid <> pg_backend_pid() limit 1`,
      [`%${words}%`],
    );
    if (row) return row.pid;
  }
}

/** Whatever is derived cannot be written: texts are stored alone. */
async function breakExchanges(): Promise<void> {
  await db.sql(`create function refuse_it() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`);
  await db.sql('create trigger break before insert on exchanges for each statement execute function refuse_it()');
}

const isClean = async () => expect((await runCron()).body).toMatchObject({ status: 'clean' });
const nothingIsLeft = async () => expect(findHits(await dump(db), TRACES)).toEqual([]);

describe('A delivery in flight while its customer is erased', () => {
  it.each([
    ['of a thread that is known', true],
    ['of a customer nobody knew', false],
  ])('%s, read before and written after: it is refused', async (_, isKnown) => {
    if (isKnown) await talk();
    const { arrived, go } = holdBack(STORES);
    const sent = deliver(target.asks(50, 'one more zeppelin question'));
    await arrived;
    await erase(NUMBER);
    go();
    expect((await sent).body.status).toBe('ignored');
    await nothingIsLeft();
    await isClean();
  });

  it.each(['asks', 'answers'] as const)('%s, stored but not committed: erasing waits and blanks it', async kind => {
    await talk();
    // The text is in, and the transaction waits for something else.
    const blocker = await connect(db.url);
    await blocker.script('begin; lock table exchanges in exclusive mode');
    const sent = deliver(target[kind](12, 'The xylophone is tuned, Sarah Quillfeather'));
    await untilWaiting('insert into exchanges');
    const erasing = erase(NUMBER);
    await untilWaiting(ERASES);
    await blocker.script('commit');
    await blocker.close();
    expect((await sent).body.status).toBe('accepted');
    await erasing;
    expect(await count(db, `messages where thread_id = 'CN1' and status = 'erased' and text is null`)).toBe(5);
    await nothingIsLeft();
    await isClean();
  });

  it('stored but not committed, of a customer whose thread nobody can see yet: erasing waits for it too', async () => {
    const blocker = await connect(db.url);
    await blocker.script('begin; lock table exchanges in exclusive mode');
    const sent = deliver(target.asks(0, 'a first zeppelin question'));
    await untilWaiting('insert into exchanges');
    const erasing = erase(NUMBER);
    await untilWaiting(ERASES);
    await blocker.script('commit');
    await blocker.close();
    expect((await sent).body.status).toBe('accepted');
    expect(await erasing).toMatchObject({ threads: 1, messages: 1 });
    await nothingIsLeft();
    await isClean();
  });

  it('stored but not committed, by an instance that has not got the key: the thread itself makes erasing wait', async () => {
    await talk();
    const blocker = await connect(db.url);
    await blocker.script('begin; lock table exchanges in exclusive mode');
    delete process.env.PRIVACY_KEY;
    const sent = deliver(target.asks(50, 'one more zeppelin question'));
    await untilWaiting('insert into exchanges');
    process.env.PRIVACY_KEY = PRIVACY_KEY;
    const erasing = erase(NUMBER);
    await untilWaiting(ERASES);
    await blocker.script('commit');
    await blocker.close();
    expect((await sent).body.status).toBe('accepted');
    expect(await erasing).toMatchObject({ messages: 5 });
    await nothingIsLeft();
    await isClean();
  });

  it('stored alone, because the shadow path failed: it is refused all the same, by asking the sender to come again', async () => {
    await breakExchanges();
    const { arrived, go } = holdBack(STORES_ALONE);
    const late = target.asks(50, 'one more zeppelin question');
    const sent = deliver(late);
    await arrived;
    await erase(NUMBER);
    go();
    expect((await sent).status).toBe(503);
    expect((await deliver(late)).body.status).toBe('ignored');
    // Also where not even the shadow path's reading works.
    await db.sql('alter function v3pls_is_latched() rename to was_latched');
    expect((await deliver(target.asks(51, 'another zeppelin question'))).body.status).toBe('ignored');
    await nothingIsLeft();
  });

  it('an answer that is learned between the plan and the act: erasing starts again and takes it along', async () => {
    await talk();
    await deliver(target.asks(50, 'what does the zeppelin ride cost'));
    const { arrived, go } = holdBack(ERASES);
    const erasing = erase(NUMBER);
    await arrived;
    await deliver(target.answers(51, 'The zeppelin ride costs a marzipan bar'));
    go();
    expect(await erasing).toMatchObject({ messages: 6, patternsRemoved: 2 });
    await nothingIsLeft();
    await isClean();
  });
});

describe('Learners and other erasures at the same time', () => {
  it('a thread of theirs that is being followed again: erasing waits, and what was learned there goes too', async () => {
    await deliver(target.asks(0, 'what does the zeppelin ride cost'));
    await breakExchanges();
    expect((await deliver(target.answers(1, 'The zeppelin ride costs a marzipan bar'))).body.status).toBe('accepted');
    await db.sql('drop trigger break on exchanges');
    const blocker = await connect(db.url);
    await blocker.script('begin; lock table exchanges in exclusive mode');
    const followed = followAgain(target.threadId);
    await untilWaiting('insert into exchanges');
    const erasing = erase(NUMBER);
    await untilWaiting(ERASES);
    await blocker.script('commit');
    await blocker.close();
    expect(await followed).toBe(true);
    expect(await erasing).toMatchObject({ messages: 2, exchanges: 1, patternsRemoved: 1 });
    await nothingIsLeft();
    await isClean();
  });

  it('an answer of somebody else that joined a pattern which then went starts again, and is learned anew', async () => {
    await talk();
    await deliver(bystanders[0]!.asks(50, 'is your hall heated in winter'));
    const { arrived, go } = holdBack(STORES);
    const sent = deliver(bystanders[0]!.answers(51, 'The hall is heated until spring'));
    await arrived;
    await erase(NUMBER);
    go();
    expect((await sent).body.status).toBe('accepted');
    const [orphans] = await db.sql<{ n: number }>(
      `select count(*)::int as n from exchanges e where pattern_id is not null
         and not exists (select from decision_patterns p where p.id = e.pattern_id)`,
    );
    expect(orphans!.n).toBe(0);
    expect((await readExchanges(db, 'CN2')).at(-1)).toMatchObject({ skipped: null, credited: true });
    await nothingIsLeft();
    await isClean();
  });

  it('two people erase the same customer at once: both are told so, and it is done once', async () => {
    await talk();
    const both = await Promise.all([erase(NUMBER, 'admin'), erase('(555) 100-0001', 'token:1')]);
    expect(both.map(one => one.messages).sort()).toEqual([0, 4]);
    expect(both.map(one => one.patternsRemoved).sort()).toEqual([0, 1]);
    expect(await count(db, `audit_log where action = 'customer_erased'`)).toBe(2);
    expect(await count(db, 'erased_customers')).toBe(1);
    await nothingIsLeft();
    await isClean();
  });

  it('two customers of one pattern erased at once: nothing of either is left, and the third keeps it', async () => {
    await talk();
    await Promise.all([erase(NUMBER), erase(bystanders[0]!.number)]);
    await nothingIsLeft();
    expect(findHits(await dump(db), ['where can a trailer', '5551000002'])).toEqual([]);
    expect(await db.sql('select trigger_text as t, exchange_count as n from decision_patterns')).toEqual([
      { t: 'is there a place for my trailer', n: 1 },
    ]);
    await isClean();
  });

  it('killed in the middle: everything is as it was, and the next try erases all of it', async () => {
    await talk();
    const before = await dump(db);
    const blocker = await connect(db.url);
    // The marks come last: by then every text is blank in this transaction.
    await blocker.script('begin; lock table thread_marks in exclusive mode');
    const erasing = erase(NUMBER).then(
      () => 'erased',
      (error: Error) => error.name,
    );
    const pid = await untilWaiting(ERASES);
    await watcher.sql('select pg_terminate_backend($1)', [pid]);
    expect(await erasing).not.toBe('erased');
    await blocker.script('commit');
    await blocker.close();
    expect(await dump(db)).toEqual(before);
    await erase(NUMBER);
    await nothingIsLeft();
    await isClean();
  });

  it('twenty deliveries of three customers while one of them is erased: no text of theirs stays, nobody else loses one', async () => {
    await talk();
    const others = bystanders.flatMap((thread, n) =>
      Array.from({ length: 5 }, (_, at) => thread.asks(50 + at * 2, `question ${at} of somebody else ${n}`)),
    );
    const theirs = Array.from({ length: 10 }, (_, at) => target.asks(50 + at, `${SHARED_QUESTION} number ${at}`));
    const all = Promise.all([...others, ...theirs].map(item => deliver(item)));
    await erase(NUMBER);
    for (const { status, body } of await all) {
      // Who waited too long is told to come again.
      expect([200, 503]).toContain(status);
      if (status === 200) expect(['accepted', 'ignored']).toContain(body.status);
    }
    for (const item of [...others, ...theirs])
      expect(['duplicate', 'ignored', 'accepted']).toContain((await deliver(item)).body.status);
    expect(await count(db, `messages where text like 'question%'`)).toBe(10);
    await nothingIsLeft();
    await isClean();
  });
});

describe('On the embedded database', () => {
  it('erasing leaves nothing there either, and a redelivery is a duplicate', async () => {
    const embedded = await createTestPglite();
    try {
      await embedded.use();
      await embedded.exec(`update pattern_learning_config set config_value = 'true' where config_key = 'enabled'`);
      await talk();
      expect(await erase(NUMBER)).toMatchObject({ threads: 1, messages: 4, patternsRemoved: 1, patternsRebuilt: 1 });
      const plain = { sql: async <Row>(text: string) => (await execute(sql.raw(text))) as Row[] };
      expect(findHits(await dump(plain), TRACES)).toEqual([]);
      expect((await deliver(target.asks(99, 'late zeppelin'))).body.status).toBe('ignored');
    } finally {
      await db.use();
      await embedded.close();
    }
  });
});
