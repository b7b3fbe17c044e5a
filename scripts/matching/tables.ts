// The measured speeds as Markdown.
import type { LearningCost } from './learning-cost.js';
import type { Speed } from './speed.js';

export function writeSpeedTables(speeds: readonly Speed[]): string[] {
  const sizes = [...new Set(speeds.map(speed => speed.size))];
  return sizes.flatMap(size => {
    const rows = speeds.filter(speed => speed.size === size);
    const own = rows[0]!;
    return [
      `### ${size.toLocaleString('en')} exemplars`,
      '',
      '| | asked | match p50 | p95 | CPU a match | held | loaded | learned from texts |',
      '|---|---|---|---|---|---|---|---|',
      ...rows.map(row => writeRow(row, row === own ? null : own)),
      '',
    ];
  });
}

export function writeLearningCost(cost: LearningCost | null): string[] {
  if (!cost) return ['CPU of learning one exchange: not measured (no phone lines, or too few exchanges).'];
  const { exemplars, patterns, measured, medianMs, p95Ms, worstMs, prepareMedianMs } = cost;
  return [
    `CPU of learning one exchange at ${exemplars} to ${exemplars + measured} exemplars in ${patterns} patterns (n ${measured}): median ${writeMs(medianMs)}, p95 ${writeMs(p95Ms)}, worst ${writeMs(worstMs)}; of the median ${writeMs(prepareMedianMs)} is redaction and templating.`,
  ];
}

/** @param own null for our own row; of the others each figure is also written as a multiple of ours */
function writeRow(row: Speed, own: Speed | null): string {
  if (row.missing) return `| ${row.name} | not measured: ${row.missing} | | | | | | |`;
  const { matches, learnMs, loadMs } = row;
  const cells = [
    matches ? String(matches.asked) : '',
    compare(matches?.p50Ms, own?.matches?.p50Ms, writeMs),
    compare(matches?.p95Ms, own?.matches?.p95Ms, writeMs),
    compare(matches?.cpuMs, own?.matches?.cpuMs, writeMs),
    compare(matches?.heldBytes, own?.matches?.heldBytes, writeMegabytes),
    compare(loadMs, own?.loadMs, writeMs),
    compare(learnMs, own?.learnMs, writeMs),
  ];
  return `| ${row.name} | ${cells.join(' | ')} |`;
}

function compare(
  value: number | null | undefined,
  ours: number | null | undefined,
  write: (value: number) => string,
): string {
  if (value === null || value === undefined) return '';
  if (!ours) return write(value);
  const ratio = value / ours;
  return `${write(value)} (${ratio < 10 ? ratio.toPrecision(2) : ratio.toFixed(0)} ×)`;
}

export function writeMs(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

function writeMegabytes(bytes: number): string {
  const megabytes = bytes / 1e6;
  return `${megabytes < 10 ? megabytes.toFixed(1) : megabytes.toFixed(0)} MB`;
}
