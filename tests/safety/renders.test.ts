// What counts as a pattern being said: its words with something fitting in the blanks, and nothing that merely resembles it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

it.each([
  ['Hi {{name}}, we open at {{time}}', 'Hi Marcus, we open at 10 am', true],
  ['Hi {{name}}, we open at {{time}}', 'hi Anna Maria Lopez, we open at noon ', true],
  [
    'Hi {{name}}, we open at {{time}}',
    'Hi there! Thanks for texting Summit Gym, we open at 9am and will get back to you then.',
    false,
  ],
  ['We open at 9 (every day).', 'we open at 9 (every day).', true],
  ['We open at 9 (every day).', 'we open at 9 every day', false],
  ['The {3} bay is {{number}} [left] today, see you', 'the {3} bay is 14 [left] today, see you', true],
  ['100% of $5_off for {{name}} today only', '100x of $5yoff for Bo today only', false],
  ['{{name}} {{time}}', 'anything at all', false],
])('"%s" is said by "%s": %s', async (template, text, expected) => {
  expect(await db.sql('select v3pls_renders($1, $2) as said', [template, text])).toEqual([{ said: expected }]);
});
