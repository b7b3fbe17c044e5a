// The lines of the learning notes' table of what to reach, each with what was measured.
import type { LearningCost } from '../matching/learning-cost.js';
import type { Speed } from '../matching/speed.js';
import { findLead, type SetResult } from './intent-sets.js';
import type { LineFigures } from './lines.js';

export type Goal = {
  measure: string;
  unit: '%' | 'points' | 'ms' | '';
  direction: 'at least' | 'at most';
  floor: number;
  strong: number;
  /** null: not measured in this run. */
  value: number | null;
};

export type Measurements = {
  sets: readonly SetResult[];
  lines: LineFigures | null;
  speeds: readonly Speed[];
  learning: LearningCost | null;
};

type Value = number | null | undefined;

/** Figures of intents come as shares of 1 and are shown in percent. */
export function listGoals({ sets, lines, speeds, learning }: Measurements): Goal[] {
  const own = (key: string) => sets.find(result => result.set.key === key)?.own;
  const few = own('clinc10');
  const all = own('clinc');
  const precisions = sets.flatMap(result => result.own.precisionAt95 ?? []);
  const errors = (isNoisy: boolean) => sets.filter(({ set }) => set.isNoisy === isNoisy).map(result => result.own.ece);
  const speed = (size: number) => speeds.find(one => one.size === size);
  const lead = findLead(sets, 'accuracy')?.mean;
  return [
    atLeast(80, 84, '%', 'CLINC150, 10 examples: accuracy', toPercent(few?.accuracy)),
    atLeast(55, 65, '%', 'CLINC150, 10 examples: coverage at 95 %', toPercent(few?.coverageAt95)),
    atLeast(88, 92, '%', 'CLINC150, 10 examples: AUROC', toPercent(few?.auroc)),
    atLeast(90, 93, '%', 'CLINC150, all examples: accuracy', toPercent(all?.accuracy)),
    atLeast(82, 89, '%', 'CLINC150, all examples: coverage at 95 %', toPercent(all?.coverageAt95)),
    atLeast(95, 97, '%', 'precision at match confidence ≥ .95, the worst set', toPercent(smallest(precisions))),
    atMost(4, 2, '%', 'calibration error, the worst clean set', toPercent(largest(errors(false)))),
    atMost(11, 6, '%', 'calibration error, the worst noisy set', toPercent(largest(errors(true)))),
    atLeast(5, 8, 'points', 'accuracy ahead of the peers’ mean, all sets', toPercent(lead)),
    atLeast(0.65, 0.7, '', 'lines: NMI', lines?.nmi),
    atLeast(50, 58, '%', 'lines: any', lines?.any),
    atLeast(12, 30, '%', 'lines: coverage at 80 %', lines?.coverageAt80),
    atMost(250, 150, '', 'patterns a line', lines?.patterns),
    atMost(3, 0.5, 'ms', 'match p50, 10,000 exemplars', speed(10_000)?.matches?.p50Ms),
    atMost(10, 2, 'ms', 'match p50, 100,000 exemplars', speed(100_000)?.matches?.p50Ms),
    atMost(10, 5, 'ms', 'CPU of learning one exchange, 10,000 exemplars: median', learning?.medianMs),
    atMost(100, 50, 'ms', 'CPU of learning one exchange, 10,000 exemplars: worst', learning?.worstMs),
    atMost(150, 50, 'ms', 'state loaded, 10,000 exemplars', speed(10_000)?.loadMs),
  ];
}

export function judgeGoal({ value, direction, floor, strong }: Goal): 'strong' | 'floor' | 'below' | 'not measured' {
  if (value === null) return 'not measured';
  const reaches = (goal: number) => (direction === 'at least' ? value >= goal : value <= goal);
  return reaches(strong) ? 'strong' : reaches(floor) ? 'floor' : 'below';
}

function atLeast(floor: number, strong: number, unit: Goal['unit'], measure: string, value: Value): Goal {
  return { measure, unit, direction: 'at least', floor, strong, value: value ?? null };
}

function atMost(floor: number, strong: number, unit: Goal['unit'], measure: string, value: Value): Goal {
  return { measure, unit, direction: 'at most', floor, strong, value: value ?? null };
}

function toPercent(value: Value): number | null {
  return value === null || value === undefined ? null : value * 100;
}

function smallest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values);
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}
