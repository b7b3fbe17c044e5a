/** Codes in an owner's words: what is known has a sentence, and what is not known is shown as it came. */
import { describe, expect, it } from 'vitest';
import type { SkipCode } from '../../lib/learning/types.js';
import {
  explainReason,
  REASON_FILTERS,
  sayAgreement,
  sayDecisionGate,
  sayFirstRefusal,
  sayReason,
} from '../../web/src/reasons.js';

const SKIPPED: Record<SkipCode, true> = {
  no_customer_turn: true,
  after_window: true,
  group: true,
  not_a_person: true,
  acknowledgement: true,
  media_only: true,
  broadcast: true,
  opt_out: true,
  emergency: true,
  dont_learn: true,
  learning_off: true,
  quarantined: true,
};
const OF_DECISIONS = ['below_match_threshold', 'unfillable', 'no_candidate', 'no_features', 'deadline', 'error'];

describe('A reason', () => {
  it.each([...Object.keys(SKIPPED), ...OF_DECISIONS])('%s has words of its own, and can be asked for', code => {
    expect(sayReason(code)).not.toContain('_');
    expect(explainReason(code)).toMatch(/^[A-Z].*\.$/);
    expect(explainReason(code)).not.toBe(explainReason('never_heard_of'));
    expect(REASON_FILTERS.filter(filter => filter.code === code)).toHaveLength(1);
  });

  it('that is not known is shown as it came, with what would be invisible', () => {
    expect(sayReason('a_new_reason')).toBe('a new reason');
    expect(explainReason('a\u202Enew')).toBe('A[U+202E]new.');
  });
});

describe('The first gate that said no', () => {
  const sure = { id: 'below_match_threshold', ok: false, measured: 0.4961, required: 0.5 };
  const blanks = { id: 'unfillable', ok: false, measured: 2, required: 0 };

  it('says what it measured and what was needed, and never rounds up to what was needed', () => {
    expect(sayFirstRefusal([sure, blanks], ['below_match_threshold', 'unfillable'])).toBe(
      'It was not sure enough: the best match reached 49 %, and 50 % are needed.',
    );
    expect(sayFirstRefusal([{ ...sure, ok: true, measured: 0.7 }, blanks], ['unfillable'])).toBe(
      '2 blanks of the answer could not be filled from the conversation.',
    );
  });

  it('of a text that no pattern may answer says why, and none is invented where all said yes', () => {
    const group = { id: 'group', ok: false, measured: true, required: false };
    expect(sayFirstRefusal([group], ['group'])).toBe('More than one customer is in the conversation.');
    expect(sayFirstRefusal([], ['deadline'])).toBe('There was no time left to decide: storing the text comes first.');
    expect(sayFirstRefusal([{ ...blanks, ok: true, measured: 0 }], [])).toBeNull();
  });

  it('tells learning that is off from a kill switch that is engaged', () => {
    const learning = { id: 'learning', ok: false, required: 'on' };
    expect(sayDecisionGate({ ...learning, measured: 'off' })).toContain('Learning is off');
    expect(sayDecisionGate({ ...learning, measured: 'kill_switch' })).toContain('kill switch is engaged');
  });

  it('that is not known, or lacks its numbers, says what it has and "unknown" for the rest', () => {
    expect(sayDecisionGate({ id: 'moon_phase', ok: false, measured: 'full', required: 'new' })).toBe(
      'Moon phase (measured full, required new).',
    );
    expect(sayDecisionGate({ id: 'below_match_threshold', ok: false })).toBe(
      'Below match threshold (measured unknown, required unknown).',
    );
  });
});

describe('How a decision compared', () => {
  const decision = {
    kind: 'would_reply',
    reasons: [],
    gates: [],
    committedAt: '2026-11-23T10:00:00Z',
    late: false,
  } as const;
  const turn = { decision: { ...decision, reasons: [], gates: [] }, operator: 'USanna', operatorText: null };

  it('is told apart from what it only thought of', () => {
    expect(sayAgreement({ ...turn, agreement: 'agreed' })).toBe('Staff said the same');
    const silent = { ...turn, decision: { ...turn.decision, kind: 'abstained' as const } };
    expect(sayAgreement({ ...silent, agreement: 'agreed' })).toBe('Staff said what it was thinking of');
    expect(sayAgreement({ ...silent, agreement: 'disagreed' })).toContain('something else than it was thinking of');
  });

  it('is open before anybody has answered, and not compared where nothing could be', () => {
    expect(sayAgreement({ ...turn, agreement: null, operator: null })).toBe('Not answered yet');
    expect(sayAgreement({ ...turn, agreement: null })).toBe('Not compared');
    expect(sayAgreement({ ...turn, agreement: 'ignored' })).toBe('Not compared');
  });
});
