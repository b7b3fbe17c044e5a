import { describe, expect, it } from 'vitest';
import { redactForReading } from '../../lib/learning/redact-for-reading.js';

const QUESTION = 'what does a day pass cost';
const REPLY = 'A day pass costs twelve dollars';

describe('Redaction for reading', () => {
  const read = (customer: string, operator = '', previousOperator = '') =>
    redactForReading({ customer, previousOperator, operator });

  it('leaves ordinary texts as they are', () => {
    expect(read(QUESTION, REPLY)).toEqual({ customer: QUESTION, operator: REPLY });
    expect(read('do you open on Sunday at 9am', 'We open at 8am every day, a pass is $12')).toEqual({
      customer: 'do you open on Sunday at 9am',
      operator: 'We open at 8am every day, a pass is $12',
    });
  });

  it('takes a value out wherever it is repeated, whatever its capitals, and leaves longer words alone', () => {
    expect(read('SWORDFISH does not work, and swordfishes neither', 'The wifi password is swordfish')).toEqual({
      customer: '{{code}} does not work, and swordfishes neither',
      operator: 'The wifi password is {{code}}',
    });
  });

  it("leaves what is everybody's and blanks one customer's own values, as learning does", () => {
    expect(read('what do I owe', 'Your balance is $1,310, come on Thursday at 6:30pm. A pass is $12')?.operator).toBe(
      'Your balance is {{money}}, come on {{date}} at {{time}}. A pass is $12',
    );
  });

  it('knows a name that only the operator turn before gave away', () => {
    expect(read('gareth oyelaran', '', 'Sure! What name is it under?')).toEqual({ customer: '{{name}}', operator: '' });
  });

  it('hides all where any of the three is unsure or too long', () => {
    expect(read(QUESTION, REPLY, 'the code is the year you were born')).toBeNull();
    expect(read(QUESTION, 'x'.repeat(10_001))).toBeNull();
  });
});
