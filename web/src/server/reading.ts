/** What several sections read: the settings, the business's time zone, and what is monitored. */
import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { readTimeZone } from '../safety.js';
import { api, ask, askWithTime } from './client.js';

/** The banner's own window: short, so that it stays quick. */
export const BANNER_WINDOW = '24h';
const BANNER_INTERVAL_MS = 60_000;

export function useConfig() {
  return useQuery({ queryKey: ['config'], queryFn: ({ signal }) => ask(api.GET('/api/config', { signal })) });
}

/** Read once for the page and handed down: a list has hundreds of times in it. */
export const TimeZoneContext = createContext('UTC');

/** @returns an IANA name that this browser knows; UTC until the server has said which */
export function useTimeZone(): string {
  return useContext(TimeZoneContext);
}

/** For the one place that hands it down. */
export function useServerTimeZone(): string {
  return readTimeZone(useConfig().data);
}

/** @param window such as `24h` or `30d`. The answer comes with the server's time. */
export function useMonitoring(window: string = BANNER_WINDOW) {
  return useQuery({
    queryKey: ['monitoring', window],
    queryFn: async ({ signal }) => {
      const { body, atMs } = await askWithTime(api.GET('/api/monitoring', { params: { query: { window } }, signal }));
      if (!('window' in body)) throw new Error('Monitoring was asked for, and health came.');
      return { monitoring: body, atMs };
    },
    refetchInterval: BANNER_INTERVAL_MS,
  });
}
