// The plan's lines that a file shows: the backup with its pattern count, and the drill's report. Pure.
import { findCatalogFaults } from '../../lib/safety/catalog-check.js';
import { type Check, describeMinutes, fail, pass, type Title, unknown } from './check.js';
import type { Evidence } from './evidence.js';
import { BEFORE, FINAL } from './plan-lines.js';

const MOST_DAYS = 30;
const DAY_MINUTES = 1_440;
/** How far the clock of the drill's database may be ahead of this machine's. */
const MOST_MINUTES_AHEAD = 60;

const BACK_UP =
  'Run "npm run -s doctor -- --checklist before --backup FILE", and keep the file: it is written where there is none, and compared where there is.';
const REHEARSE =
  'Run "npm run -s drill -- --postgres --out FILE", file its report, and name it here: "npm run -s doctor -- --checklist before --drill FILE".';

/** @returns the configuration's line and the pattern count's */
export function judgeBackup(evidence: Evidence): Check[] {
  const { BACKUP, COUNT } = BEFORE;
  const { backup: named, settings, facts, why } = evidence;
  const both = (judge: (title: Title) => Check) => [judge(BACKUP), judge(COUNT)];
  if (named.kind === 'unnamed') return both(title => fail(title, 'no file was named', BACK_UP));
  if (named.kind === 'unusable')
    return both(title => fail(title, `${named.file} ${named.why}`, `Name another file. ${BACK_UP}`));
  if (!settings || !facts)
    return both(title => unknown(title, why, 'Run it with DATABASE_URL: the database is asked.'));
  if (named.kind === 'absent') return both(title => fail(title, `${named.file} is not there`, BACK_UP));
  const { file, backup } = named;
  const taken = `${file} of ${backup.takenAt.slice(0, 10)}`;
  if (backup.database !== facts.database)
    return both(title => fail(title, `${taken} is of another database`, `Name another file. ${BACK_UP}`));
  return [judgeValues(evidence, taken, backup.configuration), judgeCount(evidence, taken, backup.patterns.count)];
}

function judgeValues({ settings = [] }: Evidence, taken: string, values: Record<string, unknown>): Check {
  const differing = settings.filter(({ key, value }) => values[key] !== value);
  // The plan's own next step is no other configuration.
  const isSwitchedOn = (key: string) => key === 'enabled' && values[key] === false;
  const others = differing.filter(({ key }) => !isSwitchedOn(key));
  if (others.length > 0)
    return fail(
      BEFORE.BACKUP,
      `${taken} differs: ${others.map(({ key, value }) => `${key} ${values[key] ?? 'missing'} there, ${value} now`).join('; ')}`,
      `Is the change meant? Then name a new file. ${BACK_UP}`,
    );
  const since = differing.length > 0 ? '; learning was switched on since' : '';
  return pass(BEFORE.BACKUP, `${taken} has all ${settings.length} values as they are${since}`);
}

function judgeCount({ settings = [], facts }: Evidence, taken: string, documented: number): Check {
  const now = facts!.patterns.count;
  const measured = `${documented} patterns by ${taken}, ${now} now`;
  if (documented === now) return pass(BEFORE.COUNT, measured);
  if (settings.some(({ key, value }) => key === 'enabled' && value === true))
    return pass(BEFORE.COUNT, `${measured}: learning is on`);
  return fail(BEFORE.COUNT, measured, `Learning is off, and the number changed: name a new file. ${BACK_UP}`);
}

type Rehearsal = { fault: string } | { fault: null; said: string };

/** Whether the report that was named shows a rollback, of this schema, and lately. */
function findRehearsal({ drill, schemaLevel, nowMs }: Evidence): Rehearsal {
  if (drill.kind === 'unnamed') return { fault: "no drill's report was named" };
  if (drill.kind === 'unusable') return { fault: `${drill.file} ${drill.why}` };
  const { startedAt, level, ok, lastLine } = drill.report;
  const minutes = (nowMs - Date.parse(startedAt)) / 60_000;
  if (minutes < -MOST_MINUTES_AHEAD)
    return { fault: `${drill.file} is of ${startedAt.slice(0, 10)}, which is yet to come` };
  const when = `${drill.file}, ${describeMinutes(Math.max(0, minutes))} ago`;
  if (!ok) return { fault: `${when}: ${lastLine}` };
  if (level !== schemaLevel) return { fault: `${when}, at schema level ${level}; the code needs ${schemaLevel}` };
  if (minutes > MOST_DAYS * DAY_MINUTES) return { fault: `${when}: older than ${MOST_DAYS} days` };
  return { fault: null, said: `${when}: ${lastLine}` };
}

/** A drill on a scratch database had an environment to test in; one on the live database says nothing of it. */
export function judgeTestEnvironment(evidence: Evidence): Check {
  const title = BEFORE.TEST_ENVIRONMENT;
  const rehearsal = findRehearsal(evidence);
  if (rehearsal.fault !== null) return fail(title, rehearsal.fault, REHEARSE);
  const { drill } = evidence;
  if (drill.kind === 'read' && drill.report.mode === 'live')
    return fail(title, `${drill.file} is of a live drill`, `A scratch database is wanted. ${REHEARSE}`);
  const database = drill.kind === 'read' ? drill.report.database : '';
  return pass(title, `a scratch database at this schema level was made and drilled: ${database}`);
}

/** Rehearsed somewhere, and this database has what was rehearsed. */
export function judgeRollbackReady(evidence: Evidence): Check {
  const { ROLLBACK: title } = BEFORE;
  const { catalog, facts, why } = evidence;
  const rehearsal = findRehearsal(evidence);
  if (rehearsal.fault !== null) return fail(title, rehearsal.fault, REHEARSE);
  // Only a database whose schema is this code's has facts to compare.
  if (!catalog || !facts)
    return unknown(title, `${rehearsal.said} Of this database: ${why}`, 'Run it with DATABASE_URL.');
  const faults = findCatalogFaults(catalog);
  if (faults.length > 0)
    return fail(
      title,
      `rehearsed, but this database is not as the migrations made it: ${faults.slice(0, 3).join('; ')}`,
      'Mend "Guards in the database" first: what was rehearsed is not what would run here.',
    );
  return pass(title, `${rehearsal.said} This database has the same guards and functions.`);
}

export function judgeRollbackTested(evidence: Evidence): Check {
  const rehearsal = findRehearsal(evidence);
  if (rehearsal.fault !== null) return fail(FINAL.TESTED, rehearsal.fault, REHEARSE);
  return pass(FINAL.TESTED, rehearsal.said);
}
