// The plan's three checklists in the doctor's report: every line in the plan's words, and what makes each pass and fail.
// Pure functions, no database and no network; what files show stands in doctor-files.test.ts.
import { describe, expect, it } from 'vitest';
import type { PlanFacts } from '../../scripts/doctor/ask-plan-facts.js';
import { fail, pass } from '../../scripts/doctor/check.js';
import { describeReport, isWell, judgeChecklists } from '../../scripts/doctor/checklists.js';
import {
  ago,
  CATALOG_FACTS,
  DAY,
  evidenceWith,
  factsWith,
  judgeLineOf,
  settingsWith,
  UNASKED,
  WATCH,
  withPatterns,
} from './support/evidence.js';

/** As they stand in the activation plan. */
const PLAN = {
  before: [
    'Backup current configuration',
    'Document current pattern count',
    'Verify test environment available',
    'Confirm rollback plan ready',
    'Verify `is_active = false` default in pattern creation',
    'Confirm `auto_executable = false` default',
    'Check `requires_confirmation = true` default',
    "Test that patterns don't auto-execute even at 100% confidence",
    'All team members informed',
    'Monitoring dashboards ready',
    'Rollback plan tested',
    'Documentation complete',
    'Success metrics defined',
  ],
  during: ['Enable pattern learning', 'Keep shadow mode ON', 'Monitor logs for errors', 'Check pattern creation rate'],
  after: [
    'Verify no auto-executions',
    'Check V3-PLS page displays patterns',
    'Monitor for 24 hours',
    'Review created patterns for quality',
  ],
};
const PEOPLES = [
  'All team members informed',
  'Monitoring dashboards ready',
  'Documentation complete',
  'Monitor logs for errors',
  'Review created patterns for quality',
];

const linesOf = (changed = {}) =>
  judgeChecklists(evidenceWith(changed)).map(({ parts }) => parts.flatMap(part => part.lines));

