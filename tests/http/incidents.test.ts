/** What people do about incidents after the rollback: look again, restore, release, read it all; and who may. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as incidents from '../../api/incidents.js';
import { countTrips } from '../../db/client.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { connect, EXECUTED, insertActivePattern, makeReady, readState, type Session } from '../safety/support.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call, listenToLog } from './support/calls.js';
import { makeToken } from './support/people.js';

let database: TestDatabase;
let db: Session;
let viewer: string;
let operator: string;
let admin: string;
beforeAll(async () => {
  setLineEnvironment();
  database = await createTestDatabase();
  db = await connect(database.url);
  await database.use();
  viewer = await makeToken(database, 'viewer', 'Vera');
  operator = await makeToken(database, 'operator', 'Olga');
  admin = await makeToken(database, 'admin', 'Ada');
  return async () => {
    await db.close();
    await database.close();
  };
});
let log: ReturnType<typeof listenToLog>;
beforeEach(async () => {
  await database.sql('delete from rate_limits');
  await makeReady(db);
  log = listenToLog();
});
afterEach(() => log.stop());

const post = (body: unknown, token = operator) =>
  call(incidents.POST, '/api/incidents', { method: 'POST', body, token });
const read = (query = '', token = operator) => call(incidents.GET, `/api/incidents${query}`, { token });
const rollback = { action: 'rollback', reason: 'it answered by itself' };
const release = { action: 'release', reason: 'found and mended' };
const GATE = { id: 'rollback', ok: false, measured: 'pending', required: 'done' };
const OFF = { active: 0, inForce: 0, enabled: 'false', queued: 0, latched: true, pending: 0 };
/** Evidence whose rollback is refused where it comes. */
const PENDING = `begin isolation level repeatable read; ${EXECUTED}; commit`;

describe('A check', () => {
  it('runs the watchdog and answers what it answers', async () => {
    const clean = await post({ action: 'check' });
    expect(clean).toMatchObject({ status: 200, body: { status: 'clean' } });
    expect(clean.body.checks.length).toBeGreaterThanOrEqual(7);
    await post(rollback);
    expect((await post({ action: 'check' })).body.status).toBe('latched');
  });
});

describe('Restoring', () => {
  const restore = (incidentId: string) => ({ action: 'restore', incidentId, reason: 'looked into' });

  it('closes the incident, lists what was active, switches nothing on, and again changes nothing more', async () => {
    const active = await insertActivePattern(db);
    const { incidentId } = (await post(rollback)).body;
    const answer = await post(restore(incidentId), admin);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        status: 'restored',
        incident: { id: incidentId, state: 'closed', closedAt: expect.any(String), reason: rollback.reason },
        wereActive: [{ id: active, version: 1 }],
      },
    });
    expect(await readState(db)).toMatchObject(OFF);
    expect(await post(restore(incidentId), admin)).toEqual({ ...answer, headers: expect.anything() });
  });

  it('of an unknown incident is 404, and of one whose rollback is pending 409', async () => {
    expect(await post(restore('00000000-0000-4000-8000-000000000000'), admin)).toMatchObject({ status: 404 });
    await db.script(PENDING);
    const [row] = await db.sql<{ id: string }>(`select id from incidents where rollback = 'pending'`);
    expect(await post(restore(row!.id), admin)).toMatchObject({
      status: 409,
      body: { code: 'blocked', gates: [GATE], detail: expect.stringContaining('check') },
    });
    expect((await read()).body.incidents[0]).toMatchObject({ state: 'open', rollback: 'pending' });
  });
});

