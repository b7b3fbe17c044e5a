/** Two people at the same setting or the same pattern: each is told the truth, and nothing is loosened without a reason. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as incidents from '../../api/incidents.js';
import * as pattern from '../../api/patterns/[id]/index.js';
import * as toggle from '../../api/patterns/[id]/toggle.js';
import * as tokens from '../../api/tokens.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';
import { makeToken } from './support/people.js';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  return () => db.close();
});
beforeEach(async () => {
  setLineEnvironment();
  await db.sql('delete from rate_limits');
});

const change = (values: Record<string, unknown>, reason?: string) =>
  call(config.PATCH, '/api/config', { body: { values, ...(reason && { reason }) } });

async function addPattern(): Promise<string> {
  const [row] = await db.sql<{ id: string }>(
    `insert into decision_patterns (pattern_type, trigger_text, response_template) values ('answer', 'Open?', 'At nine.') returning id`,
  );
  return row!.id;
}

async function allowActivation() {
  await db.sql('update decision_patterns set is_active = false where is_active');
  await db.sql(
    `with r as (insert into reasons (text) values ('over') returning id) insert into releases (actor, reason_id) select 'admin', id from r`,
  );
  await db.sql(`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`);
  await db.sql('update watchdog_lease set run_id = (select max(id) from watchdog_runs)');
}

describe('One setting, changed by two at once', () => {
  it('is never loosened without a reason, and nobody is answered with a fault', async () => {
    for (let round = 0; round < 15; round++) {
      await change({ match_threshold: 0.5 }, 'a new round');
      const answers = await Promise.all([change({ match_threshold: 0.9 }), change({ match_threshold: 0.6 })]);
      for (const answer of answers) expect([200, 409, 422]).toContain(answer.status);
      const rows = await db.sql<{ old_value: string; new_value: string; reason_id: string | null }>(
        `select old_value, new_value, reason_id from config_changes where config_key = 'match_threshold' order by id desc limit 3`,
      );
      for (const row of rows)
        if (Number(row.new_value) < Number(row.old_value)) expect(row.reason_id, JSON.stringify(row)).not.toBeNull();
    }
  });

  it('is shown with the name of the one who changed it last', async () => {
    const token = await makeToken(db, 'admin', 'Ada');
    await call(config.PATCH, '/api/config', { body: { values: { silence_hours: 48 } }, token });
    const { entries } = (await call(config.GET, '/api/config')).body;
    const whoChanged = (key: string) => entries.find((entry: { key: string }) => entry.key === key).updatedBy;
    expect([whoChanged('silence_hours'), whoChanged('activation_days')]).toEqual(['Ada', 'migration']);
  });

  it('waits for the one before, and is judged by the value that it really replaces', async () => {
    await change({ match_threshold: 0.5 }, 'a start');
    const first =
      db.sql(`begin; insert into config_changes (config_key, new_value, actor) values ('match_threshold', '0.9', 'admin');
      select pg_sleep(0.3); commit`);
    await new Promise(resolve => setTimeout(resolve, 100));
    await expect(
      db.sql(`insert into config_changes (config_key, new_value, actor) values ('match_threshold', '0.6', 'admin')`),
    ).rejects.toMatchObject({ code: 'V3G02' });
    await first;
  });
});

it('activations that meet the kill switch are blocked with its gate, never a fault', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, addPattern));
  for (let round = 0; round < 6; round++) {
    await allowActivation();
    const answers = await Promise.all([
      ...ids.map(id =>
        call(toggle.POST, `/api/patterns/${id}/toggle`, { method: 'POST', body: { active: true, expectedVersion: 1 } }),
      ),
      call(incidents.POST, '/api/incidents', { method: 'POST', body: { action: 'rollback', reason: 'a test' } }),
    ]);
    for (const answer of answers) expect([200, 409], answer.text).toContain(answer.status);
    for (const answer of answers.filter(({ status }) => status === 409))
      expect(answer.body.gates).toContainEqual(expect.objectContaining({ id: 'kill_switch', ok: false }));
    expect(await db.sql('select id from patterns_in_force')).toEqual([]);
    await db.sql('delete from rate_limits');
  }
  await allowActivation();
});

it('what only makes things safer is never counted: deactivating, retiring, revoking, switching learning off', async () => {
  await change({ enabled: true });
  await db.sql(`insert into rate_limits (bucket, window_start, count) values ('write:admin', v3pls_now(), 500)
    on conflict (bucket) do update set count = 500`);
  const id = await addPattern();
  const { hashSecret } = await import('../../lib/http/credentials.js');
  const token = await makeToken(db, 'viewer');
  const [{ id: tokenId }] = (await db.sql<{ id: string }>('select id from access_tokens where token_hash = $1', [
    hashSecret(token),
  ])) as [{ id: string }];
  const off = { method: 'POST', body: { active: false, expectedVersion: 1 } };
  expect((await change({ silence_hours: 71 })).status).toBe(429);
  expect((await call(toggle.POST, `/api/patterns/${id}/toggle`, off)).status).toBe(200);
  expect((await call(pattern.DELETE, `/api/patterns/${id}`, { method: 'DELETE' })).status).toBe(204);
  expect((await call(tokens.DELETE, `/api/tokens?id=${tokenId}`, { method: 'DELETE' })).status).toBe(204);
  expect((await change({ enabled: false })).status).toBe(200);
  const limited = await change({ enabled: true });
  expect(limited).toMatchObject({ status: 429 });
  expect(limited.headers.get('retry-after')).toBe('60');
});

it.each([{ match_threshold: 0 }, { match_threshold: -0 }, { business_timezone: 'AET' }, { business_timezone: 'IST' }])(
  'a value that the database would not take, or take for another, %o, is 422',
  async values => {
    expect((await change(values, 'r')).status).toBe(422);
  },
);

it.each(['admin', 'Watchdog', 'sql:postgres', 'token:x', 'Ma\u202eria'])(
  'nobody is called "%s": in the audit that stands for somebody else, or hides something',
  async name => {
    const answer = await call(tokens.POST, '/api/tokens', { method: 'POST', body: { name, role: 'viewer' } });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/name' }] } });
  },
);

it('notes are free text: operators read them, viewers do not', async () => {
  const id = await addPattern();
  await call(pattern.PATCH, `/api/patterns/${id}`, {
    method: 'PATCH',
    body: { expectedVersion: 1, notes: 'ask Maria' },
  });
  const read = async (role: 'viewer' | 'operator') =>
    (await call(pattern.GET, `/api/patterns/${id}`, { token: await makeToken(db, role) })).body.notes;
  expect([await read('viewer'), await read('operator')]).toEqual([null, 'ask Maria']);
  const typed = { expectedVersion: 1, patternType: 'call +1 555 201 3344' };
  expect((await call(pattern.PATCH, `/api/patterns/${id}`, { method: 'PATCH', body: typed })).status).toBe(422);
});
