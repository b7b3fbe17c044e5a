// What the deployment's own API tells an admin, where the database cannot be asked: less, and by the deployment's word.
import * as z from 'zod';
import type { LineFacts, WatchFacts } from '../../db/doctor.js';
import { callApi } from '../server/api-call.js';
import type { Setting } from './database.js';

export type ApiAnswers = { settings?: Setting[]; line?: LineFacts; watch?: WatchFacts };

const setting = z.union([z.boolean(), z.number(), z.string()]);
const moment = z.string().nullable();
const configAnswer = z.object({
  values: z.object({ silence_hours: z.number(), watchdog_interval_minutes: z.number() }),
  entries: z.array(z.object({ key: z.string(), value: setting, default: setting })),
});
const monitoringAnswer = z.object({
  deliveries: z.object({ lastAt: moment, refused: z.number(), quarantined: z.number() }),
  watchdog: z.object({ lastRunAt: moment, leaseUntil: moment }),
  killSwitch: z.object({ engaged: z.boolean() }),
  incidents: z.object({ open: z.number() }),
});

/** Nothing for a token that is refused, or an answer of somebody else: those are other lines of the report. */
export async function askApi(url: string, token: string): Promise<ApiAnswers> {
  const ask = (path: string) => callApi(url, path, { token }).catch(() => undefined);
  const answers = await Promise.all([ask('/api/config'), ask('/api/monitoring?window=24h')]);
  const config = configAnswer.safeParse(answers[0]?.body);
  const monitoring = monitoringAnswer.safeParse(answers[1]?.body);
  if (!config.success || !monitoring.success) return {};
  const { values, entries } = config.data;
  const { deliveries, watchdog, killSwitch, incidents } = monitoring.data;
  const now = new Date(answers[1]!.cameMs).toISOString();
  const countOf = (reason: string, count: number) => (count > 0 ? [{ reason, count, lastHour: null }] : []);
  return {
    settings: entries,
    line: {
      now,
      lastDeliveryAt: deliveries.lastAt,
      silenceHours: values.silence_hours,
      refused: countOf('unknown:', deliveries.refused),
      quarantined: countOf('unknown', deliveries.quarantined),
    },
    watch: {
      now,
      lastRunAt: watchdog.lastRunAt,
      lastStatus: null,
      leaseUntil: watchdog.leaseUntil,
      intervalMinutes: values.watchdog_interval_minutes,
      isLatched: killSwitch.engaged,
      openIncidents: incidents.open,
    },
  };
}
