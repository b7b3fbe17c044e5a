/** The local Quo behaves as quo-api.md says that Quo does: its lists, its errors, its signatures, and what it does with a delivery. */
import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { createQuoClient, type QuoError } from '../../lib/quo/client.js';
import { normaliseItem } from '../../lib/quo/message.js';
import { parseWebhookSecrets, verifyDelivery } from '../../lib/quo/signatures.js';
import { type LocalQuo, type LocalQuoOptions, startLocalQuo } from '../../scripts/local-quo/server.js';
import type { QuoListItem } from '../../scripts/quo/encode.js';
import { openThread, SECRETS } from '../line/support/quo-line.js';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server.js';

let quo: LocalQuo;
let server: WebhookServer | undefined;
afterEach(async () => {
  await Promise.all([quo.close(), server?.close()]);
  server = undefined;
});

const start = async (options: LocalQuoOptions = {}) => {
  quo = await startLocalQuo(options);
};
const clientOf = ({ key, url }: { key: string; url: string }) => createQuoClient({ key, url });

/** `count` questions and answers of one customer, a minute apart. */
function talk(count: number, customer = 1): QuoListItem[] {
  const thread = openThread(customer);
  return Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? thread.asks(i, `question ${i}`) : thread.answers(i, `answer ${i}`),
  );
}

type Received = { headers: Headers; raw: Uint8Array; id: string };

/** Takes deliveries; `refuses` of them are answered 503 first. */
async function listenFor(refuses = 0): Promise<Received[]> {
  const received: Received[] = [];
  let left = refuses;
  server = await startWebhookServer(async request => {
    const raw = new Uint8Array(await request.arrayBuffer());
    const { data } = JSON.parse(new TextDecoder().decode(raw));
    received.push({ headers: request.headers, raw, id: (data.resource ?? data.object).id });
    return new Response('{}', { status: left-- > 0 ? 503 : 200 });
  });
  return received;
}

describe('its lists', () => {
  it('go newest first through the cursor, and a text that comes meanwhile shifts none', async () => {
    await start();
    const items = talk(120);
    quo.line.write(items);
    const found: string[] = [];
    for await (const page of clientOf(quo).listMessages({})) {
      expect(page.length).toBeLessThanOrEqual(50);
      found.push(...page.map(item => normaliseItem(item)!.id));
      quo.line.write([openThread(9).asks(500 + found.length, 'late')]);
    }
    expect(found).toEqual(items.map(item => item.id).reverse());
  });

  it('are filtered by line, customer and time', async () => {
    await start();
    quo.line.write([...talk(10, 1), ...talk(10, 2).map(item => ({ ...item, phoneNumberId: 'PNother' }))]);
    const idsOf = async (query: Parameters<ReturnType<typeof clientOf>['listMessages']>[0]) => {
      const ids: string[] = [];
      for await (const page of clientOf(quo).listMessages(query))
        ids.push(...page.map(item => normaliseItem(item)!.id));
      return ids;
    };
    expect(await idsOf({ phoneNumberId: 'PNother' })).toHaveLength(10);
    expect(await idsOf({ from: openThread(1).number })).toHaveLength(5);
    expect(await idsOf({ to: openThread(2).number })).toHaveLength(5);
    const [third, fifth] = [2, 4].map(index => new Date(talk(10)[index]!.createdAt));
    expect(await idsOf({ phoneNumberId: 'PNline', after: third!, before: fifth! })).toEqual(['AC1t004']);
  });

  it('name the numbers, and the users who wrote', async () => {
    await start();
    quo.line.write(talk(4));
    expect(await clientOf(quo).listNumbers()).toEqual([{ id: 'PNline', number: '+15550142000', name: 'Line 1' }]);
    expect(await clientOf(quo).listUsers()).toEqual([{ id: 'USanna', name: 'Ana Local', role: 'owner' }]);
  });
});

describe('its errors', () => {
  const ask = (path: string, headers: Record<string, string> = {}) =>
    fetch(quo.url + path, { headers: { authorization: quo.key, 'quo-api-version': '2026-03-30', ...headers } });

  it('come for a missing version before a wrong key, and for a revoked key from then on', async () => {
    await start();
    expect((await fetch(`${quo.url}/users`)).status).toBe(400);
    expect((await ask('/users', { authorization: `Bearer ${quo.key}` })).status).toBe(401);
    expect((await ask('/messages?limit=51')).status).toBe(400);
    await clientOf(quo).listUsers();
    quo.revokeKey();
    const error = (await clientOf(quo)
      .listUsers()
      .catch(thrown => thrown)) as QuoError;
    expect([error.code, error.message.includes('revoked')]).toEqual(['unauthorized', true]);
  });

  it('come for more than ten calls a second, which the client never makes', async () => {
    await start();
    const statuses = await Promise.all(Array.from({ length: 13 }, () => ask('/users').then(({ status }) => status)));
    expect(statuses.filter(status => status === 429)).toHaveLength(3);
    await new Promise(resolve => setTimeout(resolve, 1_000));
    quo.calls.length = 0;
    const client = clientOf(quo);
    await Promise.all(Array.from({ length: 12 }, () => client.listUsers()));
    expect(quo.calls.map(({ status }) => status)).toEqual(Array(12).fill(200));
  });

  it('come by chance when asked for, and the client tries again', async () => {
    await start({ trouble: { faults: 1 } });
    setTimeout(() => {
      quo.trouble.faults = 0;
    }, 300);
    await clientOf(quo).listUsers();
    expect(quo.calls.map(({ status }) => status)).toEqual([500, 200]);
  });

  it('come for anything that would write to a customer', async () => {
    await start();
    const body = JSON.stringify({ content: 'hello', from: 'PNline', to: ['+15551000001'] });
    const sent = await fetch(`${quo.url}/v1/messages`, { method: 'POST', headers: { authorization: quo.key }, body });
    expect(sent.status).toBe(404);
  });
});

