/** Reads what Safety shows: incidents with kill switch and lease, the audit, the access tokens. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { AuditPage, IncidentPage } from '../../contract.js';
import { api, ask } from '../../server/client.js';

const INCIDENTS = 10;
const ENTRIES = 30;
/** A kill switch that somebody else engages is seen here without a press. */
const INTERVAL_MS = 30_000;

/** @returns the incidents read so far, newest first, and the state of the newest page */
export function useIncidents() {
  return useInfiniteQuery({
    queryKey: ['incidents'],
    queryFn: async ({ pageParam, signal }): Promise<IncidentPage> => {
      const query = { limit: INCIDENTS, ...(pageParam !== null && { cursor: pageParam }) };
      const page = await ask(api.GET('/api/incidents', { params: { query }, signal }));
      if (!('incidents' in page)) throw new Error('The incidents were asked for, and the audit came.');
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    refetchInterval: INTERVAL_MS,
    select: ({ pages }) => ({
      incidents: pages.flatMap(page => page.incidents),
      killSwitch: pages[0]!.killSwitch,
      lease: pages[0]!.lease,
    }),
  });
}

export function useAudit() {
  return useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: async ({ pageParam, signal }): Promise<AuditPage> => {
      const query = { view: 'audit' as const, limit: ENTRIES, ...(pageParam !== null && { cursor: pageParam }) };
      const page = await ask(api.GET('/api/incidents', { params: { query }, signal }));
      if (!('audit' in page)) throw new Error('The audit was asked for, and the incidents came.');
      return page;
    },
    initialPageParam: null as string | null,
    getNextPageParam: page => page.nextCursor,
    select: ({ pages }) => pages.flatMap(page => page.audit),
  });
}

export function useTokens() {
  return useQuery({
    queryKey: ['tokens'],
    queryFn: async ({ signal }) => (await ask(api.GET('/api/tokens', { signal }))).tokens,
  });
}
