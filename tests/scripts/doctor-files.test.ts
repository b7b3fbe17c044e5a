// The two files that the plan's checklists look at, the backup of the configuration and the drill's report: written, read back
// and judged.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBackup, writeBackup } from '../../scripts/doctor/backup.js';
import { parseDrillReport, readDrillReport } from '../../scripts/doctor/drill-report.js';
import { makeReport, type Report, type Step, writeMarkdown } from '../../scripts/drill/report.js';
import {
  ago,
  backupWith,
  CATALOG_FACTS,
  DAY,
  drilled,
  factsWith,
  judgeLineOf,
  LEVEL,
  reportWith,
  settingsWith,
  UNASKED,
  withPatterns,
} from './support/evidence.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'v3pls-doctor-files-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OFF = settingsWith({ enabled: false });

describe('the backup of the configuration', () => {
  const CONFIGURATION = 'Backup current configuration';
  const COUNT = 'Document current pattern count';
  const judge = (words: string, backup = backupWith(), changed = {}) =>
    judgeLineOf(words, { backup: { kind: 'read', file: 'backup.json', backup }, settings: OFF, ...changed });

  it('is read back as it was written, and a file that is there is never written over', () => {
    const file = path.join(folder, 'backup.json');
    expect(readBackup(file)).toEqual({ kind: 'absent', file });
    const backup = backupWith();
    expect(writeBackup(file, backup)).toEqual({ kind: 'read', file, backup });
    const bytes = readFileSync(file, 'utf8');
    expect(writeBackup(file, backupWith({ silence_hours: 96 }))).toMatchObject({
      kind: 'unusable',
      why: 'cannot be written (EEXIST)',
    });
    expect(readFileSync(file, 'utf8')).toBe(bytes);
  });

  it('passes while it has the values and the number of patterns that the database has', () => {
    expect(judge(CONFIGURATION)).toMatchObject({
      status: 'pass',
      measured: 'backup.json of 2026-11-23 has all 3 values as they are',
    });
    expect(judge(COUNT)).toMatchObject({
      status: 'pass',
      measured: '12 patterns by backup.json of 2026-11-23, 12 now',
    });
  });

  it('fails when a value is another by now, and names it', () => {
    expect(judge(CONFIGURATION, backupWith({ silence_hours: 96 }))).toMatchObject({
      status: 'fail',
      measured: 'backup.json of 2026-11-23 differs: silence_hours 96 there, 72 now',
      todo: expect.stringContaining('--backup FILE'),
    });
    const { silence_hours: _, ...configuration } = backupWith().configuration;
    expect(judge(CONFIGURATION, { ...backupWith(), configuration }).measured).toContain('silence_hours missing there');
  });

  it('stays good when learning is switched on afterwards, which is the plan’s next step, and not when it is switched off', () => {
    const on = { settings: settingsWith({ enabled: true }) };
    expect(judge(CONFIGURATION, backupWith(), on).status).toBe('pass');
    expect(judge(CONFIGURATION, backupWith({ enabled: true })).status).toBe('fail');
  });

  it('has another number of patterns only while learning is on', () => {
    const facts = withPatterns({ count: 15 });
    expect(judge(COUNT, backupWith(), { facts }).status).toBe('fail');
    expect(judge(COUNT, backupWith(), { facts, settings: settingsWith() })).toMatchObject({
      status: 'pass',
      measured: expect.stringContaining('15 now: learning is on'),
    });
  });

  it('fails where none is named, none is there, it cannot be read, or it is of another database', () => {
    const text = path.join(folder, 'notes.json');
    writeFileSync(text, '{"what":"something else"}');
    const found = [readBackup(undefined), readBackup(path.join(folder, 'none.json')), readBackup(text)];
    expect(found.map(({ kind }) => kind)).toEqual(['unnamed', 'absent', 'unusable']);
    for (const words of [CONFIGURATION, COUNT]) {
      for (const backup of [...found, readBackup(folder)])
        expect(judgeLineOf(words, { backup })).toMatchObject({
          status: 'fail',
          todo: expect.stringContaining('npm run -s doctor -- --checklist before --backup FILE'),
        });
      expect(judge(words, backupWith(), { facts: factsWith({ database: 'database 2' }) })).toMatchObject({
        status: 'fail',
        measured: expect.stringContaining('another database'),
      });
      expect(judge(words, backupWith(), { ...UNASKED }).status).toBe('unknown');
    }
  });
});

