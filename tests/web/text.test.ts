/** The page's pure parts: hidden characters, slots, and words that never invent a number. */
import { describe, expect, it } from 'vitest';
import { showHidden, showPlainly, showTemplate } from '../../web/src/text.js';
import {
  sayConfidence,
  sayEvidence,
  sayGate,
  sayShadow,
  sayShare,
  sayState,
  sayTime,
  sayToggle,
} from '../../web/src/words.js';

describe('hidden characters are made visible', () => {
  it.each([
    ['a right-to-left override', 'refund \u202Eevas', 'refund [U+202E]evas'],
    ['an isolate', '\u2066x\u2069', '[U+2066]x[U+2069]'],
    ['a zero-width space', 'ad\u200Bmin', 'ad[U+200B]min'],
    ['a joiner between letters', 'a\u200Db', 'a[U+200D]b'],
    ['a byte order mark', '\uFEFFhi', '[U+FEFF]hi'],
    ['a soft hyphen', 'pass\u00ADword', 'pass[U+00AD]word'],
    ['a control character', 'a\u0000b\u001B[31mc\u0085', 'a[U+0000]b[U+001B][31mc[U+0085]'],
    ['a tag character', 'hi\u{E0041}', 'hi[U+E0041]'],
    ['a variation selector that selects nothing', 'a\uFE0Fb\u{E0100}', 'a[U+FE0F]b[U+E0100]'],
    ['a filler and a blank', '\u3164\u2800', '[U+3164][U+2800]'],
    ['half of a pair', 'x\uD83D', 'x[U+D83D]'],
    ['a line separator', 'a\u2028b', 'a[U+2028]b'],
  ])('%s', (_name, text, shown) => {
    expect(showPlainly(text)).toBe(shown);
  });

  it('and what is no trick stays as it was written', () => {
    const text = 'Hola ¿qué tal?\nשלום 你好 🧗🏽‍♀️ 👨‍👩‍👧 ❤️ 1️⃣ 🇪🇸 <b>&amp;</b>';
    expect(showHidden(text)).toEqual([{ kind: 'text', text }]);
  });

  it('no text gives no parts, and a carriage return before a line end is none of anybody’s business', () => {
    expect(showHidden('')).toEqual([]);
    expect(showPlainly('a\r\nb\rc')).toBe('a\nb[U+000D]c');
  });
});

it('slots of a template are marked, and nothing else that has braces', () => {
  expect(showTemplate('Done {{name}}, from {{date}}.')).toEqual([
    { kind: 'text', text: 'Done ' },
    { kind: 'slot', text: 'name' },
    { kind: 'text', text: ', from ' },
    { kind: 'slot', text: 'date' },
    { kind: 'text', text: '.' },
  ]);
  expect(showTemplate('{{ name }} {{{{}} {{<b>}}')).toEqual([{ kind: 'text', text: '{{ name }} {{{{}} {{<b>}}' }]);
});

describe('numbers and states in words', () => {
  it('a number that is not known reads "unknown"', () => {
    expect(sayEvidence(undefined)).toBe('unknown exchanges, unknown customers, unknown operators, unknown days');
    expect(sayShadow(undefined, 0.79)).toBe('Would have said it: unknown');
    expect(sayShare(null)).toBe('unknown');
    expect(sayShare(Number.NaN)).toBe('unknown');
    expect(sayTime(undefined, 'UTC')).toBe('unknown');
    expect(sayToggle(undefined)).toBe('unknown');
    expect(sayState(undefined)).toBe('State unknown');
    expect(sayGate({ id: 'min_customers', ok: false, measured: 0, required: null })).toBe(
      'min customers (measured 0, required unknown)',
    );
  });

  it('a rate stands with its n and is rounded down', () => {
    const shadow = { decisions: 52, judged: 40, agreed: 38, disagreed: 2 };
    expect(sayShadow(shadow, 0.7999)).toBe('Would have said it 38 of 40 times; proven at least 79 %');
    expect(sayConfidence(0.9499, 40)).toBe('94 % (from 40 judged decisions)');
    expect(sayConfidence(0.5, 0)).toBe('50 % (no judged decision yet)');
    expect(sayConfidence(0.5, undefined)).toBe('50 % (from an unknown number of judged decisions)');
    expect(sayShare(0.29)).toBe('29 %');
  });

  it('one of a thing is singular', () => {
    expect(sayEvidence({ exchanges: 1, customers: 1, operators: 2, days: 1 })).toBe(
      '1 exchange, 1 customer, 2 operators, 1 day',
    );
  });

  it('states read as the plan names them', () => {
    expect(['learning', 'pending_review', 'active', 'retired'].map(sayState)).toEqual([
      'Learning',
      'Pending Review',
      'Active (shadow)',
      'Retired',
    ]);
    expect(sayToggle(false)).toBe('Off');
  });

  it('times are the business’s', () => {
    expect(sayTime('2026-09-15T03:30:00Z', 'America/Chicago')).toMatch(/^14 Sept? 2026.* 22:30$/);
  });
});
