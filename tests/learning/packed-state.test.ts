/** The matcher's memory as bytes: what is unpacked answers as what was packed, and anything else is refused. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTokens } from '../../lib/learning/features.js';
import { learnExchange } from '../../lib/learning/learn.js';
import { matchText } from '../../lib/learning/matcher.js';
import { type Model, putExample, putPattern, removeExample } from '../../lib/learning/model.js';
import { packModel, STATE_FORMAT, unpackModel } from '../../lib/learning/packed-state.js';
import { makeTaughtModel, teach } from './make.js';

/** As a cold instance does it: the examples from the bytes, the patterns from their rows. */
function reload(model: Model, bytes = packModel(model)): Model {
  const reloaded = unpackModel(bytes);
  for (const { record } of model.patterns.values()) putPattern(reloaded, record);
  return reloaded;
}

const ask = (model: Model, customerText: string) => matchText(model, { customerText, previousOperatorText: 'Hello!' });
const QUESTIONS = ['do you have parking', 'whn do u close', 'the screen froze', 'may animals come along', '👍', ''];

describe('The packed state', () => {
  it('answers as what was packed, and learns on as it would have', () => {
    const model = makeTaughtModel();
    const reloaded = reload(model);
    for (const text of QUESTIONS) expect(ask(reloaded, text)).toEqual(ask(model, text));
    const example = {
      exchangeId: 'new',
      customerText: 'is parking free',
      previousOperatorText: '',
      replyText: 'Parking is free behind the building.',
      slots: [],
      facts: [],
    };
    expect(learnExchange(reloaded, example, null)).toEqual(learnExchange(model, example, null));
  });

  it('an example that came, moved or went since is put right by its row', () => {
    const model = makeTaughtModel();
    const bytes = packModel(model);
    const change = (one: Model) => {
      const texts = { previousOperatorText: '', replyText: 'Parking is free, behind the building.' };
      putExample(one, { ...texts, exchangeId: 'a2', patternId: 'pattern-of-b1', customerText: 'where is my car' });
      putExample(one, { ...texts, exchangeId: 'z9', patternId: 'pattern-of-a1', customerText: 'parking on sundays' });
      removeExample(one, 'c2');
    };
    const reloaded = reload(model, bytes);
    change(reloaded);
    change(model);
    for (const text of QUESTIONS) expect(ask(reloaded, text)).toEqual(ask(model, text));
  });

  it('holds any script, and texts without a word', () => {
    const model = makeTaughtModel();
    teach(model, 'x1', '營業時間是什麼', '我們每天早上九點開門');
    teach(model, 'x2', 'ساعات العمل؟', 'نفتح كل يوم');
    const reloaded = reload(model);
    for (const text of ['營業時間', 'العمل', 'parking']) expect(ask(reloaded, text)).toEqual(ask(model, text));
  });

  it('an empty one is a few bytes', () => {
    const empty = unpackModel(
      packModel(reload(makeTaughtModel(), packModel(unpackModel(packModel(makeTaughtModel()))))),
    );
    expect(empty.examples.size).toBe(6);
    expect(packModel(unpackModel(packModel({ ...makeTaughtModel(), examples: new Map() }))).length).toBeLessThan(20);
  });

  it('cut, changed or foreign bytes are refused or give examples, and never hang or give a word that is not there', () => {
    const bytes = packModel(makeTaughtModel());
    for (let length = 0; length < bytes.length; length++)
      expect(() => unpackModel(bytes.subarray(0, length)), `${length} bytes`).toThrow();
    expect(() => unpackModel(Uint8Array.of(STATE_FORMAT + 1, ...bytes.subarray(1)))).toThrow(/format/);
    expect(() => unpackModel(Uint8Array.of(...bytes, 0))).toThrow(/more/);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        let model: Model;
        try {
          model = unpackModel(changed);
        } catch {
          return;
        }
        for (const text of QUESTIONS) ask(model, text);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it('its format was raised since texts last became words in another way', () => {
    const texts = [
      "Hi Sarah, you're booked for 5:30 pm on Friday, that's $35.50 (2 kids).",
      'pls send teh addy 4 tmrw, thx!!  Is wi-fi ok?',
      'Wann öffnet ihr? ¿A qué hora? 營業時間 ساعات',
      'Our code of conduct: see https://example.com/rules, bay 12, 20% off, call {{phone}}',
    ];
    const words = texts.map(text => readTokens(text).map(({ word, isName }) => `${word.token}${isName ? '*' : ''}`));
    const digest = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, 16);
    // Another digest: raise STATE_FORMAT, then write the pair here.
    expect([STATE_FORMAT, digest]).toEqual([1, '7bb0eddc71c20b5e']);
  });
});
