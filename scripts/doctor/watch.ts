// The watchdog, judged: how often the plan of Vercel's lets it run, whether it did, and whether anything stopped the system. Pure.
import type { WatchFacts } from '../../db/doctor.js';
import { describeHobby, leaseMinutes, measureSchedule, planOf } from '../server/cron-plan.js';
import { type Check, describeMinutes, fail, pass, unknown } from './check.js';

export const WATCH_TITLES = {
  SCHEDULE: { id: 'cron.schedule', title: 'Cron in vercel.json' },
  LAST_RUN: { id: 'cron.last_run', title: 'Watchdog' },
  STOPPED: { id: 'safety.kill_switch', title: 'Kill switch and incidents' },
};
const { SCHEDULE, LAST_RUN, STOPPED } = WATCH_TITLES;

/** @param schedule vercel.json's line for the watchdog; undefined when there is none */
export function judgeSchedule(schedule: string | undefined, intervalMinutes: number): Check {
  const firing = schedule === undefined ? null : measureSchedule(schedule);
  if (firing === null)
    return fail(SCHEDULE, schedule ? `"${schedule}" never fires` : 'none', 'Run "npm run -s plan -- pro", or hobby.');
  if (planOf(firing) === 'hobby')
    return unknown(SCHEDULE, `"${schedule}": once a day at most, as Hobby allows`, describeHobby(intervalMinutes));
  const measured = `"${schedule}": every ${describeMinutes(firing.widestGapMinutes)} at most, needs Vercel Pro`;
  if (firing.widestGapMinutes <= intervalMinutes) return pass(SCHEDULE, measured);
  return fail(
    SCHEDULE,
    `${measured}, and watchdog_interval_minutes is ${intervalMinutes}`,
    'Run "npm run -s plan -- pro", and deploy.',
  );
}

export function judgeWatch(facts: WatchFacts, schedule: string | undefined): Check[] {
  return [judgeLastRun(facts, schedule), judgeStopped(facts)];
}

function judgeLastRun(facts: WatchFacts, schedule: string | undefined): Check {
  const { now, lastRunAt, lastStatus, leaseUntil, intervalMinutes } = facts;
  const firing = schedule === undefined ? null : measureSchedule(schedule);
  const isHobby = firing !== null && planOf(firing) === 'hobby';
  if (lastRunAt === null)
    return fail(
      LAST_RUN,
      'never ran',
      'The cron runs only on production deployments: look at Settings → Cron Jobs in Vercel, and at CRON_SECRET.',
    );
  const minutes = (Date.parse(now) - Date.parse(lastRunAt)) / 60_000;
  const ran = `ran ${describeMinutes(Math.max(0, minutes))} ago${lastStatus ? ` (${lastStatus})` : ''}`;
  const isLeased = leaseUntil !== null && Date.parse(now) <= Date.parse(leaseUntil);
  if (isLeased) return pass(LAST_RUN, `${ran}, its lease is valid`);
  const measured = `${ran}, its lease of ${leaseMinutes(intervalMinutes)} minutes has ended`;
  if (isHobby && minutes <= firing.widestGapMinutes + 60)
    return unknown(
      LAST_RUN,
      measured,
      'As the Hobby schedule has it: nothing can be activated until a check is asked for.',
    );
  if (minutes <= leaseMinutes(intervalMinutes))
    return fail(LAST_RUN, measured, 'It runs, and no run is clean: look at the incident below.');
  return fail(LAST_RUN, measured, 'The cron does not run: look at Settings → Cron Jobs in Vercel, and at CRON_SECRET.');
}

function judgeStopped({ isLatched, openIncidents }: WatchFacts): Check {
  if (!isLatched && openIncidents === 0) return pass(STOPPED, 'released, no incident open');
  return fail(
    STOPPED,
    `kill switch ${isLatched ? 'engaged' : 'released'}, ${openIncidents} incident${openIncidents === 1 ? '' : 's'} open`,
    'Everything is off. Read the incident (GET /api/incidents), mend its cause, then an admin releases with a reason.',
  );
}
