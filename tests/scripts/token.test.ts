// `npm run token` against a running system: a token is shown once and works, and every refusal is a sentence.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScriptFile, SECRETS, type System, startSystem } from './support/system.js';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.close());

const token = (words: string[], env: Record<string, string> = { ADMIN_TOKEN: SECRETS.ADMIN_TOKEN }) =>
  runScriptFile('token.ts', ['--url', system.url, ...words], system.folder, env);
const status = async (path: string, secret: string) =>
  (await fetch(system.url + path, { headers: { authorization: `Bearer ${secret}` } })).status;

describe('a new token', () => {
  it('stands alone on standard output, opens what its role may see, and is found in the list by its name', async () => {
    const made = await token(['--name', 'Maria', '--role', 'operator', '--operator', 'US123', '--days', '90']);
    expect(made.code).toBe(0);
    expect(made.stdout).toMatch(/^v3pls_[A-Za-z0-9_-]{43}\n$/);
    expect(made.stderr).toMatch(/Maria {2}operator {2}US123 {2}made \d{4}-\d\d-\d\d {2}expires /);
    expect(made.stderr).toContain(`Sign-in link, for one use: ${system.url}/#code=v3l_`);
    const secret = made.stdout.trim();
    expect([await status('/api/patterns', secret), await status('/api/tokens', secret)]).toEqual([200, 403]);
    const { stdout } = await token(['--list']);
    expect(stdout).toContain('Maria  operator  US123');
    expect(stdout + made.stderr).not.toContain(secret);
  });

  it('opens nothing any more once it is revoked', async () => {
    const made = JSON.parse((await token(['--name', 'Guest', '--role', 'viewer', '--json'])).stdout);
    expect(Object.keys(made)).toEqual(expect.arrayContaining(['id', 'token', 'signInLink', 'expiresAt']));
    expect(await status('/api/patterns', made.token)).toBe(200);
    const revoked = await token(['--revoke', made.id]);
    expect([revoked.code, revoked.stdout]).toEqual([0, '']);
    expect(revoked.stderr).toContain(made.id);
    expect(await status('/api/patterns', made.token)).toBe(401);
    const { tokens } = JSON.parse((await token(['--list', '--json'])).stdout);
    expect(tokens.find(({ id }: { id: string }) => id === made.id).revokedAt).toMatch(/^\d{4}-/);
  });

  it('whose name was chosen to command the terminal is shown as text', async () => {
    await system.database.sql(
      `insert into access_tokens (name, role, token_hash, created_by) values ($1, 'viewer', repeat('0', 64), 'admin')`,
      ['\u001b[2JEve'],
    );
    const { stdout } = await token(['--list']);
    expect(stdout).toContain('�[2JEve');
    expect(stdout).not.toContain('\u001b');
  });
});

describe('a refusal is a sentence, without a stack trace or a secret', () => {
  const refused = async (words: string[], env?: Record<string, string>) => {
    const { code, stdout, stderr } = await token(words, env);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).not.toMatch(/^\s+at /m);
    return stderr;
  };

  it('for a wrong token (401)', async () => {
    expect(await refused(['--list'], { ADMIN_TOKEN: 'w'.repeat(32) })).toBe(
      `The token was refused (401): ADMIN_TOKEN here is not the one of ${system.url}.\n`,
    );
  });

  it('for a token of a lower role (403)', async () => {
    const { stdout } = await token(['--name', 'Ida', '--role', 'operator']);
    expect(await refused(['--list'], { ADMIN_TOKEN: stdout.trim() })).toContain('(403)');
  });

  it('for what the system does not accept (422), with every fault', async () => {
    const sentence = await refused(['--name', 'Maria', '--role', 'chief', '--operator', 'Maria']);
    expect(sentence).toMatch(/\(422\):\n {2}#\/role: .*\n {2}#\/operatorId: /);
  });

  it('for a token that is not there (404)', async () => {
    expect(await refused(['--revoke', '00000000-0000-4000-8000-000000000000'])).toContain('(404)');
  });

  it('for too many changes in a minute (429)', async () => {
    await system.database.sql(
      `insert into rate_limits (bucket, window_start, count) values ('write:admin', now(), 1000)
       on conflict (bucket) do update set count = 1000, window_start = now()`,
    );
    expect(await refused(['--name', 'Maria', '--role', 'viewer'])).toContain('(429): wait a minute');
    await system.database.sql('delete from rate_limits');
  });

  it('when nothing answers, when something else does, and when callers are sent on', async () => {
    const page = createServer((request, response) => {
      response.writeHead(request.url?.startsWith('/api/tokens') ? 401 : 404).end('<html>Sign in</html>');
    }).listen(0, '127.0.0.1');
    const moved = createServer((_, response) => {
      response.writeHead(308, { location: 'https://elsewhere.example/' }).end();
    }).listen(0, '127.0.0.1');
    await Promise.all([page, moved].map(server => new Promise(resolve => server.once('listening', resolve))));
    const at = (server: typeof page) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect(await refused(['--url', at(page), '--list'])).toContain('Deployment Protection');
    expect(await refused(['--url', at(moved), '--list'])).toContain(
      'sends its callers on to https://elsewhere.example/',
    );
    page.close();
    moved.close();
    expect(await refused(['--url', 'http://127.0.0.1:1', '--list'])).toMatch(
      /^Nothing answers at http:\/\/127.0.0.1:1: /,
    );
  });

  it('for an address over which the token could be read, before anything is sent', async () => {
    expect(await refused(['--url', 'http://desk.example.com', '--list'])).toContain('must begin with https://');
    expect(await refused(['--url', 'desk.example.com', '--list'])).toContain('--url is not an address');
  });

  it('for words that say nothing, or two things at once', async () => {
    for (const words of [[], ['--name', 'Maria'], ['--list', '--revoke', 'x'], ['--nmae', 'Maria']])
      expect(await refused(words)).toContain('npm run -s token -- --list');
    expect(await refused(['--name', 'Maria', '--role', 'viewer', '--days', 'some'])).toContain('--days takes');
    expect(await refused(['--list'], {})).toContain('There is no ADMIN_TOKEN');
  });
});
