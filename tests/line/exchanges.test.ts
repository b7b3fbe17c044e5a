import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveExchanges } from '../../lib/learning/exchanges.js';
import type { ThreadMessage } from '../../lib/learning/types.js';
import { answers, anyMessages, anyOrder, asks } from './support/messages.js';

const WINDOW_MINUTES = 60;

/** Each exchange as "who asked > who answered", with a mark where the window had closed. */
const derive = (messages: readonly ThreadMessage[], windowMinutes = WINDOW_MINUTES) =>
  deriveExchanges(messages, windowMinutes).map(
    ({ customer, operator, isAfterWindow }) =>
      `${customer?.messageIds.join('+') ?? '-'} > ${operator?.messageIds.join('+') ?? '-'}${isAfterWindow ? ' (late)' : ''}`,
  );
const seconds = (minutes: number, rest: number) => minutes + rest / 60;

describe('Turns', () => {
  it('a burst of a customer is one turn, and its texts are joined line by line', () => {
    const messages = [asks(0, 'c1', 'hi'), asks(1, 'c2', ''), asks(2, 'c3', 'are you open?'), answers(3, 'o1', 'Yes')];
    expect(derive(messages)).toEqual(['c1+c2+c3 > o1']);
    expect(deriveExchanges(messages, WINDOW_MINUTES)[0]!.customer!.text).toBe('hi\nare you open?');
  });

  it('a burst of the operator is one answer, not three', () => {
    expect(derive([asks(0, 'c1'), answers(1, 'o1'), answers(2, 'o2'), answers(3, 'o3')])).toEqual(['c1 > o1+o2+o3']);
  });

  it('two operators who answer together make one turn, credited to the one who wrote first', () => {
    const messages = [asks(0, 'c1'), answers(1, 'o1', 'Sure', { actorId: 'USben' }), answers(2, 'o2')];
    const [exchange] = deriveExchanges(messages, WINDOW_MINUTES);
    expect(exchange!.operator).toMatchObject({ messageIds: ['o1', 'o2'], actorId: 'USben' });
  });

  it('a message without a person behind it belongs to no turn and parts none', () => {
    const robot = answers(1, 'robot', 'We got your text', { actorId: 'SYU1', isPerson: false });
    expect(derive([asks(0, 'c1'), robot, asks(2, 'c2'), answers(3, 'o1')])).toEqual(['c1+c2 > o1']);
  });

  it('a text of a person that answers nothing is an exchange without a customer turn', () => {
    expect(derive([answers(0, 'o1'), answers(1, 'o2'), asks(2, 'c1')])).toEqual(['- > o1+o2', 'c1 > -']);
  });

  it('a picture without words stays in its turn and leaves no empty line', () => {
    const messages = [asks(0, 'c1', '', { hasMedia: true }), asks(1, 'c2', 'what is this?')];
    expect(deriveExchanges(messages, WINDOW_MINUTES)[0]!.customer).toMatchObject({
      text: 'what is this?',
      hasMedia: true,
    });
  });

  it('one group text makes the whole thread a group', () => {
    const messages = [asks(0, 'c1'), answers(1, 'o1'), asks(2, 'c2', 'hi all', { isGroup: true })];
    expect(deriveExchanges(messages, WINDOW_MINUTES).every(exchange => exchange.isGroup)).toBe(true);
  });
});

describe('The one-hour window', () => {
  it('an answer after 59 minutes and 59 seconds is in the window', () => {
    expect(derive([asks(0, 'c1'), answers(seconds(59, 59), 'o1')])).toEqual(['c1 > o1']);
  });

  it('an answer after exactly 60 minutes is after the window', () => {
    expect(derive([asks(0, 'c1'), answers(60, 'o1')])).toEqual(['c1 > o1 (late)']);
  });

  it('the window counts from the last text of the burst', () => {
    expect(derive([asks(0, 'c1'), asks(50, 'c2'), answers(100, 'o1')])).toEqual(['c1+c2 > o1']);
  });

  it('a burst splits where the customer was silent for an hour, and the later half gets the answer', () => {
    expect(derive([asks(0, 'c1'), asks(60, 'c2'), answers(61, 'o1')])).toEqual(['c1 > -', 'c2 > o1']);
    expect(derive([asks(0, 'c1'), asks(seconds(59, 59), 'c2'), answers(61, 'o1')])).toEqual(['c1+c2 > o1']);
  });

  it('what the operator adds an hour later answers nothing any more', () => {
    expect(derive([asks(0, 'c1'), answers(1, 'o1'), answers(61, 'o2')])).toEqual(['c1 > o1', '- > o2']);
  });

  it('only event time counts: a text that arrives days later joins the turn in which it was written', () => {
    expect(derive([answers(3, 'o1'), asks(2, 'c2'), asks(0, 'c1')])).toEqual(['c1+c2 > o1']);
  });

  it('the window is the configured one', () => {
    expect(derive([asks(0, 'c1'), answers(20, 'o1')], 20)).toEqual(['c1 > o1 (late)']);
  });
});

describe('What the operator had said before', () => {
  const previous = (messages: ThreadMessage[]) =>
    deriveExchanges(messages, WINDOW_MINUTES).map(exchange => exchange.previousOperator?.messageIds ?? null);

  it('is the context of the next question of the same conversation', () => {
    const messages = [asks(0, 'c1'), answers(1, 'o1'), answers(2, 'o2'), asks(3, 'c2'), answers(4, 'o3')];
    expect(previous(messages)).toEqual([null, ['o1', 'o2']]);
  });

  it('is no context once the conversation is over', () => {
    expect(previous([asks(0, 'c1'), answers(1, 'o1'), asks(61, 'c2'), answers(62, 'o2')])).toEqual([null, null]);
  });
});

describe('Order and number of arrivals', () => {
  it('a question and an answer of the same millisecond are a question and its answer', () => {
    expect(derive([answers(0, 'a'), asks(0, 'z')])).toEqual(['z > a']);
  });

  it('a late customer text between two answers makes two exchanges of one', () => {
    const messages = [asks(0, 'c1'), answers(1, 'o1'), answers(5, 'o2')];
    expect(derive([...messages, asks(3, 'c2')])).toEqual(['c1 > o1', 'c2 > o2']);
  });

  it('a message that came twice counts once', () => {
    expect(derive([asks(0, 'c1'), asks(0, 'c1'), answers(1, 'o1'), asks(0, 'c1')])).toEqual(['c1 > o1']);
  });

  it('any permutation and duplication of up to 30 messages derives the same exchanges', () => {
    fc.assert(
      fc.property(
        anyMessages(30).chain(messages => fc.tuple(fc.constant(messages), anyOrder(messages))),
        ([set, arrival]) => {
          expect(deriveExchanges(arrival, WINDOW_MINUTES)).toEqual(deriveExchanges(set, WINDOW_MINUTES));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('every text of a person is in exactly one turn, and none of anybody else is', () => {
    fc.assert(
      fc.property(anyMessages(30), messages => {
        const inTurns = deriveExchanges(messages, WINDOW_MINUTES)
          .flatMap(({ customer, operator }) => [...(customer?.messageIds ?? []), ...(operator?.messageIds ?? [])])
          .sort();
        expect(inTurns).toEqual(
          messages
            .filter(m => m.isPerson)
            .map(m => m.id)
            .sort(),
        );
      }),
      { numRuns: 500 },
    );
  });
});
