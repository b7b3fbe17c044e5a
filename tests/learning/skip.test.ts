/** Which turns teach nothing and get no answer. */
import { describe, expect, it } from 'vitest';
import { isAcknowledgement } from '../../lib/learning/acknowledgement.js';
import { prepareQuery } from '../../lib/learning/prepare.js';
import { isEmergency, isOptOut } from '../../lib/learning/skip.js';
import { prepare } from './make.js';

describe('an acknowledgement is never learned', () => {
  it.each([
    'Thanks!',
    'thx so much 🙏',
    "You're welcome, have a great day!",
    'ok',
    'hello',
    'One sec',
    'No, thanks. That will be all.',
    'Sounds great, thank you!',
  ])('%s', text => expect(isAcknowledgement(text)).toBe(true));

  it.each([
    'yes',
    'No',
    'bay 4',
    'thanks, what are your hours',
    'is it ok?',
    'thanks {{name}}',
    '👍',
    'great, book it',
  ])('but "%s" may carry an answer or a question, or has no words', text =>
    expect(isAcknowledgement(text)).toBe(false),
  );

  it('"perfect" is an answer right after a question', () => {
    expect(isAcknowledgement('Perfect', 'Does 5 pm work?')).toBe(false);
    expect(isAcknowledgement('Perfect', 'You are booked.')).toBe(true);
  });

  it('on either side it stops learning, on the customer side answering', () => {
    expect(prepare('thanks', 'The bay is free at the back')).toMatchObject({ ok: false, skip: 'acknowledgement' });
    expect(prepare('is my bay free', 'You are welcome')).toMatchObject({ ok: false, skip: 'acknowledgement' });
    expect(prepareQuery({ customerText: 'thanks!', previousOperatorText: '', customerHasMedia: false })).toEqual({
      ok: false,
      skip: 'acknowledgement',
    });
  });
});

describe('opting out', () => {
  it.each([
    'STOP',
    'stop.',
    'StopAll',
    'UNSUBSCRIBE',
    'Cancel',
    'END',
    'quit',
    'REVOKE',
    'opt out',
    'please stop texting me',
    'take me off your list',
  ])('%s', text => expect(isOptOut(text)).toBe(true));

  it.each(['what is the stop after Main?', 'cancel my booking', 'when does it end', 'the screen stopped'])(
    'a carrier word inside a sentence is none: %s',
    text => expect(isOptOut(text)).toBe(false),
  );
});

describe('emergencies', () => {
  it.each(['call 911 please', 'there is a fire in bay 2', 'he is unconscious', 'I smell gas'])('%s', text =>
    expect(isEmergency(text)).toBe(true),
  );

  it.each(['your balance is $18,911.74', 'do you have a fire pit', 'is there an emergency exit'])('not: %s', text =>
    expect(isEmergency(text)).toBe(false),
  );
});

it('emoji and pictures alone are media, whoever sends them', () => {
  expect(prepare('👍👍', 'The bay is free at the back')).toMatchObject({ ok: false, skip: 'media_only' });
  expect(prepare('', 'The bay is free at the back')).toMatchObject({ ok: false, skip: 'media_only' });
  expect(prepare('is my bay free', '📷')).toMatchObject({ ok: false, skip: 'media_only' });
});
