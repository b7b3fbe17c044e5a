/**
 * Stores messages that no delivery brought: hundreds in one transaction, each once, in the thread where its delivery would have
 * put it, and none of an erased customer. The law: again changes nothing, and what a delivery brings meanwhile is the same text.
 */
import { randomUUID } from 'node:crypto';
import { readFailure, Unavailable } from '../db/errors.js';
import { type BulkContext, type BulkWrite, findBulkContext, type KnownMessage, storeBulk } from '../db/history.js';
import { listCustomerKeys } from './customer-keys.js';
import type { QuoMessage } from './quo/message.js';
import { requireSchema } from './require-schema.js';

export type HistorySource = BulkWrite['source'];

export type StoredBulk = {
  /** Ids of what is new. */
  stored: string[];
  /** Were there already, from a delivery or an earlier time. */
  known: number;
  /** Left out: written before their customer was erased. */
  erased: number;
  /** Where all of them stand. */
  threadIds: string[];
};

/** Locks of one transaction: the embedded database has room for few. */
const MOST_MESSAGES = 500;
const MOST_PAIRS = 80;
const ATTEMPTS = 8;
/** Another writer holds a thread; nothing is broken. */
const LOCK_NOT_AVAILABLE = '55P03';
const UNNAMED_THREAD = /^TH[0-9a-f]{32}$/;

/** In the order of time within a pair of line and customer; those of one pair stand together, and of one id the first counts. */
export function splitIntoBulks(messages: readonly QuoMessage[]): QuoMessage[][] {
  const pairs = new Map<string, QuoMessage[]>();
  const seen = new Set<string>();
  for (const message of messages) {
    if (seen.has(message.id)) continue;
    seen.add(message.id);
    const pair = pairs.get(pairOf(message));
    if (pair) pair.push(message);
    else pairs.set(pairOf(message), [message]);
  }
  const bulks: QuoMessage[][] = [];
  let bulk: QuoMessage[] = [];
  let count = 0;
  for (const pair of pairs.values()) {
    pair.sort((a, b) => a.at.getTime() - b.at.getTime());
    for (let at = 0; at < pair.length; at += MOST_MESSAGES) {
      const part = pair.slice(at, at + MOST_MESSAGES);
      if (bulk.length + part.length > MOST_MESSAGES || count >= MOST_PAIRS) {
        bulks.push(bulk);
        bulk = [];
        count = 0;
      }
      bulk.push(...part);
      count += 1;
    }
  }
  return bulk.length > 0 ? [...bulks, bulk] : bulks;
}

/**
 * @param messages one of `splitIntoBulks`
 * @param isWriting false: says what would be stored, and stores nothing
 * @throws Unavailable where the database cannot be asked, or other writers kept being faster; nothing of the bulk is stored then
 */
export async function storeBulkOf(
  messages: readonly QuoMessage[],
  source: HistorySource,
  isWriting = true,
): Promise<StoredBulk> {
  return untilCommitted(async () => {
    const keys = listKeys(messages);
    const given = messages.map(({ id, threadId, lineId, customers }) => ({
      id,
      threadId,
      lineId,
      customer: customers.join(','),
    }));
    const context = await findBulkContext(given, [...new Set([...keys.values()].flat())]);
    requireSchema(context.level);
    const { write, result } = planBulk(messages, source, context, keys);
    if (isWriting && (write.messages.length > 0 || write.goodAgain.length > 0)) await storeBulk(write);
    return result;
  });
}

/** Reads, decides and writes again where another writer was faster. */
export async function untilCommitted<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      const failure = readFailure(error);
      if (failure.kind !== 'conflict' && failure.code !== LOCK_NOT_AVAILABLE) throw error;
      if (tries === ATTEMPTS) throw new Unavailable('Other writers kept changing the same threads: run it again.');
      await new Promise(resolve => setTimeout(resolve, Math.random() * 50 * tries));
    }
  }
}

function listKeys(messages: readonly QuoMessage[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { customers } of messages)
    if (!keys.has(customers.join(','))) keys.set(customers.join(','), listCustomerKeys(customers));
  return keys;
}

