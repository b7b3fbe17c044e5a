/** What a text is about, apart from its words, and how the nearest examples vote. */
import { describe, expect, it } from 'vitest';
import { readTokens } from '../../lib/learning/features.js';
import { matchText } from '../../lib/learning/matcher.js';
import { closeness, middleOf, readMeaning as readMeaningOf } from '../../lib/learning/meaning.js';
import { createModel, putExample, putPattern } from '../../lib/learning/model.js';
import { castVotes } from '../../lib/learning/neighbourhood.js';

const readMeaning = (text: string) => readMeaningOf(readTokens(text));
const near = (a: string, b: string) => closeness(readMeaning(a), readMeaning(b));

describe('What a text is about', () => {
  it.each([
    ['cancel my booking', 'call off the reservation', 'what does a coffee cost'],
    ['is there parking', 'where do i leave my car', 'can i bring my dog'],
    ['the price of a ticket', 'how much does admission cost', 'when do you open'],
  ])('"%s" is nearer to "%s" than to "%s"', (text, alike, other) => {
    expect(near(text, alike)).toBeGreaterThan(near(text, other) + 0.05);
  });

  it.each(['', '👍', '1234', 'zzxqv', '營業時間'])('"%s" is about nothing that is known, and near to nothing', text => {
    expect(readMeaning(text)).toBeNull();
    expect(near(text, 'when do you open')).toBe(0);
    expect(near(text, text)).toBe(0);
  });

  it('the middle of several is the same in every order, to the last digit', () => {
    const meanings = ['when do you open', 'opening hours', 'are you open on sunday', 'what time do you close'].map(
      readMeaning,
    );
    expect(middleOf(meanings)).toEqual(middleOf([...meanings].reverse()));
    expect(closeness(middleOf(meanings), readMeaning('when are you open'))).toBeGreaterThan(0.8);
  });

  it('every closeness is a number from 0 to 1', () => {
    const texts = ['open', 'close', 'never ever', 'the the the', 'no', 'yes please', "can't", 'a'.repeat(5_000)];
    for (const a of texts)
      for (const b of texts) {
        expect(near(a, b)).toBeGreaterThanOrEqual(0);
        expect(near(a, b)).toBeLessThanOrEqual(1.001);
      }
  });
});

describe('The vote of the neighbours', () => {
  it('ten copies of one example do not outvote another pattern that is as near', () => {
    const copies = Array.from({ length: 10 }, () => ({ patternId: 'copied', similarity: 0.6, count: 1 }));
    const votes = castVotes([...copies, { patternId: 'single', similarity: 0.6, count: 1 }], (i, j) => {
      const isCopy = (place: number) => place < copies.length;
      return i === j || (isCopy(i) && isCopy(j)) ? 1 : 0.1;
    });
    expect(votes.get('copied')! / votes.get('single')!).toBeLessThan(1.5);
  });

  it('counts an example that was said twenty times as twenty examples', () => {
    const text = (patternId: string, count: number) => ({ patternId, similarity: 0.6, count });
    const alike = () => 1;
    const counted = castVotes([text('often', 20), text('rarely', 1)], alike);
    const listed = castVotes([...Array.from({ length: 20 }, () => text('often', 1)), text('rarely', 1)], alike);
    expect(counted.get('often')).toBeCloseTo(listed.get('often')!, 9);
    expect(counted.get('rarely')).toBeCloseTo(listed.get('rarely')!, 9);
    expect(counted.get('often')!).toBeGreaterThan(counted.get('rarely')! * 5);
  });

  it('is a number even where all examples are the same, or nothing is alike', () => {
    const same = castVotes(
      [
        { patternId: 'a', similarity: 1, count: 1 },
        { patternId: 'b', similarity: 1, count: 1 },
      ],
      () => 1,
    );
    const none = castVotes([{ patternId: 'a', similarity: 0, count: 1 }], () => 0);
    for (const vote of [...same.values(), ...none.values()]) expect(Number.isFinite(vote)).toBe(true);
  });

  it('finds a pattern that says the same in other words', () => {
    const model = createModel();
    const teach = (id: string, texts: string[]) => {
      const record = { id, version: 1, triggerText: texts[0]!, responseTemplate: id, patternType: 'answer' };
      putPattern(model, { ...record, isEdited: false, isActive: false, isRetired: false, confidence: 0.5 });
      texts.forEach((customerText, i) => {
        putExample(model, {
          exchangeId: `${id}${i}`,
          patternId: id,
          customerText,
          previousOperatorText: '',
          replyText: id,
        });
      });
    };
    teach('parking', ['is there parking', 'where can i park', 'do you have a parking lot']);
    teach('dogs', ['can i bring my dog', 'are pets allowed', 'is my puppy welcome']);
    teach('prices', ['how much is it', 'what does an hour cost', 'what are your prices']);
    const match = (customerText: string) =>
      matchText(model, { customerText, previousOperatorText: '' }).best?.patternId;
    expect(match('a garage for the vehicle')).toBe('parking');
    expect(match('may animals come along')).toBe('dogs');
    expect(match('is it expensive')).toBe('prices');
  });
});
