// The dev server's way of answering, over real sockets and with functions of our own in place of api/.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, makeApp } from '../../scripts/server/app.js';
import { type Listening, listen } from '../../scripts/server/listen.js';
import { makeRoute } from '../../scripts/server/routes.js';
import { makeHeaderFinder } from '../../scripts/server/vercel-config.js';

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-app-'));
const log: string[] = [];
let app: App;
let listening: Listening;
let base: string;
let aborted = 0;
let finishedAfterwards = false;

const echo = async (request: Request) =>
  Response.json({
    url: request.url,
    method: request.method,
    body: await request.text(),
    for: request.headers.get('x-forwarded-for'),
  });

beforeAll(async () => {
  const publicDir = path.join(folder, 'public');
  mkdirSync(path.join(publicDir, 'assets'), { recursive: true });
  writeFileSync(path.join(publicDir, 'index.html'), '<html>page</html>');
  writeFileSync(path.join(publicDir, 'assets', 'app.js'), 'let page;');
  writeFileSync(path.join(publicDir, '.hidden'), 'hidden');
  writeFileSync(path.join(folder, 'secret.txt'), 'secret');
  symlinkSync(path.join(folder, 'secret.txt'), path.join(publicDir, 'link.txt'));
  app = makeApp({
    routes: [
      makeRoute('echo.ts', { GET: echo, POST: echo }),
      makeRoute('things/index.ts', { GET: echo }),
      makeRoute('things/[id]/index.ts', { GET: echo, DELETE: async () => new Response(null, { status: 204 }) }),
      makeRoute('things/[id]/toggle.ts', { POST: echo }),
      makeRoute('unread.ts', { POST: () => new Response('unread', { status: 413 }) }),
      makeRoute('broken.ts', {
        GET: () => {
          throw Object.assign(new Error('customer said: my secret text'), { code: '23505' });
        },
      }),
      makeRoute('cookies.ts', {
        GET: () =>
          new Response('x', {
            headers: [
              ['set-cookie', 'a=1'],
              ['set-cookie', 'b=2'],
              ['x-frame-options', 'SAMEORIGIN'],
            ],
          }),
      }),
      makeRoute('slow.ts', {
        GET: request =>
          new Promise(resolve => {
            request.signal.addEventListener('abort', () => {
              aborted += 1;
              resolve(new Response('late'));
            });
          }),
      }),
      makeRoute('afterwards.ts', {
        GET: async () => {
          const { waitUntil } = await import('@vercel/functions');
          const later = async () => {
            await new Promise(resolve => setTimeout(resolve, 50));
            finishedAfterwards = true;
          };
          waitUntil(later());
          waitUntil(Promise.reject(new Error('customer said: something')));
          return new Response('now');
        },
      }),
    ],
    publicDir,
    findHeaders: makeHeaderFinder([
      { source: '/(.*)', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] },
      { source: '/api/(.*)', headers: [{ key: 'X-Frame-Options', value: 'DENY' }] },
    ]),
    log: line => void log.push(line),
  });
  listening = await listen(app.listener, 0);
  base = `http://127.0.0.1:${listening.port}`;
});
afterAll(async () => {
  await listening.close(1_000, app.settle);
  rmSync(folder, { recursive: true });
});

