// How often the watchdog's cron fires on each of Vercel's plans, and what that means for whoever runs the system.
import { Cron } from 'croner';
import { Refusal } from './refusal.js';

export const CRON_PATH = '/api/cron/safety';
/** Hobby: once a day at most, and a faster expression fails the deploy (Vercel's documentation on cron jobs). */
export const PLANS = { pro: '*/5 * * * *', hobby: '0 5 * * *' } as const;
export type Plan = keyof typeof PLANS;

/** Enough runs to see a week of a five-minute schedule, or a year of a daily one. */
const SAMPLED_RUNS = 2_100;
const SAMPLED_DAYS = 366;
const DAY_MS = 86_400_000;

export type Firing = { mostADay: number; widestGapMinutes: number };

/** @returns null for an expression that is none, or never fires */
export function measureSchedule(schedule: string): Firing | null {
  const startMs = Date.UTC(2026, 0, 1);
  const runs = listRuns(schedule, startMs);
  if (runs.length < 2) return null;
  const perDay = new Map<number, number>();
  for (const run of runs) perDay.set(Math.floor(run / DAY_MS), (perDay.get(Math.floor(run / DAY_MS)) ?? 0) + 1);
  const gaps = runs.slice(1).map((run, index) => run - runs[index]!);
  return { mostADay: Math.max(...perDay.values()), widestGapMinutes: Math.max(...gaps) / 60_000 };
}

function listRuns(schedule: string, startMs: number): number[] {
  const runs: number[] = [];
  try {
    const cron = new Cron(schedule, { timezone: 'UTC', paused: true });
    let next = cron.nextRun(new Date(startMs));
    while (next && runs.length < SAMPLED_RUNS && next.getTime() - startMs < SAMPLED_DAYS * DAY_MS) {
      runs.push(next.getTime());
      next = cron.nextRun(next);
    }
  } catch {}
  return runs;
}

export function planOf({ mostADay }: Firing): Plan {
  return mostADay > 1 ? 'pro' : 'hobby';
}

/** Minutes after a clean run for which an activation is allowed (invariant I11). */
export function leaseMinutes(intervalMinutes: number): number {
  return 2 * intervalMinutes + 1;
}

export function describeHobby(intervalMinutes: number): string {
  return [
    `The watchdog runs once a day, and its lease ends ${leaseMinutes(intervalMinutes)} minutes later: from then on health says "stale"`,
    'and nothing can be activated until somebody asks for a check (POST /api/incidents with {"action":"check"}).',
    'A guard in the database still stops everything at once when anything is executed. Any scheduler that can send a header',
    `makes up for it: GET ${CRON_PATH} with "Authorization: Bearer CRON_SECRET" every ${intervalMinutes} minutes.`,
  ].join(' ');
}

/** vercel.json's text with another schedule for the watchdog, and every other character as it was. */
export function setSchedule(text: string, schedule: string): string {
  const entry = new RegExp(`("path"\\s*:\\s*"${CRON_PATH}"\\s*,\\s*"schedule"\\s*:\\s*)"[^"]*"`);
  if (!entry.test(text))
    throw new Refusal(`vercel.json has no cron for ${CRON_PATH}: take the file from the repository.`);
  return text.replace(entry, `$1"${schedule}"`);
}