describe('the drill’s report', () => {
  const step: Step = {
    ...{ scene: 'evidence', title: 'It is undone | all of it', expected: 'off', seen: 'off', ms: 61, result: 'PASS' },
  };
  const filed = (steps: Step[], mode: Report['mode'] = 'scratch') =>
    makeReport(
      { startedAt: '2026-11-20T12:00:00Z', database: 'embedded (PGlite)', version: '17.5', level: LEVEL, mode },
      steps,
      ['A note.'],
    );

  it('is read back from what the drill files, as Markdown and as JSON', () => {
    for (const mode of ['scratch', 'live'] as const)
      for (const report of [
        filed([step], mode),
        filed([step, { ...step, result: 'FAIL' }], mode),
        filed([step, { ...step, expected: '', ms: null, result: 'SKIPPED' }], mode),
      ]) {
        const { startedAt, level, database, ok, lastLine } = report;
        const expected = { startedAt, level, mode, database, ok, lastLine };
        expect(parseDrillReport(writeMarkdown(report))).toEqual(expected);
        expect(parseDrillReport(JSON.stringify(report))).toEqual(expected);
      }
  });

  it('that lacks a line, or whose last line says another thing than its steps, is no report', () => {
    const whole = writeMarkdown(filed([step]));
    for (const line of ['Date', 'Database', 'Version', 'Way'])
      expect(parseDrillReport(whole.replace(new RegExp(`^- ${line}: .*$`, 'm'), '')), line).toBeNull();
    expect(parseDrillReport(whole.replace(/^\*\*.*$/m, ''))).toBeNull();
    const failed = writeMarkdown(filed([step, { ...step, result: 'FAIL' }]));
    expect(parseDrillReport(failed.replace(/^\*\*FAIL: .*$/m, '**PASS: 2 of 2 steps.**'))).toBeNull();
    for (const text of ['', '{', '{}', 'PASS', 'null']) expect(parseDrillReport(text)).toBeNull();
  });

  const LINES = ['Verify test environment available', 'Confirm rollback plan ready', 'Rollback plan tested'];

  it.each(LINES)('makes "%s" pass, for 30 days and for this schema', words => {
    expect(judgeLineOf(words, drilled()).status).toBe('pass');
    expect(judgeLineOf(words, drilled({ startedAt: ago(30 * DAY) })).status).toBe('pass');
    for (const [changed, why] of [
      [{ startedAt: ago(30 * DAY + 1) }, 'older than 30 days'],
      [{ startedAt: ago(-2 * 60) }, 'yet to come'],
      [{ level: LEVEL - 1 }, `at schema level ${LEVEL - 1}; the code needs ${LEVEL}`],
      [{ ok: false, lastLine: 'FAIL: 1 of 22 steps failed. The first: Evidence.' }, 'FAIL: 1 of 22 steps failed'],
    ] as const)
      expect(judgeLineOf(words, drilled(changed))).toMatchObject({
        status: 'fail',
        measured: expect.stringContaining(why),
        todo: expect.stringContaining('npm run -s drill -- --postgres --out FILE'),
      });
  });

  it.each(LINES)('that is not named, or not there, makes "%s" fail', words => {
    expect(judgeLineOf(words, { drill: readDrillReport(undefined) }).measured).toBe("no drill's report was named");
    const file = path.join(folder, 'none.md');
    expect(judgeLineOf(words, { drill: readDrillReport(file) })).toMatchObject({
      status: 'fail',
      measured: `${file} is not there`,
    });
  });

  it('of a live drill shows the rollback, and no environment to test in', () => {
    const live = drilled({ mode: 'live' });
    expect(LINES.map(words => judgeLineOf(words, live).status)).toEqual(['fail', 'pass', 'pass']);
  });

  it('says that the plan is ready only where this database is as the drilled one was', () => {
    const words = 'Confirm rollback plan ready';
    const { 'function v3pls_roll_back(uuid)': removed, ...rest } = CATALOG_FACTS.facts;
    expect(removed).toBeDefined();
    expect(judgeLineOf(words, { ...drilled(), catalog: { major: 17, facts: rest } })).toMatchObject({
      status: 'fail',
      measured: expect.stringContaining('v3pls_roll_back'),
    });
    expect(judgeLineOf(words, { ...UNASKED, ...drilled() }).status).toBe('unknown');
    expect(judgeLineOf('Rollback plan tested', { ...UNASKED, ...drilled() }).measured).toContain(reportWith().lastLine);
  });
});