describe('Releasing', () => {
  it('opens the kill switch, closes what is rolled back, and switches nothing on', async () => {
    await insertActivePattern(db);
    const { incidentId } = (await post(rollback)).body;
    expect(await post(release, admin)).toMatchObject({
      status: 200,
      body: { status: 'released', killSwitch: { engaged: false, since: null, source: null } },
    });
    expect(await readState(db)).toMatchObject({ ...OFF, latched: false });
    expect((await read()).body.incidents[0]).toMatchObject({ id: incidentId, state: 'closed' });
  });

  it('where nothing is engaged is harmless', async () => {
    const active = await insertActivePattern(db);
    expect(await post(release, admin)).toMatchObject({ status: 200, body: { status: 'released' } });
    expect(await readState(db)).toMatchObject({ active: 1, inForce: 1, latched: false, enabled: 'true' });
    expect(await db.sql('select is_active from decision_patterns where id = $1', [active])).toEqual([
      { is_active: true },
    ]);
  });

  it('is blocked while a rollback is pending', async () => {
    await insertActivePattern(db);
    await db.script(PENDING);
    expect(await post(release, admin)).toMatchObject({ status: 409, body: { code: 'blocked', gates: [GATE] } });
    expect(await readState(db)).toMatchObject({ latched: true, inForce: 0, pending: 1 });
    expect((await post({ action: 'check' })).body.status).toBe('rolled_back');
    expect((await post(release, admin)).status).toBe(200);
  });
});

describe('Who may', () => {
  it('viewers do nothing, operators roll back and check, only admins restore and release', async () => {
    await insertActivePattern(db);
    const before = await readState(db);
    const restore = { action: 'restore', incidentId: '00000000-0000-4000-8000-000000000000', reason: 'r' };
    for (const body of [rollback, { action: 'check' }, restore, release])
      expect(await post(body, viewer), body.action).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    for (const body of [restore, release])
      expect(await post(body, operator), body.action).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await readState(db)).toEqual(before);
    expect((await post(restore, admin)).status).toBe(404);
    expect((await call(incidents.POST, '/api/incidents', { method: 'POST', body: rollback, token: null })).status).toBe(
      401,
    );
    expect((await call(incidents.GET, '/api/incidents', { token: null })).status).toBe(401);
  });

  it('an operator who rolls back is never told to wait, an admin who releases too often is', async () => {
    await database.sql(`insert into rate_limits (bucket, window_start, count)
      select 'write:token:' || id, now(), 120 from access_tokens`);
    expect((await post(rollback)).status).toBe(200);
    expect((await post(release, admin)).status).toBe(429);
    expect((await post(rollback, admin)).status).toBe(200);
  });
});

describe('What is accepted', () => {
  it.each([
    [{}, 'action'],
    [{ action: 'send', reason: 'r' }, 'action'],
    [{ action: 'rollback' }, 'reason'],
    [{ action: 'rollback', reason: '  ' }, 'reason'],
    [{ action: 'rollback', reason: 'x'.repeat(1_001) }, 'reason'],
    [{ action: 'rollback', reason: 'r', incidentId: '00000000-0000-4000-8000-000000000000' }, 'incidentId'],
    [{ action: 'check', reason: 'r' }, 'reason'],
    [{ action: 'restore', reason: 'r' }, 'incidentId'],
    [{ action: 'restore', incidentId: '1 or 1=1', reason: 'r' }, 'incidentId'],
    [{ action: 'release', reason: 5 }, 'reason'],
    [[], ''],
    [null, ''],
  ])('%j is 422, names what is wrong, and does nothing', async (body, key) => {
    const answer = await post(body, admin);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer).join()).toContain(key);
    expect((await readState(db)).latched).toBe(false);
  });

  it.each([
    'limit=0',
    'limit=101',
    'view=all',
    'subject=enabled',
    'view=audit&subject=',
    'cursor=abc',
    `cursor=${Buffer.from('{"auditId":5}').toString('base64url')}`,
    `view=audit&cursor=${Buffer.from('{"auditId":1e99}').toString('base64url')}`,
    `cursor=${Buffer.from('{"openedUs":1e300,"id":"00000000-0000-4000-8000-000000000000"}').toString('base64url')}`,
    'state=open',
  ])('the list refuses %s with 422', async query => {
    expect(await read(`?${query}`)).toMatchObject({ status: 422, body: { code: 'invalid_input' } });
  });
});

