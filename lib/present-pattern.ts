/** One pattern as the contract shapes it, with its gates. Shown active means in force: approved, not expired, not latched. */
import type { PatternRow } from '../db/patterns.js';
import { type FactChange, findChangedFacts } from './learning/changed-facts.js';
import { confidenceLowerBound } from './learning/confidence.js';
import { findConflicts } from './learning/conflicts.js';
import { iso } from './moment.js';
import { checkEligibility } from './safety/gates.js';
import type { Settings } from './settings.js';

/** @param mayRead whether the reader is an operator or an admin: notes are free text */
export function presentPattern(row: PatternRow, settings: Settings, mayRead: boolean) {
  const judged = row.agreed + row.disagreed;
  const lowerBound = Math.round(confidenceLowerBound(row.agreed, row.disagreed) * 10_000) / 10_000;
  const unfillableSlots = row.slots.filter(slot => !slot.fillable).length;
  const gates = checkEligibility(
    { customers: row.customers, judged, confidence: row.confidenceScore, lowerBound, unfillableSlots },
    {
      customers: settings.reviewMinCustomers,
      judged: settings.minExecutionsForAuto,
      confidence: settings.autoExecuteThreshold,
    },
  );
  const flags = [
    ...(listFactChanges(row).length > 0 ? ['fact_changed'] : []),
    ...(unfillableSlots > 0 ? ['unfillable'] : []),
    ...(row.possibleDuplicates.length > 0 ? ['possible_duplicate'] : []),
    ...(row.editedAt !== null ? ['edited'] : []),
    ...(row.isStale ? ['stale'] : []),
    ...(findConflicts(row.judgedLately).length > 0 ? ['conflict'] : []),
  ];
  return {
    id: row.id,
    patternType: row.patternType,
    triggerText: row.triggerText,
    triggerExamples: row.triggerExamples,
    responseTemplate: row.responseTemplate,
    slots: row.slots,
    confidenceScore: row.confidenceScore,
    confidenceLowerBound: lowerBound,
    status: row.status,
    isActive: row.isInForce,
    autoExecutable: row.autoExecutable,
    requiresConfirmation: row.requiresConfirmation,
    evidence: { exchanges: row.exchanges, customers: row.customers, operators: row.operators, days: row.days },
    shadow: { decisions: row.decisions, judged, agreed: row.agreed, disagreed: row.disagreed },
    eligible: gates.every(gate => gate.ok),
    gates,
    flags,
    possibleDuplicates: row.possibleDuplicates,
    createdFrom: row.createdFrom,
    firstSeen: iso(row.firstSeen),
    lastSeen: iso(row.lastSeen),
    createdAt: iso(row.createdAt),
    updatedAt: iso(row.updatedAt),
    version: row.version,
    notes: mayRead ? row.notes : null,
    mergedInto: row.mergedInto,
    activeUntil: iso(row.activeUntil),
  };
}

/** What newer replies say instead of a fact of the template. */
export function listFactChanges({ responseTemplate, replies, editedAt }: PatternRow): FactChange[] {
  const dated = replies.map(({ id, text, at }) => ({ id, text, atMs: Date.parse(at) }));
  return findChangedFacts(responseTemplate, dated, editedAt === null ? null : Date.parse(editedAt));
}
