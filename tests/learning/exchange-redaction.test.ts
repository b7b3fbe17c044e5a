/** What a whole exchange gives away, and what it may keep: names by their cues, public rules in numbers, lists that are not ours. */
import { describe, expect, it } from 'vitest';
import { prepareQuery } from '../../lib/learning/prepare.js';
import { isOptOut } from '../../lib/learning/skip.js';
import { prepare } from './make.js';

function prepareText(customer: string, reply: string, previous = '') {
  const prepared = prepare(customer, reply, previous);
  if (!prepared.ok) throw new Error(`${prepared.skip} ${prepared.detail}`);
  return prepared.example;
}

describe("a person's name stays in no text of its exchange", () => {
  it.each([
    [
      'name is',
      'from october 1st please\nname is Dana Whitlock',
      'Done Dana! Your membership is frozen',
      'dana|whitlock',
    ],
    ['small letters', 'name is dana whitlock thanks', 'All done dana, ms Whitlock is on it', 'dana|whitlock'],
    ["name's", "my name's Oyelaran", 'Got it Oyelaran, the bay is ready', 'oyelaran'],
    ['name alone', 'until dec 1, name Feng', 'Done, Feng. Your membership is frozen', 'feng'],
    ['surname', 'two spots pls\nsurname Adeyemi', 'Adeyemi is down for the course', 'adeyemi'],
    ['under', 'asap. its under Lindsay Obafemi', 'done lindsay obafemi, frozen from today', 'lindsay|obafemi'],
    ['this is', 'this is oyelaran from before', 'ok Oyelaran come over to the desk', 'oyelaran'],
    ["it's", "hi it's Zorblax, running late", 'No worries Zorblax, come to the desk', 'zorblax'],
    ['for', 'Can you book Matteo for the kids club', 'Booked: Matteo is in. Please do his waiver', 'matteo'],
    ['two capitals alone', 'Gareth Oyelaran', 'All done, Gareth. Your membership ends', 'gareth|oyelaran'],
    ['a surname that is a word', 'John Smith', 'Done John, Mr Smith is on the list', 'john|smith'],
    ['a pair', 'can you add my twins? Arlo and Wren, both small', 'Booked! Arlo and Wren are both in', 'arlo|wren'],
    ['somebody of theirs', 'my son Lachlan lost his shoe', "We found Lachlan's shoe at the desk", 'lachlan'],
    ['a small-letter answer', 'please move Whitlock to the big bay', 'i have moved whitlock over', 'whitlock'],
    ['a small-letter question', 'please move whitlock to the big bay', 'I have moved Whitlock over', 'whitlock'],
  ])('%s', (_, customer, reply, names) => {
    const example = prepareText(customer, reply);
    expect(JSON.stringify(example).toLowerCase()).not.toMatch(new RegExp(names));
    expect(example.replyText).toContain('{{name}}');
  });

  it.each([
    ['Done Whitlock! Your bay is ready', 'Done {{name}}! Your bay is ready'],
    ['Thanks, Whitlock. The bay is ready', 'Thanks, {{name}}. The bay is ready'],
    ['Hi Whitlock the bay is ready', 'Hi {{name}} the bay is ready'],
    ['The bay is ready for you, Whitlock.', 'The bay is ready for you, {{name}}.'],
    ['Whitlock, you are in the big bay', '{{name}}, you are in the big bay'],
    ["We found Whitlock's shoe at the desk", "We found {{name}}'s shoe at the desk"],
  ])('an operator who names somebody that the customer did not: %s', (reply, template) => {
    expect(prepareText('can i come in', reply).replyText).toBe(template);
  });

  it('a code that the answer gives away leaves the question too, and a word that is no code stays', () => {
    const example = prepareText(
      '4411 does not work, only the old one',
      'Sorry! The door code is 4411#, the old one is off',
    );
    expect(JSON.stringify(example)).not.toContain('4411');
    expect(example.customerText).toBe('{{code}} does not work, only the old one');
  });

  it('an answer to "what name?" is a name in any spelling, for learning and for matching', () => {
    const asked = 'Sure! What name is it under?';
    const example = prepareText('mark brown', 'All set, Mark. See the desk, Brown is on file', asked);
    expect(example.customerText).toBe('{{name}}');
    expect(example.replyText).not.toMatch(/mark|brown/i);
    const query = prepareQuery({
      customerText: 'gareth oyelaran',
      previousOperatorText: asked,
      customerHasMedia: false,
    });
    expect(query.ok && query.query.customerText).toBe('{{name}}');
  });

  it.each([
    ['whats the wifi', 'Hi! Network is PebbleGuest'],
    ['is there somewhere to leave my car', 'Hi! Parking is free behind the building'],
    ['we both want to come', "You're both welcome at the desk"],
    ['directions?', 'The entrance is on Tannery Road, just after the bakery'],
    ['Hola, tienen clases los domingos?', '¡Hola! Los domingos no hay clases'],
  ])('words that only stand where a name could stay: %s ⇒ %s', (customer, reply) => {
    expect(prepareText(customer, reply)).toMatchObject({ customerText: customer, replyText: reply, slots: [] });
  });
});

