// A small believable line, filled as a foreign writer may fill it and activated as only an admin can.
import { sql } from 'drizzle-orm';
import { execute, withinBudget, writeBatch } from '../../db/client.js';
import { actOnIncidents } from '../../lib/act-on-incidents.js';
import { updateConfig } from '../../lib/change-config.js';
import type { Caller } from '../../lib/http/caller.js';
import { togglePattern } from '../../lib/toggle-pattern.js';
import { runWatchdog } from '../../lib/watch.js';
import type { Stage } from './stage.js';
import { Unexpected } from './step.js';

type Mode = Stage['mode'];

const CALLER = { operatorId: null, expiresAt: null };
export const ADMIN: Caller = { ...CALLER, actor: 'admin:drill', name: 'drill', role: 'admin' };
export const OPERATOR: Caller = { ...CALLER, actor: 'operator:drill', name: 'drill', role: 'operator' };
export const REASON = 'drill';

/** The template of the second has a blank, and `RENDERING` is what it says once that is filled. */
const PATTERNS: readonly (readonly [type: string, trigger: string, template: string])[] = [
  ['hours', 'When do you open on Sunday?', 'On Sundays we open at eight in the morning and close at ten at night.'],
  ['booking', 'Is my booking for tonight confirmed?', 'Yes, bay {{number}} is booked for you tonight. See you then!'],
  ['parking', 'Where can I park?', 'Parking is free behind the building, by the blue door.'],
  ['rental', 'Do you rent clubs?', 'We rent a set of clubs for twelve dollars a visit.'],
  [
    'technical',
    'The screen in our bay is frozen',
    'Please hold the power button of the box for ten seconds; it starts again.',
  ],
  ['refund', 'Can I get my money back?', 'We have passed this on; you hear from us by tomorrow noon.'],
  ['food', 'Can we bring our own food?', 'You may bring food, and drinks without alcohol.'],
  ['lost', 'Did anybody find a black glove?', 'We look for it this evening and text you when we have it.'],
];
export const PATTERN_COUNT = PATTERNS.length;
/** One is enough on a live line, where every round trip holds locks a little longer. */
const ACTIVE_COUNT = { scratch: 3, live: 1 };
/** What a program would have sent for the booking pattern. */
export const RENDERING = 'Yes, bay 4 is booked for you tonight. See you then!';

const SLOTS = JSON.stringify([{ name: 'number', type: 'number', fillable: true }]);
const RUN_BUDGET_MS = 1_500;
const TRIES = 4;

const fillStatement = () => {
  const rows = PATTERNS.map(
    ([type, trigger, template]) =>
      sql`(${type}, ${trigger}, ${template}, ${template.includes('{{') ? SLOTS : '[]'}::jsonb)`,
  );
  return sql`insert into decision_patterns (pattern_type, trigger_text, response_template, slots)
    values ${sql.join(rows, sql`, `)} returning id`;
};

/** @returns the ids, in the order above */
export async function fillLine(): Promise<string[]> {
  return (await execute<{ id: string }>(fillStatement())).map(row => row.id);
}

/**
 * On a live line, which was found clean in the first scene: what a clean run writes, the plan's own quick start, and the
 * patterns, in one round trip. @returns the ids, in the order above
 */
export async function fillLiveLine(): Promise<string[]> {
  const results = await writeBatch([
    sql`insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now())`,
    sql`update watchdog_lease set run_id = (select max(id) from watchdog_runs)`,
    sql`update pattern_learning_config set config_value = 'true' where config_key = 'enabled' and config_value <> 'true'`,
    fillStatement(),
  ]);
  return results.at(-1)!.rows.map(row => String(row.id));
}

/** Which of the line's patterns are active, by an admin's own command, and which are not. */
export type Line = { active: string[]; inactive: string[] };

export async function activateSome(ids: readonly string[], mode: Mode): Promise<Line> {
  const active = ids.slice(0, ACTIVE_COUNT[mode]);
  for (const id of active) await togglePattern(id, { active: true, expectedVersion: 1, reason: REASON }, ADMIN);
  return { active, inactive: ids.slice(ACTIVE_COUNT[mode]) };
}

/**
 * Brings a scratch line to where an admin may activate: nothing found, nothing pending, kill switch released, lease fresh,
 * learning on. @throws Unexpected when the watchdog does not come to rest
 */
export async function settle(): Promise<void> {
  let last = '';
  for (let turn = 0; turn < TRIES && last !== 'clean'; turn++) {
    last = (await runWatchdog()).status;
    if (last === 'latched') await actOnIncidents({ action: 'release', reason: REASON }, ADMIN);
  }
  if (last !== 'clean') throw new Unexpected(`the watchdog does not come to rest: its last run said ${last}`);
  await updateConfig({ values: { enabled: true }, reason: REASON }, ADMIN.actor);
}

/** What a run does after its result must not keep others waiting on a live line. */
export function runOnce(mode: Mode) {
  return mode === 'live' ? withinBudget(RUN_BUDGET_MS, runWatchdog) : runWatchdog();
}
