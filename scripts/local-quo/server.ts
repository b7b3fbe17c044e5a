/**
 * A Quo on this machine, for tests, demos and whoever wants to see what happens when deliveries are lost: the list, users, numbers
 * and webhook calls as documented, and real signatures. It is no part of what is deployed, and it sends nobody a text.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { QuoListItem } from '../quo/encode.js';
import { listen } from '../server/listen.js';
import { makeRandom } from '../server/replay-messages.js';
import { type Answer, refuse, type Version } from './answers.js';
import { answerCall } from './api.js';
import { makeDeliverer, NO_TROUBLE, type Trouble } from './deliver.js';
import { LocalLine } from './line.js';
import { type Scheme, Subscriptions } from './webhooks.js';

export type LocalQuoOptions = {
  port?: number;
  key?: string;
  trouble?: Partial<Trouble>;
  /** What Quo's waits between attempts are multiplied by; 0 tries again at once. */
  retryScale?: number;
  /** Calls a second that are answered, of one key; Quo's own is 10. */
  callsPerSecond?: number;
};

export type LocalQuo = {
  url: string;
  key: string;
  line: LocalLine;
  subscriptions: Subscriptions;
  /** Every call of the API, in order. */
  calls: { method: string; path: string; status: number }[];
  /** May be changed while it runs. */
  trouble: Trouble;
  /** Tells `url` of texts, by this scheme and secret. */
  subscribe(url: string, scheme: Scheme, secret?: string): string;
  /** Texts are written: they are in the list, and the subscribers are told. */
  play(items: readonly QuoListItem[], onProgress?: (done: number, total: number) => void): Promise<void>;
  /** From now on every key is refused. */
  revokeKey(): void;
  close(): Promise<void>;
};

const VERSION = '2026-03-30';
const BODY_LIMIT = 1_000_000;

export async function startLocalQuo(options: LocalQuoOptions = {}): Promise<LocalQuo> {
  const { port = 0, key = 'local-quo-key', retryScale = 0, callsPerSecond = 10 } = options;
  const trouble: Trouble = { ...NO_TROUBLE, ...options.trouble };
  const random = makeRandom(trouble.seed);
  const line = new LocalLine();
  const subscriptions = new Subscriptions();
  const deliverer = makeDeliverer(subscriptions, () => trouble, random, retryScale);
  const calls: LocalQuo['calls'] = [];
  const times: number[] = [];
  let isRevoked = false;

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const version: Version = url.pathname.startsWith('/v1/') ? 'v1' : VERSION;
    // Checked before the key; the older name of the header is another header.
    if (version === VERSION && request.headers['quo-api-version'] !== VERSION)
      return refuse(version, 400, 'Bad request', `The header Quo-Api-Version: ${VERSION} is missing.`);
    if (isRevoked || request.headers.authorization !== key)
      return refuse(version, 401, 'Unauthorized', 'The key is not known.');
    if (isOverLimit(times, callsPerSecond))
      return refuse(version, 429, 'Too many requests', `At most ${callsPerSecond} a second.`);
    if (random() < trouble.faults) return refuse(version, 500, 'Internal error', 'A fault on purpose.');
    const call = {
      method: request.method ?? 'GET',
      path: url.pathname.replace(/^\/v1/, ''),
      query: url.searchParams,
      body: await readBody(request),
    };
    return answerCall(call, version, line, subscriptions, deliverer);
  }

  const server = await listen((request, response) => {
    answer(request)
      .catch(() => refuse(VERSION, 400, 'Bad request', 'The body is not JSON.'))
      .then(answered => {
        calls.push({ method: request.method ?? '', path: request.url ?? '', status: answered.status });
        write(response, answered);
      });
  }, port);

  return {
    url: `http://127.0.0.1:${server.port}`,
    key,
    line,
    subscriptions,
    calls,
    trouble,
    subscribe: (url, scheme, secret) => subscriptions.create({ url, scheme, ...(secret && { key: secret }) })!.id,
    async play(items, onProgress) {
      await deliverer.deliver(line.write(items), onProgress);
    },
    revokeKey() {
      isRevoked = true;
    },
    close: () => server.close(0, async () => undefined),
  };
}

/** By the last second, whoever asks. */
function isOverLimit(times: number[], most: number): boolean {
  const now = performance.now();
  while (times.length > 0 && now - times[0]! >= 1_000) times.shift();
  if (times.length >= most) return true;
  times.push(now);
  return false;
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > BODY_LIMIT) throw new Error('too large');
  }
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function write(response: ServerResponse, { status, body, headers }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === null ? undefined : JSON.stringify(body));
}
