/** Reads customer turns from the server, page by page, and keeps the filters in the address, so that a link leads to what it was made for. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ExchangePage } from '../../contract.js';
import type { paths } from '../../openapi.js';
import { api, ask } from '../../server/client.js';

type Query = NonNullable<paths['/api/exchanges']['get']['parameters']['query']>;

export type Filter = {
  [Key in 'decision' | 'reason' | 'agreement' | 'patternId' | 'operator' | 'learned']?: Query[Key] | undefined;
};

const PAGE_SIZE = 25;
const DECISIONS = ['would_reply', 'abstained'] as const;
const AGREEMENTS = ['agreed', 'disagreed', 'ignored'] as const;

/** What is no value of a filter is none: an address may come from anywhere. */
export function readFilter(query: URLSearchParams): Filter {
  const among = <Value extends string>(values: readonly Value[], name: string) =>
    values.find(value => value === query.get(name));
  const reason = query.get('reason');
  const patternId = query.get('patternId');
  return {
    decision: among(DECISIONS, 'decision'),
    agreement: among(AGREEMENTS, 'agreement'),
    reason: reason && /^[a-z_]{1,40}$/.test(reason) ? reason : undefined,
    patternId: patternId && /^[0-9a-f-]{36}$/i.test(patternId) ? patternId : undefined,
  };
}

/** @returns what follows the section's path: `?decision=abstained`, or nothing */
export function writeFilter(filter: Filter): string {
  const query = new URLSearchParams(Object.entries(filter).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size > 0 ? `?${query}` : '';
}

export type Turn = ExchangePage['exchanges'][number];
export type NamedPattern = ExchangePage['patterns'][number];
export type Patterns = ReadonlyMap<string, NamedPattern>;

/** @returns all turns that were read so far, newest first, and the patterns that they name */
export function useTurns(filter: Filter) {
  return useInfiniteQuery({
    queryKey: ['exchanges', filter],
    queryFn: ({ pageParam, signal }) =>
      readPage({ ...filter, ...(pageParam !== null && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    placeholderData: keepPreviousData,
    select: ({ pages }) => ({
      turns: withoutTwice(pages.flatMap(page => page.exchanges)),
      patterns: new Map(pages.flatMap(page => page.patterns.map(pattern => [pattern.id, pattern]))) as Patterns,
    }),
  });
}

async function readPage(query: Filter & { cursor?: string }, signal: AbortSignal): Promise<ExchangePage> {
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
  const page = await ask(api.GET('/api/exchanges', { params: { query: { ...given, limit: PAGE_SIZE } }, signal }));
  if (!('nextCursor' in page)) throw new Error('The recent turns were asked for, and something else came.');
  return page;
}

/** A turn that moved between two pages while they were read is shown once. */
function withoutTwice(turns: readonly Turn[]): Turn[] {
  return [...new Map(turns.map(turn => [turn.id, turn])).values()];
}
