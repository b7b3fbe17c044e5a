// How good a matcher's answers are. Rates are 0 to 1.
import {
  adjust,
  OUTCOMES_BETWEEN,
  OUTCOMES_COUNTED,
  recalibrate,
  UNCHANGED,
} from '../../lib/learning/recalibration.js';
import { makeRandom, shuffle } from './labelled.js';

/** `confidence`: by the shipped constants. */
export type Answered = { isInScope: boolean; isRight: boolean; confidence: number };

export type Figures = {
  /** Texts in scope whose best pattern is the right one, whatever its confidence. */
  accuracy: number;
  /** The largest share of the texts in scope answered where at least 95 % of all answers are right. */
  coverageAt95: number;
  /** Right answers against everything else, by match confidence; null where all are right, or none. */
  auroc: number | null;
  /** Fifteen bins of equal width, all texts. */
  ece: number;
  /** Of the answers with match confidence 0.95 and more, adjusted as on a line; null where there is none. */
  precisionAt95: number | null;
  shareAt95: number | null;
};

const BINS = 15;
const SURE = 0.95;
/** Outcomes that a line has before its sure answers are counted. */
const OUTCOMES_BEFORE = 100;

/** @param seed of the order in which the outcomes come in */
export function measure(rows: readonly Answered[], seed: number): Figures {
  const inScope = rows.filter(row => row.isInScope);
  const adjusted = adjustInOrder(shuffle(rows, makeRandom(seed))).slice(OUTCOMES_BEFORE);
  const sure = adjusted.filter(row => row.confidence >= SURE);
  return {
    accuracy: share(inScope, row => row.isRight),
    coverageAt95: coverageAt(rows, inScope.length),
    auroc: areaUnderCurve(rows),
    ece: calibrationError(rows),
    precisionAt95: sure.length === 0 ? null : share(sure, row => row.isRight),
    shareAt95: sure.length === 0 ? null : sure.length / adjusted.length,
  };
}

/** Each answer's confidence with what the outcomes before it taught, as the service does it. */
export function adjustInOrder(rows: readonly Answered[]): Answered[] {
  let recalibration = UNCHANGED;
  return rows.map((row, i) => {
    if (i % OUTCOMES_BETWEEN === 0)
      recalibration = recalibrate(
        rows
          .slice(Math.max(0, i - OUTCOMES_COUNTED), i)
          .map(({ confidence, isRight }) => ({ confidence, isAgreed: isRight })),
      );
    return { ...row, confidence: adjust(row.confidence, recalibration) };
  });
}

function coverageAt(rows: readonly Answered[], inScope: number): number {
  const ranked = [...rows].sort((a, b) => b.confidence - a.confidence);
  let right = 0;
  let answered = 0;
  let coverage = 0;
  ranked.forEach((row, i) => {
    if (row.isRight) right++;
    if (row.isInScope) answered++;
    // A threshold cannot part equal confidences.
    if (ranked[i + 1]?.confidence === row.confidence) return;
    if (right / (i + 1) >= SURE) coverage = answered / inScope;
  });
  return coverage;
}

/** The chance that a right answer is more confident than another; ties count half (Mann and Whitney). */
function areaUnderCurve(rows: readonly Answered[]): number | null {
  const ranked = [...rows].sort((a, b) => a.confidence - b.confidence);
  let rankSum = 0;
  let right = 0;
  for (let start = 0; start < ranked.length; ) {
    let end = start;
    while (end < ranked.length && ranked[end]!.confidence === ranked[start]!.confidence) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) {
      if (!ranked[i]!.isRight) continue;
      rankSum += rank;
      right++;
    }
    start = end;
  }
  const wrong = rows.length - right;
  return right === 0 || wrong === 0 ? null : (rankSum - (right * (right + 1)) / 2) / (right * wrong);
}

function calibrationError(rows: readonly Answered[]): number {
  const bins = Array.from({ length: BINS }, () => ({ confidence: 0, right: 0 }));
  for (const row of rows) {
    const bin = bins[Math.min(BINS - 1, Math.floor(row.confidence * BINS))]!;
    bin.confidence += row.confidence;
    bin.right += Number(row.isRight);
  }
  return bins.reduce((sum, bin) => sum + Math.abs(bin.confidence - bin.right), 0) / (rows.length || 1);
}

function share(rows: readonly Answered[], is: (row: Answered) => boolean): number {
  return rows.length === 0 ? 0 : rows.filter(is).length / rows.length;
}
