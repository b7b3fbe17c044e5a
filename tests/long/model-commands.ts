// What can happen to the small model: the system's own commands, the plan's SQL, the clock, and a foreign writer.
import { runWatchdog } from '../../lib/watch.js';
import { CLEAR_QUEUE, DEACTIVATE, DISABLE, ENABLE } from '../support/plan-sql.js';
import { LAW_BROKEN, PATTERNS } from './model-facts.js';
import { REASON, type World, within } from './model-world.js';

export type Command = {
  name: string;
  /** Plain SQL; without any it is a run of the watchdog. */
  text?: string;
  /** What passes before it, where that is not a moment. */
  after?: string;
};

const sql = (name: string, text: string, after?: string): Command => ({ name, text, ...(after && { after }) });

export type Seen = { state: string; broken: string[] };

/** The database's clock moves on: goes out with what happens then. */
export const tick = (by: string) => `select model.tick('${by}'); `;

/**
 * Does it, and looks: what came of it, and which laws are broken. Plain SQL goes out in one message with the look.
 * @param before SQL that goes out first
 * @throws what PostgreSQL refused
 */
export async function play(world: World, { text }: Command, before: string): Promise<Seen & { outcome: string }> {
  if (text !== undefined) return { ...(await look(world, before + text)), outcome: 'done' };
  await world.script(before);
  const { status } = await within(world, runWatchdog);
  return { ...(await look(world)), outcome: status };
}

/** @param before goes out in the same message */
export async function look(world: World, before?: string): Promise<Seen> {
  const [state, broken] = JSON.parse(await world.ask('select model.look()', before)) as [string, string[]];
  return { state, broken };
}

const EVIDENCE = `insert into pattern_execution_history (was_auto_executed) values (true)`;
const ROLL_BACK = `select v3pls_trip('manual', 'operator:olga', null, '[]', '2s')`;
const SAFETY = `jsonb_build_object('p', (select jsonb_agg(to_jsonb(p) order by id) from decision_patterns p),
  'c', (select jsonb_agg(to_jsonb(c) order by config_key) from pattern_learning_config c),
  'q', (select jsonb_agg(to_jsonb(q) order by id) from pattern_execution_queue q))`;

const ofPattern = (name: keyof typeof PATTERNS): Command[] => {
  const id = PATTERNS[name];
  const command = (action: string) => `insert into pattern_commands (pattern_id, action, expected_version, actor)
    select id, '${action}', version, 'admin:ada' from decision_patterns where id = '${id}'`;
  return [
    sql(
      `activate ${name}`,
      `insert into activations (pattern_id, version, actor) select id, version, 'admin:ada' from decision_patterns where id = '${id}'`,
    ),
    sql(`deactivate ${name}`, command('deactivate')),
    sql(
      `edit ${name}`,
      `${command('edit')}; update decision_patterns set response_template = 'The canary sings ' || version + 1,
        edited_at = v3pls_now(), changed_by = 'admin:ada' where id = '${id}'`,
    ),
    sql(`retire ${name}`, command('retire')),
    sql(`restore ${name}`, command('restore')),
    sql(`${name} on by raw SQL`, `update decision_patterns set is_active = true where id = '${id}'`),
  ];
};

const WATCHDOG: Command = { name: 'a run of the watchdog' };

const change = (value: string, reason: string) =>
  `insert into config_changes (config_key, new_value, actor, reason_id) values ('auto_execute_threshold', '${value}', 'admin:ada', ${reason})`;
const threshold = (value: string) =>
  `update pattern_learning_config set config_value = '${value}' where config_key = 'auto_execute_threshold'`;

