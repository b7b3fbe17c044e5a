/**
 * Adjusts match confidence to one business: two numbers, fitted on its own judged decisions. The law: little evidence changes
 * little, and until there are a hundred outcomes confidence may only be lowered, so that doubt abstains.
 */

/** Adjusted confidence = logistic(slope × logit(confidence) + offset - caution). */
export type Recalibration = { slope: number; offset: number; outcomes: number };

/** A decision that was judged: its confidence by the shipped constants (0-1), and whether the operator agreed. */
export type Outcome = { confidence: number; isAgreed: boolean };

export const UNCHANGED: Recalibration = { slope: 1, offset: 0, outcomes: 0 };

/** The newest outcomes that count: more follow a changing business too slowly, fewer are noise. */
export const OUTCOMES_COUNTED = 500;
/** It is fitted again after so many outcomes. */
export const OUTCOMES_BETWEEN = 20;
/**
 * Log odds by which adjusted confidence stays below what the outcomes say: they are the past, and the fit rests on few of them. With
 * 0.3, of the answers that were sure (0.95) at least 97 % were right on every development set; with 0, 96.5 %.
 */
const CAUTION = 0.3;
/** Outcomes from which on confidence may be raised, and from which on as far as it may be. */
const ENOUGH_TO_RAISE = 100;
const ENOUGH_FOR_ALL = 300;
/**
 * Log odds by which it is raised at most: what operators agree with tells little about texts that are like none of those, and a
 * habit, one answer to everything, must not make every text sure.
 */
const MOST_RAISED = 1.5;
/** How far the numbers are believed to lie from 1 and 0 before any outcome is known (standard deviations of the prior). */
const SLOPE_SPREAD = 0.3;
const OFFSET_SPREAD = 1;
/** Whatever the outcomes say, the numbers stay in here: a slope near 0 would make every match as sure as any other. */
const SLOPE_RANGE = [0.4, 2.5] as const;
const OFFSET_RANGE = [-4, 4] as const;
/** Confidence this near to 0 or 1 is read as this. */
const EXTREME = 1e-4;
const STEPS = 25;
/** The longest step, of either number: undamped, the first outcomes throw it out of all bounds. */
const LONGEST_STEP = 0.5;

export function adjust(confidence: number, { slope, offset, outcomes }: Recalibration): number {
  if (outcomes === 0) return confidence;
  const shipped = logit(confidence);
  const share = clamp((outcomes - ENOUGH_TO_RAISE) / (ENOUGH_FOR_ALL - ENOUGH_TO_RAISE), [0, 1]);
  return logistic(Math.min(slope * shipped + offset - CAUTION, shipped + MOST_RAISED * share));
}

/**
 * The most probable slope and offset, by Newton's method on the posterior, which has one peak.
 * @param outcomes the order does not matter
 */
export function recalibrate(outcomes: readonly Outcome[]): Recalibration {
  const points = outcomes.map(({ confidence, isAgreed }) => ({ x: logit(confidence), y: Number(isAgreed) }));
  let slope = 1;
  let offset = 0;
  for (let step = 0; step < STEPS; step++) {
    let slopeGradient = (1 - slope) / SLOPE_SPREAD ** 2;
    let offsetGradient = -offset / OFFSET_SPREAD ** 2;
    let slopeCurve = 1 / SLOPE_SPREAD ** 2;
    let offsetCurve = 1 / OFFSET_SPREAD ** 2;
    let crossCurve = 0;
    for (const { x, y } of points) {
      const p = logistic(slope * x + offset);
      slopeGradient += (y - p) * x;
      offsetGradient += y - p;
      const weight = p * (1 - p);
      slopeCurve += weight * x * x;
      offsetCurve += weight;
      crossCurve += weight * x;
    }
    const determinant = slopeCurve * offsetCurve - crossCurve * crossCurve;
    const slopeStep = (offsetCurve * slopeGradient - crossCurve * offsetGradient) / determinant;
    const offsetStep = (slopeCurve * offsetGradient - crossCurve * slopeGradient) / determinant;
    slope = clamp(slope + clamp(slopeStep, [-LONGEST_STEP, LONGEST_STEP]), SLOPE_RANGE);
    offset = clamp(offset + clamp(offsetStep, [-LONGEST_STEP, LONGEST_STEP]), OFFSET_RANGE);
    if (Math.abs(slopeStep) + Math.abs(offsetStep) < 1e-6) break;
  }
  return { slope, offset, outcomes: outcomes.length };
}

function logit(confidence: number): number {
  const inside = clamp(confidence, [EXTREME, 1 - EXTREME]);
  return Math.log(inside / (1 - inside));
}

function logistic(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function clamp(value: number, [least, most]: readonly [number, number]): number {
  return Math.min(most, Math.max(least, value));
}
