/** A chart with its words: what it shows, which colour is what, the numbers under the pointer, and all of them in a table. */
import { lazy, type ReactNode, Suspense, useCallback, useId, useState } from 'react';
import { sayShare } from '../../words.js';
import type { Series, Unit } from './plot.js';

const Plot = lazy(() => import('./plot.js'));

type FigureProps = {
  title: string;
  /** What is drawn and how it was counted, in a sentence or two. */
  children: ReactNode;
  /** The picture in a sentence, for whoever cannot see it. */
  label: string;
  /** Under each place of the axis, and at the head of each row of the table. */
  places: readonly { short: string; long: string }[];
  series: readonly Series[];
  unit: Unit;
  shape: 'bars' | 'lines';
  /** More columns of the table: what the drawn numbers were made of. */
  columns?: readonly Series[];
  /** Instead of a picture, where there is nothing to draw. */
  empty?: string | null;
};

export function Figure({ title, children, empty = null, ...drawn }: FigureProps) {
  const id = useId();
  return (
    <section className="card figure" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="muted small">{children}</p>
      {empty === null ? <Drawn title={title} {...drawn} /> : <p className="notice">{empty}</p>}
    </section>
  );
}

function Drawn({ title, label, places, series, unit, shape, columns = [] }: Omit<FigureProps, 'children' | 'empty'>) {
  const [place, setPlace] = useState<number | null>(null);
  const point = useCallback((at: number | null) => setPlace(at), []);
  const shown = place !== null && places[place] ? place : null;
  return (
    <>
      {series.length > 1 && (
        <ul className="legend" aria-hidden="true">
          {series.map(({ name }, number) => (
            <li key={name} data-series={number + 1} data-shape={shape}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <Suspense fallback={<div className="plot" aria-busy="true" />}>
        <PlotOf label={label} places={places} series={series} unit={unit} shape={shape} onPoint={point} />
      </Suspense>
      <p className="readout small" aria-hidden="true">
        {shown === null
          ? ' '
          : `${places[shown]!.long}: ${series.map(({ name, values }) => `${name.toLowerCase()} ${sayValue(values[shown], unit)}`).join(', ')}`}
      </p>
      <details>
        <summary>The same in a table</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard too */}
        <section className="table" tabIndex={0} aria-label={`Table: ${title}`}>
          <table>
            <caption className="unseen">{title}</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {[...series, ...columns].map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {places
                .map(({ long }, row) => (
                  <tr key={long}>
                    <th scope="row">{long}</th>
                    {series.map(({ name, values }) => (
                      <td key={name}>{sayValue(values[row], unit)}</td>
                    ))}
                    {columns.map(({ name, values }) => (
                      <td key={name}>{sayValue(values[row], 'count')}</td>
                    ))}
                  </tr>
                ))
                .toReversed()}
            </tbody>
          </table>
        </section>
      </details>
    </>
  );
}

/** Keeps the places' short names the same object from one drawing to the next: a new one would draw the chart anew. */
function PlotOf({ places, ...props }: Omit<Parameters<typeof Plot>[0], 'places'> & { places: FigureProps['places'] }) {
  const [short, setShort] = useState(() => places.map(place => place.short));
  if (short.length !== places.length || short.some((name, at) => name !== places[at]!.short))
    setShort(places.map(place => place.short));
  return <Plot {...props} places={short} />;
}

function sayValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return unit === 'share' ? 'none to count' : 'unknown';
  return unit === 'share' ? sayShare(value) : value.toLocaleString('en');
}
