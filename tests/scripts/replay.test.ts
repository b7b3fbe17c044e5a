// The replay: what it refuses to read, in which order it delivers, and what it reports.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWebhookSecrets, verifyDelivery } from '../../lib/quo/signatures.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { readMessageFile } from '../../scripts/server/message-file.js';
import { chooseSigner, orderDeliveries, replayMessages } from '../../scripts/server/replay-messages.js';

const folder = mkdtempSync(path.join(tmpdir(), 'v3pls-replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STANDARD = `whsec_${Buffer.alloc(32, 200).toString('base64')}`;
const LEGACY = Buffer.alloc(32, 201).toString('base64');

const makeItem = (number: number, over: Partial<QuoListItem> = {}): QuoListItem => ({
  id: `AC${number}`,
  conversationId: 'CN1',
  phoneNumberId: 'PN1',
  direction: 'incoming',
  from: '+15550001111',
  to: ['+15550002222'],
  text: `text ${number}`,
  userId: null,
  status: 'received',
  createdAt: new Date(Date.UTC(2026, 10, 1) + number * 600_000).toISOString(),
  ...over,
});
const items = Array.from({ length: 50 }, (_, number) => makeItem(number));

const write = (name: string, content: string | Buffer) => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

describe('a message file', () => {
  const lines = items.slice(0, 2).map(item => JSON.stringify(item));

  it('is read plain or packed, with empty lines, missing and unknown fields', () => {
    const { userId, status, ...bare } = makeItem(3, { direction: 'outgoing' });
    const content = `${lines[0]}\n\n${lines[1]}\r\n${JSON.stringify({ ...bare, newField: 1 })}\n`;
    const expected = [items[0], items[1], { ...bare, userId: null, status: 'delivered' }];
    expect(readMessageFile(write('plain.jsonl', content))).toEqual(expected);
    expect(readMessageFile(write('packed.jsonl.gz', gzipSync(content)))).toEqual(expected);
  });

  it.each([
    ['no JSON', `${lines[0]}\n{"id":`, /line 2: this is not JSON/],
    ['no direction', `\n\n${JSON.stringify({ ...items[0], direction: 'up' })}`, /line 3: direction: /],
    ['no time', JSON.stringify({ ...items[0], createdAt: 'yesterday' }), /line 1: createdAt: is not a time/],
    ['no object', '[]', /line 1: the item: /],
  ])('with %s is refused with the number of the line', (_, content, sentence) => {
    expect(() => readMessageFile(write('bad.jsonl', content))).toThrow(sentence);
  });

  it('that is missing or not packed is refused in a sentence', () => {
    expect(() => readMessageFile(path.join(folder, 'none.jsonl'))).toThrow(/^There is no file /);
    expect(() => readMessageFile(write('fake.jsonl.gz', 'plain'))).toThrow(/is not a gzip file/);
  });
});

describe('the order of arrival', () => {
  it('is the file’s own without a seed', () => {
    expect(orderDeliveries(items, {})).toEqual(items);
    const doubled = orderDeliveries(items, { duplicateProbability: 1 });
    expect(doubled).toEqual(items.flatMap(item => [item, item]));
  });

  it('is shuffled within an hour, the same for the same seed', () => {
    const shuffled = orderDeliveries(items, { shuffleSeed: 7 });
    expect(shuffled).not.toEqual(items);
    expect(shuffled).toEqual(orderDeliveries(items, { shuffleSeed: 7 }));
    expect(shuffled).not.toEqual(orderDeliveries(items, { shuffleSeed: 8 }));
    expect([...shuffled].sort((one, other) => one.createdAt.localeCompare(other.createdAt))).toEqual(items);
    let latest = 0;
    for (const item of shuffled) {
      latest = Math.max(latest, Date.parse(item.createdAt));
      expect(latest - Date.parse(item.createdAt)).toBeLessThan(3_600_000);
    }
  });
});

describe('the secret', () => {
  it('is the first that fits', () => {
    expect(chooseSigner(`${STANDARD}, ${LEGACY}`)).toEqual({ scheme: 'standard', secret: STANDARD });
    expect(chooseSigner(`${LEGACY},${STANDARD}`)).toEqual({ scheme: 'legacy', secret: LEGACY });
    expect(chooseSigner(`${STANDARD},${LEGACY}`, 'legacy').secret).toBe(LEGACY);
    expect(() => chooseSigner(STANDARD, 'legacy')).toThrow('There is no secret for the legacy scheme');
    expect(() => chooseSigner('')).toThrow('There is no secret');
  });
});

describe('deliveries', () => {
  const received: { headers: Headers; body: Buffer }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: new Headers(request.headers as Record<string, string>), body: Buffer.concat(chunks) });
    const isSeventh = received.length % 7 === 0;
    response.writeHead(isSeventh ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: isSeventh ? 503 : 'accepted' }));
  });
  let url: string;
  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());

  it.each([
    ['standard', STANDARD],
    ['legacy', LEGACY],
  ] as const)('of the %s scheme are signed so that the verifier accepts them', async (scheme, secret) => {
    received.length = 0;
    await replayMessages(items.slice(0, 3), { url, signer: { scheme, secret } });
    for (const { headers, body } of received)
      expect(verifyDelivery(headers, body, parseWebhookSecrets(secret), Date.now())).toMatchObject({
        ok: true,
        scheme,
      });
  });

  it('are all counted, with every answer, in order and never twice under one id', async () => {
    received.length = 0;
    const seen: number[] = [];
    const signer = { scheme: 'standard' as const, secret: STANDARD };
    const report = await replayMessages(items, { url, signer, duplicateProbability: 1 }, done => void seen.push(done));
    expect(report).toMatchObject({ deliveries: 100, statuses: { 200: 86, 503: 14 }, results: { accepted: 86 } });
    expect(seen.at(-1)).toBe(100);
    expect(new Set(received.map(({ headers }) => headers.get('webhook-id'))).size).toBe(100);
  });

  it('end the command with 1 when an answer was not 200, with one JSON object and nothing else', async () => {
    received.length = 0;
    const file = write(
      'some.jsonl',
      items
        .slice(0, 10)
        .map(item => JSON.stringify(item))
        .join('\n'),
    );
    const failed = await run([file, '--url', url, '--json']);
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({ deliveries: 10, statuses: { 200: 9, 503: 1 } });
    expect(failed.stderr).toBe('');
    received.length = 0;
    expect(await run([write('one.jsonl', JSON.stringify(items[0])), '--url', url, '--json'])).toMatchObject({
      code: 0,
    });
  });

  it('that are refused for their signature say which variable to compare', async () => {
    const strict = createServer((_, response) => void response.writeHead(401).end('{}'));
    await new Promise<void>(resolve => strict.listen(0, '127.0.0.1', resolve));
    const file = write('refused.jsonl', JSON.stringify(items[0]));
    const url = `http://127.0.0.1:${(strict.address() as AddressInfo).port}`;
    const { code, stdout, stderr } = await run([file, '--url', url, '--json']);
    strict.close();
    expect([code, JSON.parse(stdout).statuses]).toEqual([1, { 401: 1 }]);
    expect(stderr).toMatch(
      /^1 refused \(401\): compare QUO_WEBHOOK_SECRETS here, its first secret of the standard scheme, /,
    );
  });

  it.each([
    [['nothing.jsonl', '--url', 'http://localhost:1'], 'There is no file nothing.jsonl.'],
    [['nothing.jsonl', '--url', 'nowhere'], '--url is not a valid address.'],
    [['nothing.jsonl', '--url', 'http://localhost:1', '--duplicate', '2'], '--duplicate takes a number from 0 to 1.'],
    [['nothing.jsonl', '--url', 'http://localhost:1', '--scheme', 'new'], '--scheme is standard or legacy.'],
  ])('asked for wrongly (%j) end in a sentence', async (args, sentence) => {
    expect(await run(args)).toEqual({ code: 1, stdout: '', stderr: `${sentence}\n` });
  });

  it('to nobody end in a sentence', async () => {
    const file = write('lonely.jsonl', JSON.stringify(items[0]));
    expect(await run([file, '--url', 'http://127.0.0.1:1'])).toMatchObject({
      code: 1,
      stderr: 'Nothing answers at http://127.0.0.1:1.\n',
    });
  });
});

function run(args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const script = fileURLToPath(new URL('../../scripts/replay.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    env: { ...process.env, QUO_WEBHOOK_SECRETS: STANDARD, DATA_DIR: folder, ADMIN_TOKEN: 'x', CRON_SECRET: 'x' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', data => {
    stdout += data;
  });
  child.stderr.on('data', data => {
    stderr += data;
  });
  return new Promise(resolve => child.on('close', code => resolve({ code, stdout, stderr })));
}
