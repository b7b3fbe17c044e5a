// The probes by their files, as far as they are for guards that the tests of tests/long drop one by one.
import type { Probe } from '../probe.js';
import { CALLERS } from './callers.js';
import { COMMANDS_GIVEN } from './commands.js';
import { KEYS } from './keys.js';
import { LEARNERS } from './learners.js';
import { ROLLBACKS } from './rollbacks.js';
import { VALUES } from './values.js';

export const MISSING: readonly Probe[] = [...CALLERS, ...COMMANDS_GIVEN, ...KEYS, ...LEARNERS, ...ROLLBACKS, ...VALUES];
