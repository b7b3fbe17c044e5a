// What the plan asks after activation, judged. Pure.
import { leaseMinutes } from '../server/cron-plan.js';
import { type Check, describeMinutes, fail, pass, unknown } from './check.js';
import type { Evidence } from './evidence.js';
import { AFTER } from './plan-lines.js';

export function judgeAfter(evidence: Evidence): Check[] {
  return [judgeExecutions(evidence), judgePage(evidence), judgeWatched(evidence), judgeQuality(evidence)];
}

/** By the plan's own monitoring query, with what does not say whether it was automatic counted too. */
function judgeExecutions({ facts, why }: Evidence): Check {
  const title = AFTER.NO_EXECUTIONS;
  if (!facts) return unknown(title, why, 'Run it with DATABASE_URL.');
  const { lastDay, automaticLastDay, automaticEver } = facts.executions;
  const measured = `${automaticLastDay} automatic of ${lastDay} executions in 24 hours, ${automaticEver} automatic ever`;
  const { executable } = facts.patterns;
  if (executable > 0)
    return fail(title, `${measured}; ${executable} patterns may execute`, 'Run the rollback SQL of the plan at once.');
  if (automaticLastDay > 0)
    return fail(
      title,
      measured,
      'This system cannot have done it: read the incident (GET /api/incidents), and stop the program that did.',
    );
  if (automaticEver > 0)
    return unknown(title, measured, 'Read the incidents of the earlier ones (GET /api/incidents).');
  return pass(title, measured);
}

function judgePage({ page, facts }: Evidence): Check {
  const title = AFTER.PAGE;
  if (!page) return unknown(title, 'not measured: no page was asked', 'Run it with --url and ADMIN_TOKEN.');
  if (page.fault !== null) return fail(title, page.fault, 'Deploy again, with the page built ("npm run build").');
  if (!page.list)
    return unknown(title, 'the page comes; its list was not told', 'Run it with the ADMIN_TOKEN of the deployment.');
  const { count, active } = page.list;
  const measured = `the page and its script come, and its list has ${count} patterns, ${active} of them active`;
  // Learning goes on between the two questions, and never takes all of them away.
  if (count === 0 && (facts?.patterns.count ?? 0) > 0)
    return fail(
      title,
      `${measured}; the database has ${facts!.patterns.count}`,
      'The deployment has another database: see the line on it.',
    );
  if (count === 0) return unknown(title, measured, 'There is nothing to show yet: look again after the first pattern.');
  return pass(title, measured);
}

const DAY_HOURS = 24;

/** That somebody watched: the watchdog's runs are on record. */
function judgeWatched({ facts, settings, watch, isHobby, why }: Evidence): Check {
  const title = AFTER.WATCHED;
  if (!facts || !watch) return unknown(title, why, 'Run it with DATABASE_URL.');
  const { runs, enabledAt, incidentsLastDay, now } = facts;
  const isOn = settings?.some(({ key, value }) => key === 'enabled' && value === true) ?? false;
  if (!isOn || enabledAt === null)
    return unknown(title, 'learning is off', 'The 24 hours begin when it is switched on.');
  const { clean = 0, unknown: undecided = 0 } = runs.byStatus;
  const total = Object.values(runs.byStatus).reduce((sum, count) => sum + count, 0);
  const wrong = total - clean - undecided;
  const gap = describeMinutes(runs.widestGapMinutes);
  const measured = `${total} runs of the watchdog, ${clean} of them clean; the longest time without one was ${gap}; ${incidentsLastDay} incidents opened`;
  if (wrong > 0 || incidentsLastDay > 0)
    return fail(
      title,
      measured,
      'Read the incident (GET /api/incidents), mend its cause, and count the 24 hours anew.',
    );
  if (runs.widestGapMinutes > leaseMinutes(watch.intervalMinutes)) {
    const todo = 'See the lines on the cron and the watchdog: it must run all the time.';
    return isHobby ? unknown(title, measured, `As the Hobby schedule has it. ${todo}`) : fail(title, measured, todo);
  }
  const hours = Math.floor((Date.parse(now) - Date.parse(enabledAt)) / 3_600_000);
  if (hours < DAY_HOURS) return unknown(title, `${hours} of 24 hours; ${measured}`, 'Run it again when they are over.');
  if (undecided > 0)
    return unknown(title, measured, 'GET /api/monitoring says what a run could not decide; a release is such a time.');
  return pass(title, measured);
}

function judgeQuality({ facts }: Evidence): Check {
  const told = facts
    ? `${facts.patterns.count} patterns, ${facts.patterns.edited} of them edited or retired by somebody; `
    : '';
  return unknown(
    AFTER.QUALITY,
    `${told}whether they are good, only people can know`,
    'Read them on the page: is each answer right for everybody who asks that? Edit, merge or retire what is not.',
  );
}
