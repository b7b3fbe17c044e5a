/**
 * What V3-PLS reads from Quo's API (2026-03-30): the workspace's numbers, its users, and messages page by page. The law: GET and
 * nothing else. Unknown keys are dropped, since Quo adds fields without asking.
 */
import * as z from 'zod';
import { makeRequests, type QuoAccess, QuoError, type QuoRequests } from './requests.js';

export { type QuoAccess, QuoError, type QuoFailure } from './requests.js';

export type QuoNumber = { id: string; number: string; name: string | null };
/** `name` is null where Quo has none. */
export type QuoUser = { id: string; name: string | null; role: string | null };

export type MessageQuery = {
  /** One line, `PN…`; without it, all of the workspace. */
  phoneNumberId?: string;
  /** Written later than this. */
  after?: Date;
  /** Written earlier than this. */
  before?: Date;
  /** Only texts that this number wrote, or was written to. */
  from?: string;
  to?: string;
};

export type QuoClient = {
  listNumbers(): Promise<QuoNumber[]>;
  listUsers(): Promise<QuoUser[]>;
  /** Newest first, up to 50 a page, as Quo gives them: `normaliseItem` reads them. */
  listMessages(query: MessageQuery): AsyncGenerator<unknown[]>;
};

const PAGE = '50';
/** Of a list that is read whole. */
const MOST_PAGES = 200;

const id = z.string().regex(/^[A-Za-z0-9_-]{1,255}$/);
const name = z.string().max(1_000).nullish();

const page = z.object({ data: z.array(z.unknown()).max(1_000), nextCursor: z.string().min(1).max(4_000).nullish() });

/** v1 named the field `number`. */
const number = z.object({
  id,
  phoneNumber: z.string().max(255).nullish(),
  number: z.string().max(255).nullish(),
  name,
});

const user = z.object({ id, firstName: name, lastName: name, role: z.string().max(100).nullish() });

/** Every call of the client throws QuoError, and nothing else. */
export function createQuoClient(access: QuoAccess): QuoClient {
  const ask = makeRequests(access);
  return {
    async listNumbers() {
      const numbers = await listWhole(ask, '/phone-numbers', number);
      return numbers.map(each => ({
        id: each.id,
        number: each.phoneNumber ?? each.number ?? '',
        name: each.name?.trim() || null,
      }));
    },
    async listUsers() {
      const users = await listWhole(ask, '/users', user);
      return users.map(({ id, firstName, lastName, role }) => ({
        id,
        name: [firstName, lastName].flatMap(part => part?.trim() || []).join(' ') || null,
        role: role ?? null,
      }));
    },
    listMessages: query => listPages(ask, '/messages', toParameters(query)),
  };
}

function toParameters({ phoneNumberId, after, before, from, to }: MessageQuery): Record<string, string> {
  return {
    ...(phoneNumberId && { phoneNumberId }),
    ...(from && { from }),
    ...(to && { to }),
    ...(after && { 'createdAt[gt]': after.toISOString() }),
    ...(before && { 'createdAt[lt]': before.toISOString() }),
  };
}

async function* listPages(
  ask: QuoRequests,
  path: string,
  query: Readonly<Record<string, string>>,
): AsyncGenerator<unknown[]> {
  let after: string | null = null;
  do {
    const answer = page.safeParse(await ask(path, { ...query, limit: PAGE, ...(after && { after }) }));
    if (!answer.success) throw unexpected(path);
    const { data, nextCursor } = answer.data;
    // A cursor that leads to itself would never end.
    if (nextCursor && nextCursor === after) throw unexpected(path);
    after = nextCursor ?? null;
    yield data;
  } while (after);
}

async function listWhole<T>(ask: QuoRequests, path: string, item: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  let pages = 0;
  for await (const data of listPages(ask, path, {})) {
    const parsed = z.array(item).safeParse(data);
    if (!parsed.success || ++pages > MOST_PAGES) throw unexpected(path);
    items.push(...parsed.data);
  }
  return items;
}

function unexpected(path: string): QuoError {
  return new QuoError(
    'unexpected',
    `Quo's answer to GET ${path} is not what is documented: is QUO_API_URL the address of its API?`,
  );
}
