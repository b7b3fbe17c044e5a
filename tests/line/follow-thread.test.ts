import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareMessages } from '../../lib/learning/exchanges.js';
import { answers, anyMessages, anyOrder, asks } from './support/messages.js';
import { ThreadStore } from './support/thread-store.js';

const QUESTION = 'what does a day pass cost';
const REPLY = 'A day pass costs twelve dollars';
const OTHER_QUESTION = 'where are bikes parked behind the building';
const OTHER_REPLY = 'Bikes go behind the building near the fence';

/** A store that already knows what a day pass costs. */
const knowing = () => {
  const store = new ThreadStore();
  store.seed('pass', QUESTION, REPLY);
  return store;
};
const patternIds = (store: ThreadStore) => [...store.patterns.keys()];

describe('The stored result', () => {
  it('is the same for every order and number of arrivals', () => {
    fc.assert(
      fc.property(
        anyMessages(14).chain(set => fc.tuple(fc.constant(set), anyOrder(set))),
        ([set, arrival]) => {
          const ordered = new ThreadStore().arriveAll([...set].sort(compareMessages));
          const disordered = new ThreadStore().arriveAll(arrival);
          expect(disordered.final()).toEqual(ordered.final());
        },
      ),
      { numRuns: 400 },
    );
  });

  it('credits every answered exchange to exactly one pattern or names why not, and keeps no pattern without one', () => {
    fc.assert(
      fc.property(anyMessages(14).chain(anyOrder), arrival => {
        const store = new ThreadStore().arriveAll(arrival);
        for (const { operator, skipped, isCredited } of store.final())
          expect(isCredited !== (skipped !== null)).toBe(operator.length > 0);
        const credited = new Set([...store.exchanges.values()].map(exchange => exchange.patternId));
        const judged = new Set(store.decisions.filter(one => one.outcome).map(one => one.patternId));
        for (const id of store.patterns.keys()) expect(credited.has(id) || judged.has(id)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing when the thread is followed once more', () => {
    fc.assert(
      fc.property(anyMessages(14).chain(anyOrder), arrival => {
        const store = new ThreadStore().arriveAll(arrival);
        const plan = store.follow(null);
        expect(plan).toMatchObject({
          exchanges: [],
          withdrawn: [],
          pattern: null,
          judgements: [],
          isUnfinished: false,
        });
      }),
      { numRuns: 300 },
    );
  });

  it('may be learned or not by the set of texts alone, also where the question before decides it', () => {
    // "Perfect" answers the operator's question; without that question it would only be courtesy.
    const set = [
      answers(0, 'o1', 'Would you like the upstairs room at noon?'),
      asks(1, 'c1', 'Perfect'),
      answers(2, 'o2', 'The upstairs room is reserved under your name'),
    ];
    const ordered = new ThreadStore().arriveAll(set).final();
    expect(new ThreadStore().arriveAll([set[1]!, set[2]!, set[0]!]).final()).toEqual(ordered);
  });
});

describe('A turn that grows', () => {
  it('a further operator text revises the exchange and adds none', () => {
    const store = new ThreadStore().arriveAll([asks(0, 'c1', QUESTION), answers(1, 'o1', REPLY)]);
    const before = [...store.exchanges.keys()];
    store.arrive(answers(2, 'o2', 'Children under six are free'));
    expect(store.final()).toEqual([{ customer: ['c1'], operator: ['o1', 'o2'], skipped: null, isCredited: true }]);
    expect([...store.exchanges.keys()]).toEqual(before);
    expect(patternIds(store)).toHaveLength(1);
  });

  it('a sole exchange that moves to another pattern takes its own pattern away', () => {
    const store = knowing();
    // Half an answer founds a pattern of its own; the rest shows that it is the known one.
    store.arriveAll([asks(0, 'c1', OTHER_QUESTION), answers(1, 'o1', 'Gladly explained in a minute or two')]);
    const founded = patternIds(store).find(id => id !== 'pass');
    expect(founded).toBeDefined();
    store.arrive(answers(0.5, 'o0', `${REPLY}. ${REPLY}. ${REPLY}`));
    const [exchange] = store.exchanges.values();
    expect(exchange!.patternId).toBe('pass');
    expect(patternIds(store)).toEqual(['pass']);
  });

  it('a late customer text that splits an exchange leaves two, each credited once', () => {
    const store = new ThreadStore().arriveAll([
      asks(0, 'c1', QUESTION),
      answers(1, 'o1', REPLY),
      answers(5, 'o2', OTHER_REPLY),
      asks(3, 'c2', OTHER_QUESTION),
    ]);
    expect(store.final()).toEqual([
      { customer: ['c1'], operator: ['o1'], skipped: null, isCredited: true },
      { customer: ['c2'], operator: ['o2'], skipped: null, isCredited: true },
    ]);
    expect(patternIds(store)).toHaveLength(2);
  });
});

describe('Learning off', () => {
  const off = { isLearning: false };

  it('makes no decision and learns nothing, and the turn that closed meanwhile stays so for good', () => {
    const store = new ThreadStore();
    Object.assign(store.settings, off);
    store.arriveAll([asks(0, 'c1', QUESTION), answers(1, 'o1', REPLY)]);
    expect(store.decisions).toEqual([]);
    expect(store.final()).toMatchObject([{ skipped: 'learning_off', isCredited: false }]);
    Object.assign(store.settings, { isLearning: true });
    store.arriveAll([answers(2, 'o2', OTHER_REPLY), asks(0.5, 'c2', OTHER_QUESTION), answers(1, 'o1', REPLY)]);
    store.followAgain();
    expect(store.final()).toEqual([
      { customer: ['c1', 'c2'], operator: ['o1', 'o2'], skipped: 'learning_off', isCredited: false },
    ]);
    expect(patternIds(store)).toEqual([]);
  });

  it('a question asked while it was off is learned when the answer comes after it was switched on', () => {
    const store = new ThreadStore();
    Object.assign(store.settings, off);
    store.arrive(asks(0, 'c1', QUESTION));
    Object.assign(store.settings, { isLearning: true });
    store.arrive(answers(1, 'o1', REPLY));
    expect(store.final()).toMatchObject([{ skipped: null, isCredited: true }]);
  });

  it('is finished with a learned turn, whatever comes late to it', () => {
    const store = knowing().arriveAll([asks(1, 'c1', QUESTION), answers(2, 'o1', REPLY)]);
    Object.assign(store.settings, off);
    store.arriveAll([asks(0, 'c0', OTHER_QUESTION), answers(3, 'o2', OTHER_REPLY)]);
    expect(store.follow(null)).toMatchObject({ exchanges: [], withdrawn: [], isUnfinished: false });
    expect(store.final()).toMatchObject([{ customer: ['c0', 'c1'], operator: ['o1', 'o2'] }]);
  });

  it('what was learned before keeps its credit, its words and its judgement while the turn grows', () => {
    const store = knowing().arriveAll([asks(0, 'c1', QUESTION), answers(1, 'o1', REPLY)]);
    const [before] = [...store.exchanges.values()];
    expect(store.outcomeOf(1)).toBe('agreed');
    Object.assign(store.settings, off);
    store.arrive(answers(2, 'o2', 'And towels are included'));
    expect([...store.exchanges.values()]).toMatchObject([
      { patternId: before!.patternId, replyText: before!.replyText, operatorMessageIds: ['o1', 'o2'] },
    ]);
    expect(store.outcomeOf(1)).toBe('agreed');
  });
});

describe('A shadow decision', () => {
  it('is judged when the operator answers: agreed with the same answer, disagreed with another', () => {
    const agreed = knowing().arriveAll([asks(0, 'c1', QUESTION), answers(1, 'o1', REPLY)]);
    expect(agreed.judgements).toEqual([{ decisionId: 1, outcome: 'agreed' }]);
    const disagreed = knowing().arriveAll([asks(0, 'c1', QUESTION), answers(1, 'o1', 'Ring the bell twice please')]);
    expect(disagreed.judgements).toEqual([{ decisionId: 1, outcome: 'disagreed' }]);
  });

  it('is kept and never judged when the answer was already stored', () => {
    const store = knowing().arriveAll([answers(1, 'o1', REPLY), asks(0, 'c1', QUESTION), answers(2, 'o2', REPLY)]);
    expect(store.decisions).toMatchObject([{ lastMessageId: 'c1', patternId: 'pass', isLate: true }]);
    expect(store.judgements).toEqual([]);
  });

  it('counts only where it was the last of the burst before the answer', () => {
    const store = knowing().arriveAll([
      asks(0, 'c1', QUESTION),
      asks(1, 'c2', 'and what does a day pass cost for two'),
      answers(2, 'o1', REPLY),
    ]);
    expect(store.decisions.map(decision => decision.isLate)).toEqual([false, false]);
    expect(store.judgements).toEqual([{ decisionId: 2, outcome: 'agreed' }]);
  });

  it('is superseded by a newer one that abstained because the matcher was not there in time', () => {
    const store = knowing();
    store.arrive(asks(0, 'c1', QUESTION));
    store.isMatcherLoaded = false;
    store.arrive(asks(1, 'c2', 'for two of us please'));
    store.isMatcherLoaded = true;
    store.arrive(answers(2, 'o1', REPLY));
    expect(store.decisions).toMatchObject([{ patternId: 'pass' }, { kind: 'abstained', patternId: null }]);
    // The last decision before the answer said nothing: there is nothing to judge.
    expect(store.outcomeOf(1)).not.toBe('agreed');
    expect(store.outcomeOf(1)).not.toBe('disagreed');
  });

  it('a late text of a burst leaves the decision that stood before the answer', () => {
    const store = knowing().arriveAll([asks(0, 'c1', QUESTION), answers(2, 'o1', REPLY), asks(1, 'c2', QUESTION)]);
    expect(store.decisions.map(decision => decision.isLate)).toEqual([false, true]);
    expect(store.outcomeOf(1)).toBe('agreed');
    expect(store.outcomeOf(2)).toBeNull();
  });

  it('is judged again when the answer goes on, and the newest judgement counts', () => {
    const store = knowing().arriveAll([
      asks(0, 'c1', QUESTION),
      answers(1, 'o1', 'Ring the bell twice please'),
      answers(2, 'o2', `${REPLY}. ${REPLY}`),
    ]);
    expect(store.outcomeOf(1)).toBe('agreed');
  });

  it('is ignored when the answer teaches nothing', () => {
    const store = knowing().arriveAll([asks(0, 'c1', QUESTION), answers(60, 'o1', REPLY)]);
    expect(store.final()).toMatchObject([{ skipped: 'after_window' }]);
    expect(store.outcomeOf(1)).toBe('ignored');
  });

  it('a robot in between neither answers nor makes it late', () => {
    const robot = answers(0.5, 'r1', 'We got your text', { actorId: 'SYU1', isPerson: false });
    const store = knowing().arriveAll([asks(0, 'c1', QUESTION), robot, answers(1, 'o1', REPLY)]);
    expect(store.judgements).toEqual([{ decisionId: 1, outcome: 'agreed' }]);
    expect(store.final()).toMatchObject([{ operator: ['o1'] }]);
  });
});
