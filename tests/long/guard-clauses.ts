// The conditions and acts within the guards. Refusals are not listed: guards.ts finds every one in the functions themselves.
import type { Clause } from './guard-clause.js';
import { ACTIVATION_CLAUSES } from './guard-clauses-activation.js';
import { KILL_SWITCH_CLAUSES } from './guard-clauses-kill-switch.js';
import { PEOPLE_CLAUSES } from './guard-clauses-people.js';
import { SETTING_CLAUSES } from './guard-clauses-settings.js';

export const CLAUSES: readonly Clause[] = [
  ...[ACTIVATION_CLAUSES, KILL_SWITCH_CLAUSES, SETTING_CLAUSES, PEOPLE_CLAUSES],
].flat();
