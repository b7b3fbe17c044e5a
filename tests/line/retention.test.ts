/** Retention by the test clock: texts go when their days are over, and nothing else does. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GET as listExchanges } from '../../api/exchanges.js';
import { followWhole } from '../../lib/follow.js';
import { keepMatcher } from '../../lib/keep-matcher.js';
import { keepRetention } from '../../lib/keep-retention.js';
import { markDontLearn } from '../../lib/mark-dont-learn.js';
import { forgetMatcher, heldMatcher } from '../../lib/matcher.js';
import { admitReplacedClock } from '../../lib/watch.js';
import { call, listenToLog } from '../http/support/calls.js';
import { connect } from '../safety/support.js';
import type { TestDatabase } from '../support/postgres.js';
import {
  ANSWER,
  bystanders,
  createErasableLine,
  dump,
  erase,
  findHits,
  NUMBER,
  QUESTION,
  SHARED_QUESTION,
  TRACES,
  talk,
  target,
} from './support/erasing.js';
import { count, deliver, deliverBody, openThread, runCron, START_MS } from './support/quo-line.js';

let db: TestDatabase;
beforeAll(() => admitReplacedClock(true));
afterAll(() => admitReplacedClock(false));
beforeEach(async () => {
  db = await createErasableLine();
  return () => db.close();
});

/** The database's clock, so many days ahead. */
const moveClock = (days: number) =>
  db.sql(
    `create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select pg_catalog.now() + interval '${days} days' $$`,
  );
const passDays = async (days: number) => {
  await moveClock(days);
  expect((await runCron()).body).toMatchObject({ status: 'clean' });
};
const set = (key: string, days: number) =>
  db.sql('update pattern_learning_config set config_value = $2 where config_key = $1', [key, String(days)]);

const PATTERN_TABLES = ['decision_patterns', 'pattern_versions'];
const hitsBesidePatterns = async (words: readonly string[]) =>
  findHits(await dump(db), words).filter(hit => !PATTERN_TABLES.includes(hit.split(':')[0]!));
const readPatterns = () => db.sql<{ id: string }>('select * from decision_patterns order by id');
const credits = () =>
  db.sql('select id, key, thread_id, pattern_id, skipped, operator_message_ids from exchanges order by id');
const SAID = ['zeppelin', 'marzipan', 'xylophone', 'quillfeather', 'trailer', 'fence'];

describe('When the days of retention are over', () => {
  it('raw deliveries go first, the broken ones too, then texts and what exchanges quote; patterns and counts stay', async () => {
    await talk();
    await deliverBody(`{"id":"EVcut","type":"message.received","data":{"object":{"body":"zeppelin`);
    const [patterns, credited] = [await readPatterns(), await credits()];
    const tables = ['messages', 'deliveries', 'exchanges', 'threads', 'shadow_decisions', 'shadow_judgements'];
    const rows = async () => Promise.all(tables.map(table => count(db, table)));
    const counted = await rows();

    await passDays(29);
    expect(await count(db, 'deliveries where raw is null')).toBe(0);
    await passDays(31);
    expect(await count(db, 'deliveries where raw is not null')).toBe(0);
    await passDays(364);
    expect(await count(db, 'messages where text is null')).toBe(0);
    expect(await hitsBesidePatterns(SAID)).toContain('exchanges: zeppelin');
    await passDays(366);
    expect(await hitsBesidePatterns(SAID)).toEqual([]);
    expect(await readPatterns()).toEqual(patterns);
    expect(await credits()).toEqual(credited);
    expect(await rows()).toEqual(counted);
    // And it stays so: what a run blanked, the next one has nothing to do with.
    expect(await keepRetention(1_000)).toBe(0);
  });

  it('a late redelivery, and the same text from another subscription, are still duplicates', async () => {
    const items = [target.asks(0, QUESTION), target.answers(1, ANSWER)];
    for (const item of items) await deliver(item, { deliveryId: `msg_${item.id}` });
    await passDays(366);
    for (const item of items) {
      expect((await deliver(item, { deliveryId: `msg_${item.id}` })).body.status).toBe('duplicate');
      for (const dialect of ['v3', 'v4'] as const)
        expect((await deliver(item, { dialect })).body.status).toBe('duplicate');
    }
    expect(await hitsBesidePatterns(SAID)).toEqual([]);
  });

  it('days count from when a text was written down: an old one that came today is kept as long as any other', async () => {
    const old = openThread(7, START_MS - 800 * 86_400_000);
    await deliver(old.asks(0, QUESTION));
    await deliver(old.answers(1, ANSWER));
    await passDays(364);
    expect(await count(db, 'messages where text is null')).toBe(0);
    await passDays(366);
    expect(await count(db, 'messages where text is not null')).toBe(0);
  });

  it('the shorter of the two settings ends a raw delivery, for it holds the text', async () => {
    await set('message_retention_days', 10);
    await set('delivery_retention_days', 400);
    await talk();
    await passDays(9);
    expect(await count(db, 'deliveries where raw is null')).toBe(0);
    await passDays(11);
    expect(await hitsBesidePatterns(SAID)).toEqual([]);
  });

  it('whoever reads an exchange sees no text, and no text that is hidden either', async () => {
    await talk();
    await passDays(366);
    const { body } = await call(listExchanges, '/api/exchanges?limit=100');
    expect(body.exchanges).toHaveLength(4);
    for (const exchange of body.exchanges) {
      expect(exchange).toMatchObject({ customerText: null, operatorText: null, learnedPatternId: expect.any(String) });
      expect(exchange).not.toHaveProperty('textHidden');
    }
  });
});

