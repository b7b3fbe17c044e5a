/**
 * The patterns that the page has in lists. The law: a pattern in a list is replaced by what the server answered about just that
 * pattern, and keeps its place until the list itself is asked for again: nothing jumps away under a finger.
 */
import { type InfiniteData, type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { Pattern, PatternPage } from '../contract.js';
import { api, ask } from '../server/client.js';

/** Every list's key begins with this, a pattern's own with `pattern`. */
export const PATTERN_LISTS = 'patterns';

export type ListedPatterns = InfiniteData<PatternPage, string | null>;

export function isPatternList(key: QueryKey): boolean {
  return key[0] === PATTERN_LISTS;
}

export function putPattern(client: QueryClient, pattern: Pattern): void {
  client.setQueriesData<ListedPatterns>({ queryKey: [PATTERN_LISTS] }, data => data && replacePattern(data, pattern));
}

/** Pages without this pattern stay the same objects, so that their cards are not drawn again. */
export function replacePattern(data: ListedPatterns, pattern: Pattern): ListedPatterns {
  const pages = data.pages.map(page =>
    page.patterns.some(({ id }) => id === pattern.id)
      ? { ...page, patterns: page.patterns.map(listed => (listed.id === pattern.id ? pattern : listed)) }
      : page,
  );
  return { ...data, pages };
}

/** The true state of one pattern, from the server, into every list that has it. */
export async function rereadPattern(client: QueryClient, id: string): Promise<void> {
  const detail = await ask(api.GET('/api/patterns/{id}', { params: { path: { id } } }));
  client.setQueryData(['pattern', id], detail);
  putPattern(client, detail);
}

/** @returns a way to read all that is known of patterns from any list, each once and as it was answered last */
export function useKnownPatterns(): () => Pattern[] {
  const client = useQueryClient();
  return useCallback(() => {
    const lists = client.getQueryCache().findAll({ queryKey: [PATTERN_LISTS] });
    const known = new Map<string, Pattern>();
    for (const { state } of lists.sort((a, b) => a.state.dataUpdatedAt - b.state.dataUpdatedAt)) {
      for (const page of (state.data as ListedPatterns | undefined)?.pages ?? []) {
        for (const pattern of page.patterns) known.set(pattern.id, pattern);
      }
    }
    return [...known.values()];
  }, [client]);
}
