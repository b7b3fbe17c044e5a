/** When a template's fact counts as replaced: newer replies say another value in its place, and keep saying it. */
import { describe, expect, it } from 'vitest';
import { findChangedFacts } from '../../lib/learning/changed-facts.js';
import { listFacts } from '../../lib/learning/fact-mentions.js';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 8, 14, 15);

/** @param replies oldest first, one a day */
function changes(template: string, replies: readonly string[], editedAtMs: number | null = null) {
  const dated = replies.map((text, day) => ({ id: `e${day}`, text, atMs: START_MS + day * DAY_MS }));
  const found = findChangedFacts(template, dated, editedAtMs);
  // Order of arrival plays no part, whatever the case.
  expect(findChangedFacts(template, dated.toReversed(), editedAtMs)).toEqual(found);
  return found.map(({ fact, newer, seen }) => `${fact} -> ${newer}, ${seen} times`);
}

const OLD = 'A day pass is $39.95.';
const NEW = 'A day pass is $35.';

describe('A price', () => {
  it('that two newer replies give otherwise has changed', () => {
    expect(changes(OLD, [OLD, OLD, NEW, NEW])).toEqual(['$39.95 -> $35, 2 times']);
  });

  it('that one odd reply among several gives otherwise has not', () => {
    expect(changes(OLD, [OLD, OLD, OLD, NEW])).toEqual([]);
    expect(changes(OLD, [OLD, NEW, OLD, OLD])).toEqual([]);
    expect(changes(OLD, [NEW])).toEqual([]);
  });

  it('that has changed stays so when one operator gives the old one once more', () => {
    expect(changes(OLD, [OLD, NEW, NEW, NEW, OLD])).toEqual(['$39.95 -> $35, 3 times']);
    expect(changes(OLD, [OLD, NEW, NEW, NEW, OLD, NEW])).toEqual(['$39.95 -> $35, 4 times']);
  });

  it('that came back has not', () => {
    expect(changes(OLD, [OLD, NEW, NEW, OLD, OLD])).toEqual([]);
  });

  it('that the template already gives has not, however many older replies say otherwise', () => {
    expect(changes(NEW, [OLD, OLD, OLD, NEW])).toEqual([]);
    expect(changes(NEW, [OLD, OLD, NEW, NEW])).toEqual([]);
  });

  it('that always varied is no change, whichever came last', () => {
    const [small, large] = ['The wall costs $20.', 'The wall costs $60.'];
    expect(changes(small, [small, large, small, large, small, large, small, large, large])).toEqual([]);
    expect(changes(small, [large, small, large, large, small, small, large, small, large])).toEqual([]);
  });

  it.each([
    'The day pass is $35 now.',
    "It's $35 for a day pass",
    'Yes! Day passes cost 35 dollars, and towels are free.',
    'It was $39.95, now a day pass is $35.',
    'A day pass went from $39.95 to $35.',
  ])('said in other words has changed too: %s', reply => {
    expect(changes(OLD, [OLD, reply, reply])).toMatchObject([expect.stringMatching(/^\$39\.95 -> .*35/)]);
  });

  it.each([
    'A monthly pass is $79.',
    'A day pass is $25 for students.',
    'A day pass is $20 on Sundays.',
    'Today a day pass is $15.',
    'Gloves are $5.',
    'A day pass is {{money}}.',
    'A day pass takes 15 minutes to print.',
    'A day pass is 35 % off.',
    'A day pass is no longer $35.',
  ])('is not changed by what is about something else: %s', reply => {
    expect(changes(OLD, [OLD, reply, reply, reply])).toEqual([]);
  });

  it('written in another way is the same price', () => {
    expect(changes('A day pass is $35.', Array(3).fill('A day pass is 35 dollars'))).toEqual([]);
    expect(changes('The party room is $1,200.', Array(3).fill('The party room is $1200.00'))).toEqual([]);
  });

  it('with nothing but grammar around it is compared with the same grammar', () => {
    expect(changes("It's $39.95", ["It's $39.95", "It's $35", "It's $35"])).toEqual(['$39.95 -> $35, 2 times']);
  });
});

it('of two prices only the one that changed is named', () => {
  const reply = 'Adults are $22 and kids are $12.';
  expect(changes('Adults are $20 and kids are $12.', [reply, reply])).toEqual(['$20 -> $22, 2 times']);
  expect(changes('Adults are $20 and kids are $12.', Array(2).fill('Kids are $12'))).toEqual([]);
  expect(changes('Adults are $20 and kids are $12.', Array(2).fill('Kids are $10'))).toEqual(['$12 -> $10, 2 times']);
});

it.each([
  ['We are open 9am to 5pm.', 'We are open 9am to 6pm.', ['5pm -> 6pm']],
  ['We are open 9 to 5 every day.', 'We are open 10 to 6 every day.', ['9 -> 10', '5 -> 6']],
  ['We close at 9pm.', 'We close at 9:00 PM.', []],
  ['We close at 9pm.', 'We close at half past 9', ['9pm -> half past 9']],
  ['We are open until 5pm on weekdays.', 'We are open until 2pm on Saturdays.', []],
  ['Cleaning takes 3 to 5 days.', 'Cleaning takes 5 to 7 days.', ['3 to 5 days -> 5 to 7 days']],
  ['Cleaning takes 2 days.', 'Cleaning takes 48 hours.', []],
  ['Come 15 minutes before your class.', 'Come 10 minutes before your class.', ['15 minutes -> 10 minutes']],
  ['Members get 10% off gear.', 'Members get 15% off gear.', ['10% -> 15%']],
  ['The room holds up to 12 guests.', 'The room holds up to 16 guests.', ['up to 12 guests -> up to 16 guests']],
])('hours, durations, percentages and rules too: %s / %s', (template, reply, expected) => {
  expect(changes(template, [template, reply, reply])).toEqual(expected.map(change => `${change}, 2 times`));
});

it('after an edit only what is said after it counts', () => {
  const replies = [OLD, NEW, NEW, NEW];
  expect(changes('A day pass is $42.', replies, START_MS + 10 * DAY_MS)).toEqual([]);
  expect(changes('A day pass is $42.', replies, START_MS + 1.5 * DAY_MS)).toEqual(['$42 -> $35, 2 times']);
});

it('texts without facts, empty or odd ones give nothing and throw nothing', () => {
  for (const text of ['', '👍', '{{money}}', '$', '%', 'noon', '9'.repeat(400), 'a 1 '.repeat(500)])
    expect(changes(text, [text, text, NEW])).toEqual([]);
});

it('the facts of a template are listed in its own words, also after an edit', () => {
  expect(listFacts('Hi {{name}}, a day pass is $35. We are open 9am to 5pm at 12 Elm Street in town.')).toEqual([
    '$35',
    '9am',
    '5pm',
    '12 Elm Street',
  ]);
  expect(listFacts('We do.')).toEqual([]);
});
