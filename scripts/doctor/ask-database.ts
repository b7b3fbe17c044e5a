// Asks the database everything that the doctor judges. It opens what is there, writes nothing, creates nothing and runs no
// migration; what cannot be asked is left out.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { findCatalog } from '../../db/catalog.js';
import { listConfig } from '../../db/config.js';
import { findClock, findLevel, findLine, findWatch, type LineFacts, type WatchFacts } from '../../db/doctor.js';
import { SCHEMA_LEVEL } from '../../db/level.js';
import { findViolations } from '../../db/watchdog.js';
import { type CatalogFacts, OUR_TABLES } from '../../lib/safety/catalog-check.js';
import { type ConfigKey, parseConfigValue } from '../../lib/safety/config-rules.js';
import { type Findings, readFacts } from '../../lib/safety/watchdog.js';
import { takeLock } from '../database/embedded-lock.js';
import { describeFailure } from '../database/migrate-here.js';
import { EMBEDDED_URL, type OpenDatabase, openDatabase, readDataDir } from '../database/open.js';
import { readPort } from '../server/local-environment.js';
import { Refusal } from '../server/refusal.js';
import { askPatternVersions, askPlanFacts, type PatternVersion, type PlanFacts } from './ask-plan-facts.js';
import { isPooledAddress, type Reached, type Setting } from './database.js';
import type { Asked } from './environment.js';

export type DatabaseAnswers = {
  reached: Reached;
  level?: number | null;
  catalog?: CatalogFacts;
  clock?: { name: string; aheadMs: number; plusMinusMs: number };
  settings?: Setting[];
  line?: LineFacts;
  watch?: WatchFacts;
  findings?: Findings;
  plan?: PlanFacts;
  /** Where a backup is to be written. */
  versions?: PatternVersion[];
};

/** Without DATABASE_URL the embedded one is asked, but only where no system is: one that runs has its own open, or has another. */
export async function askDatabase(
  env: NodeJS.ProcessEnv,
  asked: Asked,
  { withVersions = false } = {},
): Promise<DatabaseAnswers> {
  const url = env.DATABASE_URL;
  const isEmbedded = !url || url === EMBEDDED_URL;
  const absence = isEmbedded ? await findAbsence(env, asked) : null;
  if (absence) return { reached: absence };
  let database: OpenDatabase;
  try {
    database = await openDatabase(env);
  } catch (error) {
    if (error instanceof Refusal)
      return { reached: isEmbedded ? inUse(error.message, env) : unreachable(error.message) };
    throw error;
  }
  try {
    const reached: Reached =
      database.kind === 'neon' ? { kind: 'neon', isPooled: isPooledAddress(url!) } : { kind: database.kind };
    return { reached, ...(await askOpened(withVersions)) };
  } catch (error) {
    return { reached: unreachable(describeFailure(error, 'read')) };
  } finally {
    await database.close();
  }
}

/** Whether there is an embedded database, and nobody has it open. */
async function findAbsence(env: NodeJS.ProcessEnv, asked: Asked): Promise<Reached | null> {
  const none = (why: string, todo: string): Reached => ({ kind: 'none', why, todo, isFault: false });
  if (asked !== 'nobody')
    return none('not set here', "Set it to the deployment's database, and its schema and guards are looked at too.");
  const dataDir = readDataDir(env);
  if (!existsSync(path.join(dataDir, 'pg', 'PG_VERSION')))
    return none(`not set, and there is no embedded database in ${dataDir}`, 'Set it, or make one with "npm start".');
  try {
    const release = await takeLock(path.join(dataDir, 'pg.lock'), () => {}, 0);
    release();
    return null;
  } catch (error) {
    return inUse((error as Error).message, env);
  }
}

function inUse(message: string, env: NodeJS.ProcessEnv): Reached {
  const holder = /process \d+/.exec(message)?.[0] ?? 'another process';
  const todo = `Ask the server that has it: npm run -s doctor -- --url http://localhost:${readPort(env.PORT)}`;
  return { kind: 'none', why: `not set: the embedded database, which ${holder} has open`, todo, isFault: false };
}

function unreachable(why: string): Reached {
  const todo = 'Correct DATABASE_URL, or start the database; nothing else about it can be measured.';
  return { kind: 'none', why, todo, isFault: true };
}

async function askOpened(withVersions: boolean): Promise<Omit<DatabaseAnswers, 'reached'>> {
  const catalog = await findCatalog(OUR_TABLES);
  // The second question: the first one may have had to wake the database.
  const clock = await askClock();
  const level = await findLevel();
  if (level === null || level < SCHEMA_LEVEL) return { catalog, clock, level };
  // A database newer than this code may answer some of it no more.
  const attempt = <T>(ask: () => Promise<T>): Promise<T | undefined> => ask().catch(() => undefined);
  return {
    catalog,
    clock,
    level,
    settings: await attempt(askSettings),
    line: await attempt(findLine),
    watch: await attempt(findWatch),
    findings: await attempt(async () => readFacts(await findViolations('whole', OUR_TABLES), false)),
    plan: await attempt(askPlanFacts),
    versions: withVersions ? await attempt(askPatternVersions) : undefined,
  };
}

async function askClock() {
  const sentMs = Date.now();
  const databaseMs = await findClock();
  const cameMs = Date.now();
  return { name: 'database', aheadMs: databaseMs - (sentMs + cameMs) / 2, plusMinusMs: (cameMs - sentMs) / 2 };
}

async function askSettings(): Promise<Setting[]> {
  const { rows } = await listConfig();
  return rows.map(({ key, value, safest, default: usual }) => ({
    key,
    // A missing row reads as the safest value.
    value: parseConfigValue(key as ConfigKey, value ?? safest),
    default: parseConfigValue(key as ConfigKey, usual),
  }));
}
