/**
 * A list of patterns as somebody filters it: at once from what is loaded, then from the server, page by page. The law: what
 * only the page itself answered is marked as such.
 */
import {
  infiniteQueryOptions,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { Pattern } from '../contract.js';
import { api, ask } from '../server/client.js';
import { answerFrom, type Filters, NO_FILTERS, toQuery } from './filters.js';
import { PATTERN_LISTS, useKnownPatterns } from './listed.js';

/** Letters typed quicker than this are one question to the server. */
const TYPING_PAUSE_MS = 150;
const MOST_REREAD_PAGES = 4;
/** More than a screen holds, and few enough to be drawn while somebody types. */
const PROVISIONAL_SIZE = 10;

export type PatternList = {
  patterns: readonly Pattern[];
  /** Only from what was loaded before: the server has not answered yet, or could not. */
  isProvisional: boolean;
  /** Nothing can be shown yet. */
  isLoading: boolean;
  error: Error | null;
  retry: () => void;
  hasMore: boolean;
  loadMore: () => void;
  isLoadingMore: boolean;
};

/** @param pageSize at most 100, as the server has it */
export function usePatternList(filters: Filters, pageSize: number): PatternList {
  const asked = usePaused(filters);
  const list = useInfiniteQuery(listOptions(asked, pageSize));
  const readKnown = useKnownPatterns();
  const isAnswered = list.data !== undefined && asked === filters;
  const pages = isAnswered ? list.data.pages : null;
  const patterns = useMemo(
    () => (pages ? unite(pages) : answerFrom(readKnown(), filters, PROVISIONAL_SIZE)),
    [pages, readKnown, filters],
  );
  const isWaiting = !isAnswered && !list.error;
  return {
    patterns,
    isProvisional: !isAnswered && patterns.length > 0,
    isLoading: isWaiting && patterns.length === 0,
    error: asked === filters ? list.error : null,
    retry: () => (list.isFetchNextPageError ? list.fetchNextPage() : list.refetch()),
    hasMore: isAnswered && list.hasNextPage,
    loadMore: () => list.fetchNextPage(),
    isLoadingMore: list.isFetchingNextPage,
  };
}

function listOptions(filters: Filters, pageSize: number) {
  return infiniteQueryOptions({
    queryKey: [PATTERN_LISTS, filters, pageSize],
    queryFn: ({ pageParam, signal }) =>
      ask(
        api.GET('/api/patterns', {
          params: { query: { ...toQuery(filters), limit: pageSize, ...(pageParam !== null && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    // Coming back to the window reads the list anew, but not forty pages of it.
    refetchOnWindowFocus: ({ state }) => (state.data?.pages.length ?? 0) <= MOST_REREAD_PAGES,
  });
}

const AHEAD_PAGE_SIZE = 100;
/** Two thousand patterns; with more, the rest is answered by the server alone. */
const AHEAD_PAGES = 20;
/** So that what the person sees first is not held up. */
const AHEAD_WAIT_MS = 500;
const AHEAD_FRESH_MS = 300_000;

/** Loads every pattern that is not retired, once the list stands: then a filter is answered at once from what is here. */
export function useLoadAhead(isListThere: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isListThere) return;
    const timer = setTimeout(
      () =>
        client.prefetchInfiniteQuery({
          ...listOptions(NO_FILTERS, AHEAD_PAGE_SIZE),
          pages: AHEAD_PAGES,
          staleTime: AHEAD_FRESH_MS,
        }),
      AHEAD_WAIT_MS,
    );
    return () => clearTimeout(timer);
  }, [client, isListThere]);
}

/** How many there are of each state, whatever the list shows. */
export function usePatternCounts() {
  return useQuery({
    queryKey: ['pattern-counts'],
    queryFn: async ({ signal }) =>
      (await ask(api.GET('/api/patterns', { params: { query: { status: 'all', limit: 1 } }, signal }))).counts,
    placeholderData: keepPreviousData,
  });
}

/** A pattern that moved between two pages while they were fetched is shown once. */
function unite(pages: readonly { patterns: readonly Pattern[] }[]): Pattern[] {
  const seen = new Set<string>();
  return pages.flatMap(page => page.patterns.filter(({ id }) => !seen.has(id) && seen.add(id)));
}

/** The filters once nobody types any more; everything but letters counts at once. */
function usePaused(filters: Filters): Filters {
  const [paused, setPaused] = useState(filters);
  const isTyping = filters.q !== paused.q;
  useEffect(() => {
    if (filters === paused) return;
    const timer = setTimeout(() => setPaused(filters), isTyping ? TYPING_PAUSE_MS : 0);
    return () => clearTimeout(timer);
  }, [filters, paused, isTyping]);
  return paused;
}
