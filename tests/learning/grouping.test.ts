/** From exchanges to patterns: the reply decides first, the question second, and nobody's words are overwritten. */
import { describe, expect, it } from 'vitest';
import { learnExchange } from '../../lib/learning/learn.js';
import { createModel, putExample, putPattern, removePattern } from '../../lib/learning/model.js';
import { makePattern, makeTaughtModel, prepare, teach } from './make.js';

describe('grouping', () => {
  it('two phrasings of one question with one answer are one pattern', () => {
    const model = createModel();
    const first = teach(model, 'a', 'do you have parking?', 'Yes, parking is free behind the building.');
    const second = teach(model, 'b', 'where can I leave my car', 'Parking is free, right behind the building');
    expect(second.patternId).toBe(first.patternId);
  });

  it('one question answered in two ways is two patterns', () => {
    const model = createModel();
    const first = teach(
      model,
      'a',
      'my screen is frozen',
      'Please restart the computer with the button under the desk.',
    );
    const second = teach(model, 'b', 'my screen is frozen', 'I moved your booking to bay 4, sorry about the trouble.');
    expect(second.patternId).not.toBe(first.patternId);
  });

  it('other values in the same reply are the same pattern', () => {
    const model = createModel();
    const first = teach(model, 'a', 'can I get a bay at 5 pm', 'You are booked for 5 pm, bay 3.');
    const second = teach(model, 'b', 'need a bay at 7', 'You are booked for 7:30 pm, bay 11.');
    expect(second.patternId).toBe(first.patternId);
  });

  it('a retired pattern still takes in what belongs to it, so that it is not learned again', () => {
    const model = createModel();
    putPattern(model, makePattern({ id: 'old', isRetired: true }));
    expect(teach(model, 'a', 'is there parking', 'Yes, parking is free behind the building.').patternId).toBe('old');
  });

  it('an imported pattern without an exchange takes in its first one', () => {
    const model = createModel();
    putPattern(model, makePattern({ id: 'imported' }));
    putPattern(model, makePattern({ id: 'bystander', triggerText: 'hours', responseTemplate: 'We close at 10 pm.' }));
    expect(teach(model, 'a', 'can I park', 'Parking is free behind the building').patternId).toBe('imported');
  });
});

describe('revising an exchange', () => {
  const prepared = (operatorText: string) => {
    const result = prepare('my screen is frozen', operatorText);
    if (!result.ok) throw new Error(result.detail);
    return { ...result.example, exchangeId: 'a' };
  };

  it('a pattern with this exchange alone gets the new words instead of a twin', () => {
    const model = makeTaughtModel();
    const { patternId } = teach(model, 'a', 'my screen is frozen', 'Let me look at the camera');
    const plan = learnExchange(model, prepared('Let me look at the camera\nThe projector was unplugged'), {
      patternId,
    });
    expect(plan).toMatchObject({
      kind: 'join',
      patternId,
      words: { responseTemplate: 'Let me look at the camera\nThe projector was unplugged' },
    });
  });

  it('the same words again change nothing', () => {
    const model = makeTaughtModel();
    const { patternId } = teach(model, 'a', 'my screen is frozen', 'Let me look at the camera');
    expect(learnExchange(model, prepared('Let me look at the camera'), { patternId })).toMatchObject({
      patternId,
      words: null,
    });
  });

  it('its own old words do not hold it back', () => {
    const model = makeTaughtModel();
    const { patternId } = teach(model, 'a', 'my screen is frozen', 'Let me look at the camera');
    const plan = learnExchange(model, prepared('Please restart the computer with the button under the desk.'), {
      patternId,
    });
    expect(plan).toMatchObject({ kind: 'join', patternId: 'pattern-of-c1' });
  });

  it.each([{ isEdited: true }, { isActive: true }])('words of a pattern that is %o are never proposed', flags => {
    const model = createModel();
    const record = makePattern({ id: 'kept', responseTemplate: 'Let me look at the camera', ...flags });
    putPattern(model, record);
    putExample(model, {
      exchangeId: 'a',
      patternId: 'kept',
      customerText: 'my screen is frozen',
      previousOperatorText: '',
      replyText: 'Let me look at the camera',
    });
    const plan = learnExchange(model, prepared('The projector was unplugged by the cleaners'), { patternId: 'kept' });
    expect(plan.kind === 'create' || plan.words === null).toBe(true);
  });

  it('planning changes nothing in the model', () => {
    const model = makeTaughtModel();
    const before = [...model.examples.keys(), ...model.patterns.keys()].join();
    learnExchange(model, prepared('Something entirely new happened to the projector'), null);
    expect([...model.examples.keys(), ...model.patterns.keys()].join()).toBe(before);
  });

  it('a removed pattern takes in nothing more', () => {
    const model = createModel();
    putPattern(model, makePattern({ id: 'gone' }));
    removePattern(model, 'gone');
    expect(teach(model, 'b', 'parking?', 'Yes, parking is free behind the building.').plan.kind).toBe('create');
  });
});