describe('Learning goes on', () => {
  const answered = (thread: number, minute = 0) => deliver(openThread(thread).asks(minute, QUESTION));
  const predicted = async (thread: number) =>
    (
      await db.sql<{ pattern: string | null }>(
        'select pattern_id as pattern from shadow_decisions where thread_id = $1 order by id desc limit 1',
        [`CN${thread}`],
      )
    )[0]!.pattern;

  // Deciding has 250 ms, which a busy machine may not keep the first time.
  it('by patterns’ own words: a warm and a cold instance recognise the question, and its answer joins', {
    retry: 3,
  }, async () => {
    await talk();
    await keepMatcher(true);
    const [zeppelin] = await db.sql<{ id: string }>(
      `select id from decision_patterns where trigger_text like '%zeppelin%'`,
    );
    await passDays(366);
    expect(await db.sql('select packed from matcher_state')).toEqual([{ packed: null }]);
    await answered(11);
    expect(await predicted(11)).toBe(zeppelin!.id);
    expect(heldMatcher()!.model.examples.size).toBe(0);
    forgetMatcher();
    await answered(12);
    const asker = openThread(13);
    await deliver(asker.asks(0, QUESTION));
    expect(await predicted(13)).toBe(zeppelin!.id);
    expect(heldMatcher()!.model.examples.size).toBe(0);
    await deliver(asker.answers(2, ANSWER));
    expect(await db.sql('select exchange_count as n from decision_patterns where id = $1', [zeppelin!.id])).toEqual([
      { n: 2 },
    ]);
    expect(await count(db, 'decision_patterns')).toBe(2);
  });

  it('a thread that is looked at again stays as it was, and a year-old question can still be answered', async () => {
    await talk();
    await deliver(target.asks(30, 'and is there a zeppelin tour'));
    await passDays(366);
    const before = await credits();
    expect(await followWhole('CN1')).toBe(true);
    expect(await credits()).toEqual(before);
    await deliver(target.answers(366 * 1_440, 'There is one at noon'));
    expect(
      await db.sql(`select skipped from exchanges where thread_id = 'CN1' order by started_at desc limit 1`),
    ).toEqual([{ skipped: 'after_window' }]);
    expect(await count(db, 'exchanges where pattern_id is not null')).toBe(4);
    await passDays(367);
  });

  it('a mark takes away what was learned; without it nothing can be learned again, and it says why', async () => {
    await talk();
    const [exchange] = await db.sql<{ id: string }>(`select id from exchanges where customer_text like '%zeppelin%'`);
    await passDays(366);
    await markDontLearn({ exchangeId: exchange!.id, dontLearn: true }, 'admin');
    const read = () =>
      db.sql('select pattern_id, skipped, skipped_detail from exchanges where id = $1', [exchange!.id]);
    expect(await read()).toEqual([{ pattern_id: null, skipped: 'dont_learn', skipped_detail: null }]);
    await markDontLearn({ exchangeId: exchange!.id, dontLearn: false }, 'admin');
    expect(await read()).toEqual([{ pattern_id: null, skipped: 'quarantined', skipped_detail: 'past_retention' }]);
    expect(await count(db, 'thread_marks')).toBe(0);
    await passDays(366);
  });
});

