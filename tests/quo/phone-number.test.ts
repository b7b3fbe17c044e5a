import { describe, expect, it } from 'vitest';
import { listStoredDigits, mentionPattern, readNumber, readStoredNumber } from '../../lib/quo/phone-number.js';

const number = (text: string) => {
  const read = readNumber(text);
  return read.ok ? read.number : null;
};

describe('One number in its spellings', () => {
  it.each([
    '+15551234567',
    '+1 555 123 4567',
    '(555) 123-4567',
    '1-555-123-4567',
    '555.123.4567',
    '555/123/4567',
    'tel:+15551234567',
    'tel:+1-555-123-4567;ext=12',
    'sms:+15551234567?body=hi',
    '  15551234567  ',
    '001 555 123 4567',
    '011 1 555 123 4567',
    '(+1) 555 123 4567',
    '５５５ １２３ ４５６７',
    '＋１ ５５５ １２３ ４５６７',
    '٥٥٥ ١٢٣ ٤٥٦٧',
    '+1\u00a0555\u202f123\u20114567',
    '\u202a+1 (555) 123\u20134567\u202c',
    '\u2068+1\u200b555\u00ad123 4567\u2069',
  ])('"%s" is +15551234567', text => {
    expect(number(text)).toBe('+15551234567');
  });

  it.each([
    ['+44 20 7183 8750', '+442071838750'],
    ['+44 (0)20 7183 8750', '+442071838750'],
    ['0044 20 7183 8750', '+442071838750'],
    ['011 44 20 7183 8750', '+442071838750'],
    ['+49 151 12345678', '+4915112345678'],
  ])('"%s" is %s', (text, expected) => {
    expect(number(text)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'hello',
    '555-CALL-NOW',
    '12',
    '72975',
    '+1555',
    '+1 555 123 45678',
    '+0441234567',
    '++15551234567',
    '+',
    '1'.repeat(16),
    'a@b.example',
    '５５',
  ])('"%s" is no number', text => {
    expect(readNumber(text)).toEqual({ ok: false, detail: expect.stringContaining('no phone number') });
  });

  it.each(['020 7183 8750', '442071838750', '0555123456', '25551234567', '5551234'])(
    '"%s" lacks its country: it is refused rather than guessed',
    text => {
      expect(readNumber(text)).toEqual({ ok: false, detail: expect.stringContaining('country') });
    },
  );

  it('what Quo gave without a plus is read as if it were there; a short code is no number', () => {
    expect(readStoredNumber('442071838750')).toBe('+442071838750');
    expect(readStoredNumber('5551234567')).toBe('+15551234567');
    expect(readStoredNumber('72975')).toBeNull();
    expect(readStoredNumber('PIZZA')).toBeNull();
  });

  it('a number is stored with and without prefixes, and only a North American one without its country', () => {
    expect(listStoredDigits('+15551234567')).toContain('5551234567');
    expect(listStoredDigits('+442071838750')).not.toContain('2071838750');
  });
});

describe('A number within other text', () => {
  const erase = (text: string, of = '+15551234567') => text.replace(new RegExp(mentionPattern(of), 'g'), '[erased]');

  it.each([
    ['call +15551234567 now', 'call [erased] now'],
    ['my number: (555) 123-4567.', 'my number: [erased].'],
    ['1-555-123-4567 or 555.123.4567', '[erased] or [erased]'],
    ['5 5 5 1 2 3 4 5 6 7', '[erased]'],
    ['０５５５１２３４５６７', '[erased]'],
    ['{"from":"+15551234567"}', '{"from":"[erased]"}'],
    ['tel:0015551234567;', 'tel:[erased];'],
  ])('"%s" becomes "%s"', (text, expected) => {
    expect(erase(text)).toBe(expected);
  });

  it.each(['915551234567', '155512345678', '555 123 456', '5551234568', 'order 55512345670', '', 'no digits'])(
    '"%s" is another one, and stays',
    text => {
      expect(erase(text)).toBe(text);
    },
  );

  it('a number of another country is found with its trunk prefix too', () => {
    for (const text of [
      '+44 20 7183 8750',
      '020 7183 8750',
      '+44 (0)20 7183 8750',
      '(020) 7183-8750',
      '0044 2071838750',
    ])
      expect(erase(text, '+442071838750')).toBe('[erased]');
  });
});