describe('The list', () => {
  it('says in one round trip what is engaged, how long the lease holds, and every incident, newest first, once', async () => {
    const made = [];
    for (let n = 0; n < 5; n++) made.unshift((await post(rollback)).body.incidentId);
    const trips = countTrips();
    const page = await call(incidents.GET, '/api/incidents?limit=5');
    expect(countTrips() - trips).toBe(1);
    expect(page.body.incidents.map(({ id }: { id: string }) => id)).toEqual(made);
    expect(page.body).toMatchObject({
      killSwitch: { engaged: true, since: expect.any(String), source: 'manual' },
      lease: { until: expect.any(String), isValid: true, lastRunAt: expect.any(String) },
    });
    for (const limit of [1, 2, 100]) {
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer = await read(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        ids.push(...answer.body.incidents.map(({ id }: { id: string }) => id));
        cursor = answer.body.nextCursor;
      }
      const all = await db.sql<{ id: string }>('select id from incidents order by opened_at desc, id desc');
      expect(ids).toEqual(all.map(({ id }) => id));
    }
  });

  it('says that there is no lease before the watchdog ever ran', async () => {
    const fresh = await createTestDatabase();
    await fresh.use();
    try {
      expect((await call(incidents.GET, '/api/incidents')).body).toEqual({
        incidents: [],
        killSwitch: { engaged: false, since: null, source: null },
        lease: { until: null, isValid: false, lastRunAt: null },
        nextCursor: null,
      });
    } finally {
      await database.use();
      await fresh.close();
    }
  });

  it('shows a part of much evidence, and how much there is', async () => {
    await db.script(
      'insert into pattern_execution_history (was_auto_executed) select true from generate_series(1, 120)',
    );
    const [incident] = (await read()).body.incidents;
    expect(incident).toMatchObject({ source: 'evidence', actor: 'database', evidenceCount: 120 });
    expect(incident.evidence).toHaveLength(50);
    expect(incident.evidence[0]).toEqual({ checkId: 'executions', key: expect.any(String) });
  });

  it('shows reasons to operators and admins, and to no viewer', async () => {
    await post(rollback);
    for (const [token, reason] of [
      [viewer, null],
      [operator, rollback.reason],
      [admin, rollback.reason],
    ] as const) {
      const list = await read('', token);
      expect(list.body.incidents[0]).toMatchObject({ actor: 'Olga', reason });
      const audit = await read('?view=audit', token);
      const opened = audit.body.audit.find(({ action }: { action: string }) => action === 'incident_opened');
      expect(opened).toMatchObject({ actor: 'Olga', reason });
      if (reason === null) expect(list.text + audit.text).not.toContain(rollback.reason);
    }
  });
});

describe('The audit', () => {
  it('is read newest first, page by page, each entry once, of one subject where asked', async () => {
    const { incidentId } = (await post(rollback)).body;
    await post(release, admin);
    const entries: { id: number; action: string; at: string }[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await read(`?view=audit&limit=7${cursor && `&cursor=${cursor}`}`);
      entries.push(...answer.body.audit);
      cursor = answer.body.nextCursor;
    }
    const all = await db.sql<{ id: string }>('select id from audit_log order by id desc');
    expect(entries.map(({ id }) => String(id))).toEqual(all.map(({ id }) => id));
    expect(entries[0]).toEqual({
      id: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-.*Z$/),
      actor: 'Ada',
      action: 'released',
      subject: expect.any(String),
      details: { latches: 1 },
      reason: release.reason,
    });
    const { audit } = (await read(`?view=audit&subject=${incidentId}`)).body;
    expect(audit.map(({ action }: { action: string }) => action)).toEqual([
      'incident_closed',
      'rolled_back',
      'incident_opened',
    ]);
  });
});