describe('Erasing, once the texts are gone', () => {
  it('a pattern that was learned from them alone goes, one that others taught too loses their wording', async () => {
    await talk();
    const [shared] = await db.sql<{ id: string }>('select id from decision_patterns where trigger_text = $1', [
      SHARED_QUESTION,
    ]);
    await passDays(366);
    expect(await erase(NUMBER)).toMatchObject({ threads: 1, patternsRemoved: 1, patternsRebuilt: 1 });
    expect(findHits(await dump(db), TRACES)).toEqual([]);
    // Nobody else's words are left to take the trigger's place; the answer is the others' too.
    expect(
      await db.sql('select trigger_text, response_template, retired_at from decision_patterns where id = $1', [
        shared!.id,
      ]),
    ).toEqual([{ trigger_text: '[erased]', response_template: expect.stringContaining('fence'), retired_at: null }]);
    expect(
      await db.sql(
        `select question_hash, reply_hash from exchanges where thread_id = 'CN1' and (question_hash is not null or reply_hash is not null)`,
      ),
    ).toEqual([]);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
  });

  it('a pattern whose words somebody else said too keeps them, and its version', async () => {
    for (const thread of [target, ...bystanders]) {
      await deliver(thread.asks(0, QUESTION));
      await deliver(thread.answers(1, ANSWER));
    }
    await passDays(366);
    const before = await db.sql('select id, version, trigger_text, response_template from decision_patterns');
    expect(await erase(NUMBER)).toMatchObject({ patternsRemoved: 0, patternsRebuilt: 0, switchedOff: [] });
    expect(await db.sql('select id, version, trigger_text, response_template from decision_patterns')).toEqual(before);
  });

  it('a hash is kept of nothing but what a pattern says anyway', async () => {
    await talk();
    await passDays(366);
    const kept = await db.sql<{ thread: string; question: boolean; reply: boolean }>(
      `select thread_id as thread, question_hash is not null as question, reply_hash is not null as reply
       from exchanges order by thread_id, started_at`,
    );
    expect(kept).toEqual([
      { thread: 'CN1', question: true, reply: true },
      { thread: 'CN1', question: true, reply: true },
      { thread: 'CN2', question: false, reply: true },
      { thread: 'CN3', question: false, reply: true },
    ]);
  });
});

describe('The cron', () => {
  it('takes them in batches within its time, and leaves the rest to the next run', async () => {
    await db.sql(`insert into messages (id, thread_id, line_id, direction, text, is_person, status, event_at, recorded_at)
      select 'AC' || n, 'CN' || n, 'PN1', 'incoming', 'old words', true, 'received', v3pls_now(), v3pls_now() - interval '400 days'
      from generate_series(1, 450) n`);
    expect(await keepRetention(-1)).toBe(0);
    expect(await count(db, 'messages where text is not null')).toBe(450);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
    expect(await count(db, 'messages where text is not null')).toBe(0);
  });

  it('answers as it would have, where texts cannot be taken away now: somebody learns', async () => {
    await talk();
    await moveClock(366);
    const learner = await connect(db.url);
    await learner.script('begin; select from learning_state for update');
    const log = listenToLog();
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
    log.stop();
    expect(log.text()).toContain('retention_failed');
    expect(await count(db, 'exchanges where reply_text is not null')).toBe(4);
    await learner.script('rollback');
    await learner.close();
    await passDays(366);
    expect(await hitsBesidePatterns(SAID)).toEqual([]);
  });

  it('still sees that a program sent what a pattern says, though both texts went before its first look', async () => {
    await talk();
    const [pattern] = await db.sql<{ words: string }>(
      'select response_template as words from decision_patterns where trigger_text = $1',
      [SHARED_QUESTION],
    );
    const sent = openThread(20).answers(60, pattern!.words, { userId: 'SYUbot' });
    await deliver(sent);
    await moveClock(366);
    expect(await keepRetention(5_000)).toBeGreaterThan(0);
    expect(await count(db, 'messages where text is not null')).toBe(0);
    expect((await runCron()).body.status).toBe('rolled_back');
    expect(await db.sql('select check_id, key from incident_evidence')).toEqual([
      { check_id: 'ground_truth', key: sent.id },
    ]);
  });
});
