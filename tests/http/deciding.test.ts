/** Deciding about patterns: activate, renew, deactivate, edit, retire, restore, merge. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as pattern from '../../api/patterns/[id]/index.js';
import * as toggle from '../../api/patterns/[id]/toggle.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { makeToken } from './support/people.js';

let db: TestDatabase;
let operator: string;
let admin: string;
let bystander: string;
const STATE = `select md5(string_agg(to_jsonb(p)::text, '' order by id)) as sum from decision_patterns p where id = $1`;
const sumOf = async (id: string) => (await db.sql<{ sum: string }>(STATE, [id]))[0]!.sum;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  setLineEnvironment();
  operator = await makeToken(db, 'operator', 'Olga');
  admin = await makeToken(db, 'admin', 'Ada');
  bystander = await addPattern('Do you sell gloves?', 'We do, at the desk.');
  const before = await sumOf(bystander);
  return async () => {
    expect(await sumOf(bystander), 'a bystander').toBe(before);
    await db.close();
  };
});
beforeEach(async () => {
  setLineEnvironment();
  await db.sql('delete from rate_limits');
  await renewLease();
});

async function renewLease() {
  await db.sql(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`);
  await db.sql('update watchdog_lease set run_id = (select max(id) from watchdog_runs)');
}

async function addPattern(trigger = 'When do you open?', template = 'We open at nine.'): Promise<string> {
  const [row] = await db.sql<{ id: string }>(
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('answer', $1, $2) returning id`,
    [trigger, template],
  );
  return row!.id;
}

const switchTo = (id: string, body: unknown, token = admin) =>
  call(toggle.POST, `/api/patterns/${id}/toggle`, { method: 'POST', token, body });
const change = (id: string, body: unknown, token = admin) =>
  call(pattern.PATCH, `/api/patterns/${id}`, { method: 'PATCH', token, body });
const read = (id: string, token = admin) => call(pattern.GET, `/api/patterns/${id}?id=${id}`, { token });
const retire = (id: string, token = admin) => call(pattern.DELETE, `/api/patterns/${id}`, { method: 'DELETE', token });
const audit = (id: string) =>
  db.sql(
    `select v3pls_actor_name(actor) as actor, action, details ->> 'isActive' as "isActive" from audit_log where subject = $1 order by id`,
    [id],
  );

describe('Switching a pattern on', () => {
  it('is an admin’s act on one version: active for activation_days, and the audit names the admin', async () => {
    const id = await addPattern();
    const answer = await switchTo(id, { active: true, expectedVersion: 1, reason: 'said 40 times' });
    expect(answer).toMatchObject({ status: 200, body: { id, isActive: true, status: 'active', version: 1 } });
    const days = (Date.parse(answer.body.activeUntil) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    expect(await audit(id)).toEqual([
      { actor: 'Ada', action: 'pattern_safety_changed', isActive: 'true' },
      { actor: 'Ada', action: 'activated', isActive: null },
    ]);
  });

  it('again renews it: 200, and the time starts anew', async () => {
    const id = await addPattern();
    const first = await switchTo(id, { active: true, expectedVersion: 1 });
    const second = await switchTo(id, { active: true, expectedVersion: 1 });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(Date.parse(second.body.activeUntil)).toBeGreaterThanOrEqual(Date.parse(first.body.activeUntil));
    expect(await db.sql('select count(*)::int as n from activations where pattern_id = $1', [id])).toEqual([{ n: 2 }]);
  });

  it('is 403 for an operator, who may switch it off', async () => {
    const id = await addPattern();
    expect(await switchTo(id, { active: true, expectedVersion: 1 }, operator)).toMatchObject({ status: 403 });
    await switchTo(id, { active: true, expectedVersion: 1 });
    expect(await switchTo(id, { active: false, expectedVersion: 1 }, operator)).toMatchObject({
      status: 200,
      body: { isActive: false, activeUntil: null },
    });
    expect((await audit(id)).at(-1)).toEqual({ actor: 'Olga', action: 'pattern_deactivate', isActive: null });
  });

  it('is 409 conflict for a version that is not the present one, 404 for no pattern, and nothing changes', async () => {
    const id = await addPattern();
    const before = await sumOf(id);
    for (const version of [2, 2_147_483_647])
      expect(await switchTo(id, { active: true, expectedVersion: version })).toMatchObject({
        status: 409,
        body: { code: 'conflict', detail: expect.stringContaining('version 1') },
      });
    const nobody = '00000000-0000-4000-8000-000000000000';
    for (const active of [true, false])
      expect(await switchTo(nobody, { active, expectedVersion: 1 })).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    expect(await sumOf(id)).toBe(before);
  });

  it('is 409 blocked with the gates while the kill switch is engaged or the lease is stale', async () => {
    const id = await addPattern();
    await db.sql(`insert into kill_switch_latches (source, actor) values ('manual', 'admin')`);
    const blocked = await switchTo(id, { active: true, expectedVersion: 1 });
    expect(blocked).toMatchObject({ status: 409, body: { code: 'blocked' } });
    expect(blocked.body.gates).toContainEqual({
      id: 'kill_switch',
      ok: false,
      measured: 'engaged',
      required: 'released',
      detail: expect.stringMatching(/release/),
    });
    await db.sql(
      `with r as (insert into reasons (text) values ('over') returning id) insert into releases (actor, reason_id) select 'admin', id from r`,
    );
    await db.sql(
      `create or replace function v3pls_now() returns timestamptz language sql stable as $$ select now() + interval '1 hour' $$`,
    );
    try {
      const stale = await switchTo(id, { active: true, expectedVersion: 1 });
      expect(stale).toMatchObject({ status: 409, body: { code: 'blocked' } });
      expect(stale.body.gates.filter((gate: { ok: boolean }) => !gate.ok)).toMatchObject([{ id: 'watchdog_lease' }]);
    } finally {
      await db.sql(
        `create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select pg_catalog.now() $$`,
      );
    }
  });

  it('off twice is off, also while the kill switch is engaged', async () => {
    const id = await addPattern();
    for (const _ of [1, 2])
      expect(await switchTo(id, { active: false, expectedVersion: 1 })).toMatchObject({
        status: 200,
        body: { isActive: false },
      });
    expect(await audit(id)).toEqual([]);
  });

  it('two admins at once: both renew or one is told the version moved, never an error', async () => {
    for (let round = 0; round < 10; round++) {
      const id = await addPattern();
      const [on, edited] = await Promise.all([
        switchTo(id, { active: true, expectedVersion: 1 }),
        change(id, { expectedVersion: 1, responseTemplate: 'We open at ten.' }),
      ]);
      expect([200, 409]).toContain(on!.status);
      expect(edited!.status).toBe(200);
      // Whoever came first, what is in force are words that an admin saw.
      expect((await read(id)).body).toMatchObject({ isActive: false, version: 2 });
    }
  });
});

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
      const answer = await call(handler, path, { method, token: admin, rawBody });
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

describe('Retiring and restoring', () => {
  it('a retired pattern is kept, inactive, and comes back inactive', async () => {
    const id = await addPattern();
    await switchTo(id, { active: true, expectedVersion: 1 });
    for (const _ of [1, 2]) expect((await retire(id)).status).toBe(204);
    expect((await read(id)).body).toMatchObject({ status: 'retired', isActive: false, version: 1 });
    expect(await switchTo(id, { active: true, expectedVersion: 1 })).toMatchObject({
      status: 409,
      body: { code: 'blocked', detail: expect.stringContaining('restore') },
    });
    for (const _ of [1, 2])
      expect(await change(id, { expectedVersion: 1, restore: true })).toMatchObject({
        status: 200,
        body: { status: 'learning', isActive: false },
      });
    expect((await audit(id)).map(entry => entry.action)).toEqual([
      'pattern_safety_changed',
      'activated',
      'pattern_safety_changed',
      'pattern_retire',
      'pattern_restore',
    ]);
  });

  it('of a pattern that is not there is 404, by whatever id', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'x', '1%20or%201=1', '..', '%00']) {
      expect((await retire(id)).status).toBe(404);
      expect((await read(id)).status).toBe(404);
    }
  });

  it('reads the id from the path, not from the parameter that a client adds', async () => {
    const [mine, other] = [await addPattern(), await addPattern()];
    const answer = await call(pattern.DELETE, `/api/patterns/${mine}?id=${other}&id=${mine}`, { method: 'DELETE' });
    expect(answer.status).toBe(204);
    expect((await read(mine)).body.status).toBe('retired');
    expect((await read(other)).body.status).toBe('learning');
  });
});

describe('Merging', () => {
  async function addExchange(patternId: string, key: string) {
    await db.sql(
      `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, operator_id, started_at,
        answered_at, pattern_id, customer_text, reply_text)
       values ($1, 'CN' || $1, 'PN1', array['c' || $1], array['o' || $1], 'US1', now(), now(), $2, 'a question', 'a reply')`,
      [key, patternId],
    );
    await db.sql('select v3pls_refresh_patterns(array[$1::uuid])', [patternId]);
  }

  it('moves the exchanges to the other pattern and retires this one; the evidence is counted anew', async () => {
    const [from, into] = [await addPattern('When open?'), await addPattern('Opening hours?')];
    await addExchange(from, 'm1');
    await addExchange(into, 'm2');
    const merged = await change(from, { expectedVersion: 1, mergeInto: { id: into, expectedVersion: 1 } });
    expect(merged).toMatchObject({
      status: 200,
      body: { status: 'retired', mergedInto: into, evidence: { exchanges: 0 } },
    });
    expect((await read(into)).body).toMatchObject({ evidence: { exchanges: 2 }, isActive: false, version: 1 });
    expect((await read(into)).body.exchanges).toHaveLength(2);
    // Restored, it has its words again and the exchanges stay.
    expect(await change(from, { expectedVersion: 1, restore: true })).toMatchObject({
      body: { status: 'learning', mergedInto: null, evidence: { exchanges: 0 } },
    });
  });

  it('is 409 when either version moved, 422 into itself, into a retired or an absent one', async () => {
    const [from, into, gone] = [await addPattern(), await addPattern(), await addPattern()];
    await retire(gone);
    const mergeInto = (id: string, expectedVersion = 1, own = 1) =>
      change(from, { expectedVersion: own, mergeInto: { id, expectedVersion } });
    expect((await mergeInto(into, 2)).status).toBe(409);
    expect((await mergeInto(into, 1, 2)).status).toBe(409);
    for (const id of [from, gone, '00000000-0000-4000-8000-000000000000'])
      expect(await mergeInto(id)).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/mergeInto/id' }] } });
    expect((await read(from)).body.status).toBe('learning');
  });

  it('two merges into each other at once: one happens', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = [await addPattern(), await addPattern()];
      const answers = await Promise.all([
        change(a, { expectedVersion: 1, mergeInto: { id: b, expectedVersion: 1 } }),
        change(b, { expectedVersion: 1, mergeInto: { id: a, expectedVersion: 1 } }),
      ]);
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 422]);
    }
  });
});
