// The figures that other programs read: one line a turn, and the coverage / precision table. design.md section 8 fixes their shape.
import type { RehearsedTurn } from '../../lib/learning/rehearsed.js';

export function toDecisionLine(turn: RehearsedTurn): string {
  const { predicted } = turn;
  return JSON.stringify({
    customerMessageIds: turn.customerMessageIds,
    operatorMessageIds: turn.operatorMessageIds,
    predicted: predicted && {
      patternId: predicted.patternId,
      matchConfidence: predicted.matchConfidence,
      confidence: predicted.confidence,
      expected: predicted.expected,
      text: predicted.text,
      ...(predicted.isAbstained ? { abstained: true } : {}),
    },
    learned: turn.learnedPatternId ? { patternId: turn.learnedPatternId } : null,
    skipped: turn.skipped,
    agreement: turn.agreement,
  });
}

type CoverageRow = {
  minimumExpected: number;
  answered: number;
  coverage: number;
  agreed: number;
  precision: number | null;
};

export type Summary = ReturnType<typeof summarise>;

/** Coverage is the share of all learnable turns; precision the share of the answered that agreed. */
export function summarise(turns: readonly RehearsedTurn[]) {
  const learnable = turns.filter(turn => turn.learnedPatternId);
  const judged = learnable.filter(turn => turn.agreement === 'agreed' || turn.agreement === 'disagreed');
  const wouldReply = judged.filter(turn => !turn.predicted!.isAbstained);
  const countAgreed = (list: readonly RehearsedTurn[]) => list.filter(turn => turn.agreement === 'agreed').length;
  const table: CoverageRow[] = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map(minimumExpected => {
    const answered = judged.filter(turn => turn.predicted!.expected >= minimumExpected);
    const agreed = countAgreed(answered);
    return {
      minimumExpected,
      answered: answered.length,
      coverage: learnable.length ? answered.length / learnable.length : 0,
      agreed,
      precision: answered.length ? agreed / answered.length : null,
    };
  });
  const skipped: Record<string, number> = {};
  for (const turn of turns) if (turn.skipped) skipped[turn.skipped] = (skipped[turn.skipped] ?? 0) + 1;
  return {
    turns: turns.length,
    learned: learnable.length,
    skipped,
    patterns: new Set(learnable.map(turn => turn.learnedPatternId)).size,
    judged: judged.length,
    agreed: countAgreed(judged),
    wouldReply: { judged: wouldReply.length, agreed: countAgreed(wouldReply) },
    table,
  };
}

export function writeSummary(summary: Summary): string {
  const percent = (value: number | null) => (value === null ? '-' : `${(value * 100).toFixed(1)} %`);
  return [
    `${summary.turns} operator turns, ${summary.learned} learned into ${summary.patterns} patterns`,
    `skipped: ${JSON.stringify(summary.skipped)}`,
    `would have replied: ${summary.wouldReply.judged} times, agreed ${summary.wouldReply.agreed}`,
    '',
    'expected ≥   answered (n)   coverage   precision',
    ...summary.table.map(
      row =>
        `${row.minimumExpected.toFixed(1).padStart(10)}${String(row.answered).padStart(15)}${percent(row.coverage).padStart(11)}${percent(row.precision).padStart(12)}`,
    ),
  ].join('\n');
}
