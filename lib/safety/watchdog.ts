/** What a watchdog run found means: pure, so that every outcome can be tried. Any doubt means no. */

export type CheckId =
  | 'executions'
  | 'pattern_safety_columns'
  | 'unapproved_active'
  | 'queue'
  | 'configuration'
  | 'counters'
  | 'ground_truth';

export const CHECKS: readonly CheckId[] = [
  'executions',
  'pattern_safety_columns',
  'unapproved_active',
  'queue',
  'configuration',
  'counters',
  'ground_truth',
];

/** Who pulled, and from where: a person's hand, evidence, or the watchdog. */
export type Origin = { source: string; actor: string };
const WATCHDOG: Origin = { source: 'watchdog', actor: 'watchdog' };

export type Findings = {
  isLatched: boolean;
  /** Keys of the rows that break a check and are in no incident yet. */
  violations: Partial<Record<CheckId, string[] | null>>;
  /** Incidents whose rollback is not done. */
  pending: string[];
  /** By its column: while the kill switch is engaged it is in force for nobody. */
  isPatternOn: boolean;
  isLearningOn: boolean;
  /** The first engagement of the kill switch, not released, that no incident came after. */
  unanswered: Origin | null;
};

export type Verdict =
  | { status: 'clean' }
  | { status: 'latched' }
  | {
      status: 'rolled_back';
      evidence: { checkId: CheckId; key: string }[];
      /** Whose new incident it is; null where only pending rollbacks are completed. */
      opens: Origin | null;
      pending: string[];
    };

/** A check without an answer counts as one violation of its own: unknown is not clean. */
export function judgeFindings(findings: Findings): Verdict {
  const { pending } = findings;
  const evidence = CHECKS.flatMap(checkId => {
    const keys = findings.violations[checkId];
    return (keys ?? ['unknown']).map(key => ({ checkId, key }));
  });
  if (evidence.length > 0) return { status: 'rolled_back', evidence, opens: WATCHDOG, pending };
  if (pending.length > 0) return { status: 'rolled_back', evidence, opens: null, pending };
  if (isUnfinished(findings))
    return { status: 'rolled_back', evidence, opens: findings.unanswered ?? WATCHDOG, pending };
  return { status: findings.isLatched ? 'latched' : 'clean' };
}

/**
 * The kill switch is engaged, and its rollback never followed: it is a commit of its own, and what came after may have
 * failed. No pattern can be switched on behind the latch, so one that is on was never rolled back. Learning a person may
 * switch on again before the release (it learns nothing until then), so that counts only where no incident came after.
 * Waiting queue rows are evidence of their own.
 */
function isUnfinished({ isLatched, isPatternOn, isLearningOn, unanswered }: Findings): boolean {
  return isLatched && (isPatternOn || (isLearningOn && unanswered !== null));
}

export function countViolations(findings: Findings): { id: CheckId; violations: number }[] {
  return CHECKS.map(id => ({ id, violations: findings.violations[id]?.length ?? 1 }));
}
