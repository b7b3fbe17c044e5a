/** People: tokens, sessions, one-time links, and what each of them opens. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as patterns from '../../api/patterns/index.js';
import * as session from '../../api/session.js';
import * as tokens from '../../api/tokens.js';
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

const mint = (body: unknown, token?: string) =>
  call(tokens.POST, '/api/tokens', { method: 'POST', body, ...(token && { token }) });
const revoke = (id: string) => call(tokens.DELETE, `/api/tokens?id=${id}`, { method: 'DELETE' });
const list = (headers: Record<string, string>) => call(patterns.GET, '/api/patterns', { token: null, headers });
const signIn = (body?: unknown, headers: Record<string, string> = {}) =>
  call(session.POST, '/api/session', { method: 'POST', token: null, body, headers });
const cookieOf = (answer: Answer) => answer.headers.get('set-cookie')!.split(';')[0]!;
const setNow = (offset: string) =>
  db.sql(
    `create or replace function v3pls_now() returns timestamptz language sql stable parallel safe as $$ select pg_catalog.now() + interval '${offset}' $$`,
  );

describe('A named token', () => {
  it('is shown once, stored only as a hash, and opens what its role may', async () => {
    const made = await mint({ name: 'Maria', role: 'operator', operatorId: 'US123', expiresInDays: 30 });
    expect(made).toMatchObject({
      status: 201,
      body: { name: 'Maria', role: 'operator', operatorId: 'US123', createdBy: 'admin', revokedAt: null },
    });
    const { token, signInLink, id } = made.body;
    const dump = await db.sql<{ row: string }>(
      `select to_jsonb(t)::text as row from access_tokens t union all select to_jsonb(l)::text from sign_in_links l
       union all select to_jsonb(a)::text from audit_log a`,
    );
    const stored = dump.map(({ row }) => row).join('\n');
    for (const secret of [token, token.slice(6), new URL(signInLink).hash.slice('#code='.length)])
      expect(stored).not.toContain(secret);
    const listed = await call(tokens.GET, '/api/tokens');
    expect(listed.body.tokens.find((entry: { id: string }) => entry.id === id)).toEqual({
      id,
      name: 'Maria',
      role: 'operator',
      operatorId: 'US123',
      operatorName: null,
      createdBy: 'admin',
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      revokedAt: null,
    });
    expect(listed.text).not.toContain(token);
    expect((await list({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect(await call(tokens.GET, '/api/tokens', { token })).toMatchObject({
      status: 403,
      body: { code: 'forbidden' },
    });
    expect(await call(session.GET, '/api/session', { token })).toMatchObject({
      status: 200,
      body: { name: 'Maria', role: 'operator', operatorId: 'US123' },
    });
  });

  it('opens nothing from the next request on once it is revoked, nor do the sessions it opened; revoking twice is revoked', async () => {
    const { token, id } = (await mint({ name: 'Ben', role: 'viewer' })).body;
    const cookie = cookieOf(await signIn({ token }));
    expect((await list({ authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await list({ cookie })).status).toBe(200);
    for (const _ of [1, 2]) expect((await revoke(id)).status).toBe(204);
    const refusals = [await list({ authorization: `Bearer ${token}` }), await list({ cookie }), await list({})];
    expect(refusals.map(answer => answer.status)).toEqual([401, 401, 401]);
    expect(new Set(refusals.map(answer => answer.text)).size).toBe(1);
    expect(await db.sql(`select action from audit_log where subject = $1 order by id`, [id])).toEqual([
      { action: 'token_created' },
      { action: 'token_revoked' },
    ]);
  });

  it('opens nothing once it has expired, by the database’s clock', async () => {
    const { token } = (await mint({ name: 'Eve', role: 'viewer', expiresInDays: 1 })).body;
    const cookie = cookieOf(await signIn({ token }));
    try {
      await setNow('23 hours 59 minutes');
      expect([(await list({ authorization: `Bearer ${token}` })).status, (await list({ cookie })).status]).toEqual([
        200, 200,
      ]);
      await setNow('24 hours 1 minute');
      expect([(await list({ authorization: `Bearer ${token}` })).status, (await list({ cookie })).status]).toEqual([
        401, 401,
      ]);
    } finally {
      await setNow('0');
    }
  });

  it.each([
    [{ role: 'viewer' }, 'name'],
    [{ name: ' ', role: 'viewer' }, 'name'],
    [{ name: 'x', role: 'owner' }, 'role'],
    [{ name: 'x', role: 'viewer', operatorId: 'SYU1' }, 'operatorId'],
    [{ name: 'x', role: 'viewer', expiresInDays: 0 }, 'expiresInDays'],
    [{ name: 'x', role: 'viewer', expiresInDays: 1e9 }, 'expiresInDays'],
    [{ name: 'x', role: 'viewer', token: 'mine' }, 'token'],
    [{ name: 'x', role: 'viewer', tokenHash: 'mine' }, 'tokenHash'],
    [{ name: 'x\0', role: 'viewer' }, 'name'],
  ])('asked for with %o is 422 and names %s', async (body, key) => {
    const answer = await mint(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(`#/${key}`);
  });

  it('is revoked by its id alone: 422 for none, two or no id, 404 for one that is not there', async () => {
    const nobody = '00000000-0000-4000-8000-000000000000';
    expect((await call(tokens.DELETE, '/api/tokens', { method: 'DELETE' })).status).toBe(422);
    expect((await call(tokens.DELETE, '/api/tokens?id=x', { method: 'DELETE' })).status).toBe(422);
    expect(
      (await call(tokens.DELETE, `/api/tokens?id=${nobody}`, { method: 'DELETE', body: { id: nobody } })).status,
    ).toBe(422);
    expect((await revoke(nobody)).status).toBe(404);
    expect((await call(tokens.DELETE, '/api/tokens', { method: 'DELETE', body: { id: nobody } })).status).toBe(404);
  });

  it('keeps its role and its hash, also against raw SQL', async () => {
    const token = await makeToken(db, 'viewer');
    const { hashSecret } = await import('../../lib/http/credentials.js');
    for (const change of ["role = 'admin'", "token_hash = 'x'", 'id = gen_random_uuid()'])
      await expect(
        db.sql(`update access_tokens set ${change} where token_hash = $1`, [hashSecret(token)]),
      ).rejects.toMatchObject({ code: 'V3A01' });
  });
});

describe('A session', () => {
  it('is a cookie that scripts cannot read, plain on this machine and __Host- elsewhere', async () => {
    const local = await signIn({ token: process.env.ADMIN_TOKEN });
    expect(local).toMatchObject({ status: 200, body: { name: 'admin', role: 'admin', operatorId: null } });
    expect(local.headers.get('set-cookie')).toMatch(
      /^v3pls=v3s_[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    const remote = await session.POST(
      new Request('https://desk.example.com/api/session', {
        method: 'POST',
        body: JSON.stringify({ token: process.env.ADMIN_TOKEN }),
      }),
    );
    expect(remote.headers.get('set-cookie')).toMatch(
      /^__Host-v3pls=v3s_[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const value = cookieOf(local).split('=')[1]!;
    expect((await list({ cookie: `__Host-v3pls=${value}` })).status, 'the other name').toBe(401);
    expect((await list({ cookie: `a=b; v3pls=${value}; c=d` })).status).toBe(200);
    expect((await list({ cookie: `v3pls=${value}; v3pls=${value}` })).status, 'twice').toBe(401);
    expect((await list({ authorization: `Bearer ${value}` })).status, 'as a token').toBe(401);
  });

  it('is opened by a Bearer token too, and by no body at all without one', async () => {
    const opened = await call(session.POST, '/api/session', { method: 'POST' });
    expect(opened.status).toBe(200);
    expect((await list({ cookie: cookieOf(opened) })).status).toBe(200);
    expect((await signIn()).status).toBe(401);
  });

  it('ends with signing out, which clears the cookie; signing out twice is signed out', async () => {
    const cookie = cookieOf(await signIn({ token: process.env.ADMIN_TOKEN }));
    for (const _ of [1, 2]) {
      const out = await call(session.DELETE, '/api/session', {
        method: 'DELETE',
        token: null,
        headers: { cookie, 'sec-fetch-site': 'same-origin' },
      });
      expect(out.status).toBe(204);
      expect(out.headers.get('set-cookie')).toMatch(/^v3pls=; Max-Age=0; /);
    }
    expect((await list({ cookie })).status).toBe(401);
  });

  it('of ADMIN_TOKEN ends when that token is replaced', async () => {
    const cookie = cookieOf(await signIn({ token: process.env.ADMIN_TOKEN }));
    expect((await list({ cookie })).status).toBe(200);
    process.env.ADMIN_TOKEN = 'another-admin-token-of-forty-characters-';
    expect((await list({ cookie })).status).toBe(401);
  });

  it('ends after thirty days', async () => {
    const cookie = cookieOf(await signIn({ token: process.env.ADMIN_TOKEN }));
    try {
      await setNow('29 days 23 hours');
      expect((await list({ cookie })).status).toBe(200);
      await setNow('30 days 1 minute');
      expect((await list({ cookie })).status).toBe(401);
    } finally {
      await setNow('0');
    }
  });

  it('is not opened for a page of another origin, which could sign its visitor in as somebody else', async () => {
    const strangers: Record<string, string>[] = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ];
    for (const headers of strangers)
      expect(await signIn({ token: process.env.ADMIN_TOKEN }, headers)).toMatchObject({ status: 403 });
  });

  it.each([[{ token: 'x', code: 'y' }], [{ user: 'x' }], [{ token: 1 }], [[]], [{ token: '' }]])(
    'asked for with %o is 422',
    async body => {
      expect((await signIn(body)).status).toBe(422);
    },
  );
});

describe('A one-time link', () => {
  const codeOf = (answer: Answer) => new URL(answer.body.signInLink).hash.slice('#code='.length);

  it('opens one session, once, for the token it was made with', async () => {
    const made = await mint({ name: 'Phone', role: 'operator' });
    expect(made.body.signInLink).toMatch(/^http:\/\/localhost\/#code=v3l_/);
    const first = await signIn({ code: codeOf(made) });
    expect(first).toMatchObject({ status: 200, body: { name: 'Phone', role: 'operator' } });
    expect((await list({ cookie: cookieOf(first) })).status).toBe(200);
    expect((await signIn({ code: codeOf(made) })).status).toBe(401);
    await revoke(made.body.id);
    expect((await list({ cookie: cookieOf(first) })).status).toBe(401);
  });

  it('pressed by two at once lets one in', async () => {
    const code = codeOf(await mint({ name: 'Two', role: 'viewer' }));
    const answers = await Promise.all([1, 2, 3].map(() => signIn({ code })));
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401, 401]);
  });

  it('is worth nothing after a day, or when its token is revoked', async () => {
    const [late, revoked] = [
      await mint({ name: 'Late', role: 'viewer' }),
      await mint({ name: 'Gone', role: 'viewer' }),
    ];
    await revoke(revoked.body.id);
    expect((await signIn({ code: codeOf(revoked) })).status).toBe(401);
    try {
      await setNow('24 hours 1 minute');
      expect((await signIn({ code: codeOf(late) })).status).toBe(401);
    } finally {
      await setNow('0');
    }
  });
});
