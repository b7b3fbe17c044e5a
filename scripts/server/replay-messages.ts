// Posts a list of Quo's messages as signed deliveries, as Quo itself would: for the replay command, the demo and tests.
import { randomBytes } from 'node:crypto';
import { encodeEvent, type QuoListItem } from '../quo/encode.js';
import { signHeaders } from '../quo/sign.js';
import { Refusal } from './refusal.js';

export type Scheme = 'standard' | 'legacy';
export type Signer = { scheme: Scheme; secret: string };
export type ReplayOptions = {
  /** Where the system stands, `http://localhost:3000` say. */
  url: string;
  signer: Signer;
  /** Deliveries on their way at once; 1 keeps the order. */
  concurrency?: number;
  /** Makes the order of arrival random within an hour, the same for the same number. */
  shuffleSeed?: number;
  /** 0 to 1: how many deliveries come a second time, with another delivery id. */
  duplicateProbability?: number;
  signal?: AbortSignal;
};
export type ReplayReport = {
  deliveries: number;
  /** Counted by HTTP status; `unreachable` for those that got no answer. */
  statuses: Record<string, number>;
  /** Counted by what a 200 said: accepted, duplicate, ignored, quarantined. */
  results: Record<string, number>;
  seconds: number;
  msPerDelivery: number;
};

const SHUFFLE_WITHIN_MS = 3_600_000;
const ANSWER_LIMIT_MS = 30_000;

/** Throws a Refusal when nothing answers at `url` at all; everything else is counted in the report. */
export async function replayMessages(
  items: readonly QuoListItem[],
  options: ReplayOptions,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<ReplayReport> {
  const { url, signer, concurrency = 1, signal } = options;
  const deliveries = orderDeliveries(items, options);
  const target = new URL('/api/webhook', url).href;
  const statuses: Record<string, number> = {};
  const results: Record<string, number> = {};
  const startedAt = performance.now();
  let next = 0;
  let done = 0;

  async function work(): Promise<void> {
    while (next < deliveries.length && !signal?.aborted) {
      const item = deliveries[next]!;
      next += 1;
      const { status, result } = await deliver(item, target, signer);
      if (status === 'unreachable' && done === 0) throw new Refusal(`Nothing answers at ${new URL(url).origin}.`);
      count(statuses, status);
      if (result) count(results, result);
      done += 1;
      onProgress(done, deliveries.length);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work));

  const elapsedMs = performance.now() - startedAt;
  return {
    deliveries: done,
    statuses,
    results,
    seconds: Math.round(elapsedMs / 100) / 10,
    msPerDelivery: done === 0 ? 0 : Math.round((elapsedMs / done) * 100) / 100,
  };
}

/** The order of arrival: the file's own, or with a seed the event time plus up to an hour. */
export function orderDeliveries(
  items: readonly QuoListItem[],
  { shuffleSeed, duplicateProbability = 0 }: Pick<ReplayOptions, 'shuffleSeed' | 'duplicateProbability'>,
): QuoListItem[] {
  const random = makeRandom(shuffleSeed ?? 1);
  const repeated = items.flatMap(item => (random() < duplicateProbability ? [item, item] : [item]));
  if (shuffleSeed === undefined) return repeated;
  return repeated
    .map(item => ({ item, arrivalMs: Date.parse(item.createdAt) + random() * SHUFFLE_WITHIN_MS }))
    .sort((one, other) => one.arrivalMs - other.arrivalMs)
    .map(({ item }) => item);
}

/** The first secret that fits the scheme, or the first of all. Throws a Refusal when there is none. */
export function chooseSigner(secrets: string | undefined, scheme?: Scheme): Signer {
  const signers = (secrets ?? '')
    .split(',')
    .map(secret => secret.trim())
    .filter(secret => secret !== '')
    .map((secret): Signer => ({ scheme: secret.startsWith('whsec_') ? 'standard' : 'legacy', secret }));
  const chosen = signers.find(signer => scheme === undefined || signer.scheme === scheme);
  if (chosen) return chosen;
  const kind = scheme ? ` for the ${scheme} scheme` : '';
  throw new Refusal(`There is no secret${kind}: set QUO_WEBHOOK_SECRETS, or DATA_DIR to that of the server.`);
}

async function deliver(item: QuoListItem, target: string, { scheme, secret }: Signer) {
  const body = encodeEvent(item, scheme === 'standard' ? 'standard' : 'v3');
  const deliveryId = `msg_${randomBytes(13).toString('hex')}`;
  try {
    const response = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...signHeaders(scheme, secret, body, { deliveryId, nowMs: Date.now() }),
      },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    const answer = (await response.json().catch(() => undefined)) as { status?: unknown } | undefined;
    const result = response.status === 200 && typeof answer?.status === 'string' ? answer.status : undefined;
    return { status: String(response.status), result };
  } catch {
    return { status: 'unreachable', result: undefined };
  }
}

function count(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state are plenty for an order of arrival. */
export function makeRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
