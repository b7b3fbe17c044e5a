// What the plan asks before activation, judged; what only people can know is unknown, with what to do. Pure.
import { findCatalogFaults } from '../../lib/safety/catalog-check.js';
import { type Check, fail, pass, type Title, unknown } from './check.js';
import type { Evidence } from './evidence.js';
import { judgeBackup, judgeRollbackReady, judgeRollbackTested, judgeTestEnvironment } from './files.js';
import { FINAL, PHASE_2 } from './plan-lines.js';

export function judgeBefore(evidence: Evidence): Check[] {
  const { INACTIVE, NOT_EXECUTABLE, CONFIRMED } = PHASE_2;
  const { TEAM, DOCUMENTATION } = FINAL;
  return [
    ...judgeBackup(evidence),
    judgeTestEnvironment(evidence),
    judgeRollbackReady(evidence),
    judgeDefault(INACTIVE, 'is_active', 'false', evidence),
    judgeDefault(NOT_EXECUTABLE, 'auto_executable', 'false', evidence),
    judgeDefault(CONFIRMED, 'requires_confirmation', 'true', evidence),
    judgeNeverExecutes(evidence),
    unknown(
      TEAM,
      'only people can know',
      'Give everybody who answers on the number the notice of the README (A notice to staff).',
    ),
    judgeDashboards(evidence),
    judgeRollbackTested(evidence),
    unknown(
      DOCUMENTATION,
      'only people can know',
      'Write down, where your staff look: who is admin, where the secrets lie, who is told by the monitor, how everything is stopped (README, Operate).',
    ),
    judgeMetrics(evidence),
  ];
}

/** By the plan's own verification query. */
function judgeDefault(title: Title, column: string, expected: string, { facts, why }: Evidence): Check {
  if (!facts) return unknown(title, why, 'Run it with DATABASE_URL.');
  const actual = facts.defaults[column] ?? 'none';
  const measured = `column_default of ${column} is ${actual}`;
  if (actual === expected) return pass(title, measured);
  return fail(
    title,
    measured,
    `Somebody changed it by hand: alter table decision_patterns alter column ${column} set default ${expected};`,
  );
}

/** What keeps a sure pattern from being executed, whoever tries. */
const KEEPERS = ['decision_patterns.nothing_executes', 'decision_patterns.everything_asks'];

function judgeNeverExecutes({ facts, catalog, why }: Evidence): Check {
  const title = PHASE_2.NEVER_EXECUTES;
  if (!facts || !catalog) return unknown(title, why, 'Run it with DATABASE_URL.');
  const { confident, executable } = facts.patterns;
  const { automaticEver } = facts.executions;
  const faults = findCatalogFaults(catalog).filter(fault => KEEPERS.some(name => fault.endsWith(name)));
  const measured = [
    `${confident} patterns are as sure as auto_execute_threshold`,
    `${executable} of all may execute`,
    `${automaticEver} automatic executions ever`,
    faults.length > 0 ? faults.join('; ') : 'the table refuses auto_executable, whoever writes it',
  ].join(', ');
  if (faults.length > 0 || executable > 0)
    return fail(title, measured, 'Do not activate: restore the guards from db/migrations, and find out who and why.');
  if (automaticEver > 0)
    return unknown(title, measured, 'Another program wrote those: read their incidents (GET /api/incidents).');
  return pass(title, measured);
}

function judgeDashboards({ page }: Evidence): Check {
  const told = page?.milestones ? 'GET /api/monitoring answers; who looks at it' : 'who looks at it';
  return unknown(
    FINAL.DASHBOARDS,
    `${told}, only people can know`,
    'Set up the uptime monitor (README, Operate, step one), make it fail once, and see that somebody is told.',
  );
}

function judgeMetrics({ page }: Evidence): Check {
  const title = FINAL.METRICS;
  if (!page?.milestones)
    return unknown(
      title,
      'not measured: the API was not asked, or did not tell',
      'Run it with --url and ADMIN_TOKEN: GET /api/monitoring measures the plan\'s own metrics as "milestones".',
    );
  const [day1, week1, month1] = page.milestones;
  const measured = `GET /api/monitoring measures ${day1} of day 1, ${week1} of week 1, ${month1} of month 1`;
  if (Math.min(day1, week1, month1) > 0) return pass(title, measured);
  return fail(title, measured, 'The deployment is not this code: deploy it again.');
}
