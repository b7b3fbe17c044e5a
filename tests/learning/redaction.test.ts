/** What must never be stored: secrets and people's data stay out of every prepared text, or the exchange is quarantined. */
import { describe, expect, it } from 'vitest';
import { containsSensitive } from '../../lib/learning/redaction.js';
import { prepare } from './make.js';

const QUESTION = 'how do I get in';

describe('secrets and personal data never stay in a template', () => {
  it.each([
    ['a door code', 'The door code is 4411#. See you soon!', '4411', '{{code}}'],
    ['a code after a colon', 'Your code: 8823', '8823', '{{code}}'],
    ['a code to be typed', 'Use 4821# to get in', '4821', '{{code}}'],
    ['a code in two groups', 'gate code: 12 34', '34', '{{code}}'],
    ['a PIN', 'PIN 9921 opens it', '9921', '{{code}}'],
    ['a password with digits', 'wifi password is sunshine99', 'sunshine99', '{{code}}'],
    ['a password of letters', 'The password is sunshine', 'sunshine', '{{code}}'],
    ['a one-time link', 'Reset it here https://acme.com/reset?token=abc', 'token', '{{link}}'],
    ['a short link', 'Pay here: bit.ly/3xYzAb', 'bit.ly', '{{link}}'],
    ['a card number', 'Your card 4242 4242 4242 4242 is on file', '4242', '{{code}}'],
    ['the tail of a card', 'The card ending in 4242 was charged', '4242', '{{code}}'],
    ['an e-mail', 'Write to joe.doe@gmail.com', 'joe.doe', '{{email}}'],
    ['a phone number', 'Call (555) 123-4567 about it', '123-4567', '{{phone}}'],
    ['a foreign phone number', 'Call +44 7911 123456 about it', '7911', '{{phone}}'],
    ['a greeted name', 'Hi Sarah, your bay is ready', 'Sarah', '{{name}}'],
    ['a name in small letters', 'hi sarah! your bay is ready', 'sarah', '{{name}}'],
    ['an unlisted name', 'Hi Zorblax, your bay is ready', 'Zorblax', '{{name}}'],
    ['a name in another script', 'Hi 美咲, your bay is ready', '美咲', '{{name}}'],
    ['a name after a title', 'You are booked with Dr. Thomas O. Stodgel', 'Stodgel', '{{name}}'],
    ['a name that is a word', 'Ask for Mark at the desk', 'Mark', '{{name}}'],
    ['a signature', 'Your bay is ready for you now\nJenny', 'Jenny', '{{name}}'],
    ['a confirmation number', 'Confirmation number X7K2P9 for the bay', 'X7K2P9', '{{code}}'],
    ['an account number', 'It is on account 99887766 now', '99887766', '{{code}}'],
  ])('%s', (_, reply, secret, slot) => {
    const prepared = prepare(QUESTION, reply);
    if (!prepared.ok) throw new Error(`${prepared.skip} ${prepared.detail}`);
    expect(JSON.stringify(prepared.example)).not.toContain(secret);
    expect(prepared.example.replyText).toContain(slot);
  });

  it('a name that only the customer spelled out is taken out of the reply too', () => {
    const prepared = prepare('my name is Quillon and I am locked out', 'Ok, Quillon can come in through the back');
    expect(prepared.ok && prepared.example.replyText).toBe('Ok, {{name}} can come in through the back');
    expect(prepared.ok && prepared.example.customerText).not.toContain('Quillon');
  });

  it('what is taken out of a reply is taken out of the trigger and its context', () => {
    const prepared = prepare('call me at 555-123-4567 please', 'Somebody will ring you', 'Your code is 4411, John');
    expect(prepared.ok && prepared.example.customerText).toBe('call me at {{phone}} please');
    expect(prepared.ok && prepared.example.previousOperatorText).toBe('Your code is {{code}}, {{name}}');
  });
});

describe('a detector that is unsure quarantines', () => {
  it.each([
    ['a long number that is no card', 'my number 1234567890123456 is the one'],
    ['a secret told in words', 'The code is the name of our dog'],
    ['a pass phrase of several words', 'Password: hunter two'],
    ['a text without an end', 'bay '.repeat(5000)],
  ])('%s', (_, reply) => {
    const prepared = prepare(QUESTION, reply);
    expect(prepared).toMatchObject({ ok: false, skip: 'quarantined' });
    expect(!prepared.ok && prepared.detail).toMatch(/^[a-z_]+$/);
  });

  it('a detector that throws counts as a hit', () => {
    expect(containsSensitive(null as unknown as string)).toBe(true);
    expect(prepare(QUESTION, null as unknown as string)).toMatchObject({ ok: false, skip: 'quarantined' });
  });
});

describe('public facts stay, and are listed', () => {
  it('prices, hours, the street address and own pages', () => {
    const prices = prepare(QUESTION, 'A bay is $35 per hour, we open at 9 am daily');
    expect(prices.ok && prices.example.facts).toEqual(['$35', '9 am']);
    const place = prepare(QUESTION, 'We are at 1532 20th Street, see https://acme.com/map');
    expect(place.ok && place.example).toMatchObject({ slots: [], facts: ['1532 20th Street', 'https://acme.com/map'] });
  });

  it('words that look like dates, times or names stay words', () => {
    const reply = 'You may come at any second, march right in';
    const prepared = prepare(QUESTION, reply);
    expect(prepared.ok && prepared.example.replyText).toBe(reply);
  });
});

describe('slots', () => {
  it('a value from the conversation can be filled, one from nowhere cannot', () => {
    const prepared = prepare('a bay tomorrow at five pm please', 'Booked for 5 pm, the door code is 4411');
    expect(prepared.ok && prepared.example.slots).toEqual([
      { name: 'time', type: 'time', fillable: true },
      { name: 'code', type: 'code', fillable: false },
    ]);
  });
});
