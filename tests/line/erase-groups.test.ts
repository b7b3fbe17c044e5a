import { beforeEach, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../support/postgres.js';
import { createErasableLine, dump, erase, findHits, NUMBER } from './support/erasing.js';
import { count, deliver, type Item, LINE, openThread, runCron, START_MS } from './support/quo-line.js';

let db: TestDatabase;
beforeEach(async () => {
  db = await createErasableLine();
  return () => db.close();
});

const anna = openThread(1);
const ben = openThread(2);
const GROUP = { conversationId: 'CNgroup' };
const texts = () =>
  db.sql<{ id: string; text: string | null }>(
    `select id, text from messages where thread_id = 'CNgroup' order by event_at`,
  );
const customerOf = async (id: string) =>
  (await db.sql<{ customer: string | null }>('select customer from threads where id = $1', [id]))[0]!.customer;

describe('A group in which one of the customers is erased', () => {
  const items = (): Item[] => [
    anna.asks(0, 'we are four on a zeppelin', { ...GROUP, to: [LINE, ben.number] }),
    ben.asks(1, 'and I bring a guitar', { ...GROUP, to: [LINE, anna.number] }),
    ben.answers(2, 'You are all welcome', { ...GROUP, to: [anna.number, ben.number] }),
  ];

  it('loses their texts; those of the others and of the operators stay, and the others can still be found', async () => {
    for (const item of items()) await deliver(item);
    expect(await customerOf('CNgroup')).toContain(NUMBER);
    await erase(NUMBER);
    expect((await texts()).map(row => row.text)).toEqual([null, 'and I bring a guitar', 'You are all welcome']);
    expect(await customerOf('CNgroup')).toBe(`${LINE},[erased],${ben.number}`);
    expect(findHits(await dump(db), ['zeppelin', NUMBER])).toEqual([]);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
    expect(await count(db, `exchanges where not is_withdrawn and skipped = 'group'`)).toBe(1);
    // Nothing says any more who wrote what is left: it goes with the next of them, rather than stay for ever.
    await erase(ben.number);
    expect((await texts()).map(row => row.text)).toEqual([null, null, 'You are all welcome']);
    expect(findHits(await dump(db), ['guitar', ben.number])).toEqual([]);
  });

  it('takes in nothing that anybody wrote there before, and everything that comes after', async () => {
    const [first, second] = items();
    await deliver(first!);
    await erase(NUMBER);
    expect((await deliver(second!)).body.status).toBe('ignored');
    const later = (Date.now() + 60_000 - START_MS) / 60_000;
    const next = ben.asks(later, 'who else is coming', { ...GROUP, to: [LINE, anna.number] });
    expect((await deliver(next)).body.status).toBe('accepted');
    expect(await customerOf('CNgroup')).toContain(NUMBER);
    // And so they can be erased again.
    expect(await erase(NUMBER)).toMatchObject({ threads: 1 });
    expect(findHits(await dump(db), [NUMBER])).toEqual([]);
  });
});

describe('Threads that no text names', () => {
  it('are found by the number, and a new text of theirs opens a new one', async () => {
    const unnamed = { conversationId: null };
    await deliver(anna.asks(0, 'a zeppelin without a name', unnamed));
    await deliver(anna.answers(1, 'A zeppelin of your own', unnamed));
    await deliver(anna.asks(2, 'a zeppelin with a name'));
    expect(await erase('(555) 100-0001')).toMatchObject({ messages: 3 });
    expect(findHits(await dump(db), ['zeppelin', NUMBER])).toEqual([]);
    const later = (Date.now() + 60_000 - START_MS) / 60_000;
    expect((await deliver(anna.asks(later, 'hello again', unnamed))).body.status).toBe('accepted');
    expect(await count(db, `threads where customer = '${NUMBER}'`)).toBe(1);
    expect((await runCron()).body).toMatchObject({ status: 'clean' });
  });

  it('and numbers that Quo wrote without a plus or a country are found too', async () => {
    for (const [n, from] of ['15551000001', '5551000001', '+1 (555) 100-0001', '+15551000001'].entries())
      await deliver({ ...openThread(10 + n).asks(0, 'a zeppelin'), from });
    await deliver({ ...openThread(20).asks(0, 'somebody else'), from: '+495551000001' });
    expect(await erase(NUMBER)).toMatchObject({ threads: 4, messages: 4 });
    expect(await db.sql('select text from messages where text is not null')).toEqual([{ text: 'somebody else' }]);
    expect((await deliver({ ...openThread(30).asks(1, 'late'), from: '15551000001' })).body.status).toBe('ignored');
  });

  it.each([null, 'PNline'])(
    "the business's own number is no customer (line %s), and erasing it is refused",
    async phoneNumberId => {
      await deliver({ ...anna.asks(0, 'hello'), phoneNumberId });
      await expect(erase(LINE)).rejects.toMatchObject({ code: 'invalid_input' });
      expect(await count(db, 'messages where text is null')).toBe(0);
    },
  );
});
