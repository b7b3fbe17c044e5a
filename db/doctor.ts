/** What the doctor asks of a database. Everything here only reads, and most of it also runs on a database that has no schema yet. */
import { sql } from 'drizzle-orm';
import { execute, readResult } from './client.js';
import { readFailure } from './errors.js';

/** Longer than a function allows itself: a Neon database that sleeps takes a moment to wake. */
const TIMEOUT_MS = 15_000;

/** @returns the last migration that ran, or null where none did */
export async function findLevel(): Promise<number | null> {
  try {
    return await readResult<number | null>(sql`select max(level) as result from schema_migrations`, TIMEOUT_MS);
  } catch (error) {
    if (readFailure(error).code === '42P01') return null;
    throw error;
  }
}

/** @returns the database's clock, Unix milliseconds */
export async function findClock(): Promise<number> {
  const [row] = await execute<{ ms: string }>(
    sql`select (extract(epoch from clock_timestamp()) * 1000)::text as ms`,
    TIMEOUT_MS,
  );
  return Number(row!.ms);
}

export type LineFacts = {
  now: string;
  /** The last authentic delivery, whatever became of it. */
  lastDeliveryAt: string | null;
  silenceHours: number;
  /** Of the last day: refused deliveries by `reason:headers`, and when the last hour with one began. */
  refused: { reason: string; count: number; lastHour: string | null }[];
  /** Of the last day: kept raw because they could not be understood. */
  quarantined: { reason: string; count: number }[];
};

export function findLine(): Promise<LineFacts> {
  return readResult(
    sql`select jsonb_build_object(
    'now', v3pls_now(),
    'lastDeliveryAt', (select max(recorded_at) from deliveries),
    'silenceHours', v3pls_setting('silence_hours')::int,
    'refused', (select coalesce(jsonb_agg(r order by r.count desc, r.reason), '[]') from (
      select reason, sum(count)::int as count, max(hour) as "lastHour" from delivery_counts
      where outcome = 'refused' and hour >= v3pls_now() - interval '25 hours' group by reason) r),
    'quarantined', (select coalesce(jsonb_agg(q order by q.count desc, q.reason), '[]') from (
      select coalesce(reason, 'unknown') as reason, count(*)::int as count from deliveries
      where outcome = 'quarantined' and recorded_at >= v3pls_now() - interval '1 day' group by 1) q)
    ) as result`,
    TIMEOUT_MS,
  );
}

export type WatchFacts = {
  now: string;
  lastRunAt: string | null;
  /** `clean`, `latched` or `rolled_back`; null when it is not known, or nothing ran. */
  lastStatus: string | null;
  leaseUntil: string | null;
  intervalMinutes: number;
  isLatched: boolean;
  openIncidents: number;
};

export function findWatch(): Promise<WatchFacts> {
  return readResult(
    sql`select jsonb_build_object(
    'now', v3pls_now(),
    'lastRunAt', (select finished_at from watchdog_runs order by id desc limit 1),
    'lastStatus', (select status from watchdog_runs order by id desc limit 1),
    'leaseUntil', v3pls_lease_until(),
    'intervalMinutes', v3pls_setting('watchdog_interval_minutes')::int,
    'isLatched', v3pls_is_latched(),
    'openIncidents', (select count(*) from incidents where state = 'open' or rollback = 'pending')
    ) as result`,
    TIMEOUT_MS,
  );
}
