/** From a customer's text to a pattern: by similarity alone, the same for every order of loading, and never a NaN. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/learning/decide.js';
import { matchText } from '../../lib/learning/matcher.js';
import { createModel, type Model, putExample, putPattern } from '../../lib/learning/model.js';
import { normaliseText } from '../../lib/learning/normalise.js';
import { GOLF_LINE, makePattern, makeTaughtModel, prepare } from './make.js';

const match = (model: Model, customerText: string) => matchText(model, { customerText, previousOperatorText: '' });
const bestId = (model: Model, text: string) => match(model, text).best?.patternId ?? null;

describe('matching', () => {
  it('finds the pattern by its examples', () => {
    const model = makeTaughtModel();
    expect(bestId(model, 'is there anywhere to leave a car')).toBe('pattern-of-a1');
    expect(bestId(model, 'what time do you close')).toBe('pattern-of-b1');
    expect(bestId(model, 'the simulator is frozen')).toBe('pattern-of-c1');
  });

  it('a retired pattern is never predicted', () => {
    const model = makeTaughtModel();
    const { record } = model.patterns.get('pattern-of-a1')!;
    putPattern(model, { ...record, isRetired: true });
    expect(bestId(model, 'do you have parking?')).not.toBe('pattern-of-a1');
  });

  it('an imported pattern matches by its own trigger', () => {
    const model = makeTaughtModel();
    putPattern(
      model,
      makePattern({ id: 'imported', triggerText: 'do you rent clubs', responseTemplate: 'Clubs are free.' }),
    );
    expect(bestId(model, 'can I rent clubs?')).toBe('imported');
  });

  it('an edited trigger matches at once, and the old one no more', () => {
    const model = createModel();
    putPattern(model, makePattern({ id: 'x', triggerText: 'do you rent clubs', isEdited: true }));
    putPattern(model, makePattern({ id: 'x', version: 2, triggerText: 'is there a dress code', isEdited: true }));
    expect(match(model, 'do you rent clubs').best?.matchConfidence ?? 0).toBeLessThan(
      match(model, 'is there a dress code').best!.matchConfidence,
    );
    expect(match(model, 'is there a dress code').best).toMatchObject({ patternId: 'x', version: 2 });
  });

  it('similarity decides which pattern, never its confidence', () => {
    const model = makeTaughtModel();
    const { record } = model.patterns.get('pattern-of-b1')!;
    const before = match(model, 'do you have parking').best!;
    putPattern(model, { ...record, confidence: 0.99 });
    expect(match(model, 'do you have parking').best).toEqual(before);
    expect(before.expected).toBeCloseTo(before.matchConfidence * 0.5, 12);
  });

  it('the order of loading changes no answer', () => {
    const model = makeTaughtModel();
    const reversed = createModel();
    for (const [exchangeId, customerText, operatorText] of [...GOLF_LINE].reverse()) {
      const prepared = prepare(customerText, operatorText);
      if (!prepared.ok) throw new Error(prepared.detail);
      putExample(reversed, { ...prepared.example, exchangeId, patternId: model.examples.get(exchangeId)!.patternId });
    }
    for (const { record } of [...model.patterns.values()].reverse()) putPattern(reversed, record);
    for (const text of ['parking', 'when do you open', 'frozen screen', 'something else']) {
      expect(match(reversed, text)).toEqual(match(model, text));
    }
  });
});

describe('texts without words', () => {
  it.each(['👍', '🏌️‍♂️⛳', '', '   ', '!!!', '\u200b'])('"%s" has no features and matches nothing', text => {
    const model = makeTaughtModel();
    putPattern(model, makePattern({ id: 'emoji', triggerText: '🙏' }));
    expect(normaliseText(text)).toBe('');
    expect(match(model, text)).toMatchObject({ best: null, explanation: { hasFeatures: false } });
  });

  it('texts in other scripts are told apart', () => {
    const model = createModel();
    putPattern(model, makePattern({ id: 'ru', triggerText: 'когда вы открываетесь' }));
    putPattern(model, makePattern({ id: 'ja', triggerText: '駐車場はありますか' }));
    putPattern(model, makePattern({ id: 'ar', triggerText: 'هل لديكم موقف سيارات' }));
    expect(bestId(model, 'во сколько вы открываетесь?')).toBe('ru');
    expect(bestId(model, '駐車場ありますか')).toBe('ja');
    expect(bestId(model, 'موقف سيارات')).toBe('ar');
  });

  it('no score is ever NaN', () => {
    const model = makeTaughtModel();
    for (const text of ['?', 'a', '1', 'zzzz qqqq', '{{name}}', 'parking '.repeat(500), 'ß', '駐']) {
      const { best, alternatives, explanation } = match(model, text);
      expect(JSON.stringify({ best, alternatives, explanation })).not.toContain('null,"version"');
      for (const value of [best?.matchConfidence ?? 0, best?.expected ?? 0, ...Object.values(explanation.signals)]) {
        expect(Number.isFinite(value)).toBe(true);
      }
    }
  });
});

describe('deciding', () => {
  const query = (text: string) => ({ customerText: text, previousOperatorText: '', rawCustomerText: text });

  it('below the threshold it abstains, says so, and still names its best candidate', () => {
    const decision = decide(makeTaughtModel(), query('do you have parking?'), { matchThreshold: 1 });
    expect(decision).toMatchObject({
      kind: 'abstained',
      patternId: 'pattern-of-a1',
      reasons: ['below_match_threshold'],
    });
    expect(decision.gates.find(gate => gate.id === 'below_match_threshold')).toMatchObject({ ok: false, required: 1 });
  });

  it('a NaN threshold means no', () => {
    expect(decide(makeTaughtModel(), query('do you have parking?'), { matchThreshold: Number.NaN }).kind).toBe(
      'abstained',
    );
  });

  it('a template whose value is nowhere is not said', () => {
    const model = createModel();
    putPattern(
      model,
      makePattern({ id: 'door', triggerText: 'what is the door code', responseTemplate: 'The code is {{code}}' }),
    );
    const decision = decide(model, query('what is the door code'), { matchThreshold: 0 });
    expect(decision).toMatchObject({ kind: 'abstained', reasons: ['unfillable'] });
  });

  it('an empty model abstains for want of a candidate', () => {
    expect(decide(createModel(), query('parking'), { matchThreshold: 0 })).toMatchObject({
      kind: 'abstained',
      patternId: null,
      reasons: ['no_candidate'],
    });
  });
});

describe('words that every object has', () => {
  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    '"%s" is a word like any other',
    word => {
      const model = makeTaughtModel();
      putPattern(
        model,
        makePattern({ id: 'word', triggerText: `are you the ${word}`, responseTemplate: `The ${word} is Tim` }),
      );
      expect(match(model, `who is the ${word}`).best).toMatchObject({ patternId: 'word' });
      expect(prepare(`who is the ${word} of this house`, `The ${word} comes on Monday with all plans`)).toMatchObject({
        ok: true,
      });
    },
  );
});

describe('what is retired', () => {
  it('says nothing about how many questions a business knows: confidence is the same with and without', () => {
    const model = makeTaughtModel();
    const before = match(model, 'what is the capital of france');
    for (let i = 0; i < 60; i++)
      putPattern(model, makePattern({ id: `old${i}`, triggerText: `old question ${i}`, isRetired: true }));
    expect(match(model, 'what is the capital of france').best?.matchConfidence ?? 0).toBeCloseTo(
      before.best?.matchConfidence ?? 0,
      9,
    );
  });
});

describe('a text that was answered in two ways, many times each', () => {
  it('is answered alike whatever the ids of the exchanges are', () => {
    const answers = ['a', 'b'].map(first => {
      const model = createModel();
      for (const id of ['one', 'two']) putPattern(model, makePattern({ id, triggerText: id, responseTemplate: id }));
      const put = (prefix: string, patternId: string, count: number) => {
        for (let i = 0; i < count; i++)
          putExample(model, {
            exchangeId: `${prefix}${i}`,
            patternId,
            customerText: 'ok sounds good to me',
            previousOperatorText: '',
            replyText: patternId,
          });
      };
      put(first, 'one', 360);
      put(first === 'a' ? 'b' : 'a', 'two', 330);
      return match(model, 'ok sounds good to me').best;
    });
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ patternId: 'one' });
  });
});
