// Every probe: $off is an inactive pattern, $on an approved one, $incident a closed incident whose rollback is done.
import type { Probe } from './probe.js';
import { ACTIVATIONS } from './probes/activations.js';
import { CHECKS } from './probes/checks.js';
import { CONFIGURATION } from './probes/configuration.js';
import { EVIDENCE } from './probes/evidence.js';
import { INCIDENTS } from './probes/incidents.js';
import { KILL_SWITCH } from './probes/kill-switch.js';
import { MISSING } from './probes/missing.js';
import { PATTERNS } from './probes/patterns.js';
import { PEOPLE } from './probes/people.js';
import { ROWS } from './probes/rows.js';
import { TEXTS } from './probes/texts.js';
import { VOUCHED } from './probes/vouched.js';
import { WATCHDOG } from './probes/watchdog.js';

export const PROBES: readonly Probe[] = [
  ...[ACTIVATIONS, PATTERNS, EVIDENCE, INCIDENTS, KILL_SWITCH, WATCHDOG, CONFIGURATION, PEOPLE, TEXTS],
  ...[ROWS, CHECKS, MISSING, VOUCHED],
].flat();

export type { Probe };