describe('its webhooks', () => {
  it('are signed so that both of its schemes verify, the new one also by the package that Quo names', async () => {
    await start();
    const received = await listenFor();
    quo.subscribe(server!.url, 'standard', SECRETS.standard);
    quo.subscribe(server!.url, 'legacy', SECRETS.legacy);
    await quo.play(talk(2));
    const secrets = parseWebhookSecrets(`${SECRETS.standard},${SECRETS.legacy}`);
    expect(received).toHaveLength(4);
    for (const { headers, raw } of received) {
      const verified = verifyDelivery(headers, raw, secrets, Date.now());
      expect(verified).toMatchObject({ ok: true });
      if (verified.ok && verified.scheme === 'standard')
        new Webhook(SECRETS.standard).verify(Buffer.from(raw).toString(), Object.fromEntries(headers));
    }
  });

  it('are made through the API, shown without their secret, rotated, switched off and deleted', async () => {
    await start();
    const received = await listenFor();
    const call = async (method: string, path: string, body?: unknown) => {
      const headers = { authorization: quo.key, 'quo-api-version': '2026-03-30' };
      const response = await fetch(quo.url + path, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, data: text ? JSON.parse(text).data : null };
    };
    const made = await call('POST', '/webhooks', { url: server!.url, events: ['message.received'] });
    expect([made.status, made.data.key.startsWith('whsec_')]).toEqual([201, true]);
    const { id, key } = made.data;
    expect((await call('GET', `/webhooks/${id}`)).data.key).toBeUndefined();
    await quo.play(talk(2));
    expect(received.map(({ id }) => id)).toEqual(['AC1t001']);
    expect((await call('GET', `/webhooks/${id}/events`)).data).toMatchObject([
      { status: 'delivered', resourceId: 'AC1t001' },
    ]);
    expect((await call('POST', `/webhooks/${id}/rotate`)).data.key).not.toBe(key);
    await call('PATCH', `/webhooks/${id}`, { status: 'disabled' });
    await quo.play(talk(2, 2));
    expect(received).toHaveLength(1);
    expect((await call('DELETE', `/webhooks/${id}`)).status).toBe(204);
    const legacy = await call('POST', '/v1/webhooks/messages', { url: server!.url, events: ['message.delivered'] });
    await quo.play(talk(2, 3));
    expect([legacy.data.id.slice(0, 2), received.length]).toEqual(['WH', 2]);
    expect(JSON.parse(new TextDecoder().decode(received[1]!.raw)).apiVersion).toBe('v4');
  });

  it('are sent again under the same id until they are answered 2xx, and given up after eight attempts', async () => {
    await start();
    const received = await listenFor(3);
    const id = quo.subscribe(server!.url, 'standard');
    await quo.play(talk(1));
    expect(received.map(({ headers }) => headers.get('webhook-id'))).toEqual(
      Array(4).fill(received[0]!.headers.get('webhook-id')),
    );
    await server!.close();
    server = undefined;
    await quo.play(talk(1, 2));
    expect(quo.subscriptions.deliveries.get(id)).toMatchObject([
      { status: 'delivered', attempts: 4 },
      { status: 'failed', attempts: 8, responseStatusCode: 0 },
    ]);
  });

  it('are lost, doubled and disordered as asked, the same for the same seed, and what is lost is still in the list', async () => {
    const run = async () => {
      await start({ trouble: { drop: 0.1, duplicate: 0.2, disorderMinutes: 5, seed: 7 } });
      const received = await listenFor();
      quo.subscribe(server!.url, 'standard');
      await quo.play(talk(100));
      return received.map(({ id }) => id);
    };
    const first = await run();
    const all = talk(100).map(item => item.id);
    const lost = all.filter(id => !first.includes(id));
    expect(lost.length).toBeGreaterThan(3);
    expect(first.length).toBeGreaterThan(new Set(first).size + 8);
    expect([...new Set(first)]).not.toEqual(all.filter(id => first.includes(id)));
    expect(quo.line.messages).toHaveLength(100);
    await Promise.all([quo.close(), server!.close()]);
    expect(await run()).toEqual(first);
  });
});
