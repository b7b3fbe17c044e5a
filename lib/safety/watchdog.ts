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

export type Findings = {
  isLatched: boolean;
  /** Keys of the rows that break a check and are in no incident yet. */
  violations: Partial<Record<CheckId, string[] | null>>;
  /** Incidents whose rollback is not done. */
  pending: string[];
};

export type Verdict =
  | { status: 'clean' }
  | { status: 'latched' }
  | { status: 'rolled_back'; evidence: { checkId: CheckId; key: string }[]; pending: string[] };

/** A check without an answer counts as one violation of its own: unknown is not clean. */
export function judgeFindings(findings: Findings): Verdict {
  const evidence = CHECKS.flatMap(checkId => {
    const keys = findings.violations[checkId];
    return (keys ?? ['unknown']).map(key => ({ checkId, key }));
  });
  if (evidence.length > 0 || findings.pending.length > 0)
    return { status: 'rolled_back', evidence, pending: findings.pending };
  return { status: findings.isLatched ? 'latched' : 'clean' };
}

export function countViolations(findings: Findings): { id: CheckId; violations: number }[] {
  return CHECKS.map(id => ({ id, violations: findings.violations[id]?.length ?? 1 }));
}