describe('the text around a slot stays as it was written', () => {
  it.each([
    ['Bay 15, half price', 'Bay {{number}}, half price'],
    ['Come to bay 4, from 6am. Pull the door shut', 'Come to bay {{number}}, from {{time}}. Pull the door shut'],
    ['It changed on Sunday, sorry', 'It changed on {{date}}, sorry'],
    ['Kept until Monday. Ask at the desk', 'Kept until {{date}}. Ask at the desk'],
  ])('%s', (reply, template) => expect(prepareText('what now', reply).replyText).toBe(template));
});

describe('what is true for everyone stays as text and is listed', () => {
  it.each([
    ['We hold your spot for 15 minutes', ['15 minutes']],
    ["You can cancel with 30 days' notice", ['30 days']],
    ['Parties are for up to 12 kids', ['up to 12 kids']],
    ['Kids club is for ages 6 to 12', ['ages 6 to 12']],
    ['The course takes 2 hours', ['2 hours']],
    ['It goes back within 3 to 5 business days', ['3 to 5 business days']],
    ['Shoes go from kids 10 up to mens 15, half sizes too', ['kids 10 up to mens 15']],
    ['Then take bus 14 for one stop', ['bus 14']],
    ['The course is tuesdays and thursdays at 6:30pm', ['6:30pm']],
    ['It gets busy after 5:30', ['5:30']],
    ['Kids club is Saturdays at 9:30 and 11', ['9:30', '11']],
    ['Yoga and the Sunday technique class are included', ['Sunday']],
  ])('%s', (reply, facts) => {
    expect(prepareText('tell me more', reply)).toMatchObject({ replyText: reply, slots: [], facts });
  });

  it.each([
    ['You are booked, 2 spots on Thursday at 6:30', 'You are booked, {{number}} spots on {{date}} at {{time}}'],
    ['Your table is ready in 20 minutes', 'Your table is ready in {{number}} minutes'],
    ['October 3rd at 2pm is free', '{{date}} at {{time}} is free'],
    ['Moved you to tomorrow, usually quiet', 'Moved you to {{date}}, usually quiet'],
    ['A pass is $22 each, so $58 for the two of you', 'A pass is $22 each, so {{money}} for the two of you'],
    ['The gate code is 14 for 15 minutes', 'The gate code is {{code}} for 15 minutes'],
    ['PIN 14 days', 'PIN {{code}} days'],
  ])('but a value of one occasion or a secret is a slot: %s', (reply, template) => {
    const example = prepareText('tell me more', reply);
    expect(example.replyText).toBe(template);
    expect(example.slots.some(slot => slot.fillable)).toBe(false);
  });

  it('what was copied from the conversation is a fillable slot, with the same noun', () => {
    expect(prepareText('may we be 15 minutes late', 'We hold it for 15 minutes')).toMatchObject({
      replyText: 'We hold it for {{number}} minutes',
      slots: [{ name: 'number', type: 'number', fillable: true }],
      facts: [],
    });
    expect(prepareText('is my 6 yo fine', 'It is for ages 6 to 12').facts).toEqual(['ages 6 to 12']);
  });

  it("an operator's earlier rule in numbers fills no slot", () => {
    const example = prepareText('ok do it', 'You are down for 2 spots', "It's 2 hours. Shall I put you down?");
    expect(example.slots).toEqual([{ name: 'number', type: 'number', fillable: false }]);
  });
});

it('a text of blank lines costs no more than its length', () => {
  const blank = `${'\n'.repeat(4000)}${'a b '.repeat(300)}`;
  const started = performance.now();
  prepareText(blank, 'The bay is free at the back');
  expect(performance.now() - started).toBeLessThan(2000);
});

describe('leaving a list', () => {
  it.each([
    'stop texting me',
    'take me off your text list',
    'Take me off your list please',
    'remove my number',
    'remove me from your texts',
    "don't text me again",
    'dont text me again',
    'take me off the mailing list',
    'take me off',
  ])('of texts is opting out: %s', text => expect(isOptOut(text)).toBe(true));

  it.each([
    'hey not gonna make ropes next tues, can you take me off the list?',
    'take me off the waiting list for thursday',
    'please remove me from the class',
    'can you take my name off the booking',
  ])('of a class is not: %s', text => expect(isOptOut(text)).toBe(false));
});
