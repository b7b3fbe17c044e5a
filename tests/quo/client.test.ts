/** Quo's API as it is read: page by page, paced, asked again where that helps, and never with anything but GET. */
import { describe, expect, it } from 'vitest';
import { createQuoClient, QuoError } from '../../lib/quo/client.js';

const KEY = 'a-key-that-nobody-may-see';
const URL_OF_QUO = 'https://quo.example.test';
const NUMBER = '+15551230000';

type Call = { url: URL; init: RequestInit; atMs: number };

/** Answers one call after the other; the last answer is repeated. */
function quoThat(...answers: ((url: URL) => Response)[]) {
  const calls: Call[] = [];
  const client = createQuoClient({
    key: KEY,
    url: URL_OF_QUO,
    fetch: async (address, init) => {
      const url = new URL(address);
      calls.push({ url, init, atMs: performance.now() });
      return answers[Math.min(calls.length, answers.length) - 1]!(url);
    },
  });
  return { client, calls };
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const refuse =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    json({ title: 'no', message: `about ${NUMBER}` }, status, { 'retry-after': '0', ...headers });

async function failure(work: Promise<unknown>): Promise<QuoError> {
  const error = await work.then(
    () => new Error('nothing failed'),
    thrown => thrown as Error,
  );
  expect(error).toBeInstanceOf(QuoError);
  return error as QuoError;
}

describe("Quo's API", () => {
  it('is asked with the raw key, in the version that is known, by GET', async () => {
    const { client, calls } = quoThat(() => json({ data: [], nextCursor: null }));
    await client.listUsers();
    const { url, init } = calls[0]!;
    expect(url.href).toBe(`${URL_OF_QUO}/users?limit=50`);
    expect(init).toMatchObject({ method: 'GET', redirect: 'error' });
    expect(init.headers).toMatchObject({ authorization: KEY, 'quo-api-version': '2026-03-30' });
    expect(init.body).toBeUndefined();
  });

  it('gives numbers and users, of both of its versions, without the keys that nobody asked for', async () => {
    const { client } = quoThat(
      () =>
        json({ data: [{ id: 'PN1', phoneNumber: NUMBER, name: ' Front desk ', groupId: 'x' }], nextCursor: 'more' }),
      () => json({ data: [{ id: 'PN2', number: '+15551230001', name: null, users: [{}] }] }),
      () =>
        json({
          data: [
            { id: 'US1', firstName: 'Ana', lastName: '', email: 'ana@example.com', role: 'member' },
            { id: 'US2' },
          ],
        }),
    );
    expect(await client.listNumbers()).toEqual([
      { id: 'PN1', number: NUMBER, name: 'Front desk' },
      { id: 'PN2', number: '+15551230001', name: null },
    ]);
    expect(await client.listUsers()).toEqual([
      { id: 'US1', name: 'Ana', role: 'member' },
      { id: 'US2', name: null, role: null },
    ]);
  });

  it('lists messages of a line, of a customer and of a time, and follows the cursor to its end', async () => {
    const { client, calls } = quoThat(
      () => json({ data: [{ id: 'AC3' }, { id: 'AC2' }], nextCursor: 'c+1/=' }),
      () => json({ data: [{ id: 'AC1' }], nextCursor: null }),
    );
    const query = {
      phoneNumberId: 'PN1',
      to: NUMBER,
      after: new Date('2026-09-01T00:00:00Z'),
      before: new Date('2026-10-01T00:00:00Z'),
    };
    const pages: unknown[][] = [];
    for await (const page of client.listMessages(query)) pages.push(page);
    expect(pages).toEqual([[{ id: 'AC3' }, { id: 'AC2' }], [{ id: 'AC1' }]]);
    expect(calls[0]!.url.search).toContain('to=%2B15551230000');
    expect(Object.fromEntries(calls[1]!.url.searchParams)).toEqual({
      phoneNumberId: 'PN1',
      to: NUMBER,
      'createdAt[gt]': '2026-09-01T00:00:00.000Z',
      'createdAt[lt]': '2026-10-01T00:00:00.000Z',
      limit: '50',
      after: 'c+1/=',
    });
  });

  it('is asked at most nine times a second, also by calls that are made at once', async () => {
    const { client, calls } = quoThat(() => json({ data: [] }));
    await Promise.all([client.listUsers(), client.listUsers(), client.listNumbers(), client.listUsers()]);
    for (const [index, call] of calls.entries())
      if (index > 0) expect(call.atMs - calls[index - 1]!.atMs).toBeGreaterThan(100);
    expect(calls).toHaveLength(4);
  });

  it('is asked again after 429 and 5xx, as late as it says', async () => {
    const { client, calls } = quoThat(refuse(429, { 'retry-after': '1' }), refuse(500), refuse(503), () =>
      json({ data: [{ id: 'US1' }] }),
    );
    expect(await client.listUsers()).toHaveLength(1);
    expect(calls).toHaveLength(4);
    expect(calls[1]!.atMs - calls[0]!.atMs).toBeGreaterThan(950);
  });

  it('is given up after six times, and at once where it wants more than a minute', async () => {
    const patient = quoThat(refuse(503));
    expect((await failure(patient.client.listUsers())).code).toBe('unreachable');
    expect(patient.calls).toHaveLength(6);
    const long = quoThat(refuse(429, { 'retry-after': '3600' }));
    expect((await failure(long.client.listUsers())).code).toBe('rate_limited');
    expect(long.calls).toHaveLength(1);
  });

  it.each([
    [401, 'unauthorized', 'QUO_API_KEY'],
    [402, 'forbidden', 'subscription'],
    [403, 'forbidden', 'may not read'],
    [404, 'unexpected', 'QUO_API_URL'],
    [400, 'unexpected', 'QUO_API_URL'],
  ])('that answers %s is asked once, and it is said in one sentence', async (status, code, word) => {
    const { client, calls } = quoThat(refuse(status));
    const error = await failure(client.listUsers());
    expect([error.code, calls.length]).toEqual([code, 1]);
    expect(error.message).toContain(word);
    for (const secret of [KEY, NUMBER]) expect(JSON.stringify([error.message, error.stack])).not.toContain(secret);
  });

  it.each([
    ['no JSON', () => new Response('<html>')],
    ['JSON without a list', () => json({ items: [] })],
    ['a cursor that leads to itself', () => json({ data: [], nextCursor: 'again' })],
    ['users without ids', () => json({ data: [{ firstName: 'Ana' }] })],
  ])('that answers %s is not believed', async (_, answer) => {
    expect((await failure(quoThat(answer).client.listUsers())).code).toBe('unexpected');
  });

  it('is not asked when the time is up, nor waited for beyond it', async () => {
    const calls: number[] = [];
    const client = createQuoClient({
      key: KEY,
      url: URL_OF_QUO,
      deadlineMs: performance.now() + 300,
      fetch: (_, { signal }) =>
        new Promise((_, reject) => {
          calls.push(1);
          signal!.addEventListener('abort', () => reject(signal!.reason));
        }),
    });
    const startedMs = performance.now();
    expect((await failure(client.listUsers())).code).toBe('out_of_time');
    expect((await failure(client.listUsers())).code).toBe('out_of_time');
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(calls).toHaveLength(1);
  });
});
