// Guards that are locks: what waits while another session holds something, and what must not. Asked of two sessions, and undone.
import { ask, type Ids } from '../safety/hostile-measure.js';
import { AS_IT_SHOULD } from '../safety/probe.js';
import { ACTIVATE, BY_ADA, EXECUTED, NEW_ID, PENDING, REASON, ROLL_BACK } from '../safety/probes/statements.js';
import type { Session } from '../safety/support.js';

export type Wait = {
  name: string;
  /** What the other session did, and has not committed. */
  held: string;
  script: string;
  /** What has to hold at the end; without it the script has to wait. */
  holds?: string;
};

/** Longer than anything of this takes that does not wait. */
const PATIENCE = '120ms';
const WAITED = '55P03';

const writes = (table: string) => `lock table ${table} in row exclusive mode`;
const rollsBack = (table: string) => `lock table ${table} in share row exclusive mode`;
const row = (table: string, id: string) => `select from ${table} where id = '${id}' for update`;
const LEARNS = 'select from learning_state for update';
/** Refused as soon as its gates are read. */
const ACTIVATE_NOTHING = ACTIVATE.replace(', 1,', ', 2,');
const give = (action: string) =>
  `insert into pattern_commands (pattern_id, action, actor) values ('$on', '${action}', 'admin:ada')`;
const restore = `${REASON}; insert into restorations (incident_id, actor, reason_id) values ('$incident', ${BY_ADA})`;

export const WAITS: readonly Wait[] = [
  ...['decision_patterns', 'pattern_learning_config', 'pattern_execution_queue'].map(table => ({
    name: `a rollback waits for whoever writes ${table}`,
    held: writes(table),
    script: `${PENDING}; ${ROLL_BACK}`,
  })),
  {
    name: 'a rollback waits for another one of its incident',
    held: row('incidents', '$incident'),
    script: `select v3pls_roll_back('$incident')`,
  },
  {
    name: 'an activation reads its gates once no rollback is under way',
    held: rollsBack('decision_patterns'),
    script: ACTIVATE_NOTHING,
  },
  {
    name: 'an activation reads its gates once nobody else has the pattern',
    held: row('decision_patterns', '$off'),
    script: ACTIVATE_NOTHING,
  },
  {
    name: 'a change of a setting reads what it was once nobody else writes settings',
    held: writes('pattern_learning_config'),
    script: `insert into config_changes (config_key, new_value, actor) values ('nothing', '1', 'admin:ada')`,
  },
  {
    name: 'a restoration waits for a rollback',
    held: rollsBack('pattern_learning_config'),
    script: restore,
  },
  {
    name: 'a restoration waits for another one of its incident',
    held: row('incidents', '$incident'),
    script: restore,
  },
  { name: 'a command waits for a rollback', held: rollsBack('decision_patterns'), script: give('edit') },
  { name: 'a command waits for whoever has the pattern', held: row('decision_patterns', '$on'), script: give('edit') },
  { name: 'a command waits for a learner', held: LEARNS, script: give('edit') },
  { name: 'a deactivation waits for no learner', held: LEARNS, script: give('deactivate'), holds: 'true' },
  {
    name: 'a learner waits for another one',
    held: LEARNS,
    script: `select v3pls_refresh_patterns(array['${NEW_ID}'::uuid])`,
  },
  {
    name: 'evidence waits for a moment only, and its rollback is pending',
    held: 'lock table decision_patterns in access exclusive mode',
    script: `set local statement_timeout = '2s'; set local lock_timeout = 0; ${EXECUTED}`,
    holds: `v3pls_is_latched() and exists (select from incidents where rollback = 'pending' and pending_because = '55P03')`,
  },
];

/** @returns AS_IT_SHOULD, or what came instead */
export async function tryWaiting(
  db: Session,
  holder: Session,
  ids: Ids,
  { held, script, holds }: Wait,
): Promise<string> {
  const name = (text: string) => text.replaceAll(/\$(off|on|incident)\b/g, (_match, key: keyof Ids) => ids[key]);
  await holder.script(`begin; ${name(held)}`);
  try {
    const outcome = await ask(db, ids, `set local lock_timeout = '${PATIENCE}'; ${script}`, holds ?? 'false');
    if ('answer' in outcome) return holds && outcome.answer === 'true' ? AS_IT_SHOULD : 'it did not wait';
    return !holds && outcome.refused === WAITED ? AS_IT_SHOULD : `it was refused: ${outcome.refused}`;
  } finally {
    await holder.script('rollback');
  }
}
