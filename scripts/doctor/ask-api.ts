// What the deployment's own API tells an admin, where the database cannot be asked: less, and by the deployment's word.
import * as z from 'zod';
import type { LineFacts, WatchFacts } from '../../db/doctor.js';
import { type ApiAnswer, callApi, readProblem } from '../server/api-call.js';
import type { Setting } from './database.js';

export type ApiAnswers = { settings?: Setting[]; line?: LineFacts; watch?: WatchFacts };
/** What became of the token: `unclear` where this system did not say. */
export type TokenAnswer = { kind: 'accepted' | 'refused' } | { kind: 'unclear'; why: string };
export type ApiReport = { token: TokenAnswer; facts: ApiAnswers };

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

/** No facts for a token that is refused, or an answer of somebody else: what became of the token is a line of the report. */
export async function askApi(url: string, token: string): Promise<ApiReport> {
  const ask = (path: string) => callApi(url, path, { token }).catch((error: Error) => error.message);
  const answers = await Promise.all([ask('/api/config'), ask('/api/monitoring?window=24h')]);
  const [configured, monitored] = answers;
  const config = configAnswer.safeParse(typeof configured === 'string' ? null : configured.body);
  const monitoring = monitoringAnswer.safeParse(typeof monitored === 'string' ? null : monitored.body);
  const report = (facts: ApiAnswers): ApiReport => ({ token: readTokenAnswer(configured, config.success), facts });
  if (!config.success || !monitoring.success || typeof monitored === 'string') return report({});
  const { values, entries } = config.data;
  const { deliveries, watchdog, killSwitch, incidents } = monitoring.data;
  const now = new Date(monitored.cameMs).toISOString();
  const countOf = (reason: string, count: number) => (count > 0 ? [{ reason, count, lastHour: null }] : []);
  return report({
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
  });
}

/** @param answer or the sentence why there was none */
function readTokenAnswer(answer: ApiAnswer | string, isOurs: boolean): TokenAnswer {
  if (typeof answer === 'string') return { kind: 'unclear', why: answer };
  if (isOurs) return { kind: 'accepted' };
  const { code, detail } = readProblem(answer.body);
  // Somebody else's 401, of a protection before the system, says nothing about our token.
  if (answer.status === 401 && code === 'unauthorized') return { kind: 'refused' };
  const what = code === null ? ', and not by this system' : `: ${detail ?? code}`;
  return { kind: 'unclear', why: `answered ${answer.status}${what}` };
}