/** Without what makes a rollback pending, which is not the same within a transaction. */
const COMMON: readonly Command[] = [
  ...ofPattern('A'),
  ...ofPattern('B'),
  sql('the plan enables learning', ENABLE),
  sql('the plan disables learning', DISABLE),
  sql('the plan deactivates all', DEACTIVATE),
  sql('the plan clears the queue', CLEAR_QUEUE),
  sql('raw SQL tightens a setting', threshold('0.99')),
  sql('raw SQL loosens a setting', threshold('0.95')),
  sql('an admin loosens a setting with a reason', change('0.95', `'${REASON}'`)),
  sql('an admin loosens a setting without one', change('0.95', 'null')),
  sql(
    'somebody engages the kill switch, and nothing follows',
    `insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga')`,
  ),
  sql(
    'somebody rolls back, twice',
    `insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga'); ${ROLL_BACK};
     do $$ declare v_once jsonb := ${SAFETY}; begin
       perform model.tick('1 second'); perform * from (${ROLL_BACK}) again;
       if v_once is distinct from ${SAFETY} then raise exception using errcode = '${LAW_BROKEN}', message = 'the second rollback changed something'; end if;
     end $$`,
  ),
  sql('evidence of an execution', EVIDENCE),
  sql(
    'an execution that a person approved',
    `insert into pattern_execution_history (was_auto_executed, approved_by, execution_mode) values (false, 'US1', 'manual')`,
  ),
  sql(
    'somebody plants an incident',
    `insert into incidents (source, actor, rollback, state, snapshot) values ('planted', 'eve', 'done', 'closed', '{}')`,
  ),
  sql(
    'somebody closes the incidents by raw SQL',
    `update incidents set state = 'closed', closed_at = v3pls_now() where rollback = 'done'`,
  ),
  sql(
    'somebody says by raw SQL that the rollbacks are done',
    `update incidents set rollback = 'done', snapshot = '{}', rolled_back_at = v3pls_now() where rollback = 'pending'`,
  ),
  sql('what is pending is rolled back', `select v3pls_roll_back(id) from incidents where rollback = 'pending'`),
  sql(
    'an admin restores the last incident',
    `insert into restorations (incident_id, actor, reason_id) select id, 'admin:ada', '${REASON}' from incidents order by opened_at desc limit 1`,
  ),
  sql('an admin releases', `insert into releases (actor, reason_id) values ('admin:ada', '${REASON}')`),
  sql(
    'somebody releases without a reason',
    `insert into releases (actor, reason_id) values ('operator:olga', gen_random_uuid())`,
  ),
  sql(
    'a foreign writer leaves a queue row waiting',
    `insert into pattern_execution_queue (conversation_id) values ('CN1')`,
  ),
  sql(
    'a foreign writer makes everything execute',
    `update decision_patterns set auto_executable = true, requires_confirmation = false`,
  ),
  sql('a foreign writer deletes the evidence', 'delete from pattern_execution_history'),
  sql(
    'somebody writes a clean run of his own',
    `insert into watchdog_runs (status, checks, started_at) values ('clean', '[]', v3pls_now());
     update watchdog_lease set run_id = (select max(id) from watchdog_runs)`,
  ),
  sql('somebody renews the lease by raw SQL', `update watchdog_lease set renewed_at = v3pls_now() + interval '1 year'`),
  WATCHDOG,
  sql('an hour passes', 'select 1', '1 hour'),
  sql('a month passes', 'select 1', '31 days'),
];

export const MODEL_COMMANDS: readonly Command[] = [
  ...COMMON,
  // What v3pls_trip leaves where its locks do not come in time: within one transaction there is nobody to hold them.
  sql(
    'a trip whose locks do not come in time',
    `insert into kill_switch_latches (source, actor) values ('manual', 'operator:olga');
     do $$ declare v_id uuid := v3pls_open_incident('manual', 'operator:olga', null, '[]'); begin
       update incidents set pending_because = '55P03' where id = v_id; end $$`,
  ),
];

export const HISTORY_COMMANDS: readonly Command[] = [
  ...COMMON,
  sql(
    'evidence at repeatable read, whose rollback has to wait',
    `begin isolation level repeatable read; ${EVIDENCE}; commit`,
  ),
];
