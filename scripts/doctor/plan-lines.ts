// The activation plan's checklists, line by line in the plan's own words. Pure.
import type { Title } from './check.js';

export const CHECKLIST_IDS = ['before', 'during', 'after'] as const;
export type ChecklistId = (typeof CHECKLIST_IDS)[number];

/** Before activation the plan has three lists: its safety checklist, the checks of phase 2, and the final checks. */
export const BEFORE = {
  BACKUP: { id: 'before.backup', title: 'Backup current configuration' },
  COUNT: { id: 'before.pattern_count', title: 'Document current pattern count' },
  TEST_ENVIRONMENT: { id: 'before.test_environment', title: 'Verify test environment available' },
  ROLLBACK: { id: 'before.rollback_ready', title: 'Confirm rollback plan ready' },
};
export const PHASE_2 = {
  INACTIVE: { id: 'before.default_inactive', title: 'Verify `is_active = false` default in pattern creation' },
  NOT_EXECUTABLE: { id: 'before.default_not_executable', title: 'Confirm `auto_executable = false` default' },
  CONFIRMED: { id: 'before.default_confirmed', title: 'Check `requires_confirmation = true` default' },
  NEVER_EXECUTES: {
    id: 'before.never_executes',
    title: "Test that patterns don't auto-execute even at 100% confidence",
  },
};
export const FINAL = {
  TEAM: { id: 'before.team_informed', title: 'All team members informed' },
  DASHBOARDS: { id: 'before.dashboards', title: 'Monitoring dashboards ready' },
  TESTED: { id: 'before.rollback_tested', title: 'Rollback plan tested' },
  DOCUMENTATION: { id: 'before.documentation', title: 'Documentation complete' },
  METRICS: { id: 'before.metrics', title: 'Success metrics defined' },
};
export const DURING = {
  ENABLED: { id: 'during.learning_on', title: 'Enable pattern learning' },
  SHADOW: { id: 'during.shadow_mode', title: 'Keep shadow mode ON' },
  LOGS: { id: 'during.logs', title: 'Monitor logs for errors' },
  RATE: { id: 'during.creation_rate', title: 'Check pattern creation rate' },
};
export const AFTER = {
  NO_EXECUTIONS: { id: 'after.no_executions', title: 'Verify no auto-executions' },
  PAGE: { id: 'after.page', title: 'Check V3-PLS page displays patterns' },
  WATCHED: { id: 'after.watched', title: 'Monitor for 24 hours' },
  QUALITY: { id: 'after.quality', title: 'Review created patterns for quality' },
};

/** The plan's headings, and the lines under each. */
export const CHECKLISTS: Record<ChecklistId, { title: string; parts: { title: string; lines: Title[] }[] }> = {
  before: {
    title: 'Before Activation',
    parts: [
      { title: 'Safety Checklist, Before Activation', lines: Object.values(BEFORE) },
      { title: 'Phase 2, Safety Verification', lines: Object.values(PHASE_2) },
      { title: 'Final Checks, before going live', lines: Object.values(FINAL) },
    ],
  },
  during: {
    title: 'During Activation',
    parts: [{ title: 'Safety Checklist, During Activation', lines: Object.values(DURING) }],
  },
  after: {
    title: 'After Activation',
    parts: [{ title: 'Safety Checklist, After Activation', lines: Object.values(AFTER) }],
  },
};
