/** Limits: failed sign-ins and admin writes are counted in the database, and what cannot be counted is refused. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as patterns from '../../api/patterns/index.js';
import * as session from '../../api/session.js';
import { countTrips } from '../../db/client.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { type Answer, call } from './support/calls.js';
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

const list = (headers: Record<string, string>) => call(patterns.GET, '/api/patterns', { token: null, headers });
const signIn = (body?: unknown, headers: Record<string, string> = {}) =>
  call(session.POST, '/api/session', { method: 'POST', token: null, body, headers });
const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')!.split(';')[0]!;

describe('Guessing', () => {
  it('sign-ins are stopped after twenty failures in five minutes; a success takes none of them', async () => {
    for (let i = 0; i < 30; i++) expect((await signIn({ token: process.env.ADMIN_TOKEN })).status).toBe(200);
    const statuses: number[] = [];
    for (let i = 0; i < 25; i++) statuses.push((await signIn({ token: `guess ${i}` })).status);
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)]);
    const limited = await signIn({ token: process.env.ADMIN_TOKEN });
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    await db.sql(`update rate_limits set window_start = window_start - interval '5 minutes'`);
    expect((await signIn({ token: process.env.ADMIN_TOKEN })).status).toBe(200);
  });

  it('a hundred guesses at once are counted like one after the other', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => signIn({ code: `guess ${i}` })));
    const let20 = answers.filter(answer => answer.status === 401).length;
    expect(let20).toBeLessThanOrEqual(20);
    for (const answer of answers) expect([401, 429, 503]).toContain(answer.status);
  });

  it('is counted by the platform’s word for the address, and no address is stored', async () => {
    process.env.VERCEL = '1';
    try {
      for (let i = 0; i < 21; i++) await signIn({ token: 'guess' }, { 'x-real-ip': '203.0.113.7' });
      expect((await signIn({ token: 'guess' }, { 'x-real-ip': '203.0.113.7' })).status).toBe(429);
      expect((await signIn({ token: 'guess' }, { 'x-real-ip': '203.0.113.8' })).status).toBe(401);
    } finally {
      delete process.env.VERCEL;
    }
    expect(JSON.stringify(await db.sql('select * from rate_limits'))).not.toContain('203.0.113');
    expect(
      (await signIn({ token: 'guess' }, { 'x-real-ip': '203.0.113.9' })).status,
      'elsewhere anybody may write it',
    ).toBe(401);
  });

  it('an unknown token costs no round trip unless it looks like one of ours, and fills no table', async () => {
    const before = countTrips();
    expect((await list({ authorization: 'Bearer something' })).status).toBe(401);
    expect(countTrips()).toBe(before);
    const body = { values: { silence_hours: 24 }, reason: 'x' };
    for (let i = 0; i < 5; i++) {
      const token = `v3pls_${String(i).repeat(43)}`;
      expect((await call(config.PATCH, '/api/config', { token, body })).status).toBe(401);
    }
    expect(await db.sql('select bucket from rate_limits')).toEqual([]);
  });
});

describe('Admin writes', () => {
  it('are 120 a minute for one person, whatever token or session is used; then 429, and reading goes on', async () => {
    const admin = await makeToken(db, 'admin');
    const write = (token: string) =>
      call(config.PATCH, '/api/config', { token, body: { values: { silence_hours: 72 } } });
    expect((await write(admin)).status).toBe(200);
    await db.sql('update rate_limits set count = 119');
    expect((await write(admin)).status).toBe(200);
    const limited = await write(admin);
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    const cookie = cookieOf(await signIn({ token: admin }));
    const headers = { cookie, 'sec-fetch-site': 'same-origin' };
    const bySession = { token: null, headers, body: { values: { silence_hours: 72 } } };
    expect((await call(config.PATCH, '/api/config', bySession)).status).toBe(429);
    expect((await list({ authorization: `Bearer ${admin}` })).status).toBe(200);
    expect((await write(process.env.ADMIN_TOKEN!)).status, 'another person').toBe(200);
  });

  it('are refused with 503 while they cannot be counted, and nothing changes', async () => {
    await db.sql('alter table rate_limits rename to rate_limits_away');
    try {
      const answer = await call(config.PATCH, '/api/config', { body: { values: { silence_hours: 24 } } });
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect((await signIn({ token: process.env.ADMIN_TOKEN })).status).toBe(503);
      expect((await list({ authorization: `Bearer ${process.env.ADMIN_TOKEN}` })).status).toBe(200);
    } finally {
      await db.sql('alter table rate_limits_away rename to rate_limits');
    }
    expect((await call(config.GET, '/api/config')).body.values.silence_hours).toBe(72);
  });
});
