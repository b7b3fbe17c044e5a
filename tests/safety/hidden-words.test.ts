// Ground truth that an erasure between two runs would hide: that a text of nobody's said what a pattern says is noted before
// either of the two is blanked, by the message's id and without a word of it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASES, insertPattern, refusal, type Session } from './support.js';

describe.each(DATABASES)('on %s, a text of nobody’s that says what a pattern says', (_name, open) => {
  let db: Session;
  let count = 0;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  let id: string;
  let words: string;
  beforeEach(() => {
    count += 1;
    id = `AC${count}`;
    words = `Door number ${count} opens at six in the morning.`;
  });

  /** PGlite's clock stands still within a millisecond: a text comes a second after its pattern, or before it. */
  const send = (
    text: string,
    { isPerson = false, direction = 'outgoing', eventAt = '1 second', cameIn = '1 second' } = {},
  ) =>
    db.sql(
      `insert into messages (id, thread_id, line_id, direction, text, is_person, actor_id, status, event_at, recorded_at)
       values ($1, 'CN1', 'PN1', $2, $3, $4, 'US1', 'delivered', v3pls_now() + $5::interval, v3pls_now() + $6::interval)`,
      [id, direction, text, isPerson, eventAt, cameIn],
    );
  const isNoted = async () =>
    (await db.sql('select 1 as one from ground_truth_sightings where message_id = $1', [id])).length > 0;
  const blankPattern = (pattern: string) =>
    db.sql('update pattern_versions set trigger_text = null, response_template = null where pattern_id = $1', [
      pattern,
    ]);

  it.each<[string, (pattern: string) => Promise<unknown>]>([
    ['its text is blanked', () => db.sql('update messages set text = null where id = $1', [id])],
    ['its text is changed', () => db.sql(`update messages set text = '[erased]' where id = $1`, [id])],
    ['it is called a person’s', () => db.sql('update messages set is_person = true where id = $1', [id])],
    ['it is removed', () => db.sql('delete from messages where id = $1', [id])],
    ['the pattern’s words are blanked', blankPattern],
    [
      'the pattern’s version is removed',
      pattern => db.sql('delete from pattern_versions where pattern_id = $1', [pattern]),
    ],
  ])('is noted before %s', async (_what, hide) => {
    const pattern = await insertPattern(db, { template: words });
    await send(` ${words.toUpperCase()}`);
    expect(await isNoted()).toBe(false);
    await hide(pattern);
    expect(await isNoted()).toBe(true);
  });

  it.each<[string, (pattern: string) => Promise<unknown>]>([
    ['its text', () => db.sql('update messages set text = null where id = $1', [id])],
    ['the pattern’s', blankPattern],
  ])('with a blank filled is noted before %s is blanked', async (_what, hide) => {
    const pattern = await insertPattern(db, { template: `Your code at door ${count} is {{code}} and lasts an hour.` });
    await send(`Your code at door ${count} is 4711 and lasts an hour.`);
    await hide(pattern);
    expect(await isNoted()).toBe(true);
  });

  it.each<[string, Parameters<typeof send>[1]]>([
    ['a person wrote it', { isPerson: true }],
    ['the customer wrote it', { direction: 'incoming' }],
    ['it was written before the pattern was seen', { eventAt: '-1 day' }],
  ])('is not noted when %s', async (_what, message) => {
    const pattern = await insertPattern(db, { template: words });
    await send(words, message);
    await blankPattern(pattern);
    await db.sql('update messages set text = null where id = $1', [id]);
    expect(await isNoted()).toBe(false);
  });

  it('is not noted when it arrived first, or says something else', async () => {
    await send(words, { cameIn: '-1 second' });
    const pattern = await insertPattern(db, { template: words });
    await insertPattern(db, { template: `${words} And so on.` });
    await blankPattern(pattern);
    await db.sql('update messages set text = null where id = $1', [id]);
    expect(await isNoted()).toBe(false);
  });

  it('stays noted, and nothing but its id is', async () => {
    const pattern = await insertPattern(db, { template: words });
    await send(words);
    await blankPattern(pattern);
    expect(await refusal(db.sql('delete from ground_truth_sightings'))).toBe('V3A01');
    expect(await refusal(db.sql('truncate ground_truth_sightings'))).toBe('V3A01');
    const rows = await db.sql<Record<string, unknown>>('select * from ground_truth_sightings where message_id = $1', [
      id,
    ]);
    expect(Object.keys(rows[0]!)).toEqual(['message_id', 'recorded_at']);
  });
});
