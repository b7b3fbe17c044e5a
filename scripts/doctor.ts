// `npm run -s doctor`: whether this system may go live, a line for each thing that was measured. It only reads; a failure
// ends with code 1, what could not be measured is unknown and does not.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SCHEMA_LEVEL } from '../db/level.js';
import { judgeSameDatabase, judgeToken } from './doctor/agreement.js';
import { type ApiReport, askApi } from './doctor/ask-api.js';
import { askDatabase, type DatabaseAnswers } from './doctor/ask-database.js';
import { type Check, countStatuses, describeChecks, type Title, unknown } from './doctor/check.js';
import * as database from './doctor/database.js';
import { judgeDeployment, type Probes, probeDeployment, readClock } from './doctor/deployment.js';
import { inspectEnvironment, judgeEnvironment } from './doctor/environment.js';
import { judgeLine, LINE_TITLES } from './doctor/line.js';
import { judgeSecrets } from './doctor/secrets.js';
import { judgeSchedule, judgeWatch, WATCH_TITLES } from './doctor/watch.js';
import { isThisMachine, readBaseUrl } from './server/api-call.js';
import { CRON_PATH, measureSchedule, planOf } from './server/cron-plan.js';
import { loadLocalEnvironment } from './server/local-environment.js';
import { Refusal, runScript } from './server/refusal.js';
import { makeHeaderFinder, readVercelConfig } from './server/vercel-config.js';

const USAGE = `npm run -s doctor -- [--url https://your-project.vercel.app] [--json]

Looks at the environment, the database of DATABASE_URL and vercel.json; with --url also at the deployment, from outside.`;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_INTERVAL_MINUTES = 5;
const SECRETS = ['ADMIN_TOKEN', 'CRON_SECRET', 'PRIVACY_KEY', 'QUO_WEBHOOK_SECRETS'] as const;

runScript(async () => {
  const { url, json } = readArguments();
  const generated = loadLocalEnvironment({ generate: false });
  const checks = await runChecks(url, generated);
  const counts = countStatuses(checks);
  const report = { ok: counts.fail === 0, url: url ?? null, counts, checks };
  console.log(json ? JSON.stringify(report) : describeChecks(checks));
  if (counts.fail > 0) process.exitCode = 1;
}, USAGE);

function readArguments(): { url: string | undefined; json: boolean } {
  try {
    const { values } = parseArgs({ options: { url: { type: 'string' }, json: { type: 'boolean', default: false } } });
    return { url: values.url === undefined ? undefined : readBaseUrl(values.url), json: values.json };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(`${(error as Error).message}\n\n${USAGE}`);
  }
}

async function runChecks(url: string | undefined, generated: string[]): Promise<Check[]> {
  const asked = url === undefined ? 'nobody' : isThisMachine(url) ? 'this machine' : 'elsewhere';
  const isOwn = (name: string) => asked === 'elsewhere' && generated.includes(name);
  const secrets = Object.fromEntries(SECRETS.map(name => [name, isOwn(name) ? undefined : process.env[name]]));
  const variables = inspectEnvironment(generated);
  const answers = await askDatabase(process.env, asked);
  // A token made for this machine is no business of a deployment elsewhere.
  const token = secrets.ADMIN_TOKEN;
  // Before the probes, of which one is a delivery that the deployment refuses and counts.
  const told = url !== undefined && token ? await askApi(url, token) : null;
  const probes = url === undefined ? null : await probeDeployment(url, Date.now());
  return [...judgeEnvironment(variables, asked), ...judgeSecrets(secrets), ...judgeAnswers(answers, told, probes)];
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, fact]) => fact !== undefined)) as T;
}

function judgeAnswers(answers: DatabaseAnswers, told: ApiReport | null, probes: Probes | null): Check[] {
  const { reached, level, catalog, clock, findings } = answers;
  // Facts of the database go before what the API told.
  const { settings, line, watch } = { ...told?.facts, ...withoutUndefined(answers) };
  const { crons, headers } = readVercelConfig(path.join(ROOT, 'vercel.json'));
  const schedule = crons.find(cron => cron.path === CRON_PATH)?.schedule;
  const firing = schedule === undefined ? null : measureSchedule(schedule);
  const clocks = [clock, probes ? readClock(probes.health) : undefined].filter(
    one => one !== undefined && one !== null,
  );
  const why =
    reached.kind === 'none'
      ? 'not measured: the database was not asked'
      : "not measured: its schema is not this code's";
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
