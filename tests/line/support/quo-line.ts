/** A business's line as Quo would report it: texts of numbered customers, delivered signed by signers that share no code with the verifier. */
import { createHmac, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { POST } from '../../../api/webhook.js';
import { encodeEvent, type QuoDialect, type QuoListItem } from '../../../scripts/quo/encode.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';

/** Keys with bytes from 0x80 up: an implementation that makes a latin1 string of them fails. */
export const KEY = 'gabL8BU6X4SpzvMYPWKHrNH2G0Bliq/U+R5DaI2y1/w=';
export const SECOND_KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - i)).toString('base64');
export const SECRETS = { standard: `whsec_${KEY}`, legacy: SECOND_KEY };
export const LINE = '+15550142000';
export const LINE_ID = 'PNline';
/** 14 September 2026, 15:00 UTC, a Monday. */
export const START_MS = Date.UTC(2026, 8, 14, 15);

export function setLineEnvironment(): void {
  process.env.QUO_WEBHOOK_SECRETS = `${SECRETS.standard},${SECRETS.legacy}`;
  process.env.ADMIN_TOKEN = 'admin-token-of-the-tests-0123456789abcdef';
  process.env.CRON_SECRET = 'cron-secret-of-the-tests';
}

export type Item = QuoListItem;

/** One customer's thread; ids count up in the order in which texts are made. */
export function openThread(customer: number, startMs = START_MS) {
  const number = `+1555${String(1_000_000 + customer)}`;
  let count = 0;
  const item = (minute: number, changes: Partial<Item>): Item => ({
    id: `AC${customer}t${String(++count).padStart(3, '0')}`,
    conversationId: `CN${customer}`,
    phoneNumberId: LINE_ID,
    direction: 'incoming',
    from: number,
    to: [LINE],
    text: '',
    userId: null,
    status: 'received',
    createdAt: new Date(startMs + minute * 60_000).toISOString(),
    ...changes,
  });
  return {
    number,
    threadId: `CN${customer}`,
    asks: (minute: number, text: string, changes: Partial<Item> = {}) => item(minute, { text, ...changes }),
    answers: (minute: number, text: string, changes: Partial<Item> = {}) =>
      item(minute, {
        direction: 'outgoing',
        from: LINE,
        to: [number],
        userId: 'USanna',
        status: 'delivered',
        text,
        ...changes,
      }),
  };
}

export type DeliverOptions = { dialect?: QuoDialect; deliveryId?: string; headers?: Record<string, string> };

/** @returns the HTTP status and the JSON that was answered */
export async function deliver(item: Item, options: DeliverOptions = {}) {
  const dialect = options.dialect ?? 'standard';
  return deliverBody(encodeEvent(item, dialect), {
    ...options,
    scheme: dialect === 'standard' ? 'standard' : 'legacy',
  });
}

export async function deliverBody(
  body: string | Uint8Array,
  options: { scheme?: 'standard' | 'legacy'; deliveryId?: string; headers?: Record<string, string> } = {},
) {
  const headers = options.headers ?? sign(body, options.scheme ?? 'standard', options.deliveryId);
  const response = await POST(
    new Request('http://localhost/api/webhook', { method: 'POST', headers, body: Buffer.from(body as string) }),
  );
  const text = await response.text();
  return {
    status: response.status,
    body: JSON.parse(text) as { status?: string; code?: string; detail?: string },
    text,
    response,
  };
}

export function sign(
  body: string | Uint8Array,
  scheme: 'standard' | 'legacy',
  deliveryId = `msg_${randomUUID()}`,
  nowMs = Date.now(),
): Record<string, string> {
  if (scheme === 'legacy') {
    const signature = createHmac('sha256', Buffer.from(SECRETS.legacy, 'base64'))
      .update(Buffer.concat([Buffer.from(`${nowMs}.`), Buffer.from(body as string)]))
      .digest('base64');
    return { 'openphone-signature': `hmac;1;${nowMs};${signature}` };
  }
  const seconds = String(Math.floor(nowMs / 1000));
  // The package signs strings; bytes that are no UTF-8 are signed by hand.
  const signature =
    typeof body === 'string'
      ? new Webhook(SECRETS.standard).sign(deliveryId, new Date(Number(seconds) * 1000), body)
      : `v1,${createHmac('sha256', Buffer.from(KEY, 'base64'))
          .update(Buffer.concat([Buffer.from(`${deliveryId}.${seconds}.`), Buffer.from(body)]))
          .digest('base64')}`;
  return { 'webhook-id': deliveryId, 'webhook-timestamp': seconds, 'webhook-signature': signature };
}

/** A migrated database of its own, in use, with learning on. */
export async function createLine(): Promise<TestDatabase> {
  setLineEnvironment();
  const db = await createTestDatabase();
  // A copy has the template's identity, and a warm matcher would take one copy for the other.
  await db.sql('update learning_state set identity = gen_random_uuid()');
  await db.use();
  await setLearning(db, true);
  return db;
}

export async function setLearning(db: TestDatabase, enabled: boolean): Promise<void> {
  await db.sql(`update pattern_learning_config set config_value = $1 where config_key = 'enabled'`, [String(enabled)]);
}

export type ExchangeRow = {
  key: string;
  thread: string;
  customer: string[];
  operator: string[];
  afterWindow: boolean;
  skipped: string | null;
  credited: boolean;
};

/** The exchanges that stand, in time order. */
export function readExchanges(db: TestDatabase, threadId?: string): Promise<ExchangeRow[]> {
  return db.sql<ExchangeRow>(
    `select key, thread_id as thread, customer_message_ids as customer, operator_message_ids as operator,
       is_after_window as "afterWindow", skipped, pattern_id is not null as credited
     from exchanges where not is_withdrawn and ($1::text is null or thread_id = $1) order by started_at, key`,
    [threadId ?? null],
  );
}

export async function count(db: TestDatabase, what: string, params: unknown[] = []): Promise<number> {
  const [row] = await db.sql<{ n: string }>(`select count(*) as n from ${what}`, params);
  return Number(row!.n);
}

/** Calls the cron as Vercel does. */
export async function runCron() {
  const { GET } = await import('../../../api/cron/safety.js');
  const response = await GET(
    new Request('http://localhost/api/cron/safety', {
      headers: { authorization: `Bearer ${process.env.CRON_SECRET}` },
    }),
  );
  return {
    status: response.status,
    body: (await response.json()) as { status: string; checks: { id: string; violations: number }[] },
  };
}

/** mulberry32 (Tommy Ettinger, public domain): the same seed, the same shuffle. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
