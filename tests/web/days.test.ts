/** Days for charts: whole calendars, gaps where nothing is known, and no zero that nobody counted. */
import { describe, expect, it } from 'vitest';
import {
  averageOf,
  dayOf,
  fillDays,
  longestQuiet,
  sayDuration,
  sayPlace,
  shareOf,
  sizeFor,
  sumOf,
} from '../../web/src/sections/monitoring/days.js';

const row = (date: string, n: number) => ({ date, n });
const span = { today: '2026-11-23', days: 7, size: 1, knownFrom: '2026-11-20' };
const n = (of: { n: number }) => of.n;

describe('The days of a window', () => {
  it('are all there, oldest first, with the day on which the window began', () => {
    const places = fillDays([row('2026-11-22', 3)], span);
    expect(places).toHaveLength(8);
    expect([places[0]!.from, places.at(-1)!.to]).toEqual(['2026-11-16', '2026-11-23']);
  });

  it('are zero only where somebody was there to count', () => {
    const counts = fillDays([row('2026-11-22', 3)], span).map(({ rows }) => sumOf(rows, n));
    expect(counts).toEqual([null, null, null, null, 0, 0, 3, 0]);
    expect(fillDays([], { ...span, knownFrom: null }).map(({ rows }) => sumOf(rows, n))).toEqual(Array(8).fill(null));
  });

  it('are put together to weeks that end today, where there are too many to tell apart', () => {
    expect([sizeFor(30), sizeFor(90), sizeFor(365)]).toEqual([1, 7, 7]);
    const weeks = fillDays([row('2026-11-23', 1), row('2026-11-17', 2), row('2026-11-16', 4)], {
      ...span,
      days: 90,
      size: 7,
      knownFrom: '2026-11-09',
    });
    expect(weeks).toHaveLength(13);
    expect(weeks.at(-1)).toMatchObject({ from: '2026-11-17', to: '2026-11-23' });
    expect(weeks.slice(-4).map(({ rows }) => sumOf(rows, n))).toEqual([null, 0, 4, 3]);
    expect(sayPlace(weeks.at(-1)!)).toBe('17 Nov – 23 Nov 2026');
  });

  it('do not lose or double one where clocks change', () => {
    const places = fillDays([], { today: '2026-11-03', days: 7, size: 1, knownFrom: null });
    expect(new Set(places.map(({ from }) => from)).size).toBe(8);
    expect(places.map(({ from }) => from)).toContain('2026-11-01');
  });

  it('are those of the business', () => {
    const lateEvening = Date.UTC(2026, 8, 14, 23, 30);
    expect(dayOf(lateEvening, 'Pacific/Auckland')).toBe('2026-09-15');
    expect(dayOf(lateEvening, 'America/Denver')).toBe('2026-09-14');
  });
});

describe('A share', () => {
  it('of nothing is unknown, not zero', () => {
    expect(shareOf(0, 0)).toBeNull();
    expect(shareOf(null, 4)).toBeNull();
    expect(shareOf(0, 4)).toBe(0);
  });

  it('of several days counts each day as often as it has cases', () => {
    const read = ({ value, n }: { value: number | null; n: number }) => ({ value, n });
    expect(
      averageOf(
        [
          { value: 1, n: 1 },
          { value: 0, n: 3 },
          { value: null, n: 5 },
        ],
        read,
      ),
    ).toBe(0.25);
    expect(averageOf([], read)).toBeNull();
    expect(averageOf(null, read)).toBeNull();
  });
});

it('The longest silence counts whole days that are over, and none that nobody saw', () => {
  const places = fillDays([row('2026-11-20', 5), row('2026-11-23', 1)], span);
  const isQuiet = (rows: { n: number }[]) => sumOf(rows, n) === 0;
  expect(longestQuiet(places, isQuiet)).toBe(2);
  expect(longestQuiet(fillDays([], { ...span, knownFrom: '2026-11-23' }), isQuiet)).toBeNull();
});

it.each([
  [null, 'unknown'],
  [Number.NaN, 'unknown'],
  [0, '0 s'],
  [59.6, '1 min'],
  [165, '2 min 45 s'],
  [7_500, '2 h 5 min'],
  [90_000, '1 day 1 h'],
  [270_000, '3 days 3 h'],
])('%s seconds read "%s"', (seconds, said) => {
  expect(sayDuration(seconds)).toBe(said);
});
