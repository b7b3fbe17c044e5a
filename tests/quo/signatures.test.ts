/** Signatures of both schemes against fixed vectors and the independent `standardwebhooks` package. */
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { parseWebhookSecrets, verifyDelivery } from '../../lib/quo/signatures.js';
import { signHeaders } from '../../scripts/quo/sign.js';
import vectors from './vectors.json' with { type: 'json' };

const NOW_MS = 1_795_000_005_000;
const STANDARD_SECRET = vectors.standard.secret;
const LEGACY_SECRET = vectors.legacy.secret;
const OTHER_KEY = Buffer.alloc(32, 0xfe).toString('base64');
const BODY = vectors.standard.body;

const bytes = (text: string) => new TextEncoder().encode(text);
const verify = (
  headers: Record<string, string> | Headers,
  options: { secrets?: string; body?: string; now?: number } = {},
) =>
  verifyDelivery(
    new Headers(headers),
    bytes(options.body ?? BODY),
    parseWebhookSecrets(options.secrets ?? `${STANDARD_SECRET},${LEGACY_SECRET}`),
    options.now ?? NOW_MS,
  );

/** Standard headers by the package, which shares nothing with our code. */
function signByPackage(options: { id?: string; atMs?: number; secret?: string; body?: string } = {}) {
  const { id = 'msg_1', atMs = NOW_MS, secret = STANDARD_SECRET, body = BODY } = options;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, new Date(atMs), body),
  };
}

/** Legacy signature over exactly these characters of time, however odd. */
function signLegacyText(time: string, options: { secret?: string; body?: string } = {}) {
  const key = Buffer.from(options.secret ?? LEGACY_SECRET, 'base64');
  return createHmac('sha256', key)
    .update(`${time}.${options.body ?? BODY}`)
    .digest('base64');
}

const legacyHeaders = (time: string, signature = signLegacyText(time)) => ({
  'openphone-signature': `hmac;1;${time};${signature}`,
});

describe('genuine deliveries are accepted', () => {
  test.each([
    ['the standard', vectors.standard],
    ['the public Standard Webhooks', vectors.standardWebhooksSpecVector],
  ])('%s vector', (_name, vector) => {
    const result = verify(vector.headers, { secrets: vector.secret, body: vector.body, now: vector.verifyAtMs });
    expect(result).toEqual({ ok: true, scheme: 'standard', deliveryId: vector.headers['webhook-id'] });
  });

  test('the legacy vector, whose key has bytes from 0x80 up', () => {
    const { headers, secret, body, verifyAtMs } = vectors.legacy;
    expect(verify(headers, { secrets: secret, body, now: verifyAtMs })).toEqual({
      ok: true,
      scheme: 'legacy',
      deliveryId: null,
    });
  });

  test('the standardwebhooks package signs, we accept; our replay signs, the package accepts', () => {
    expect(verify(signByPackage())).toMatchObject({ ok: true, deliveryId: 'msg_1' });
    // The package reads the real clock.
    const ours = signHeaders('standard', STANDARD_SECRET, BODY, { deliveryId: 'msg_2', nowMs: Date.now() });
    expect(new Webhook(STANDARD_SECRET).verify(BODY, ours)).toEqual(JSON.parse(BODY));
  });

  test('the replay reproduces the fixed vectors of both schemes', () => {
    const { headers, secret, body } = vectors.standard;
    const standard = { deliveryId: headers['webhook-id'], nowMs: Number(headers['webhook-timestamp']) * 1000 };
    expect(signHeaders('standard', secret, body, standard)).toEqual(headers);
    const legacy = { deliveryId: 'unused', nowMs: 1_795_000_000_123 };
    expect(signHeaders('legacy', vectors.legacy.secret, vectors.legacy.body, legacy)).toEqual(vectors.legacy.headers);
  });

  test('a legacy time of ten digits is in seconds, of thirteen in milliseconds', () => {
    expect(verify(legacyHeaders('1795000005'))).toMatchObject({ ok: true, scheme: 'legacy' });
    expect(verify(legacyHeaders('1795000005000'))).toMatchObject({ ok: true, scheme: 'legacy' });
  });

  test('five minutes early or late is in time, a second more is stale', () => {
    for (const sign of [1, -1]) {
      expect(verify(signByPackage({ atMs: NOW_MS + sign * 300_000 })).ok).toBe(true);
      expect(verify(signByPackage({ atMs: NOW_MS + sign * 301_000 }))).toMatchObject({ reason: 'stale_timestamp' });
      expect(verify(legacyHeaders(String(NOW_MS + sign * 300_000))).ok).toBe(true);
      expect(verify(legacyHeaders(String(NOW_MS + sign * 300_001)))).toMatchObject({ reason: 'stale_timestamp' });
    }
  });

  test('the new scheme counts whole seconds, so the fraction of ours never makes a delivery late', () => {
    expect(verify(signByPackage({ atMs: NOW_MS - 300_000 }), { now: NOW_MS + 999 }).ok).toBe(true);
    expect(verify(signByPackage({ atMs: NOW_MS - 300_000 }), { now: NOW_MS + 1000 }).ok).toBe(false);
  });

  test('during a rotation either secret and any of several signatures is enough', () => {
    const secrets = `whsec_${OTHER_KEY},${STANDARD_SECRET},${OTHER_KEY},${LEGACY_SECRET}`;
    const ours = signByPackage();
    const other = signByPackage({ secret: `whsec_${OTHER_KEY}` })['webhook-signature'];
    expect(verify(ours, { secrets }).ok).toBe(true);
    const both = `v2,AAAA v1a,AAAA ${other} ${ours['webhook-signature']}`;
    expect(verify({ ...ours, 'webhook-signature': both }).ok).toBe(true);

    const time = '1795000005000';
    const stranger = `hmac;1;${time};${signLegacyText(time, { secret: OTHER_KEY })}`;
    const list = `hmac;2;${time};AAAA,${stranger},hmac;1;${time};${signLegacyText(time)}`;
    expect(verify({ 'openphone-signature': list }).ok).toBe(true);
    expect(verify(legacyHeaders(time), { secrets }).ok).toBe(true);
  });
});