describe('the three checklists', () => {
  it('have every line of the plan, in its order and in its words', () => {
    expect(linesOf().map(lines => lines.map(line => line.title))).toEqual([PLAN.before, PLAN.during, PLAN.after]);
    const ids = linesOf().flatMap(lines => lines.map(line => line.id));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('pass where all is well, but for what only people can know, and that is never more than unknown', () => {
    for (const { title, status, todo } of linesOf().flat()) {
      expect(status, title).toBe(PEOPLES.includes(title) ? 'unknown' : 'pass');
      expect(todo === null, title).toBe(status === 'pass');
    }
    for (const { title, status } of linesOf(UNASKED).flat())
      if (PEOPLES.includes(title)) expect(status).toBe('unknown');
  });

  it('without the database and the deployment say that they measured nothing, and what to do', () => {
    const unknown = linesOf(UNASKED)
      .flat()
      .filter(line => line.status === 'unknown');
    expect(unknown).toHaveLength(19);
    for (const { measured, todo } of unknown) {
      expect(measured).toMatch(/not measured|only people/);
      expect(todo).not.toBeNull();
    }
  });

  it('are of their moments: what fails in one counts only when it was asked for by name', () => {
    const checks = [pass({ id: 'a', title: 'A' }, 'm')];
    const off = evidenceWith({ settings: settingsWith({ enabled: false }) });
    expect(isWell(checks, judgeChecklists(off))).toBe(true);
    const during = judgeChecklists(off, 'during');
    expect(during.map(({ id, counts }) => [id, counts.fail])).toEqual([['during', 1]]);
    expect(isWell(checks, during, 'during')).toBe(false);
    expect(isWell(checks, judgeChecklists(evidenceWith(), 'during'), 'during')).toBe(true);
    expect(isWell([fail({ id: 'a', title: 'A' }, 'm', 'do')], judgeChecklists(evidenceWith()))).toBe(false);
  });

  it('stand below the checks, each under its heading, and the last line is of the checks', () => {
    const checks = [pass({ id: 'a', title: 'A' }, 'm')];
    const report = describeReport(checks, judgeChecklists(evidenceWith())).split('\n');
    expect(report.slice(0, 5)).toEqual([
      '✓ A: m',
      '',
      'The plan, Before Activation: 10 pass, 0 fail, 3 unknown',
      '  Safety Checklist, Before Activation',
      '  ✓ Backup current configuration: backup.json of 2026-11-23 has all 3 values as they are; learning was switched on since',
    ]);
    expect(report).toContain('The plan, During Activation: 3 pass, 0 fail, 1 unknown');
    expect(report.at(-1)).toBe('The checks: 1 pass, 0 fail, 0 unknown');
    expect(describeReport(checks, judgeChecklists(evidenceWith(), 'after'), 'after')).not.toContain('Before');
  });
});

describe('before activation', () => {
  it.each([
    ['Verify `is_active = false` default in pattern creation', 'is_active', 'true'],
    ['Confirm `auto_executable = false` default', 'auto_executable', 'true'],
    ['Check `requires_confirmation = true` default', 'requires_confirmation', 'false'],
  ])('"%s" fails when the default is another, or gone', (words, column, wrong) => {
    for (const value of [wrong, null]) {
      const line = judgeLineOf(words, { facts: factsWith({ defaults: { ...factsWith().defaults, [column]: value } }) });
      expect(line).toMatchObject({ status: 'fail', measured: `column_default of ${column} is ${value ?? 'none'}` });
      expect(line.todo).toContain(`alter column ${column} set default`);
    }
  });

  it('no pattern executes, however sure: fails without the guard, or with a pattern that may', () => {
    const words = "Test that patterns don't auto-execute even at 100% confidence";
    const { 'constraint decision_patterns.nothing_executes': _, ...rest } = CATALOG_FACTS.facts;
    const unguarded = judgeLineOf(words, { catalog: { major: 17, facts: rest } });
    expect(unguarded).toMatchObject({ status: 'fail', measured: expect.stringContaining('missing constraint') });
    expect(judgeLineOf(words, { facts: withPatterns({ executable: 1 }) }).status).toBe('fail');
    const executions = { lastDay: 0, automaticLastDay: 0, automaticEver: 1 };
    expect(judgeLineOf(words, { facts: factsWith({ executions }) }).status).toBe('unknown');
  });

  it('the success metrics are those that the deployment measures; one that measures none is another code', () => {
    const words = 'Success metrics defined';
    const page = { fault: null, milestones: [4, 0, 1] as [number, number, number] };
    expect(judgeLineOf(words, { page }).status).toBe('fail');
    expect(judgeLineOf(words, { page: { fault: null } }).status).toBe('unknown');
  });
});

describe('during activation', () => {
  it('learning is on: fails while it is off, and while the kill switch is engaged', () => {
    const words = 'Enable pattern learning';
    expect(judgeLineOf(words, { settings: settingsWith({ enabled: false }) }).status).toBe('fail');
    expect(judgeLineOf(words, { watch: { ...WATCH, isLatched: true } })).toMatchObject({
      status: 'fail',
      todo: expect.stringContaining('incident'),
    });
    expect(judgeLineOf(words, { watch: undefined }).status).toBe('unknown');
  });

  it('shadow mode is on, or the database is not as it was', () => {
    expect(judgeLineOf('Keep shadow mode ON', { settings: settingsWith({ shadow_mode: false }) })).toMatchObject({
      status: 'fail',
      measured: 'shadow_mode is false',
      todo: expect.stringContaining('kill switch'),
    });
  });

  it('of the logs says what the database counted, and leaves the rest to people', () => {
    const line = { ...evidenceWith().line!, quarantined: [{ reason: 'invalid_message', count: 2 }] };
    expect(judgeLineOf('Monitor logs for errors', { line })).toMatchObject({
      status: 'unknown',
      measured: expect.stringMatching(/^2 deliveries of the last day could not be understood/),
    });
  });

  it('patterns are created at the rate that the plan expects; nothing learned from many answers fails', () => {
    const rate = (facts: PlanFacts, settings = settingsWith()) =>
      judgeLineOf('Check pattern creation rate', { facts, settings });
    const unlearned = (answered: number) =>
      factsWith({ exchanges: { answered, learned: 0, skipped: { acknowledgement: answered } } });
    expect(rate(unlearned(10))).toMatchObject({
      status: 'fail',
      measured: expect.stringContaining('10 × acknowledgement'),
    });
    expect(rate(unlearned(9)).status).toBe('unknown');
    expect(rate(withPatterns({ count: 60, lastWeek: 51 })).status).toBe('unknown');
    expect(rate({ ...withPatterns({ count: 9, lastWeek: 9 }), enabledAt: ago(7 * DAY) }).status).toBe('unknown');
    expect(rate(withPatterns({ count: 9, lastWeek: 9 })).status).toBe('pass');
    expect(rate({ ...withPatterns({ count: 90, lastWeek: 0 }), enabledAt: ago(90 * DAY) }).status).toBe('pass');
    expect(rate(factsWith(), settingsWith({ enabled: false })).status).toBe('unknown');
  });
});

describe('after activation', () => {
  it('nothing was executed automatically: fails for the last day, and says of the days before', () => {
    const words = 'Verify no auto-executions';
    const counted = (automaticLastDay: number, automaticEver: number) =>
      judgeLineOf(words, { facts: factsWith({ executions: { lastDay: 3, automaticLastDay, automaticEver } }) });
    expect(counted(1, 1)).toMatchObject({
      status: 'fail',
      measured: '1 automatic of 3 executions in 24 hours, 1 automatic ever',
    });
    expect([counted(0, 1).status, counted(0, 0).status]).toEqual(['unknown', 'pass']);
    expect(judgeLineOf(words, { facts: withPatterns({ executable: 1 }) }).status).toBe('fail');
  });

  it('the page comes and lists what was learned; a page without its script fails, and so does an empty list of a full database', () => {
    const words = 'Check V3-PLS page displays patterns';
    const list = { count: 0, active: 0 };
    const broken = { fault: 'the page has no script of its own', list: { count: 12, active: 0 } };
    expect(judgeLineOf(words, { page: broken })).toMatchObject({ status: 'fail', measured: broken.fault });
    expect(judgeLineOf(words, { page: { fault: null, list } }).status).toBe('fail');
    expect(judgeLineOf(words, { page: { fault: null, list }, facts: withPatterns({ count: 0 }) }).status).toBe(
      'unknown',
    );
    expect(judgeLineOf(words, { page: { fault: null } }).status).toBe('unknown');
    expect(judgeLineOf(words).measured).toBe(
      'the page and its script come, and its list has 12 patterns, 0 of them active',
    );
  });

  it('24 hours were watched: fails for an incident, a run that is not clean, or hours without a run', () => {
    const words = 'Monitor for 24 hours';
    const watched = (facts: Partial<PlanFacts>, others = {}) =>
      judgeLineOf(words, { facts: factsWith(facts), ...others }).status;
    const runs = (byStatus: Record<string, number>, widestGapMinutes = 5) => ({ runs: { byStatus, widestGapMinutes } });
    expect(watched({ incidentsLastDay: 1 })).toBe('fail');
    expect(watched(runs({ clean: 287, latched: 1 }))).toBe('fail');
    expect(watched(runs({ clean: 287, failed: 1 }))).toBe('fail');
    expect(watched(runs({ clean: 200 }, 12))).toBe('fail');
    expect(watched(runs({ clean: 40 }, 300), { isHobby: true })).toBe('unknown');
    expect(watched(runs({ clean: 287, unknown: 1 }))).toBe('unknown');
    expect(watched({ enabledAt: ago(7 * 60 + 5) })).toBe('unknown');
    expect(judgeLineOf(words, { facts: factsWith({ enabledAt: ago(7 * 60 + 5) }) }).measured).toMatch(
      /^7 of 24 hours; /,
    );
    expect(watched({ enabledAt: ago(DAY) })).toBe('pass');
    expect(watched({}, { settings: settingsWith({ enabled: false }) })).toBe('unknown');
  });
});
