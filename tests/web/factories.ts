/** Patterns as the server answers them, for the page's pure parts. */
import type { Pattern } from '../../web/src/contract.js';

let made = 0;

export function makePattern(change: Partial<Pattern> = {}): Pattern {
  made++;
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    patternType: 'answer',
    triggerText: 'When do you open?',
    triggerExamples: [],
    responseTemplate: 'We open at ten.',
    slots: [],
    confidenceScore: 0.5,
    confidenceLowerBound: 0,
    status: 'learning',
    isActive: false,
    autoExecutable: false,
    requiresConfirmation: true,
    evidence: { exchanges: 1, customers: 1, operators: 1, days: 1 },
    shadow: { decisions: 0, judged: 0, agreed: 0, disagreed: 0 },
    eligible: false,
    gates: [],
    flags: [],
    possibleDuplicates: [],
    createdFrom: 'webhook',
    firstSeen: '2026-09-01T10:00:00Z',
    lastSeen: '2026-09-01T10:00:00Z',
    createdAt: '2026-09-01T10:00:00Z',
    updatedAt: '2026-09-01T10:00:00Z',
    version: 1,
    notes: null,
    mergedInto: null,
    activeUntil: null,
    ...change,
  };
}
