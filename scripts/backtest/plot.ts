// Draws lines between 0 and 100 % as plain SVG, coloured by the page's own variables. What is drawn stands as numbers in a table beside it.
import { type Markup, markup } from './markup.js';

export type PlotPoint = {
  /** 0-1, from the left. */
  x: number;
  /** 0-1, from the foot; null leaves a gap. */
  y: number | null;
  /** What a pointer that rests on it reads. */
  hint: string;
};

export type PlotLine = { name: string; style: 'first' | 'second'; points: readonly PlotPoint[] };

export type Plot = {
  /** Read aloud instead of the drawing. */
  title: string;
  yName: string;
  xName: string;
  lines: readonly PlotLine[];
  /** Words under the horizontal axis. */
  xTicks: readonly { x: number; label: string }[];
  /** A single point apart from the lines. */
  mark: { x: number; y: number; label: string } | null;
};

// Small, so that on a phone its letters stay letters.
const WIDTH = 420;
const HEIGHT = 270;
const LEFT = 44;
const RIGHT = 24;
const TOP = 28;
const FOOT = 44;

const place = (x: number, y: number) => ({
  x: round(LEFT + x * (WIDTH - LEFT - RIGHT)),
  y: round(HEIGHT - FOOT - y * (HEIGHT - TOP - FOOT)),
});
const round = (value: number) => Math.round(value * 10) / 10;

export function drawPlot({ title, xName, yName, lines, xTicks, mark }: Plot): Markup {
  const right = WIDTH - RIGHT;
  const foot = HEIGHT - FOOT;
  return markup`<svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
${[0, 0.25, 0.5, 0.75, 1].map(y => {
  const at = place(0, y).y;
  return markup`<line class="grid" x1="${LEFT}" x2="${right}" y1="${at}" y2="${at}"/><text class="tick" x="${LEFT - 6}" y="${at + 4}" text-anchor="end">${y * 100} %</text>`;
})}
${xTicks.map(({ x, label }) => markup`<text class="tick" x="${place(x, 0).x}" y="${foot + 16}" text-anchor="middle">${label}</text>`)}
<text class="axis" x="${LEFT - 38}" y="14">${yName}</text><text class="axis" x="${right}" y="${HEIGHT - 8}" text-anchor="end">${xName}</text>
${lines.map(drawLine)}
${mark ? drawMark(mark) : null}
</svg>`;
}

function drawLine({ style, points }: PlotLine): Markup {
  let hasGap = true;
  const path = points.flatMap(({ x, y }) => {
    if (y === null) {
      hasGap = true;
      return [];
    }
    const at = place(x, y);
    const step = `${hasGap ? 'M' : 'L'}${at.x} ${at.y}`;
    hasGap = false;
    return [step];
  });
  return markup`<path class="line ${style}" d="${path.join(' ')}"/>${points.map(({ x, y, hint }) => {
    if (y === null) return null;
    const at = place(x, y);
    return markup`<circle class="dot ${style}" cx="${at.x}" cy="${at.y}" r="3"><title>${hint}</title></circle>`;
  })}`;
}

function drawMark({ x, y, label }: { x: number; y: number; label: string }): Markup {
  const at = place(x, y);
  // Beneath it, where no line of a falling curve runs, unless there is no room.
  const y1 = y > 0.15 ? at.y + 22 : at.y - 12;
  const anchor = x > 0.6 ? 'end' : 'start';
  return markup`<path class="mark" d="M${at.x} ${at.y - 7}L${at.x + 7} ${at.y}L${at.x} ${at.y + 7}L${at.x - 7} ${at.y}Z"/><text class="mark-label" x="${anchor === 'end' ? at.x + 7 : at.x - 7}" y="${y1}" text-anchor="${anchor}">${label}</text>`;
}
