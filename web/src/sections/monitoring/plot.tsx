/**
 * One drawn chart, by uPlot. The law: a picture only. What it shows stands in words and in a table beside it, for whoever cannot
 * see it; a place without a value is a gap, never a zero.
 */
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useSyncExternalStore } from 'react';

export type Series = { name: string; values: readonly (number | null)[] };
export type Unit = 'count' | 'share';
export type PlotProps = {
  /** What the picture shows, in a sentence. */
  label: string;
  /** Under each place; as many as every series has values. */
  places: readonly string[];
  series: readonly Series[];
  unit: Unit;
  /** Bars stand on each other; lines do not. */
  shape: 'bars' | 'lines';
  /** Tells which place the pointer is at; null: at none. */
  onPoint: (place: number | null) => void;
};

const HEIGHT_PX = 190;
/** Room for a label such as "23 Nov". */
const LABEL_PX = 72;
const COUNT_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 100_000];

export default function Plot({ label, places, series, unit, shape, onPoint }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const isDark = useSyncExternalStore(subscribeToScheme, readScheme);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the style sheet, which follows the scheme
  useEffect(() => {
    const node = box.current!;
    const chart = new UPlot(
      describe({ places, series, unit, shape, onPoint }, node),
      readData({ places, series, shape }),
      node,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: node.clientWidth, height: HEIGHT_PX }));
    watch.observe(node);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [places, series, unit, shape, onPoint, isDark]);
  return <div ref={box} className="plot" role="img" aria-label={label} />;
}

const darkScheme = matchMedia('(prefers-color-scheme: dark)');
const readScheme = () => darkScheme.matches;
function subscribeToScheme(tell: () => void): () => void {
  darkScheme.addEventListener('change', tell);
  return () => darkScheme.removeEventListener('change', tell);
}

type Drawn = Omit<PlotProps, 'label'>;

/** Places by number: every day is as wide as the others, whatever clocks do. */
function readData({ places, series, shape }: Pick<Drawn, 'places' | 'series' | 'shape'>): UPlot.AlignedData {
  const x = places.map((_, place) => place);
  const values = series.map(({ values }) => [...values]);
  if (shape === 'lines') return [x, ...values];
  // The highest first, so that each next one is drawn over it and the rest of it is left to see.
  const stacked = values.map((_, top) => x.map(place => addUp(values.slice(0, top + 1), place)));
  return [x, ...stacked.toReversed()];
}

function addUp(values: readonly (readonly (number | null)[])[], place: number): number | null {
  const known = values.map(series => series[place] ?? null).filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function describe({ places, series, unit, shape, onPoint }: Drawn, node: HTMLElement): UPlot.Options {
  const style = getComputedStyle(node);
  const ink = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: ink('muted'),
    font: `12px ${style.fontFamily}`,
    grid: { stroke: ink('line'), width: 1 },
    ticks: { show: false },
  };
  const colours = series.map((_, number) => ink(`plot-${number + 1}`));
  const order = shape === 'bars' ? colours.toReversed() : colours;
  return {
    width: node.clientWidth,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { show: shape === 'lines' } },
    hooks: { setCursor: [chart => onPoint(chart.cursor.idx ?? null)] },
    scales: {
      x: { time: false, range: () => [-0.5, places.length - 0.5] },
      y: { range: (_, __, most) => (unit === 'share' ? [0, 1] : [0, Math.max(1, (most ?? 0) * 1.08)]) },
    },
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        splits: chart => choosePlaces(places.length, chart.width),
        values: (_, splits) => splits.map(place => places[place] ?? ''),
      },
      unit === 'share'
        ? { ...axis, size: 52, splits: () => [0, 0.25, 0.5, 0.75, 1], values: (_, splits) => splits.map(sayPercent) }
        : {
            ...axis,
            size: 52,
            incrs: COUNT_STEPS,
            values: (_, splits) => splits.map(value => value.toLocaleString('en')),
          },
    ],
    series: [
      {},
      ...order.map((colour, number) =>
        shape === 'bars'
          ? {
              stroke: colour,
              fill: colour,
              width: 0,
              paths: UPlot.paths.bars!({ size: [0.7, 44] }),
              points: { show: false },
            }
          : {
              stroke: colour,
              width: 2,
              // Told apart by more than their colour.
              ...(number > 0 && { dash: [7, 4] }),
              points: { show: true, size: 6, width: 2, stroke: colour, fill: number > 0 ? ink('card') : colour },
            },
      ),
    ],
  };
}

function sayPercent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** As many as have room, the last one always among them. */
function choosePlaces(count: number, widthPx: number): number[] {
  const step = Math.max(1, Math.ceil(count / Math.max(2, Math.floor(widthPx / LABEL_PX) - 1)));
  return Array.from({ length: Math.ceil(count / step) }, (_, n) => count - 1 - n * step).toReversed();
}
