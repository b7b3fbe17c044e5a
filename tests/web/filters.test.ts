/** Filters of a list: in the address and back, and the page's own answer until the server's is there. */
import { describe, expect, it } from 'vitest';
import {
  answerFrom,
  type Filters,
  isFiltered,
  NO_FILTERS,
  readFilters,
  toQuery,
  writeFilters,
} from '../../web/src/patterns/filters.js';
import { makePattern } from './factories.js';

const ask = (known: Parameters<typeof answerFrom>[0], filters: Partial<Filters>) =>
  answerFrom(known, { ...NO_FILTERS, ...filters }, 10).map(pattern => pattern.triggerText);

describe('what the page answers itself', () => {
  const learning = makePattern({ triggerText: 'learning' });
  const waiting = makePattern({ triggerText: 'waiting', status: 'pending_review' });
  const active = makePattern({ triggerText: 'active', status: 'active', patternType: 'greeting' });
  const retired = makePattern({ triggerText: 'retired', status: 'retired' });
  const known = [retired, learning, active, waiting];

  it('everything but retired, what waits for a decision first', () => {
    expect(ask(known, {})).toEqual(['waiting', 'active', 'learning']);
  });

  it('one state, all states, one kind', () => {
    expect(ask(known, { status: 'retired' })).toEqual(['retired']);
    expect(ask(known, { status: 'all' })).toEqual(['waiting', 'active', 'learning', 'retired']);
    expect(ask(known, { type: 'greeting' })).toEqual(['active']);
  });

  it('words are found in the question and in the answer, in either case, and mean nothing but themselves', () => {
    const price = makePattern({ triggerText: 'price', responseTemplate: 'It is 100 % FREE' });
    const other = makePattern({ triggerText: 'other', responseTemplate: 'It is 1000 dollars' });
    expect(ask([price, other], { q: ' free ' })).toEqual(['price']);
    expect(ask([price, other], { q: '100 %' })).toEqual(['price']);
    expect(ask([price, other], { q: 'OTHER' })).toEqual(['other']);
    expect(ask([price, other], { q: '.*' })).toEqual([]);
  });

  it('each order has the most of it first, and equals keep one order', () => {
    const few = makePattern({
      triggerText: 'few',
      confidenceScore: 0.9,
      evidence: { exchanges: 2, customers: 1, operators: 1, days: 1 },
    });
    const many = makePattern({
      triggerText: 'many',
      confidenceScore: 0.4,
      createdAt: '2026-09-02T10:00:00Z',
      evidence: { exchanges: 9, customers: 8, operators: 1, days: 1 },
    });
    const known = [few, many];
    expect(ask(known, { sort: 'review' })).toEqual(['many', 'few']);
    expect(ask(known, { sort: 'evidence' })).toEqual(['many', 'few']);
    expect(ask(known, { sort: 'confidence' })).toEqual(['few', 'many']);
    expect(ask(known, { sort: 'created' })).toEqual(['many', 'few']);
    const twins = [makePattern({ triggerText: 'first' }), makePattern({ triggerText: 'second' })];
    expect(ask(twins.toReversed(), {})).toEqual(ask(twins, {}));
  });

  it('no more than asked for', () => {
    expect(answerFrom([learning, waiting, active], NO_FILTERS, 2)).toHaveLength(2);
  });
});

describe('filters in the address', () => {
  it('come back as they went, also words with signs of an address', () => {
    const filters: Filters = { status: 'pending_review', type: 'answer', q: 'a&b=c #1 + é?', sort: 'created' };
    expect(readFilters(new URLSearchParams(writeFilters(filters)))).toEqual(filters);
    expect(writeFilters(NO_FILTERS)).toBe('');
  });

  it('what is none of the known words counts as not said, and nothing is longer than the server takes', () => {
    const read = readFilters(new URLSearchParams(`status=on&sort=price&q=${'x'.repeat(300)}&type=${'y'.repeat(90)}`));
    expect(read).toEqual({ status: null, sort: 'review', q: 'x'.repeat(200), type: 'y'.repeat(64) });
  });

  it('the server is asked for what was said alone', () => {
    expect(toQuery(NO_FILTERS)).toEqual({ sort: 'review' });
    expect(toQuery({ status: 'all', type: '', q: '  ', sort: 'created' })).toEqual({ status: 'all', sort: 'created' });
    expect([isFiltered(NO_FILTERS), isFiltered({ ...NO_FILTERS, q: 'x' })]).toEqual([false, true]);
  });
});
