/** What a watchdog run found means: pure, so that every outcome can be tried. Any doubt means no. */
import type { AlertId } from './alerts.js';
import { type CatalogFacts, findCatalogFaults } from './catalog-check.js';

export type CheckId =
  | 'executions'
  | 'pattern_safety_columns'
  | 'unapproved_active'
  | 'queue'
  | 'configuration'
  | 'kill_switch'
  | 'counters'
  | 'ground_truth'
  | 'catalog';

/** What trips: whatever one of these finds latches and rolls back. */
export const TRIPPING: readonly CheckId[] = [
  'executions',
  'pattern_safety_columns',
  'unapproved_active',
  'queue',
  'configuration',
  'kill_switch',
  'counters',
  'ground_truth',
  'catalog',
];

/** What alerts: told, and never a reason to call a run anything but clean. */
const ALERTING: readonly AlertId[] = [
  'previous_run',
  'lease',
  'clock',
  'refused_by_signature',
  'refused',
  'silence',
  'quarantine',
  'catalog_definitions',
  'schema_level',
];

/** Every check, a row of each run. */
export const CHECKS: readonly (CheckId | AlertId)[] = [...TRIPPING, ...ALERTING];

export type CheckRow = { id: CheckId | AlertId; violations: number };

/** Who pulled, and from where: a person's hand, evidence, or the watchdog. */
export type Origin = { source: string; actor: string };
const WATCHDOG: Origin = { source: 'watchdog', actor: 'watchdog' };

/** What the database answers to the checks. */
export type Facts = Omit<Findings, 'standing'> & {
  catalog: CatalogFacts;
  /** Faults of the catalog that are in an incident since the last release. */
  knownFaults: string[];
  /** The last release; 0 before the first. */
  release: number;
};

export type Findings = {
  isLatched: boolean;
  /** Keys of the rows that break a check and are in no incident yet. */
  violations: Partial<Record<CheckId, string[] | null>>;
  /** What a rollback cannot mend, known or not: it stands until somebody does. */
  standing: Partial<Record<CheckId, number>>;
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

/**
 * A fault of the catalog is evidence once, and again after each release: a guard that is still off when the kill switch is
 * released engages it again. While it is engaged, what is known needs no second incident.
 */
export function readFacts({ catalog, knownFaults, release, ...facts }: Facts, isClockOurs: boolean): Findings {
  const faults = findCatalogFaults(catalog, isClockOurs).map(fault => `${fault} @${release}`);
  const fresh = faults.filter(fault => !(facts.isLatched && knownFaults.includes(fault)));
  return { ...facts, violations: { ...facts.violations, catalog: fresh }, standing: { catalog: faults.length } };
}

/** A check without an answer counts as one violation of its own: unknown is not clean. */
export function judgeFindings(findings: Findings): Verdict {
  const { pending } = findings;
  const evidence = TRIPPING.flatMap(checkId => {
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

/** @param alerts null where the database could not be asked for them */
export function countViolations(findings: Findings, alerts: Record<AlertId, number> | null): CheckRow[] {
  return [
    ...TRIPPING.map(id => ({
      id,
      violations: Math.max(findings.violations[id]?.length ?? 1, findings.standing[id] ?? 0),
    })),
    ...(alerts ? ALERTING.map(id => ({ id, violations: alerts[id] })) : []),
  ];
}