describe('everything else is refused, with a reason and the names of the headers that were there', () => {
  test('no signature at all', () => {
    const expected = { ok: false, reason: 'no_signature', presentHeaders: [] };
    expect(verify({})).toEqual(expected);
    expect(verify({ authorization: 'Bearer x', 'svix-id': 'msg_1' })).toEqual(expected);
  });

  test('the digest that a latin1-string key gives is wrong', () => {
    const result = verify(legacyHeaders('1795000000123', vectors.legacy.wrongDigestFromLatin1StringKey), {
      body: vectors.legacy.body,
    });
    expect(result).toEqual({ ok: false, reason: 'bad_signature', presentHeaders: ['openphone-signature'] });
  });

  test('one webhook-* header is enough to rule out the legacy scheme, however genuine its signature', () => {
    const legacy = legacyHeaders('1795000005000');
    expect(verify({ ...legacy, 'webhook-id': 'msg_1' })).toEqual({
      ok: false,
      reason: 'malformed_header',
      presentHeaders: ['webhook-id', 'openphone-signature'],
    });
    expect(verify({ ...legacy, 'webhook-anything': '' }).ok).toBe(false);
    expect(verify({ ...legacy, ...signByPackage({ secret: `whsec_${OTHER_KEY}` }) })).toMatchObject({
      reason: 'bad_signature',
    });
  });

  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('%s missing, empty or doubled', name => {
    const without = new Headers(signByPackage());
    without.delete(name);
    const empty = new Headers(signByPackage());
    empty.set(name, '');
    const doubled = new Headers(signByPackage());
    doubled.append(name, doubled.get(name)!);
    for (const headers of [without, empty, doubled]) {
      expect(verify(headers)).toMatchObject({ ok: false, reason: 'malformed_header' });
    }
  });

  test('a doubled legacy header', () => {
    const headers = new Headers(legacyHeaders('1795000005000'));
    headers.append('openphone-signature', headers.get('openphone-signature')!);
    expect(verify(headers)).toMatchObject({ ok: false, reason: 'malformed_header' });
  });

  test('a time with letters, though the standardwebhooks package takes it', () => {
    // The package reads the real clock, so this test uses it too.
    const now = Date.now();
    const genuine = signByPackage({ atMs: now });
    const lax = { ...genuine, 'webhook-timestamp': `${genuine['webhook-timestamp']}abc` };
    expect(() => new Webhook(STANDARD_SECRET).verify(BODY, lax)).not.toThrow();
    expect(verify(genuine, { now }).ok).toBe(true);
    expect(verify(lax, { now })).toMatchObject({ ok: false, reason: 'malformed_header' });
  });

  test('an id with a dot, though the standardwebhooks package takes it', () => {
    const now = Date.now();
    const lax = signByPackage({ id: 'msg.1', atMs: now });
    expect(() => new Webhook(STANDARD_SECRET).verify(BODY, lax)).not.toThrow();
    expect(verify(lax, { now })).toMatchObject({ ok: false, reason: 'malformed_header' });
  });

  test('times that only look like numbers, even when signed as they stand', () => {
    for (const time of [
      '1795392000abc',
      '+1795000005',
      '-1795000005',
      '1795000005.0',
      '0x6afd0e85',
      '1.795e9',
      ' ',
      '٣',
    ]) {
      const encoded = encodeURIComponent(time) === time ? time : time.replace(/[^ -~]/g, '?');
      expect(verify(legacyHeaders(encoded)).ok, time).toBe(false);
      expect(verify({ ...signByPackage(), 'webhook-timestamp': encoded }).ok, time).toBe(false);
    }
    expect(verify(legacyHeaders('9'.repeat(400)))).toMatchObject({ reason: 'malformed_header' });
    expect(verify(legacyHeaders('9'.repeat(15)))).toMatchObject({ reason: 'stale_timestamp' });
    expect(verify(signByPackage(), { now: Number.NaN })).toMatchObject({ reason: 'stale_timestamp' });
  });

  test('an id of 256 characters (255 is the most)', () => {
    expect(verify(signByPackage({ id: 'a'.repeat(255) })).ok).toBe(true);
    expect(verify(signByPackage({ id: 'a'.repeat(256) }))).toMatchObject({ reason: 'malformed_header' });
  });

  test('a signature in any other spelling of the same bytes', () => {
    const genuine = signByPackage();
    const encoded = genuine['webhook-signature'].slice(3);
    // The last character before "=" carries two unused bits: these decode to the same bytes in Buffer.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const strayBits = `${encoded.slice(0, 42)}${alphabet[alphabet.indexOf(encoded[42]!) + 1]}=`;
    expect(Buffer.from(strayBits, 'base64')).toEqual(Buffer.from(encoded, 'base64'));
    const urlSafe = encoded.replaceAll('+', '-').replaceAll('/', '_');
    expect(urlSafe).not.toBe(encoded);
    for (const spelling of [
      strayBits,
      urlSafe,
      encoded.slice(0, -1),
      `${encoded}=`,
      `${encoded}AAAA`,
      encoded.toLowerCase(),
    ]) {
      expect(verify({ ...genuine, 'webhook-signature': `v1,${spelling}` }).ok, spelling).toBe(false);
    }
  });

  test('a genuine signature under another version, with junk beside it, or as the eleventh', () => {
    const genuine = signByPackage();
    const signature = genuine['webhook-signature'];
    const odd = [
      signature.replace('v1,', 'v2,'),
      signature.replace('v1,', 'V1,'),
      signature.replace('v1,', 'v1a,'),
      signature.slice(3),
      `${signature} x`,
      `${signature}  ${signature}`,
      `${signature},${signature}`,
      `v1,${' '}${signature.slice(3)}`,
      [...Array<string>(10).fill('v1,AAAA'), signature].join(' '),
    ];
    for (const header of odd) expect(verify({ ...genuine, 'webhook-signature': header }).ok, header).toBe(false);
    const legacy = legacyHeaders('1795000005000')['openphone-signature'];
    for (const header of [
      legacy.replace(';1;', ';2;'),
      legacy.replace('hmac', 'HMAC'),
      `${legacy},`,
      `${legacy};x`,
      `${legacy}, x`,
    ]) {
      expect(verify({ 'openphone-signature': header }).ok, header).toBe(false);
    }
  });

  test('a scheme for which no secret is set', () => {
    expect(verify(signByPackage(), { secrets: LEGACY_SECRET })).toMatchObject({ reason: 'no_secret_for_scheme' });
    expect(verify(legacyHeaders('1795000005000'), { secrets: STANDARD_SECRET })).toMatchObject({
      reason: 'no_secret_for_scheme',
    });
    expect(verifyDelivery(new Headers(signByPackage()), bytes(BODY), [], NOW_MS).ok).toBe(false);
  });

  test("one scheme's signature presented as the other's, under the same key", () => {
    const key = LEGACY_SECRET;
    const secrets = `whsec_${key},${key}`;
    const standard = signByPackage({ secret: `whsec_${key}` });
    const { 'webhook-timestamp': time, 'webhook-signature': signature } = standard;
    expect(verify(standard, { secrets }).ok).toBe(true);
    expect(verify(legacyHeaders(time, signature.slice(3)), { secrets }).ok).toBe(false);
    const legacy = { ...standard, 'webhook-signature': `v1,${signLegacyText(time)}` };
    expect(verify(legacy, { secrets }).ok).toBe(false);
  });
});
