/**
 * Only the sender's bytes are acted on: random mutations of genuine deliveries, none of which may be accepted.
 * QUO_MUTATIONS sets how many (100,000 by default, about 1.3 s), QUO_SEED the run.
 */
import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { parseWebhookSecrets, verifyDelivery, type WebhookSecret } from '../../lib/quo/signatures.js';
import { createRandom, type Random } from './random.js';

const COUNT = Number(process.env.QUO_MUTATIONS ?? 100_000);
const SEED = Number(process.env.QUO_SEED ?? 1);
const NOW_MS = 1_795_000_005_000;
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
/** What a header may hold, with the schemes' own separators made frequent. */
const HEADER_CHARACTERS = [...' !"#$%&\'()*+,-./0123456789:;<=>?@ABCXYZ[]^_`abcvxyz{|}~\t,,;;  ..==+/'];

type Delivery = { headers: Record<string, string>; body: Uint8Array; secret: string; nowMs: number };

function makeGenuine(random: Random): Delivery {
  const key = Buffer.from(random.bytes(random.choose([16, 24, 32, 64]))).toString('base64');
  const body = JSON.stringify({ id: `EV${random.pick(1e9)}`, text: 'Is it open? ☕'.repeat(random.pick(4)) });
  const nowMs = NOW_MS + random.pick(1000);
  const atMs = nowMs + random.pick(600_001) - 300_000;
  if (random.pick(2) === 0) {
    const id = Array.from({ length: 1 + random.pick(40) }, () => random.choose([...ID_CHARACTERS])).join('');
    const seconds = Math.round(atMs / 1000);
    const at = Math.min(Math.max(seconds, Math.floor(nowMs / 1000) - 300), Math.floor(nowMs / 1000) + 300) * 1000;
    const signature = new Webhook(key).sign(id, new Date(at), body);
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(at / 1000), 'webhook-signature': signature };
    return { headers, body: Buffer.from(body), secret: `whsec_${key}`, nowMs };
  }
  const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(`${atMs}.${body}`).digest('base64');
  const headers = { 'openphone-signature': `hmac;1;${atMs};${signature}` };
  return { headers, body: Buffer.from(body), secret: key, nowMs };
}

function mutateText(random: Random, text: string): string {
  const at = random.pick(text.length + 1);
  const character = random.choose(HEADER_CHARACTERS);
  switch (random.pick(7)) {
    case 0:
      return text.slice(0, at) + character + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.pick(3));
    case 2:
      return text.slice(0, at) + character + text.slice(at + 1);
    case 3:
      return text.slice(0, at) + text.slice(at).toUpperCase();
    case 4:
      return text.slice(0, at);
    case 5:
      return text.slice(at) + text.slice(0, at);
    default:
      // A digit or a letter one further: the nearest miss of a time or of base64.
      return (
        text.slice(0, at) +
        String.fromCharCode(Math.max(32, Math.min(126, text.charCodeAt(at) + 1 || 65))) +
        text.slice(at + 1)
      );
  }
}

function mutateBytes(random: Random, body: Uint8Array): Uint8Array {
  const bytes = [...body];
  const at = random.pick(bytes.length);
  switch (random.pick(4)) {
    case 0:
      bytes[at]! ^= 1 << random.pick(8);
      break;
    case 1:
      bytes.splice(at, 1 + random.pick(4));
      break;
    case 2:
      bytes.splice(at, 0, random.choose([0x20, 0x0a, 0x2e, 0x00, 0x7b, random.pick(256)]));
      break;
    default:
      bytes.push(random.choose([0x0a, 0x20, 0x00, 0x7d]));
  }
  return Uint8Array.from(bytes);
}

