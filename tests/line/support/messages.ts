/** Messages of one thread as derivation sees them, by the minute, and every order and number in which they may arrive. */
import fc from 'fast-check';
import type { ThreadMessage } from '../../../lib/learning/types.js';
import { START_MS } from './quo-line.js';

type Changes = Partial<ThreadMessage>;

const message = (minute: number, id: string, text: string, changes: Changes): ThreadMessage => ({
  id,
  direction: 'incoming',
  text,
  atMs: Math.round(START_MS + minute * 60_000),
  actorId: null,
  isPerson: true,
  isGroup: false,
  hasMedia: false,
  ...changes,
});

export const asks = (minute: number, id: string, text = `text of ${id}`, changes: Changes = {}) =>
  message(minute, id, text, changes);
export const answers = (minute: number, id: string, text = `text of ${id}`, changes: Changes = {}) =>
  message(minute, id, text, { direction: 'outgoing', actorId: 'USanna', ...changes });

/** Words that may be learned whatever stands around them: no courtesy, no opt-out, nothing personal. */
const QUESTIONS = [
  'what does a day pass cost',
  'is the upstairs gym room quiet',
  'which shoes are needed for climbing',
  'do children pay for the pool',
  'where are bikes parked behind the building',
];
const REPLIES = [
  'A day pass costs twelve dollars',
  'The upstairs room is quiet before noon',
  'Any shoes with a rubber sole work for climbing',
  'Children under six swim free',
  'Bikes go behind the building near the fence',
];

/** Times crowd, so that ties, bursts and closed windows all come up; a few messages have no person behind them. */
export function anyMessages(maxLength: number): fc.Arbitrary<ThreadMessage[]> {
  const shape = fc.record({
    side: fc.constantFrom('customer', 'customer', 'operator', 'operator', 'robot'),
    minute: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 240 }), fc.constantFrom(60, 120)),
    words: fc.nat({ max: QUESTIONS.length - 1 }),
    id: fc.integer({ min: 0, max: 999 }),
  });
  return fc.uniqueArray(shape, { maxLength, selector: one => one.id }).map(list =>
    list.map(({ side, minute, words, id }) => {
      if (side === 'customer') return asks(minute, `m${id}`, QUESTIONS[words]!);
      const robot = side === 'robot' ? { actorId: 'SYU1', isPerson: false } : {};
      return answers(minute, `m${id}`, REPLIES[words]!, robot);
    }),
  );
}

/** Every message at least once, in any order. */
export function anyOrder<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc
    .subarray([...items])
    .chain(repeated => fc.shuffledSubarray([...items, ...repeated], { minLength: items.length + repeated.length }));
}