describe('functions', () => {
  it('gives a placeholder’s text as a query, after the client’s own', async () => {
    const { url } = await (await fetch(`${base}/api/things/a%2Fb?x=1`)).json();
    expect(new URL(url).pathname).toBe('/api/things/a%2Fb');
    expect(new URL(url).search).toBe('?x=1&id=a%2Fb');
    const hostile = await (await fetch(`${base}/api/things/real?id=claimed`)).json();
    expect(new URL(hostile.url).searchParams.get('id')).toBe('claimed');
  });

  it('passes the body on to a function with a placeholder', async () => {
    const answer = await fetch(`${base}/api/things/7/toggle`, { method: 'POST', body: 'x'.repeat(700_000) });
    expect((await answer.json()).body).toHaveLength(700_000);
  });

  it('answers a missing method with a bare 405, and derives no HEAD', async () => {
    for (const [method, url] of [
      ['PUT', '/api/things'],
      ['HEAD', '/api/things'],
      ['OPTIONS', '/api/echo'],
      ['toString', '/api/echo'],
    ]) {
      const answer = await fetch(base + url, { method });
      expect([method, answer.status, await answer.text()]).toEqual([
        method,
        method === 'toString' ? 400 : 405,
        expect.any(String),
      ]);
    }
    expect(await (await fetch(`${base}/api/things`, { method: 'PUT' })).text()).toBe('');
    expect((await fetch(`${base}/api/things/7`, { method: 'DELETE' })).status).toBe(204);
  });

  it('knows no other paths', async () => {
    for (const unknown of ['/api', '/api/', '/api/nothing', '/api/things/1/2', '/api/echo.ts', '/api/echo/'])
      expect([unknown, (await fetch(base + unknown)).status]).toEqual([unknown, 404]);
  });

  it('answers a failure with a 500 that says nothing, and logs no message', async () => {
    const answer = await fetch(`${base}/api/broken`);
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const body = await answer.json();
    expect(body).toMatchObject({ code: 'internal', status: 500 });
    expect(log.join('\n')).toContain(`handler_failed ${body.instance} Error 23505`);
    expect(log.join('\n') + JSON.stringify(body)).not.toContain('secret text');
  });

  it('adds vercel.json’s headers, where the function has none of its own, and keeps every cookie', async () => {
    const { headers } = await fetch(`${base}/api/cookies`);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect((await fetch(`${base}/api/nothing`)).headers.get('x-frame-options')).toBe('DENY');
  });

  it('writes the sender’s address itself', async () => {
    const answer = await fetch(`${base}/api/echo`, { headers: { 'x-forwarded-for': '8.8.8.8' } });
    expect((await answer.json()).for).toBe('127.0.0.1');
  });

  it('tells a function when its client has gone', async () => {
    await expect(fetch(`${base}/api/slow`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    await app.settle();
    expect(aborted).toBe(1);
  });

  it('waits for what a function leaves to run after its answer', async () => {
    expect(await (await fetch(`${base}/api/afterwards`)).text()).toBe('now');
    await app.settle();
    expect(finishedAfterwards).toBe(true);
    expect(log.join('\n')).not.toContain('customer said: something');
  });
});

describe('the page', () => {
  it('serves the files of public/', async () => {
    const page = await fetch(base);
    expect([page.headers.get('content-type'), await page.text()]).toEqual([
      'text/html; charset=utf-8',
      '<html>page</html>',
    ]);
    const script = await fetch(`${base}/assets/app.js`);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const again = await fetch(`${base}/assets/app.js`, { headers: { 'if-none-match': script.headers.get('etag')! } });
    expect(again.status).toBe(304);
    const head = await fetch(`${base}/assets/app.js`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '9', '']);
    expect((await fetch(base, { method: 'POST' })).status).toBe(405);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%5csecret.txt',
    '/assets/%00',
    '/%E0%A4%A',
    '/link.txt',
    '/.hidden',
    '/assets',
    '/assets/',
    '/nothing',
  ])('gives nothing away at %s', async target => {
    expect(await raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 404 /,
    );
  });
});

describe('a socket', () => {
  it.each([
    ['an address elsewhere', 'GET http://elsewhere/ HTTP/1.1\r\nHost: localhost'],
    ['an address of two slashes', 'GET //elsewhere/api/echo HTTP/1.1\r\nHost: localhost'],
    ['a star', 'OPTIONS * HTTP/1.1\r\nHost: localhost'],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b'],
    ['a method that the web does not know', 'TRACE /api/echo HTTP/1.1\r\nHost: localhost'],
  ])('with %s is answered and the server lives on', async (_, head) => {
    expect(await raw(`${head}\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1.1 40[045] /);
    expect((await fetch(base)).status).toBe(200);
  });

  it('carries bytes in a header that are no ASCII', async () => {
    expect(
      await raw('GET /api/echo HTTP/1.1\r\nHost: localhost\r\nX-Odd: \xff\xfe\r\nConnection: close\r\n\r\n'),
    ).toMatch(/^HTTP\/1.1 200 /);
  });

  it('lets a sender read the answer that came before the end of what it sent', async () => {
    const answer = await fetch(`${base}/api/unread`, { method: 'POST', body: new Uint8Array(5_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, 'unread']);
    expect((await fetch(base)).status).toBe(200);
  });

  it('is cut off when a sender never stops', async () => {
    const socket = net.connect(listening.port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write('POST /api/unread HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`;
    const send = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.on('drain', send);
    send();
    await new Promise(resolve => socket.once('close', resolve));
    expect(socket.bytesWritten).toBeLessThan(64 * 1024 * 1024);
  });

  it('that breaks off in the middle of a body harms nothing', async () => {
    const socket = net.connect(listening.port, '127.0.0.1');
    socket.write('POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhalf');
    await new Promise(resolve => setTimeout(resolve, 50));
    socket.destroy();
    await app.settle();
    expect((await fetch(base)).status).toBe(200);
  });

  it('is refused where the port is taken, in a sentence', async () => {
    await expect(listen(() => {}, listening.port)).rejects.toThrow(`Port ${listening.port} is already in use`);
  });
});

/** Exactly these bytes, which no HTTP client would send. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = net.connect(listening.port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.on('data', data => {
      answer += data.toString('latin1');
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
