// What bench:learning prints, as Markdown that is ready to be put into docs/benchmarks.md.

import { OWN } from '../matching/own.js';
import { writeLearningCost, writeSpeedTables } from '../matching/tables.js';
import { type Goal, judgeGoal, listGoals, type Measurements } from './goals.js';
import { findLead, type SetResult } from './intent-sets.js';

export function writeGoals(measurements: Measurements): string[] {
  return [
    '| measure | measured | floor | strong | reached |',
    '|---|---|---|---|---|',
    ...listGoals(measurements).map(goal => {
      const { measure, floor, strong } = goal;
      return `| ${measure} | ${writeValue(goal)} | ${floor} | ${strong} | ${judgeGoal(goal)} |`;
    }),
    '',
  ];
}

export function writeSets(sets: readonly SetResult[]): string[] {
  return [
    '| set | test rows | examples | seeds | accuracy | coverage at 95 % | AUROC | ECE | precision / share at ≥ .95 |',
    '|---|---|---|---|---|---|---|---|---|',
    ...sets.map(({ set, rows, seeds, own }) =>
      row(
        set.title,
        rows,
        set.shots ?? 'all',
        seeds === 1 ? '1' : `1 to ${seeds}`,
        percent(own.accuracy),
        percent(own.coverageAt95),
        percent(own.auroc),
        percent(own.ece),
        `${percent(own.precisionAt95)} / ${percent(own.shareAt95)}`,
      ),
    ),
    '',
  ];
}

/** @param missing peers that were not measured, and why */
export function writeComparison(
  sets: readonly SetResult[],
  missing: readonly { name: string; why: string }[],
): string[] {
  const names = sets[0]?.compared.map(one => one.name) ?? [];
  if (names.length < 2) return [...missing.map(writeMissing), ''];
  const lines = sets.map(({ set, comparedRows, compared }) =>
    row(
      `${set.title}, ${set.shots ?? 'all'}`,
      comparedRows,
      ...compared.map(({ accuracy, coverageAt95 }) => `${percent(accuracy)} / ${percent(coverageAt95)}`),
    ),
  );
  const accuracy = findLead(sets, 'accuracy')!;
  const coverage = findLead(sets, 'coverageAt95')!;
  return [
    `Accuracy / coverage at 95 % in percent, on the same test rows for everybody (drawn by the seed where there are more), averaged over the seeds.`,
    '',
    row('set, examples', 'test rows', ...names),
    `|${'---|'.repeat(names.length + 2)}`,
    ...lines,
    '',
    `${OWN.name} is ahead of the peers' mean by ${points(accuracy.mean)} points of accuracy and ${points(coverage.mean)} of coverage, and of the best peer of each set by ${points(accuracy.best)} and ${points(coverage.best)} (means over the sets).`,
    ...missing.map(writeMissing),
    '',
  ];
}

export function writeSpeed({ speeds, learning, lines }: Measurements): string[] {
  return [
    ...writeSpeedTables(speeds),
    ...writeLearningCost(learning),
    '',
    lines
      ? `Lines: \`${lines.command}\`, ${lines.turns} turns.`
      : 'Lines: not measured (the acceptance script or the lines are not here).',
  ];
}

function writeMissing({ name, why }: { name: string; why: string }): string {
  return `${name}: not measured, ${why}.`;
}

function writeValue({ value, unit }: Goal): string {
  if (value === null) return '';
  const digits = unit === '' && value < 1 ? 3 : unit === 'ms' ? 2 : 1;
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
}

function row(...cells: (string | number)[]): string {
  return `| ${cells.join(' | ')} |`;
}

function percent(value: number | null): string {
  return value === null ? 'none' : (value * 100).toFixed(1);
}

function points(value: number): string {
  return (value * 100).toFixed(1);
}
