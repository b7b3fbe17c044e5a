// `npm run -s doctor`: whether this system may go live, a line for each thing that was measured, and the plan's checklists. It
// only reads, and writes no file but the backup that is asked for; a failure ends with code 1, what could not be measured is
// unknown and does not.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SCHEMA_LEVEL } from '../db/level.js';
import { judgeSameDatabase, judgeToken } from './doctor/agreement.js';
import { type ApiReport, askApi } from './doctor/ask-api.js';
import { askDatabase, type DatabaseAnswers } from './doctor/ask-database.js';
import { askPage, type PageFacts } from './doctor/ask-page.js';
import { type BackupFile, makeBackup, readBackup, writeBackup } from './doctor/backup.js';
import { type Check, countStatuses, type Title, unknown } from './doctor/check.js';
import { type Checklist, describeReport, isWell, judgeChecklists } from './doctor/checklists.js';
import * as database from './doctor/database.js';
import { judgeDeployment, type Probes, probeDeployment, readClock } from './doctor/deployment.js';
import { readDrillReport } from './doctor/drill-report.js';
import { inspectEnvironment, judgeEnvironment } from './doctor/environment.js';
import type { Evidence } from './doctor/evidence.js';
import { judgeLine, LINE_TITLES } from './doctor/line.js';
import { CHECKLIST_IDS, type ChecklistId } from './doctor/plan-lines.js';
import { judgeSecrets } from './doctor/secrets.js';
import { judgeSchedule, judgeWatch, WATCH_TITLES } from './doctor/watch.js';
import { isThisMachine, readBaseUrl } from './server/api-call.js';
import { CRON_PATH, measureSchedule, planOf } from './server/cron-plan.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';
import { makeHeaderFinder, readVercelConfig } from './server/vercel-config.js';

const USAGE = `npm run -s doctor -- [--url https://your-project.vercel.app] [--checklist before|during|after]
                 [--backup FILE] [--drill FILE] [--json]

Looks at the environment, the database of DATABASE_URL and vercel.json; with --url also at the deployment, from outside.
Below that come the activation plan's three checklists, line by line.
  --checklist NAME  only this one of them, and what fails in it ends this with code 1 too
  --backup FILE     writes configuration, pattern count and versions there, if there is no such file; else compares it
  --drill FILE      the report of a drill, as "npm run -s drill -- --out FILE" wrote it
  --json            the report as one JSON object

Ends with code 1 if a check failed.`;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_INTERVAL_MINUTES = 5;
const SECRETS = ['ADMIN_TOKEN', 'CRON_SECRET', 'PRIVACY_KEY', 'QUO_WEBHOOK_SECRETS'] as const;

type Options = {
  url: string | undefined;
  checklist: ChecklistId | undefined;
  backup: string | undefined;
  drill: string | undefined;
  json: boolean;
};

runScript(async () => {
  const options = readArguments();
  const { url, checklist, json } = options;
  const generated = loadLocalEnvironment({ generate: false });
  const { checks, checklists } = await examine(options, generated);
  const ok = isWell(checks, checklists, checklist);
  const report = { ok, url: url ?? null, counts: countStatuses(checks), checks, checklists };
  console.log(json ? JSON.stringify(report) : describeReport(checks, checklists, checklist));
  if (!ok) process.exitCode = 1;
}, USAGE);

