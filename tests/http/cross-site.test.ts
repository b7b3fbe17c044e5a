/** What a browser carries without being asked opens no write for a page of another origin; and other frontends come in by exact origin, with a token. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as config from '../../api/config.js';
import * as session from '../../api/session.js';
import { setLineEnvironment } from '../line/support/quo-line.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { call } from './support/calls.js';

let db: TestDatabase;
let cookie: string;
beforeAll(async () => {
  db = await createTestDatabase();
  await db.use();
  setLineEnvironment();
  const opened = await call(session.POST, '/api/session', { method: 'POST' });
  cookie = opened.headers.get('set-cookie')!.split(';')[0]!;
  return () => db.close();
});
beforeEach(setLineEnvironment);

const OWN = 'http://localhost';
const write = (headers: Record<string, string>, options: { rawBody?: string } = {}) =>
  call(config.PATCH, '/api/config', {
    method: 'PATCH',
    token: null,
    headers: { cookie, ...headers },
    ...(options.rawBody ? options : { body: { values: { enabled: true }, reason: 'from elsewhere' } }),
  });

describe('A write with the session’s cookie', () => {
  it.each<[string, Record<string, string>]>([
    ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, in a browser that names only the origin', { origin: 'https://evil.example' }],
    ['another site, in a browser that names only the relation', { 'sec-fetch-site': 'cross-site' }],
    ['a subdomain', { origin: 'http://evil.localhost', 'sec-fetch-site': 'same-site' }],
    ['the same host on another port', { origin: 'http://localhost:8080', 'sec-fetch-site': 'same-site' }],
    ['the same host by another scheme', { origin: 'https://localhost', 'sec-fetch-site': 'cross-site' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a frame that claims to be the same', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['a form that a person was led to', { 'sec-fetch-site': 'none', 'content-type': 'text/plain' }],
    [
      'a form post of another site',
      { origin: 'https://evil.example', 'content-type': 'application/x-www-form-urlencoded' },
    ],
    ['a host whose name begins like ours', { origin: 'http://localhost.evil.example', 'sec-fetch-site': 'cross-site' }],
    ['nobody who says so', {}],
    ['an origin with a path', { origin: 'http://localhost/', 'sec-fetch-site': 'same-origin' }],
    ['our origin in capitals', { origin: 'HTTP://LOCALHOST' }],
  ])('from %s is 403 and changes nothing', async (_, headers) => {
    expect(await write(headers)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await call(config.GET, '/api/config')).body.values.enabled).toBe(false);
  });

  it('from a listed origin is 403 too: cookies are the page’s own', async () => {
    process.env.ALLOWED_ORIGINS = 'https://desk.example.com';
    const answer = await write({ origin: 'https://desk.example.com', 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    delete process.env.ALLOWED_ORIGINS;
  });

  it('from our own page is 200, by either header', async () => {
    for (const headers of [
      { origin: OWN, 'sec-fetch-site': 'same-origin' },
      { origin: OWN },
      { 'sec-fetch-site': 'same-origin' },
    ] as Record<string, string>[])
      expect((await write(headers)).status).toBe(200);
    await call(config.PATCH, '/api/config', { body: { values: { enabled: false } } });
  });

  it('a token needs no origin: no browser sends one by itself', async () => {
    const body = { values: { silence_hours: 71 } };
    expect(
      (await call(config.PATCH, '/api/config', { body, headers: { origin: 'https://evil.example' } })).status,
    ).toBe(200);
  });
});

describe('Authorization', () => {
  const oddities: [string, string | null, number][] = [
    ['the scheme in small letters', `bearer ${'{token}'}`, 200],
    ['two blanks', `Bearer  ${'{token}'}`, 200],
    ['no blank', `Bearer${'{token}'}`, 401],
    ['a tab', `Bearer\t${'{token}'}`, 401],
    ['another scheme', `Basic ${'{token}'}`, 401],
    ['no scheme', '{token}', 401],
    ['the scheme alone', 'Bearer', 401],
    ['two tokens', `Bearer ${'{token}'} ${'{token}'}`, 401],
    ['two headers in one', `Bearer ${'{token}'}, Bearer ${'{token}'}`, 401],
    ['a comma after', `Bearer ${'{token}'},`, 401],
    ['quotes', `Bearer "${'{token}'}"`, 401],
    ['one letter too many', `Bearer ${'{token}'}x`, 401],
    ['capitals', 'Bearer {TOKEN}', 401],
    ['an empty header', '', 401],
    ['no header', null, 401],
  ];

  it.each(oddities)('with %s (%s) is %i, also beside a good cookie', async (_, shape, expected) => {
    const token = process.env.ADMIN_TOKEN!;
    const value = shape?.replaceAll('{token}', token).replaceAll('{TOKEN}', token.toUpperCase());
    const headers: Record<string, string> = value === undefined ? {} : { authorization: value };
    expect((await call(config.GET, '/api/config', { token: null, headers })).status).toBe(expected);
    const withCookie = await call(config.GET, '/api/config', { token: null, headers: { ...headers, cookie } });
    expect(withCookie.status).toBe(shape === null ? 200 : expected);
  });
});

describe('Other frontends', () => {
  const ask = (origin: string) =>
    config.OPTIONS(
      new Request('http://localhost/api/config', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization',
        },
      }),
    );

  it('come in from an exact origin of ALLOWED_ORIGINS, and from no other', async () => {
    process.env.ALLOWED_ORIGINS = 'https://desk.example.com, http://localhost:5173';
    for (const origin of ['https://desk.example.com', 'http://localhost:5173']) {
      const granted = await ask(origin);
      expect(granted.status).toBe(204);
      expect(Object.fromEntries(granted.headers)).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'GET, POST, PATCH, DELETE',
        'access-control-allow-headers': 'authorization, content-type',
        vary: 'Origin',
      });
      const answer = await call(config.GET, '/api/config', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      // A problem can be read over there as well.
      const refused = await call(config.GET, '/api/config', { token: null, headers: { origin } });
      expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, origin]);
    }
    for (const origin of [
      'https://desk.example.com.evil.example',
      'https://evil.example',
      'http://desk.example.com',
      'https://desk.example.com:8443',
      'null',
    ]) {
      expect((await ask(origin)).headers.get('access-control-allow-origin'), origin).toBeNull();
      const answer = await call(config.GET, '/api/config', { headers: { origin } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toBe('Origin');
    }
    delete process.env.ALLOWED_ORIGINS;
  });

  it.each([
    '*',
    'https://desk.example.com/',
    'desk.example.com',
    'https://*.example.com',
    'https://a.example,,',
    'null',
  ])('ALLOWED_ORIGINS "%s" is a sentence and 503, never a guess', async list => {
    process.env.ALLOWED_ORIGINS = list;
    const answer = await call(config.GET, '/api/config', { headers: { origin: 'https://desk.example.com' } });
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('ALLOWED_ORIGINS') } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await call(config.GET, '/api/config')).status, 'a caller that is no page').toBe(200);
    delete process.env.ALLOWED_ORIGINS;
  });
});
