/** A pattern on the page: its flags and gates in an owner's words, its place in a list, and what the clipboard gets of it. */
import { describe, expect, it } from 'vitest';
import { pattern as patternShape } from '../../lib/contract/answers.js';
import { describeActivationGate } from '../../lib/safety/gates.js';
import { adviseOnFlag, sayEligibilityGate, sayGatesSummary } from '../../web/src/patterns/advice.js';
import { type ListedPatterns, replacePattern } from '../../web/src/patterns/listed.js';
import { writeCopy } from '../../web/src/sections/approved/copy.js';
import { Refusal, readRefusal } from '../../web/src/server/refusal.js';
import { makePattern } from './factories.js';

describe('flags and gates in words', () => {
  it('every flag of the contract is told with what to do', () => {
    for (const flag of patternShape.shape.flags.element.options) {
      const { title, advice } = adviseOnFlag(flag);
      expect(title, flag).not.toContain('_');
      expect(advice, flag).toMatch(/\.$/);
    }
  });

  it('where everything stands below, nobody is told to open it', () => {
    expect(adviseOnFlag('fact_changed').advice).toContain('Open it to see what');
    expect(adviseOnFlag('fact_changed', true).advice).toContain('See below what');
  });

  it('a flag that this page does not know is shown, with nothing invented', () => {
    expect(adviseOnFlag('brand_new\u202E')).toEqual({ title: 'brand_new[U+202E]', advice: '' });
  });

  it('a gate says what it measured and what it requires', () => {
    const gate = (id: string, measured: unknown, required: unknown) => ({ id, ok: false, measured, required });
    expect(sayEligibilityGate(gate('customers', 1, 3))).toBe('Learned from 1 customer; 3 or more are needed');
    expect(sayEligibilityGate(gate('judged', 12, 20))).toBe(
      'Compared with a reply of your staff 12 times; 20 or more are needed',
    );
    expect(sayEligibilityGate(gate('confidence', 0.9499, 0.95))).toBe('Confidence 94 %; 95 % or more is needed');
    expect(sayEligibilityGate(gate('lower_bound', 0.7999, 0.9))).toBe(
      'Proven to be right at least 79 % of the time; 90 % or more is needed',
    );
    expect(sayEligibilityGate(gate('fillable', 2, 0))).toBe('2 blanks that nothing can fill; none is allowed');
    expect(sayEligibilityGate(gate('moon_phase', 'new', 'full'))).toBe('moon phase (measured new, required full)');
  });

  it('how many gates say no', () => {
    const gate = (ok: boolean) => ({ id: 'customers', ok, measured: 1, required: 3 });
    expect(sayGatesSummary([gate(true), gate(false), gate(false)])).toBe('Not eligible: 2 of 3 gates say no');
    expect(sayGatesSummary([gate(false)])).toBe('Not eligible: 1 of 1 gates says no');
    expect(sayGatesSummary([gate(true)])).toBe('Every gate says yes: eligible');
    expect(sayGatesSummary([])).toBe('Its gates are unknown');
  });
});

describe('a list', () => {
  const counts = { learning: 2, pendingReview: 0, active: 0, retired: 0 };
  const [first, second] = [makePattern(), makePattern()];
  const data: ListedPatterns = {
    pages: [
      { patterns: [first!], nextCursor: 'x', counts },
      { patterns: [second!], nextCursor: null, counts },
    ],
    pageParams: [null, 'x'],
  };

  it('a pattern that the server answered about keeps its place, and the other cards are not drawn again', () => {
    const confirmed = { ...second!, isActive: true, status: 'active' as const };
    const after = replacePattern(data, confirmed);
    expect(after.pages[1]!.patterns).toEqual([confirmed]);
    expect(after.pages[0]).toBe(data.pages[0]);
    expect(data.pages[1]!.patterns[0]!.isActive).toBe(false);
  });

  it('a pattern that is in no list is put into none', () => {
    expect(replacePattern(data, makePattern()).pages).toEqual(data.pages);
  });
});

describe('a copied answer', () => {
  it('shows its blanks so that nobody sends them by mistake', () => {
    expect(writeCopy('See you {{date}} at {{time}}, {{date}}!')).toEqual({
      text: 'See you [date] at [time], [date]!',
      blanks: ['date', 'time'],
    });
  });

  it('brings no hidden character along, and what only looks like a blank stays', () => {
    expect(writeCopy('pay\u202E \u200Bnow {{ Name }} 👍🏽\nthanks')).toEqual({
      text: 'pay now {{ Name }} 👍🏽\nthanks',
      blanks: [],
    });
  });
});

describe('a refusal has the server’s own words', () => {
  const answer = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });

  it('its detail, what the gates measured, and when to try again', () => {
    const gates = [{ id: 'kill_switch', ok: false, measured: 'engaged', required: 'released' }];
    const detail = describeActivationGate(gates[0]!);
    const refusal = readRefusal(answer(409), { title: 'A gate refused', status: 409, code: 'blocked', detail, gates });
    expect(refusal).toMatchObject({ status: 409, code: 'blocked', message: detail, gates });
    const later = readRefusal(answer(503, { 'retry-after': '5' }), { code: 'unavailable', title: 'Not available now' });
    expect(later.message).toBe('Not available now. Try again in 5 seconds.');
  });

  it('an answer of something else that stands before the server is said as what it is', () => {
    expect(readRefusal(answer(502), '<html>').message).toBe('The server refused with status 502.');
    expect(readRefusal(answer(500), { detail: 7, gates: 'none', errors: null })).toMatchObject({
      message: 'The server refused with status 500.',
      gates: [],
      errors: [],
    });
    expect(readRefusal(answer(500), { title: 'Something went wrong here', instance: 'abc' }).message).toBe(
      'Something went wrong here. (for the log: abc)',
    );
    expect(new Refusal(0, 'No answer.').code).toBeNull();
  });
});
