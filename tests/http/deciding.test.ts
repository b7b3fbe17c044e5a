/** Deciding about patterns: activate, renew, deactivate, retire, restore, merge. */
import { describe, expect, it } from 'vitest';
import * as pattern from '../../api/patterns/[id]/index.js';
import { call } from './support/calls.js';
import { openDesk } from './support/desk.js';

const { people, addPattern, sumOf, sql, switchTo, change, read, retire, audit } = openDesk();

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
    expect(await sql('select count(*)::int as n from activations where pattern_id = $1', [id])).toEqual([{ n: 2 }]);
  });

  it('is 403 for an operator, who may switch it off', async () => {
    const id = await addPattern();
    expect(await switchTo(id, { active: true, expectedVersion: 1 }, people.operator)).toMatchObject({ status: 403 });
    await switchTo(id, { active: true, expectedVersion: 1 });
    expect(await switchTo(id, { active: false, expectedVersion: 1 }, people.operator)).toMatchObject({
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
    await sql(`insert into kill_switch_latches (source, actor) values ('manual', 'admin')`);
    const blocked = await switchTo(id, { active: true, expectedVersion: 1 });
    expect(blocked).toMatchObject({ status: 409, body: { code: 'blocked' } });
    expect(blocked.body.gates).toContainEqual({
      id: 'kill_switch',
      ok: false,
      measured: 'engaged',
      required: 'released',
      detail: expect.stringMatching(/release/),
    });
    // Nothing is released while a pattern is still on.
    await sql('update decision_patterns set is_active = false where is_active');
    await sql(
      `with r as (insert into reasons (text) values ('over') returning id) insert into releases (actor, reason_id) select 'admin', id from r`,
    );
    await sql(
      `create or replace function v3pls_now() returns timestamptz language sql stable as $$ select now() + interval '1 hour' $$`,
    );
    try {
      const stale = await switchTo(id, { active: true, expectedVersion: 1 });
      expect(stale).toMatchObject({ status: 409, body: { code: 'blocked' } });
      expect(stale.body.gates.filter((gate: { ok: boolean }) => !gate.ok)).toMatchObject([{ id: 'watchdog_lease' }]);
    } finally {
      await sql(
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
    await sql(
      `insert into exchanges (key, thread_id, line_id, customer_message_ids, operator_message_ids, operator_id, started_at,
        answered_at, pattern_id, customer_text, reply_text)
       values ($1, 'CN' || $1, 'PN1', array['c' || $1], array['o' || $1], 'US1', now(), now(), $2, 'a question', 'a reply')`,
      [key, patternId],
    );
    await sql('select v3pls_refresh_patterns(array[$1::uuid])', [patternId]);
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
