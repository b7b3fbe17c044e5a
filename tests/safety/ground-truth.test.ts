// Ground truth: a text that no person wrote and that says what a pattern says was sent by something. A person's never trips.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runWatchdog } from '../../lib/watch.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { connect, insertPattern, makeReady, readState, release, type Session } from './support.js';

let database: TestDatabase;
let db: Session;
beforeAll(async () => {
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
});
afterAll(async () => {
  await db.close();
  await database.close();
});

let count = 0;
type Text = { text: string; isPerson?: boolean; direction?: string; eventAt?: string };

async function insertMessage({ text, isPerson = false, direction = 'outgoing', eventAt = 'now' }: Text) {
  count += 1;
  await db.sql(
    `insert into messages (id, thread_id, line_id, direction, text, actor_id, is_person, status, event_at)
     values ($1, 'CN1', 'PN1', $2, $3, $4, $5, 'delivered', $6)`,
    [`AC${count}`, direction, text, isPerson ? 'US1' : null, isPerson, eventAt],
  );
  return `AC${count}`;
}

describe('a text that was sent', () => {
  beforeEach(async () => {
    await makeReady(db);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it.each([
    ['word for word', 'Our doors open at six in the morning.', 'Our doors open at six in the morning.'],
    ['in other case and with spaces around', 'The lounge is upstairs.', '  the LOUNGE is upstairs. '],
    [
      'with its blank filled',
      'Your code for today is {{code}} and lasts an hour.',
      'Your code for today is 4711 and lasts an hour.',
    ],
    [
      'with signs that mean something elsewhere',
      'Costs $5 (+tax) [approx.] for a day? Yes!',
      'Costs $5 (+tax) [approx.] for a day? Yes!',
    ],
    ['with such signs and a blank', 'Bay {{bay}} costs $5 (+tax) today. OK?', 'Bay 3 costs $5 (+tax) today. OK?'],
    ['over two lines', 'Hello {{name}}, see you there.\nYour team', 'Hello Ann, see you there.\nYour team'],
  ])('by nobody, saying what a pattern says %s, is an alarm', async (_what, template, text) => {
    await insertPattern(db, { template });
    const id = await insertMessage({ text });
    const found = await runWatchdog();
    expect(found).toMatchObject({ status: 'rolled_back' });
    expect(
      await db.sql('select check_id, key from incident_evidence where incident_id = $1', [found.incidentId]),
    ).toEqual([{ check_id: 'ground_truth', key: id }]);
    expect(await readState(db)).toMatchObject({ latched: true, enabled: 'false', pending: 0 });
    expect((await runWatchdog()).status).toBe('latched');
    await release(db);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('by nobody, saying what an earlier version of a pattern said, is an alarm', async () => {
    const id = await insertPattern(db, { template: 'Parking is behind the house.' });
    await db.sql(`update decision_patterns set response_template = 'Parking is in front.' where id = $1`, [id]);
    await insertMessage({ text: 'Parking is behind the house.' });
    expect((await runWatchdog()).status).toBe('rolled_back');
  });

  it.each<[string, Text]>([
    ['by a person', { text: 'We rent clubs for nine dollars.', isPerson: true }],
    ['by the customer', { text: 'We rent clubs for nine dollars.', direction: 'incoming' }],
    ['by nobody, but before the pattern was seen', { text: 'We rent clubs for nine dollars.', eventAt: '2020-01-01' }],
    ['by nobody, in other words', { text: 'We rent clubs for nine dollars and more.' }],
    ['by nobody, without words', { text: '' }],
  ])('%s is no alarm', async (_what, message) => {
    await insertPattern(db, { template: 'We rent clubs for nine dollars.' });
    await insertMessage(message);
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('that arrived before the pattern was learned is no alarm', async () => {
    await insertMessage({ text: 'The simulator restarts by itself.' });
    await insertPattern(db, { template: 'The simulator restarts by itself.' });
    expect((await runWatchdog()).status).toBe('clean');
  });

  it('by nobody is no alarm for a template of blanks and little else: it says nothing in particular', async () => {
    await insertPattern(db, { template: '{{greeting}} {{name}}!' });
    await insertMessage({ text: 'Your appointment is confirmed!' });
    expect((await runWatchdog()).status).toBe('clean');
  });

  it.each([
    ['its words were erased', `update messages set text = null`],
    ['the pattern’s were', `update pattern_versions set response_template = null`],
  ])('by nobody is an alarm though %s before the next run', async (_what, erase) => {
    const template = `Parking space ${count} is behind the mill.`;
    const pattern = await insertPattern(db, { template });
    const id = await insertMessage({ text: template });
    await db.sql(`${erase} where ${erase.startsWith('update messages') ? 'id = $1' : 'pattern_id = $1::uuid'}`, [
      erase.startsWith('update messages') ? id : pattern,
    ]);
    const found = await runWatchdog();
    expect(found.status).toBe('rolled_back');
    expect(await db.sql('select key from incident_evidence where incident_id = $1', [found.incidentId])).toEqual([
      { key: id },
    ]);
    expect((await runWatchdog()).status).toBe('latched');
  });
});
