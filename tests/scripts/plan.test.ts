// The cron's two schedules, tried with the clock's own arithmetic, and the command that changes from one to the other.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Cron } from 'croner';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONFIG_RULES } from '../../lib/safety/config-rules.js';
import { CRON_PATH, measureSchedule, PLANS, planOf } from '../../scripts/server/cron-plan.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const VERCEL = readFileSync(path.join(ROOT, 'vercel.json'), 'utf8');
const START = new Date('2026-11-01T00:00:00Z');
/** The default of watchdog_interval_minutes. */
const INTERVAL_MINUTES = 5;

describe('the schedules', () => {
  it('for Pro fires every day and night at most watchdog_interval_minutes apart', () => {
    const runs = new Cron(PLANS.pro, { timezone: 'UTC', paused: true }).nextRuns(600, START);
    const gaps = runs.slice(1).map((run, index) => (run.getTime() - runs[index]!.getTime()) / 60_000);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(INTERVAL_MINUTES);
    const defaults = readFileSync(path.join(ROOT, 'db/migrations/0003_configuration.sql'), 'utf8');
    expect(defaults).toContain(`('watchdog_interval_minutes', '${INTERVAL_MINUTES}'`);
    expect(CONFIG_RULES.watchdog_interval_minutes.loosens).toBe('higher');
  });

  it('for Hobby fires exactly once on every day of two years', () => {
    const runs = new Cron(PLANS.hobby, { timezone: 'UTC', paused: true }).nextRuns(730, START);
    const days = runs.map(run => run.toISOString().slice(0, 10));
    expect(new Set(days).size).toBe(730);
    expect(days.at(-1)).toBe('2028-10-30');
  });

  it('stand both in the README, and the repository is on the one for Pro', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
    for (const schedule of Object.values(PLANS)) expect(readme).toContain(`\`${schedule}\``);
    expect(JSON.parse(VERCEL).crons).toEqual([{ path: CRON_PATH, schedule: PLANS.pro }]);
  });

  it.each([
    ['*/5 * * * *', 'pro', 5],
    ['*/15 * * * *', 'pro', 15],
    ['0 */12 * * *', 'pro', 720],
    ['0 5,6 * * 1', 'pro', 6 * 24 * 60 + 23 * 60],
    ['0 5 * * *', 'hobby', 1_440],
    ['30 2 * * 1', 'hobby', 10_080],
  ])('are told apart by how often they fire in a day: %s', (schedule, plan, widestGapMinutes) => {
    const firing = measureSchedule(schedule)!;
    expect([planOf(firing), firing.widestGapMinutes]).toEqual([plan, widestGapMinutes]);
  });

  it.each(['', 'daily please', '61 * * * *', '0 0 31 2 *'])('that never fire are none: "%s"', schedule => {
    expect(measureSchedule(schedule)).toBeNull();
  });
});

describe('npm run plan', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'v3pls-plan-'));
    copyFileSync(path.join(ROOT, 'vercel.json'), path.join(folder, 'vercel.json'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const plan = (...words: string[]) => runPlan(words);
  const runPlan = (words: string[], preload: string[] = []) => {
    const tsx = fileURLToPath(import.meta.resolve('tsx'));
    const script = path.join(ROOT, 'scripts', 'plan.ts');
    const { status, stdout, stderr } = spawnSync(process.execPath, [...preload, '--import', tsx, script, ...words], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };
  const current = () => readFileSync(path.join(folder, 'vercel.json'), 'utf8');

  it('hobby changes the one schedule and no other character, and says what it means', () => {
    const { status, stdout } = plan('hobby');
    expect(status).toBe(0);
    expect(stdout).toContain('once a day');
    expect(stdout).toContain('11 minutes');
    expect(current()).toBe(VERCEL.replace('"*/5 * * * *"', '"0 5 * * *"'));
  });

  it('said twice changes nothing the second time, and pro gives the repository’s file back', () => {
    plan('hobby');
    expect(plan('hobby').stdout).toContain('has the hobby schedule');
    expect(plan('pro').stdout).toContain('now has the pro schedule');
    expect(current()).toBe(VERCEL);
  });

  it('says in a sentence that the file cannot be written', () => {
    // Tests may run as a user who may write everything: the refusal is made.
    writeFileSync(
      path.join(folder, 'read-only.mjs'),
      `import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const write = fs.writeFileSync;
      fs.writeFileSync = (file, ...rest) => {
        if (String(file).endsWith('vercel.json')) throw Object.assign(new Error('no'), { code: 'EACCES' });
        return write(file, ...rest);
      };
      syncBuiltinESMExports();`,
    );
    const preload = ['--import', pathToFileURL(path.join(folder, 'read-only.mjs')).href];
    expect(runPlan(['hobby'], preload)).toEqual({
      status: 1,
      stdout: '',
      stderr: 'vercel.json cannot be written (EACCES), so it keeps its schedule: make it writable.\n',
    });
    expect(current()).toBe(VERCEL);
  });

  it('says in a sentence what it cannot do', () => {
    expect(plan()).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('npm run -s plan -- hobby'),
    });
    expect(plan('enterprise').status).toBe(1);
    writeFileSync(path.join(folder, 'vercel.json'), '{}\n');
    expect(plan('pro')).toMatchObject({ status: 1, stderr: expect.stringContaining('has no cron') });
    expect(current()).toBe('{}\n');
    rmSync(path.join(folder, 'vercel.json'));
    expect(plan('pro')).toMatchObject({ status: 1, stderr: expect.stringContaining('There is no vercel.json here') });
  });
});