/** Pure but for the ids of new threads that no message names. */
function planBulk(
  messages: readonly QuoMessage[],
  source: HistorySource,
  context: BulkContext,
  keys: ReadonlyMap<string, string[]>,
): { write: BulkWrite; result: StoredBulk } {
  const known = new Map(context.messages.map(message => [message.id, message]));
  const erasedAt = new Map(context.tombstones.map(({ key, erasedAt }) => [key, Date.parse(erasedAt)]));
  const isOff = source === 'reconcile' && (context.config.enabled !== 'true' || context.isLatched);
  const isErased = ({ id, at, customers }: QuoMessage) =>
    known.get(id)?.status === 'erased' ||
    (!known.has(id) &&
      keys.get(customers.join(','))!.some(key => at.getTime() < (erasedAt.get(key) ?? Number.NEGATIVE_INFINITY)));
  const kept = messages.filter(message => !isErased(message));
  const fresh = kept.filter(({ id }) => !known.has(id));
  const changed = kept.filter(message => isNewerStatus(message, known.get(message.id)));
  const findThread = makeThreadFinder(fresh, context);
  const rows = [
    ...fresh.map(message => rowOf(message, findThread(message), isOff)),
    ...changed.map(message => rowOf(message, known.get(message.id)!.threadId, isOff)),
  ];
  const goodAgain = source === 'import' ? kept.flatMap(({ id }) => (known.get(id)?.isOff ? [id] : [])) : [];
  const threadIds = [...fresh.map(findThread), ...kept.flatMap(({ id }) => known.get(id)?.threadId ?? [])];
  return {
    write: {
      source,
      claims: listClaims(fresh, findThread, context),
      lines: listLines(fresh),
      messages: rows,
      goodAgain,
      unerased: listOldest(fresh, keys),
    },
    result: {
      stored: fresh.map(({ id }) => id),
      known: kept.length - fresh.length,
      erased: messages.length - kept.length,
      threadIds: [...new Set(threadIds)],
    },
  };
}

/** A delivery may have said only that a text was sent. */
function isNewerStatus({ status }: QuoMessage, known: KnownMessage | undefined): boolean {
  return known !== undefined && known.status !== status && FINAL.has(status) && !FINAL.has(known.status);
}

const FINAL: ReadonlySet<string> = new Set(['delivered', 'undelivered', 'failed', 'received']);

/** As a delivery finds it: the thread that it names, else the named one of its line and customer, else the unnamed one, else a new one. */
function makeThreadFinder(fresh: readonly QuoMessage[], { threads }: BulkContext): (message: QuoMessage) => string {
  const named = new Map<string, string[]>();
  const unnamed = new Map<string, string>();
  for (const { id, lineId, customer } of threads) {
    const pair = `${lineId} ${customer}`;
    if (UNNAMED_THREAD.test(id)) unnamed.set(pair, id);
    else named.set(pair, [...(named.get(pair) ?? []), id].sort());
  }
  for (const message of fresh) {
    const { threadId } = message;
    const pair = pairOf(message);
    if (threadId && !named.get(pair)?.includes(threadId))
      named.set(pair, [...(named.get(pair) ?? []), threadId].sort());
  }
  return message => {
    const pair = pairOf(message);
    const found = message.threadId ?? named.get(pair)?.[0] ?? unnamed.get(pair);
    if (found) return found;
    const id = `TH${randomUUID().replaceAll('-', '')}`;
    unnamed.set(pair, id);
    return id;
  };
}

function listClaims(
  fresh: readonly QuoMessage[],
  findThread: (message: QuoMessage) => string,
  { threads }: BulkContext,
): BulkWrite['claims'] {
  const versions = new Map(threads.map(({ id, version }) => [id, version]));
  const claims = new Map<string, BulkWrite['claims'][number]>();
  const adopted = new Set<string>();
  for (const message of fresh) {
    const id = findThread(message);
    const before = claims.get(id);
    const customer = message.customers.join(',');
    const orphan = threads.find(
      thread =>
        UNNAMED_THREAD.test(thread.id) &&
        thread.id !== id &&
        thread.lineId === message.lineId &&
        thread.customer === customer,
    )?.id;
    const adopts = before?.adopts ?? (orphan && !adopted.has(orphan) ? orphan : null);
    if (adopts) adopted.add(adopts);
    claims.set(id, {
      id,
      lineId: message.lineId,
      customer: before?.customer ?? customer,
      isGroup: message.isGroup || (before?.isGroup ?? false),
      expectedVersion: versions.get(id) ?? null,
      adopts,
    });
  }
  return [...claims.values()];
}

/** The business's own numbers, which nobody erases as a customer. */
function listLines(fresh: readonly QuoMessage[]): BulkWrite['lines'] {
  const lines = new Map<string, { lineId: string; number: string }>();
  for (const { isGroup, direction, from, to, lineId } of fresh) {
    const number = direction === 'incoming' ? to[0] : from;
    if (!isGroup && number) lines.set(`${lineId} ${number}`, { lineId, number });
  }
  return [...lines.values()];
}

function listOldest(fresh: readonly QuoMessage[], keys: ReadonlyMap<string, string[]>): BulkWrite['unerased'] {
  const oldest = new Map<string, Date>();
  for (const { customers, at } of fresh) {
    for (const key of keys.get(customers.join(',')) ?? []) {
      const before = oldest.get(key);
      if (!before || at < before) oldest.set(key, at);
    }
  }
  return [...oldest].map(([key, at]) => ({ key, at }));
}

function rowOf(message: QuoMessage, threadId: string, isOff: boolean): BulkWrite['messages'][number] {
  const { id, lineId, direction, text, actorId, isPerson, isGroup, hasMedia, status, at } = message;
  return { id, threadId, lineId, direction, text, actorId, isPerson, isGroup, hasMedia, status, at, isOff };
}

function pairOf({ lineId, customers }: QuoMessage): string {
  return `${lineId} ${customers.join(',')}`;
}
