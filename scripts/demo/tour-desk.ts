// What the tour's people do, each through the public API with a token of their own; only what a foreign program does is SQL.
import { sql } from 'drizzle-orm';
import { execute } from '../../db/client.js';
import { callApi, requireSuccess } from '../server/api-call.js';
import { Refusal } from '../server/refusal.js';
import { operatorId } from './build-sample-line.js';

export type Role = 'viewer' | 'operator' | 'admin';
export type FoundPattern = { id: string; version: number; triggerText: string; responseTemplate: string };
type Exchange = { id: string; threadId: string; customerText: string | null };
type NewToken = { id: string; name: string; role: Role; token: string; signInLink: string };

/** Ada owns the gym and decides; Nora answers texts. */
export type Who = 'Ada' | 'Nora';
export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** @param url where the server stands */
export async function openDesk(url: string) {
  const tokens: Partial<Record<Who, string>> = {};
  const call = async (token: string | undefined, method: string, path: string, body?: unknown): Promise<unknown> =>
    requireSuccess(await callApi(url, path, { method, token, body }), url);
  const as = (who: Who, method: string, path: string, body?: unknown) => call(tokens[who], method, path, body);

  /** The one with most exchanges among those whose question or answer holds these words. Throws a Refusal when there is none. */
  async function find(words: string, status = 'all'): Promise<FoundPattern> {
    const query = new URLSearchParams({ status, sort: 'evidence', limit: '1', q: words });
    const { patterns } = (await as('Ada', 'GET', `/api/patterns?${query}`)) as { patterns: FoundPattern[] };
    if (!patterns[0]) throw new Refusal(`The tour found no pattern that says "${words}": the sample line has changed.`);
    return patterns[0];
  }

  async function findExchange(words: string): Promise<Exchange> {
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
      const page = (await as('Nora', 'GET', `/api/exchanges?${query}`)) as {
        exchanges: Exchange[];
        nextCursor: string | null;
      };
      const found = page.exchanges.find(exchange => exchange.customerText?.includes(words));
      if (found) return found;
      cursor = page.nextCursor;
    } while (cursor);
    throw new Refusal(`The tour found nobody who asked "${words}": the sample line has changed.`);
  }

  return {
    /** Their tokens, minted by the first admin. */
    async hire() {
      for (const [name, role] of [
        ['Ada', 'admin'],
        ['Nora', 'operator'],
      ] as const) {
        const made = await mintToken(url, { name, role, ...(role === 'operator' && { operatorId: operatorId(name) }) });
        tokens[name] = made.token;
      }
    },
    find,
    configure: (values: Record<string, unknown>, reason: string) =>
      as('Ada', 'PATCH', '/api/config', { values, reason }),
    async approve(words: string, reason: string) {
      const { id, version } = await find(words);
      await as('Ada', 'POST', `/api/patterns/${id}/toggle`, { active: true, expectedVersion: version, reason });
    },
    async edit(words: string, change: Record<string, string>) {
      const { id, version } = await find(words);
      await as('Ada', 'PATCH', `/api/patterns/${id}`, { expectedVersion: version, ...change });
    },
    async merge(words: string, intoWords: string, reason: string) {
      const [from, into] = [await find(words), await find(intoWords)];
      const mergeInto = { id: into.id, expectedVersion: into.version };
      await as('Ada', 'PATCH', `/api/patterns/${from.id}`, { expectedVersion: from.version, mergeInto, reason });
    },
    async retire(words: string) {
      await as('Ada', 'DELETE', `/api/patterns/${(await find(words)).id}`);
    },
    async restorePattern(words: string, reason: string) {
      const { id, version } = await find(words, 'retired');
      await as('Ada', 'PATCH', `/api/patterns/${id}`, { expectedVersion: version, restore: true, reason });
    },
    async markExchange(words: string, reason: string) {
      const { id } = await findExchange(words);
      await as('Nora', 'PATCH', '/api/exchanges', { exchangeId: id, dontLearn: true, reason });
    },
    async markThread(words: string, reason: string) {
      const { threadId } = await findExchange(words);
      await as('Nora', 'PATCH', '/api/exchanges', { threadId, dontLearn: true, reason });
    },
    stopEverything: (reason: string) => as('Nora', 'POST', '/api/incidents', { action: 'rollback', reason }),
    check: (who: Who) => as(who, 'POST', '/api/incidents', { action: 'check' }),
    async restoreNewest(reason: string) {
      const { incidents } = (await as('Ada', 'GET', '/api/incidents')) as { incidents: { id: string }[] };
      await as('Ada', 'POST', '/api/incidents', { action: 'restore', incidentId: incidents[0]!.id, reason });
    },
    release: (reason: string) => as('Ada', 'POST', '/api/incidents', { action: 'release', reason }),
    /** What no code of ours can write: another program says that it executed this pattern by itself. */
    async plantExecution(words: string) {
      const { id } = await find(words);
      await execute(sql`insert into pattern_execution_history (pattern_id, was_auto_executed, execution_mode)
        values (${id}::uuid, true, 'auto')`);
    },
  };
}

/** A token that the first admin mints, with its one-time link. */
export async function mintToken(
  url: string,
  person: { name: string; role: Role; operatorId?: string },
): Promise<NewToken> {
  const token = process.env.ADMIN_TOKEN;
  return requireSuccess(await callApi(url, '/api/tokens', { method: 'POST', token, body: person }), url) as NewToken;
}
