// The two series of the report: what answering more would cost in agreement, and how the line was learned over time.
import type { RehearsedTurn } from '../../lib/learning/rehearsed.js';

/** As if it answered whenever expected agreement is at least this. `coverage` is of all tested turns, `precision` of the judged. */
export type CurvePoint = {
  minimumExpected: number;
  answered: number;
  coverage: number;
  judged: number;
  agreed: number;
  precision: number | null;
};

/** Points on the curve, each so much more of the turns. */
const CURVE_STEP = 0.05;

/** @param turns customer turns that were answered */
export function drawCurve(turns: readonly RehearsedTurn[]): CurvePoint[] {
  const ranked = turns
    .flatMap(({ predicted, agreement }) => (predicted ? [{ expected: predicted.expected, agreement }] : []))
    .sort((a, b) => b.expected - a.expected);
  const points: CurvePoint[] = [];
  for (let share = CURVE_STEP; ranked.length > 0; share += CURVE_STEP) {
    const rank = Math.min(ranked.length, Math.ceil(share * turns.length));
    const minimumExpected = ranked[rank - 1]!.expected;
    if (points.at(-1)?.minimumExpected !== minimumExpected) {
      // Whatever is expected as much is answered too.
      const answered = ranked.filter(({ expected }) => expected >= minimumExpected);
      const judged = answered.filter(({ agreement }) => agreement === 'agreed' || agreement === 'disagreed').length;
      const agreed = answered.filter(({ agreement }) => agreement === 'agreed').length;
      points.push({
        minimumExpected,
        answered: answered.length,
        coverage: answered.length / turns.length,
        judged,
        agreed,
        precision: judged > 0 ? agreed / judged : null,
      });
    }
    if (rank === ranked.length) break;
  }
  return points;
}

/** Of one stretch of the file: customer turns that were answered, what it would have replied to (all patterns), how that agreed. */
export type Period = {
  from: string;
  days: number;
  turns: number;
  wouldReply: number;
  judged: number;
  agreed: number;
  /** Patterns that an exchange of this stretch was the first of. */
  newPatterns: number;
};

const DAY_MS = 86_400_000;
/** From so many days on a file is shown by weeks. */
const DAYS_FOR_WEEKS = 42;

/** Days or weeks (UTC) from the first turn to the last; one without a turn is among them. @param turns in time order */
export function listPeriods(turns: readonly RehearsedTurn[]): Period[] {
  const asked = turns.filter(turn => turn.askedMs !== null);
  if (asked.length === 0) return [];
  const times = asked.map(turn => turn.askedMs!);
  const first = Math.floor(Math.min(...bounds(times)) / DAY_MS) * DAY_MS;
  const last = Math.max(...bounds(times));
  const days = last - first >= DAYS_FOR_WEEKS * DAY_MS ? 7 : 1;
  const count = Math.floor((last - first) / (days * DAY_MS)) + 1;
  const periods: Period[] = Array.from({ length: count }, (_, index) => ({
    from: new Date(first + index * days * DAY_MS).toISOString().slice(0, 10),
    days,
    turns: 0,
    wouldReply: 0,
    judged: 0,
    agreed: 0,
    newPatterns: 0,
  }));
  const known = new Set<string>();
  for (const { askedMs, predicted, agreement, learnedPatternId } of asked) {
    const period = periods[Math.floor((askedMs! - first) / (days * DAY_MS))]!;
    period.turns++;
    if (learnedPatternId && !known.has(learnedPatternId)) {
      known.add(learnedPatternId);
      period.newPatterns++;
    }
    if (!predicted || predicted.isAbstained) continue;
    period.wouldReply++;
    if (agreement === 'agreed' || agreement === 'disagreed') period.judged++;
    if (agreement === 'agreed') period.agreed++;
  }
  return periods;
}

/** The least and the greatest: a year has more turns than a call takes arguments. */
function bounds(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
}
