// What the plan asks during activation, judged. Pure.
import { type Check, fail, pass, unknown } from './check.js';
import type { Evidence } from './evidence.js';
import { DURING } from './plan-lines.js';

export function judgeDuring(evidence: Evidence): Check[] {
  return [judgeEnabled(evidence), judgeShadow(evidence), judgeLogs(evidence), judgeRate(evidence)];
}

function judgeEnabled({ settings, watch, why }: Evidence): Check {
  const title = DURING.ENABLED;
  const enabled = settings?.find(({ key }) => key === 'enabled')?.value;
  if (enabled === undefined) return unknown(title, why, 'Run it with DATABASE_URL, or with --url and ADMIN_TOKEN.');
  if (enabled !== true)
    return fail(
      title,
      'enabled is false',
      "Once the list before is done: PATCH /api/config with enabled true (README, Deploy, step 10), or the plan's own SQL.",
    );
  if (watch?.isLatched)
    return fail(
      title,
      'enabled is true, and the kill switch is engaged',
      'Nothing is learned until an admin releases it: read the incident first (GET /api/incidents).',
    );
  if (!watch) return unknown(title, 'enabled is true; whether the kill switch is engaged was not measured');
  return pass(title, 'enabled is true, and the kill switch is released');
}

function judgeShadow({ settings, why }: Evidence): Check {
  const title = DURING.SHADOW;
  const shadow = settings?.find(({ key }) => key === 'shadow_mode')?.value;
  if (shadow === undefined) return unknown(title, why, 'Run it with DATABASE_URL, or with --url and ADMIN_TOKEN.');
  if (shadow === true) return pass(title, 'shadow_mode is true');
  return fail(
    title,
    `shadow_mode is ${shadow}`,
    "Somebody changed the database's guards: engage the kill switch (POST /api/incidents), and run the plan's rollback SQL.",
  );
}

/** The platform keeps the logs; the database only counts what could not be understood. */
function judgeLogs({ line }: Evidence): Check {
  const count = line?.quarantined.reduce((sum, { count }) => sum + count, 0);
  const told = count === undefined ? '' : `${count} deliveries of the last day could not be understood; `;
  return unknown(
    DURING.LOGS,
    `${told}the logs, only people can look at`,
    'In Vercel open the project, Logs, and choose errors and warnings; each line has the x-request-id of its answer.',
  );
}

/** The plan's week 1: 10 to 50 patterns. */
const EXPECTED = { least: 10, most: 50 };
/** So few answers may all have been thanks. */
const LEAST_ANSWERS = 10;
const WEEK_MS = 7 * 86_400_000;

function judgeRate({ facts, settings, why }: Evidence): Check {
  const title = DURING.RATE;
  if (!facts) return unknown(title, why, 'Run it with DATABASE_URL.');
  const { patterns, exchanges, enabledAt, now } = facts;
  const measured = [
    `${patterns.lastWeek} patterns in 7 days, ${patterns.lastDay} in the last one`,
    `${exchanges.learned} of ${exchanges.answered} answers were learned from`,
  ].join('; ');
  const isOn = settings?.some(({ key, value }) => key === 'enabled' && value === true) ?? false;
  if (!isOn || enabledAt === null)
    return unknown(title, `${measured}; learning is off`, 'Look again a day after it is switched on.');
  if (exchanges.learned === 0 && exchanges.answered >= LEAST_ANSWERS)
    return fail(title, `${measured}: ${describeSkipped(exchanges.skipped)}`, 'GET /api/exchanges shows each, and why.');
  if (exchanges.learned === 0)
    return unknown(title, measured, 'Too few answers to tell yet: ask the number a question, and answer it in Quo.');
  if (patterns.lastWeek > EXPECTED.most)
    return unknown(
      title,
      `${measured}; the plan expects ${EXPECTED.least} to ${EXPECTED.most} in week 1`,
      'Look on the page whether some of them say the same: an admin merges those.',
    );
  const isWeekOver = Date.parse(now) - Date.parse(enabledAt) >= WEEK_MS;
  if (isWeekOver && patterns.count < EXPECTED.least)
    return unknown(
      title,
      `${measured}; ${patterns.count} in all, and the plan expects ${EXPECTED.least} to ${EXPECTED.most} in week 1`,
      'GET /api/monitoring?window=7d counts under learning.skipped why answers were not learned from.',
    );
  return pass(title, measured);
}

function describeSkipped(skipped: Record<string, number>): string {
  return Object.entries(skipped)
    .sort(([, one], [, other]) => other - one)
    .slice(0, 3)
    .map(([code, count]) => `${count} × ${code}`)
    .join(', ');
}
