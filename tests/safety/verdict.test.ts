// What a watchdog run makes of its findings: any doubt means no.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertId } from '../../lib/safety/alerts.js';
import { CATALOG } from '../../lib/safety/catalog.js';
import { readCatalog } from '../../lib/safety/catalog-check.js';
import {
  CHECKS,
  countViolations,
  type Findings,
  judgeFindings,
  readFacts,
  TRIPPING,
} from '../../lib/safety/watchdog.js';

const nothing = (): Findings['violations'] => Object.fromEntries(TRIPPING.map(id => [id, []]));
const clean: Findings = {
  isLatched: false,
  violations: nothing(),
  standing: {},
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
    expect(countViolations(clean, null)).toEqual(TRIPPING.map(id => ({ id, violations: 0 })));
  });

  it('is latched when the kill switch is engaged and nothing is new', () => {
    expect(judgeFindings({ ...clean, isLatched: true })).toEqual({ status: 'latched' });
  });

  it.each(TRIPPING)('is a rollback when %s found something, latched or not', checkId => {
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
      expect(countViolations(findings, null)).toContainEqual({ id: checkId, violations: 2 });
    }
  });

  it.each(TRIPPING)('is a rollback when %s gave no answer', checkId => {
    for (const answer of [undefined, null]) {
      const findings = { ...clean, violations: { ...nothing(), [checkId]: answer } };
      expect(judgeFindings(findings)).toMatchObject({ status: 'rolled_back', evidence: [{ checkId, key: 'unknown' }] });
      expect(countViolations(findings, null)).toContainEqual({ id: checkId, violations: 1 });
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
      standing: fc.constant({}),
      violations: fc.record(Object.fromEntries(TRIPPING.map(id => [id, keys])), { requiredKeys: [] }),
      pending: fc.array(fc.uuid(), { maxLength: 2 }),
      isPatternOn: fc.boolean(),
      isLearningOn: fc.boolean(),
      unanswered: fc.constantFrom(null, byHand),
    }) as fc.Arbitrary<Findings>;
    fc.assert(
      fc.property(findings, found => {
        const isSpotless = TRIPPING.every(id => found.violations[id]?.length === 0) && found.pending.length === 0;
        const { status } = judgeFindings(found);
        const isLeftOn = found.isLatched && (found.isPatternOn || (found.isLearningOn && found.unanswered !== null));
        expect(status === 'rolled_back').toBe(!isSpotless || isLeftOn);
        expect(status === 'clean').toBe(isSpotless && !found.isLatched);
      }),
    );
  });

  it('of a fault in the catalog is one incident until the kill switch is released, and another one after that', () => {
    const { 'trigger decision_patterns.guard_birth': _, ...facts } = readCatalog(CATALOG);
    const fault = 'missing trigger decision_patterns.guard_birth';
    const found = (isLatched: boolean, release: number, knownFaults: string[]) =>
      readFacts({ ...clean, isLatched, catalog: { major: 17, facts }, release, knownFaults }, false);
    const evidence = (release: number) => [{ checkId: 'catalog', key: `${fault} @${release}` }];
    expect(judgeFindings(found(false, 0, []))).toMatchObject({ status: 'rolled_back', evidence: evidence(0) });
    expect(judgeFindings(found(true, 0, [`${fault} @0`]))).toEqual({ status: 'latched' });
    expect(judgeFindings(found(false, 1, []))).toMatchObject({ status: 'rolled_back', evidence: evidence(1) });
    // A latch that somebody opened by hand, without a release.
    expect(judgeFindings(found(false, 1, [`${fault} @1`]))).toMatchObject({ status: 'rolled_back' });
    expect(countViolations(found(true, 0, [`${fault} @0`]), null)).toContainEqual({ id: 'catalog', violations: 1 });
  });

  it('has a row for every check, the alerts last, and no alert ever makes a run less clean', () => {
    const alerts = Object.fromEntries(CHECKS.map(id => [id, 1])) as Record<AlertId, number>;
    const rows = countViolations(clean, alerts);
    expect(rows.map(({ id }) => id)).toEqual(CHECKS);
    expect(rows.slice(TRIPPING.length).every(({ violations }) => violations > 0)).toBe(true);
    expect(judgeFindings(clean)).toEqual({ status: 'clean' });
  });
});
