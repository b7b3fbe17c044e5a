/**
 * Days of the business's calendar for charts and their tables. The law: a day of which nothing is known is null, never 0; a day
 * is 0 only where the server was there to count. Pure.
 */

/** `2026-11-23`, as the server writes days. */
export type Day = string;

/** One place on a chart: a day, or the seven days that begin with it. */
export type Place<Row> = { from: Day; to: Day; rows: Row[] | null };

const DAY_MS = 86_400_000;
const WEEK_DAYS = 7;
/** More places than this are no longer told apart on a phone: then a place is a week. */
const MOST_DAYS = 45;

export const WINDOWS = [
  { window: '24h', name: '24 hours', last: '24 hours', days: 1 },
  { window: '7d', name: '7 days', last: '7 days', days: 7 },
  { window: '30d', name: '30 days', last: '30 days', days: 30 },
  { window: '90d', name: '90 days', last: '90 days', days: 90 },
  { window: '365d', name: '1 year', last: 'year', days: 365 },
] as const;

/** The calendar day on which a moment falls where the business is. @param timeZone an IANA name that this runtime knows */
export function dayOf(atMs: number, timeZone: string): Day {
  // Swedish writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(atMs);
}

export function addDays(day: Day, days: number): Day {
  return new Date(toMs(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Midnight of that day as if it were UTC: only for drawing, where every day is as long as the others. */
export function toMs(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export type Span = {
  /** The business's day at this moment. */
  today: Day;
  days: number;
  /** Days to a place. */
  size: number;
  /** The first day of which anything could be known; null: of none. */
  knownFrom: Day | null;
};

/** @returns how many days a place of this window has */
export function sizeFor(days: number): number {
  return days > MOST_DAYS ? WEEK_DAYS : 1;
}

/**
 * Every place of a window, oldest first, also those on which nothing happened. A window of hours begins within a day: that day is
 * the first. Places of several days end today, and the first of them may reach back before the window.
 */
export function fillDays<Row extends { date: Day }>(
  rows: readonly Row[],
  { today, days, size, knownFrom }: Span,
): Place<Row>[] {
  const byDay = new Map(rows.map(row => [row.date, row]));
  const count = Math.ceil((days + 1) / size);
  const start = addDays(today, 1 - count * size);
  return Array.from({ length: count }, (_, place) => {
    const from = addDays(start, place * size);
    const to = addDays(from, size - 1);
    const found = Array.from({ length: size }, (_, day) => byDay.get(addDays(from, day))).filter(
      row => row !== undefined,
    );
    const isKnown = found.length > 0 || (knownFrom !== null && to >= knownFrom);
    return { from, to, rows: isKnown ? found : null };
  });
}

/** @returns null where nothing is known */
export function sumOf<Row>(rows: readonly Row[] | null, read: (row: Row) => number): number | null {
  return rows === null ? null : rows.reduce((total, row) => total + read(row), 0);
}

/** @returns null where there was nothing to have a share of */
export function shareOf(part: number | null, whole: number | null): number | null {
  return part === null || whole === null || whole === 0 ? null : part / whole;
}

/** Of days with a different number of cases: each counts as often as it has cases. */
export function averageOf<Row>(
  rows: readonly Row[] | null,
  read: (row: Row) => { value: number | null; n: number },
): number | null {
  const counted = (rows ?? []).map(read).filter(({ value, n }) => value !== null && n > 0);
  const n = counted.reduce((total, row) => total + row.n, 0);
  return n === 0 ? null : counted.reduce((total, row) => total + row.value! * row.n, 0) / n;
}

/** The most days in a row, of those that are known and over, without anything. @returns null where none is known */
export function longestQuiet<Row>(places: readonly Place<Row>[], isQuiet: (rows: Row[]) => boolean): number | null {
  let longest: number | null = null;
  let run = 0;
  for (const { rows } of places.slice(0, -1)) {
    if (rows === null) continue;
    run = isQuiet(rows) ? run + 1 : 0;
    longest = Math.max(longest ?? 0, run);
  }
  return longest;
}

const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const LONG = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** For an axis: `23 Nov`. */
export function sayShortDay(day: Day): string {
  return SHORT.format(toMs(day));
}

/** For a table: a day, or the first and the last one of a week. */
export function sayPlace({ from, to }: { from: Day; to: Day }): string {
  return from === to ? LONG.format(toMs(from)) : `${SHORT.format(toMs(from))} – ${LONG.format(toMs(to))}`;
}

/** A length of time in the two units that matter: `3 min 20 s`, `2 h 5 min`, `4 days 3 h`. */
export function sayDuration(seconds: number | null | undefined): string {
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) return 'unknown';
  const whole = Math.round(seconds);
  const units: [size: number, name: string][] = [
    [86_400, whole >= 172_800 ? 'days' : 'day'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ];
  const largest = units.findIndex(([size]) => whole >= size);
  if (largest === -1) return '0 s';
  const [size, name] = units[largest]!;
  const rest = units[largest + 1];
  const more = rest ? Math.floor((whole % size) / rest[0]) : 0;
  return `${Math.floor(whole / size)} ${name}${more > 0 ? ` ${more} ${rest![1]}` : ''}`;
}
