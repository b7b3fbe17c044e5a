/** Editing a pattern: new words are a new version, and nothing but words is taken from a body. */
import { describe, expect, it } from 'vitest';
import * as pattern from '../../api/patterns/[id]/index.js';
import * as toggle from '../../api/patterns/[id]/toggle.js';
import { call } from './support/calls.js';
import { openDesk } from './support/desk.js';

const { people, addPattern, sumOf, switchTo, change, read } = openDesk();

describe('Changing the words', () => {
  it('makes a new version that is inactive, flagged as edited, and starts at 0.50', async () => {
    const id = await addPattern();
    await switchTo(id, { active: true, expectedVersion: 1 });
    const edited = await change(id, { expectedVersion: 1, responseTemplate: 'We open at {{time}}, {{name}}.' });
    expect(edited).toMatchObject({
      status: 200,
      body: {
        version: 2,
        isActive: false,
        confidenceScore: 0.5,
        flags: expect.arrayContaining(['edited']),
        slots: [
          { name: 'time', type: 'time', fillable: true },
          { name: 'name', type: 'name', fillable: true },
        ],
      },
    });
    const found = await read(id);
    expect(found.body.versions).toMatchObject([
      { version: 2, changedBy: 'Ada', responseTemplate: 'We open at {{time}}, {{name}}.' },
      { version: 1, changedBy: 'external' },
    ]);
  });

  it('of two admins who edit one version at once, one gets 409 and nothing of his', async () => {
    const id = await addPattern();
    const answers = await Promise.all(
      ['one', 'two'].map(word => change(id, { expectedVersion: 1, triggerText: `The text ${word}` })),
    );
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409]);
    const won = answers.find(answer => answer.status === 200)!;
    expect((await read(id)).body).toMatchObject({ triggerText: won.body.triggerText, version: 2 });
  });

  it('to the same words makes no version; the type and notes make none either', async () => {
    const id = await addPattern();
    const change1 = {
      expectedVersion: 1,
      responseTemplate: 'We open at nine.',
      patternType: 'hours',
      notes: 'Seasonal',
    };
    for (const _ of [1, 2])
      expect(await change(id, change1)).toMatchObject({
        status: 200,
        body: { version: 1, patternType: 'hours', notes: 'Seasonal', flags: [] },
      });
  });

  it.each([
    ['a door code', 'The door code is 4821#.', 'code'],
    ['a phone number', 'Call +1 555 201 3344.', 'phone'],
    ['an e-mail address', 'Write to jo.smith@example.com.', 'e-mail'],
    ['a blank of no known kind', 'Hello {{colour}}.', '{{colour}}'],
    ['a blank that does not close', 'Hello {{name}.', 'blank'],
    ['characters that nobody sees', 'Open at nine\u202E.', 'seen'],
    ['a zero-width space', 'Open\u200Bat nine.', 'seen'],
  ])('with %s is 422 and says so', async (_, responseTemplate, word) => {
    const id = await addPattern();
    const before = await sumOf(id);
    const answer = await change(id, { expectedVersion: 1, responseTemplate });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/responseTemplate' }] } });
    expect(answer.body.errors[0].detail).toContain(word);
    expect(await sumOf(id)).toBe(before);
  });

  it('keeps an emoji, a line break and an apostrophe', async () => {
    const id = await addPattern();
    const words = 'Yes 👩‍👩‍👧 we’re open.\nSee you!';
    expect(await change(id, { expectedVersion: 1, responseTemplate: words })).toMatchObject({
      status: 200,
      body: { responseTemplate: words },
    });
  });

  it.each([
    '"isActive":true',
    '"autoExecutable":true',
    '"requiresConfirmation":false',
    '"confidenceScore":1',
    '"version":9',
    '"status":"active"',
    '"createdFrom":"import"',
    '"id":"00000000-0000-4000-8000-000000000000"',
    '"__proto__":{"isActive":true}',
    '"constructor":{"isActive":true}',
    '"is_active":true',
  ])('with %s in the body is 422, named, and nothing changes', async pair => {
    const id = await addPattern();
    const before = await sumOf(id);
    const key = pair.slice(1, pair.indexOf('"', 1));
    for (const [handler, path, method, own] of [
      [pattern.PATCH, `/api/patterns/${id}`, 'PATCH', '"triggerText":"Other words"'],
      [toggle.POST, `/api/patterns/${id}/toggle`, 'POST', '"active":false'],
    ] as const) {
      const rawBody = `{"expectedVersion":1,${own},${pair}}`;
      const answer = await call(handler, path, { method, token: people.admin, rawBody });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
      expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(`#/${key}`);
    }
    expect(await sumOf(id)).toBe(before);
  });

  it.each([
    [{}, 'expectedVersion'],
    [{ expectedVersion: 1 }, '#'],
    [{ expectedVersion: 0, notes: 'x' }, 'expectedVersion'],
    [{ expectedVersion: 1.5, notes: 'x' }, 'expectedVersion'],
    [{ expectedVersion: '1', notes: 'x' }, 'expectedVersion'],
    [{ expectedVersion: 1e12, notes: 'x' }, 'expectedVersion'],
    [{ expectedVersion: 1, triggerText: '   ' }, 'triggerText'],
    [{ expectedVersion: 1, triggerText: null }, 'triggerText'],
    [{ expectedVersion: 1, triggerText: 'x'.repeat(2_001) }, 'triggerText'],
    [{ expectedVersion: 1, patternType: 'x'.repeat(65) }, 'patternType'],
    [{ expectedVersion: 1, notes: 'a\0b' }, 'notes'],
    [{ expectedVersion: 1, restore: false }, 'restore'],
    [{ expectedVersion: 1, notes: 'x', mergeInto: { id: 'x', expectedVersion: 1 } }, 'mergeInto'],
  ])('with the body %o is 422 and names %s', async (body, place) => {
    const answer = await change(await addPattern(), body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).join()).toContain(place);
  });
});