/** A header sent twice, or one to three changes; the caller drops the rare result that equals its origin. */
function mutate(random: Random, genuine: Delivery): Delivery {
  const mutant: Delivery = { ...genuine, headers: { ...genuine.headers } };
  if (random.pick(7) === 0) {
    const name = random.choose(Object.keys(mutant.headers));
    // Alone: if a further change took the blank away, it would be a list with the genuine signature in it, as it stands.
    mutant.headers[name] = `${mutant.headers[name]}, ${mutant.headers[name]}`;
    return mutant;
  }
  for (let change = 0; change <= random.pick(3); change++) {
    const name = random.choose(Object.keys(mutant.headers));
    switch (random.pick(6)) {
      case 0:
      case 1:
        mutant.headers[name] = mutateText(random, mutant.headers[name]!);
        break;
      case 2:
        mutant.body = mutateBytes(random, mutant.body);
        break;
      case 3:
        mutant.secret = mutateText(random, mutant.secret);
        break;
      case 4:
        // The same delivery at another time of ours; its clock may still be within five minutes, so never alone.
        mutant.nowMs += random.pick(1000) - 500;
        mutant.body = mutateBytes(random, mutant.body);
        break;
      default:
        if (Object.keys(mutant.headers).length > 1) delete mutant.headers[name];
        else mutant.headers['webhook-id'] = 'msg_1';
    }
  }
  return mutant;
}

/** By what counts: Headers trims blanks at both ends of a value, as HTTP does. */
function isSame(a: Delivery, b: Delivery): boolean {
  const flat = (d: Delivery) => JSON.stringify([[...new Headers(d.headers)].sort(), findHmacKey(d.secret)]);
  return flat(a) === flat(b) && Buffer.compare(a.body, b.body) === 0;
}

/** HMAC fills keys of up to 64 bytes with zeros (RFC 2104 §2), so a key and the same with a zero behind it are one key. */
function findHmacKey(secret: string): string | undefined {
  const parsed = readSecrets(secret)?.[0];
  return parsed && `${parsed.scheme} ${parsed.key.toString('hex').padEnd(128, '0')}`;
}

function readSecrets(list: string): WebhookSecret[] | null {
  try {
    return parseWebhookSecrets(list);
  } catch {
    return null;
  }
}

function isAccepted(delivery: Delivery): boolean {
  const secrets = readSecrets(delivery.secret);
  if (secrets === null) return false;
  return verifyDelivery(new Headers(delivery.headers), delivery.body, secrets, delivery.nowMs).ok;
}

test(`0 of ${COUNT} mutations of header, id, time, body or secret are accepted, and every genuine delivery is`, () => {
  const random = createRandom(SEED);
  const refusedGenuine: Delivery[] = [];
  const acceptedMutants: { genuine: Delivery; mutant: Delivery }[] = [];
  const genuineOf = { standard: 0, legacy: 0 };
  let mutants = 0;
  while (mutants < COUNT) {
    const genuine = makeGenuine(random);
    genuineOf['webhook-id' in genuine.headers ? 'standard' : 'legacy']++;
    if (!isAccepted(genuine)) refusedGenuine.push(genuine);
    for (let i = 0; i < 20; i++) {
      const mutant = mutate(random, genuine);
      if (isSame(genuine, mutant)) continue;
      mutants++;
      if (isAccepted(mutant)) acceptedMutants.push({ genuine, mutant });
    }
  }
  expect(acceptedMutants).toEqual([]);
  expect(refusedGenuine).toEqual([]);
  expect(Math.min(genuineOf.standard, genuineOf.legacy)).toBeGreaterThan(COUNT / 100);
}, 120_000);

test('headers of pure noise are refused without an exception', () => {
  const random = createRandom(SEED + 1);
  const secrets = parseWebhookSecrets(`whsec_${'A'.repeat(32)},${'A'.repeat(32)}`);
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'openphone-signature', 'webhook-x'];
  for (let i = 0; i < 2000; i++) {
    const headers = new Headers();
    for (let n = random.pick(4); n >= 0; n--) {
      // No line breaks and no NUL, which Headers (and HTTP) refuse before us; Latin-1 bytes pass.
      const noise = String.fromCharCode(...random.bytes(random.pick(80)).map(byte => (byte < 32 ? 59 : byte)));
      headers.append(random.choose(names), noise);
    }
    expect(verifyDelivery(headers, random.bytes(random.pick(50)), secrets, NOW_MS).ok).toBe(false);
  }
});