function readArguments(): Options {
  const text = { type: 'string' as const };
  try {
    const { values } = parseArgs({
      options: { url: text, checklist: text, backup: text, drill: text, json: { type: 'boolean', default: false } },
    });
    const { url, checklist: named, ...others } = values;
    const checklist = CHECKLIST_IDS.find(id => id === named);
    if (named !== undefined && checklist === undefined)
      throw new Refusal(`--checklist is one of ${CHECKLIST_IDS.join(', ')}.`);
    const { backup, drill, json } = others;
    return { url: url === undefined ? undefined : readBaseUrl(url), checklist, backup, drill, json };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function examine(
  { url, checklist, backup, drill }: Options,
  generated: string[],
): Promise<{ checks: Check[]; checklists: Checklist[] }> {
  const asked = url === undefined ? 'nobody' : isThisMachine(url) ? 'this machine' : 'elsewhere';
  const isOwn = (name: string) => asked === 'elsewhere' && generated.includes(name);
  const secrets = Object.fromEntries(SECRETS.map(name => [name, isOwn(name) ? undefined : process.env[name]]));
  const variables = inspectEnvironment(generated);
  const found = readBackup(backup);
  const answers = await askDatabase(process.env, asked, { withVersions: found.kind === 'absent' });
  // A token made for this machine is no business of a deployment elsewhere.
  const token = secrets.ADMIN_TOKEN;
  // Before the probes, of which one is a delivery that the deployment refuses and counts.
  const told = url !== undefined && token ? await askApi(url, token) : null;
  const page = url === undefined ? undefined : await askPage(url, token);
  const probes = url === undefined ? null : await probeDeployment(url, Date.now());
  const files = { backup: keepBackup(found, answers), drill: readDrillReport(drill) };
  return {
    checks: [...judgeEnvironment(variables, asked), ...judgeSecrets(secrets), ...judgeAnswers(answers, told, probes)],
    checklists: judgeChecklists({ ...files, ...gatherEvidence(answers, told, page) }, checklist),
  };
}

/** Writes the backup where there is none yet and everything for it was told. */
function keepBackup(found: BackupFile, { settings, plan, versions }: DatabaseAnswers): BackupFile {
  if (found.kind !== 'absent' || !settings || !plan || !versions) return found;
  return writeBackup(found.file, makeBackup(settings, plan, versions, SCHEMA_LEVEL));
}

function gatherEvidence(
  answers: DatabaseAnswers,
  told: ApiReport | null,
  page: PageFacts | undefined,
): Omit<Evidence, 'backup' | 'drill'> {
  const { settings, watch, line } = { ...told?.facts, ...withoutUndefined(answers) };
  const { firing } = readSchedule();
  return {
    ...{ settings, watch, line, catalog: answers.catalog, facts: answers.plan, page },
    why: describeMissing(answers),
    schemaLevel: SCHEMA_LEVEL,
    isHobby: firing !== null && planOf(firing) === 'hobby',
    nowMs: Date.now(),
  };
}

/** Why the database told nothing. */
function describeMissing({ reached, level }: DatabaseAnswers): string {
  if (reached.kind === 'none') return 'not measured: the database was not asked';
  if (level !== SCHEMA_LEVEL) return "not measured: its schema is not this code's";
  return 'not measured: the database did not tell';
}

function readSchedule() {
  const { crons, headers } = readVercelConfig(path.join(ROOT, 'vercel.json'));
  const schedule = crons.find(cron => cron.path === CRON_PATH)?.schedule;
  return { schedule, headers, firing: schedule === undefined ? null : measureSchedule(schedule) };
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, fact]) => fact !== undefined)) as T;
}

function judgeAnswers(answers: DatabaseAnswers, told: ApiReport | null, probes: Probes | null): Check[] {
  const { reached, level, catalog, clock, findings } = answers;
  // Facts of the database go before what the API told.
  const { settings, line, watch } = { ...told?.facts, ...withoutUndefined(answers) };
  const { schedule, headers, firing } = readSchedule();
  const clocks = [clock, probes ? readClock(probes.health) : undefined].filter(
    one => one !== undefined && one !== null,
  );
  const why = describeMissing(answers);
  const skip = (title: Title) => unknown(title, why);
  // Without the database the API would have told these.
  const whyUntold =
    reached.kind === 'none' && told?.token.kind === 'refused' ? 'not measured: the API refused the token' : why;
  const skipUntold = (title: Title) => unknown(title, whyUntold);
  const { SCHEMA, GUARDS, ROWS, SETTINGS } = database.DATABASE_TITLES;
  const isCurrent = level === SCHEMA_LEVEL;
  return [
    database.judgeAddress(reached),
    level === undefined ? skip(SCHEMA) : database.judgeMigrations(level, SCHEMA_LEVEL),
    isCurrent && catalog ? database.judgeGuards(catalog) : skip(GUARDS),
    findings ? database.judgeRows(findings) : skip(ROWS),
    settings ? database.judgeConfiguration(settings) : skipUntold(SETTINGS),
    database.judgeClocks(clocks),
    judgeSchedule(schedule, watch?.intervalMinutes ?? DEFAULT_INTERVAL_MINUTES),
    ...(watch ? judgeWatch(watch, schedule) : [WATCH_TITLES.LAST_RUN, WATCH_TITLES.STOPPED].map(skipUntold)),
    ...(line ? judgeLine(line) : Object.values(LINE_TITLES).map(skipUntold)),
    ...(probes
      ? [
          ...judgeDeployment(probes, {
            headers: makeHeaderFinder(headers)('/'),
            isHobby: firing !== null && planOf(firing) === 'hobby',
          }),
          judgeToken(told),
          ...judgeSameDatabase(answers, told?.facts ?? {}),
        ]
      : []),
  ];
}
