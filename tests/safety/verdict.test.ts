// What a watchdog run makes of its findings: any doubt means no.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS, countViolations, type Findings, judgeFindings } from '../../lib/safety/watchdog.js';

const nothing = (): Findings['violations'] => Object.fromEntries(CHECKS.map(id => [id, []]));
const clean: Findings = {
  isLatched: false,
  violations: nothing(),
  pending: [],
  isPatternOn: false,
  isLearningOn: false,
  unanswered: null,
};
const byHand = { source: 'manual', actor: 'token:olga' };
const byWatchdog = { source: 'watchdog', actor: 'watchdog' };

describe('the verdict of a watchdog run', () => {
  it('is clean when every check answered and found nothing', () => {
    expect(judgeFindings(clean)).toEqual({ status: 'clean' });
    expect(countViolations(clean)).toEqual(CHECKS.map(id => ({ id, violations: 0 })));
  });

  it('is latched when the kill switch is engaged and nothing is new', () => {
    expect(judgeFindings({ ...clean, isLatched: true })).toEqual({ status: 'latched' });
  });

  it.each(CHECKS)('is a rollback when %s found something, latched or not', checkId => {
    for (const isLatched of [false, true]) {
      const findings = { ...clean, isLatched, violations: { ...nothing(), [checkId]: ['a', 'b'] } };
      expect(judgeFindings(findings)).toEqual({
        status: 'rolled_back',
        evidence: [
          { checkId, key: 'a' },
          { checkId, key: 'b' },
        ],
        opens: byWatchdog,
        pending: [],
      });
      expect(countViolations(findings)).toContainEqual({ id: checkId, violations: 2 });
    }
  });

  it.each(CHECKS)('is a rollback when %s gave no answer', checkId => {
    for (const answer of [undefined, null]) {
      const findings = { ...clean, violations: { ...nothing(), [checkId]: answer } };
      expect(judgeFindings(findings)).toMatchObject({ status: 'rolled_back', evidence: [{ checkId, key: 'unknown' }] });
      expect(countViolations(findings)).toContainEqual({ id: checkId, violations: 1 });
    }
  });

  it('completes a pending rollback even when nothing else was found', () => {
    expect(judgeFindings({ ...clean, isLatched: true, pending: ['i1'] })).toEqual({
      status: 'rolled_back',
      evidence: [],
      opens: null,
      pending: ['i1'],
    });
  });

  it('is clean with patterns and learning on, as long as the kill switch is not engaged', () => {
    expect(judgeFindings({ ...clean, isPatternOn: true, isLearningOn: true })).toEqual({ status: 'clean' });
  });

  it('is a rollback in the name of whoever engaged the kill switch, when none followed and something is still on', () => {
    const latched = { ...clean, isLatched: true, unanswered: byHand };
    const rollback = { status: 'rolled_back', evidence: [], opens: byHand, pending: [] };
    expect(judgeFindings({ ...latched, isPatternOn: true })).toEqual(rollback);
    expect(judgeFindings({ ...latched, isLearningOn: true })).toEqual(rollback);
    expect(judgeFindings(latched)).toEqual({ status: 'latched' });
  });

  it('is a rollback when a pattern is on behind the kill switch, whatever came after it', () => {
    expect(judgeFindings({ ...clean, isLatched: true, isPatternOn: true })).toEqual({
      status: 'rolled_back',
      evidence: [],
      opens: byWatchdog,
      pending: [],
    });
  });

  it('is latched when a person switches learning on again after the rollback: it learns nothing before the release', () => {
    expect(judgeFindings({ ...clean, isLatched: true, isLearningOn: true })).toEqual({ status: 'latched' });
  });

  it('opens no second incident where a pending rollback will do', () => {
    const latched = { ...clean, isLatched: true, isPatternOn: true, isLearningOn: true, unanswered: byHand };
    expect(judgeFindings({ ...latched, pending: ['i1'] })).toMatchObject({ opens: null, pending: ['i1'] });
  });

  it('is clean only when nothing at all is wrong, whatever the findings', () => {
    const keys = fc.option(fc.array(fc.string(), { maxLength: 3 }), { nil: null });
    const findings = fc.record({
      isLatched: fc.boolean(),
      violations: fc.record(Object.fromEntries(CHECKS.map(id => [id, keys])), { requiredKeys: [] }),
      pending: fc.array(fc.uuid(), { maxLength: 2 }),
      isPatternOn: fc.boolean(),
      isLearningOn: fc.boolean(),
      unanswered: fc.constantFrom(null, byHand),
    }) as fc.Arbitrary<Findings>;
    fc.assert(
      fc.property(findings, found => {
        const isSpotless = CHECKS.every(id => found.violations[id]?.length === 0) && found.pending.length === 0;
        const { status } = judgeFindings(found);
        const isLeftOn = found.isLatched && (found.isPatternOn || (found.isLearningOn && found.unanswered !== null));
        expect(status === 'rolled_back').toBe(!isSpotless || isLeftOn);
        expect(status === 'clean').toBe(isSpotless && !found.isLatched);
      }),
    );
  });
});
