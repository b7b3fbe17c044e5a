/** The charts: patterns and their confidence, agreement and coverage, deliveries. Each is made of the days that the server counted. */
import { useMemo } from 'react';
import type { Monitoring } from '../../contract.js';
import { sayCount } from '../../words.js';
import {
  averageOf,
  dayOf,
  fillDays,
  longestQuiet,
  type Place,
  type Span,
  sayPlace,
  sayShortDay,
  shareOf,
  sizeFor,
  sumOf,
} from './days.js';
import { Figure } from './figure.js';

type ChartsProps = { monitoring: Monitoring; atMs: number; days: number; timeZone: string };

export function Charts({ monitoring, atMs, days, timeZone }: ChartsProps) {
  const today = dayOf(atMs, timeZone);
  const { firstAt } = monitoring.deliveries;
  const knownFrom = firstAt === null ? null : dayOf(Date.parse(firstAt), timeZone);
  const span = useMemo<Span>(() => ({ today, days, knownFrom, size: sizeFor(days) }), [today, days, knownFrom]);
  return (
    <div className="charts">
      <Patterns perDay={monitoring.patterns.perDay} span={span} />
      <Confidence perDay={monitoring.patterns.perDay} span={span} />
      <Agreement perDay={monitoring.shadow.perDay} span={span} />
      <Deliveries perDay={monitoring.deliveries.perDay} span={span} />
    </div>
  );
}

const per = (span: Span) => (span.size === 1 ? 'day' : 'week');

function usePlaces<Row extends { date: string }>(rows: readonly Row[], span: Span) {
  const places = useMemo(() => fillDays(rows, span), [rows, span]);
  return { places, names: useMemo(() => places.map(namePlace), [places]) };
}

function namePlace(place: Place<unknown>) {
  return { short: sayShortDay(place.from), long: sayPlace(place) };
}

type PatternDay = Monitoring['patterns']['perDay'][number];

function Patterns({ perDay, span }: { perDay: PatternDay[]; span: Span }) {
  const { places, names } = usePlaces(perDay, span);
  const series = useMemo(
    () => [{ name: 'Patterns', values: places.map(({ rows }) => sumOf(rows, row => row.created)) }],
    [places],
  );
  const columns = [{ name: 'Active now', values: places.map(({ rows }) => sumOf(rows, row => row.active)) }];
  const total = sumOf(perDay, row => row.created);
  return (
    <Figure
      title={`Patterns learned per ${per(span)}`}
      label={`Bars: ${sayCount(total, 'pattern')} learned, by ${per(span)}.`}
      places={names}
      series={series}
      columns={columns}
      unit="count"
      shape="bars"
      empty={total === 0 ? 'No pattern was learned in this time.' : null}
    >
      New patterns by the {per(span)} on which they were written down.
    </Figure>
  );
}

function Confidence({ perDay, span }: { perDay: PatternDay[]; span: Span }) {
  const { places, names } = usePlaces(perDay, span);
  const series = useMemo(
    () => [
      {
        name: 'Average confidence',
        values: places.map(({ rows }) => averageOf(rows, row => ({ value: row.avgConfidence, n: row.created }))),
      },
    ],
    [places],
  );
  const columns = [{ name: 'Of patterns', values: places.map(({ rows }) => sumOf(rows, row => row.created)) }];
  return (
    <Figure
      title="Confidence"
      label={`Line: average confidence of the patterns learned in each ${per(span)}.`}
      places={names}
      series={series}
      columns={columns}
      unit="share"
      shape="lines"
      empty={perDay.length === 0 ? 'No pattern was learned in this time, so there is no confidence to average.' : null}
    >
      Average confidence today of the patterns that were learned then. Every pattern starts at 50 %, and moves with what
      staff answer.
    </Figure>
  );
}

type ShadowDay = Monitoring['shadow']['perDay'][number];

function Agreement({ perDay, span }: { perDay: ShadowDay[]; span: Span }) {
  const { places, names } = usePlaces(perDay, span);
  const series = useMemo(() => {
    const sums = (read: (row: ShadowDay) => number) => places.map(({ rows }) => sumOf(rows, read));
    const shares = (part: (number | null)[], whole: (number | null)[]) =>
      part.map((value, at) => shareOf(value, whole[at] ?? null));
    return {
      drawn: [
        {
          name: 'Agreement',
          values: shares(
            sums(row => row.agreed),
            sums(row => row.judged),
          ),
        },
        {
          name: 'Coverage',
          values: shares(
            sums(row => row.covered),
            sums(row => row.turns),
          ),
        },
      ],
      columns: [
        { name: 'Customers’ turns', values: sums(row => row.turns) },
        { name: 'Would have answered', values: sums(row => row.covered) },
        { name: 'Compared', values: sums(row => row.judged) },
        { name: 'Agreed', values: sums(row => row.agreed) },
      ],
    };
  }, [places]);
  return (
    <Figure
      title="Agreement and coverage"
      label={`Lines: by ${per(span)}, how often it would have said what staff said, and how much it would have answered.`}
      places={names}
      series={series.drawn}
      columns={series.columns}
      unit="share"
      shape="lines"
      empty={perDay.length === 0 ? 'No customer wrote in this time while it was learning.' : null}
    >
      Coverage: of what customers wrote, how much it would have answered. Agreement: how often that was what staff said.
      By the {per(span)} on which the customer wrote; a gap is a {per(span)} with nothing to count.
    </Figure>
  );
}

type DeliveryDay = Monitoring['deliveries']['perDay'][number];

function Deliveries({ perDay, span }: { perDay: DeliveryDay[]; span: Span }) {
  const { places, names } = usePlaces(perDay, span);
  const series = useMemo(() => {
    const sums = (read: (row: DeliveryDay) => number) => places.map(({ rows }) => sumOf(rows, read));
    return {
      drawn: [
        { name: 'Accepted', values: sums(row => row.accepted) },
        { name: 'Ignored or doubled', values: sums(row => row.ignored + row.duplicate) },
        { name: 'Refused or not understood', values: sums(row => row.refused + row.quarantined) },
      ],
      columns: [
        { name: 'Ignored', values: sums(row => row.ignored) },
        { name: 'Doubled', values: sums(row => row.duplicate) },
        { name: 'Refused', values: sums(row => row.refused) },
        { name: 'Not understood', values: sums(row => row.quarantined) },
      ],
    };
  }, [places]);
  const quiet = longestQuiet(fillDays(perDay, { ...span, size: 1 }), rows => rows.every(row => row.accepted === 0));
  return (
    <Figure
      title={`Deliveries per ${per(span)}`}
      label={`Stacked bars: deliveries by ${per(span)} and by what became of them.`}
      places={names}
      series={series.drawn}
      columns={series.columns}
      unit="count"
      shape="bars"
      empty={span.knownFrom === null ? 'No delivery has come yet.' : null}
    >
      What arrived, and what became of it. {sayQuiet(quiet)}
    </Figure>
  );
}

function sayQuiet(days: number | null): string {
  if (days === null) return 'How long it was silent is not known yet: no whole day has passed.';
  if (days === 0) return 'No whole day passed without a delivery.';
  return `Longest silence: ${sayCount(days, 'whole day')} in a row.`;
}
