import { describe, expect, it } from 'vitest';
import { ERASED, planForgetting, type TaughtPattern } from '../../lib/learning/forget.js';

const example = (exchangeId: string, customerText: string, replyText: string) => ({
  exchangeId,
  customerText,
  replyText,
});
const pattern = (changes: Partial<TaughtPattern>): TaughtPattern => ({
  id: 'p1',
  fingerprint: '1:1',
  triggerText: 'when does the pool open',
  responseTemplate: 'The pool opens at {{time}} and costs $12',
  slots: [{ name: 'time', type: 'time', fillable: true }],
  facts: ['$12'],
  isEdited: false,
  isExternal: false,
  isCredited: true,
  hasTheirTrigger: true,
  hasTheirTemplate: true,
  otherExchanges: 0,
  examples: [],
  ...changes,
});
const OTHERS = {
  otherExchanges: 3,
  examples: [
    example('e1', 'opening hours of the pool', 'The pool opens at {{time}} every day'),
    example('e2', 'pool hours please', 'The pool opens at {{time}} on weekdays'),
    example('e3', 'can I bring a dog', 'Dogs wait outside'),
  ],
};

describe('What becomes of a pattern whose teacher is erased', () => {
  it('taught by them alone: it goes', () => {
    expect(planForgetting(pattern({}))).toEqual({ id: 'p1', fingerprint: '1:1', kind: 'remove' });
    // Also where the words were somebody's whose exchange has moved away since.
    expect(planForgetting(pattern({ hasTheirTrigger: false, hasTheirTemplate: false }))).toMatchObject({
      kind: 'remove',
    });
  });

  it('only an older wording was theirs, or only their exchange: the pattern stays as it is', () => {
    const others = { ...OTHERS, hasTheirTrigger: false, hasTheirTemplate: false };
    expect(planForgetting(pattern(others))).toMatchObject({ kind: 'keep' });
    expect(planForgetting(pattern({ ...others, otherExchanges: 0, isCredited: false }))).toMatchObject({
      kind: 'keep',
    });
  });

  it('others taught it too: it says what is nearest to what they were told', () => {
    expect(planForgetting(pattern(OTHERS))).toMatchObject({
      kind: 'reword',
      triggerText: 'opening hours of the pool',
      responseTemplate: 'The pool opens at {{time}} every day',
      slots: [{ name: 'time', fillable: false }],
      facts: [],
      isRetired: false,
    });
  });

  it('the same exchanges in another order give the same words', () => {
    const reversed = { ...OTHERS, examples: OTHERS.examples.toReversed() };
    expect(planForgetting(pattern(reversed))).toEqual(planForgetting(pattern(OTHERS)));
  });

  it('the others got the same answer: it stays, and one of their questions leads to it', () => {
    const same = 'The pool opens at {{time}} and costs $12';
    const plan = planForgetting(
      pattern({
        ...OTHERS,
        hasTheirTemplate: false,
        examples: [...OTHERS.examples, example('e4', 'pool prices', same)],
      }),
    );
    expect(plan).toMatchObject({ kind: 'reword', triggerText: 'pool prices', responseTemplate: same, facts: ['$12'] });
    expect(plan).toMatchObject({ slots: [{ name: 'time', fillable: true }] });
  });

  it('a person wrote it: it stays, whoever taught it', () => {
    const edited = { isEdited: true, hasTheirTrigger: false, hasTheirTemplate: false };
    expect(planForgetting(pattern(edited))).toMatchObject({ kind: 'keep' });
    expect(planForgetting(pattern({ ...edited, isEdited: false, isExternal: true }))).toMatchObject({ kind: 'keep' });
  });

  it('a person wrote one side of it: that side stays', () => {
    expect(planForgetting(pattern({ ...OTHERS, isEdited: true, hasTheirTrigger: false }))).toMatchObject({
      triggerText: 'when does the pool open',
      responseTemplate: 'The pool opens at {{time}} every day',
    });
    expect(planForgetting(pattern({ isEdited: true, hasTheirTemplate: false }))).toMatchObject({
      kind: 'reword',
      triggerText: ERASED,
      responseTemplate: 'The pool opens at {{time}} and costs $12',
      isRetired: false,
    });
  });

  it('others taught it, and their texts are past their time: nothing is left to say, so it is retired', () => {
    expect(planForgetting(pattern({ otherExchanges: 2 }))).toMatchObject({
      kind: 'reword',
      triggerText: ERASED,
      responseTemplate: ERASED,
      isRetired: true,
    });
  });
});
