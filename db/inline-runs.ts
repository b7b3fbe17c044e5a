/** A delivery lets the watchdog run after its answer where no cron did for an interval: so a plan with one cron a day is safe too. */
import { sql } from 'drizzle-orm';

const interval = sql`make_interval(mins => v3pls_setting('watchdog_interval_minutes')::int)`;

/** An expression for the first round trip of a delivery. */
export const isRunDue = sql`((select claimed_at from inline_runs) < v3pls_now() - ${interval}
  and coalesce((select max(finished_at) from watchdog_runs), '-infinity') < v3pls_now() - ${interval})`;

/** For its second: gives a row to the one delivery that shall do it. It waits for nobody. */
export const claimRun = sql`update inline_runs set claimed_at = v3pls_now()
  where id in (select id from inline_runs where claimed_at < v3pls_now() - ${interval} for update skip locked) returning id`;
