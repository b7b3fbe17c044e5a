// What is written stays as it was written, whatever id somebody planted before it (I5).
import { accepted, type Probe, refused } from '../probe.js';
import { BY_ADA, REASON, TOKEN } from './statements.js';

/** The tables with a number of their own: a row of each. */
const NUMBERED: [table: string, columns: string, values: string][] = [
  ['pattern_execution_history', 'was_auto_executed, approved_by, execution_mode', `false, 'US1', 'manual'`],
  ['shadow_decisions', 'thread_id, last_message_id, kind', `'CN1', 'AC1', 'abstained'`],
  ['shadow_judgements', 'decision_id, would_reply, outcome', `1, true, 'ignored'`],
  ['audit_log', 'actor, action', `'x', 'x'`],
  ['activations', 'pattern_id, version, actor', `'$on', 1, 'admin:ada'`],
  ['config_changes', 'config_key, new_value, actor', `'enabled', 'true', 'admin:ada'`],
  ['releases', 'actor, reason_id', BY_ADA],
  ['kill_switch_latches', 'source, actor', `'x', 'x'`],
  ['watchdog_runs', 'status, checks, started_at', `'latched', '[]', now()`],
  ['pattern_commands', 'pattern_id, action, actor', `'$off', 'deactivate', 'operator:olga'`],
  ['restorations', 'incident_id, actor, reason_id', `'$incident', ${BY_ADA}`],
];
const newRow = ([table, columns, values]: (typeof NUMBERED)[number]) =>
  `insert into ${table} (${columns}) values (${values})`;

const numbers = NUMBERED.map(row => {
  const [table, columns, values] = row;
  return accepted(
    `a planted id in ${table} keeps no later row out`,
    `${REASON}; insert into ${table} (id, ${columns}) select last_value + n, ${values} from ${table}_id_seq, generate_series(1, 3) n;
     ${newRow(row)}; ${newRow(row)}`,
    'true',
  );
});

/** Where the prepared database has no row. */
const ROW: Record<string, string> = {
  ...Object.fromEntries(
    NUMBERED.filter(([table]) => ['config_changes', 'pattern_commands', 'restorations'].includes(table)).map(row => [
      row[0],
      `${REASON}; ${newRow(row)}`,
    ]),
  ),
  ground_truth_sightings: `insert into ground_truth_sightings (message_id) values ('AC0')`,
  erased_customers: `insert into erased_customers (customer_key) values ('key')`,
  access_tokens: TOKEN,
};
const before = (table: string) => (ROW[table] ? `${ROW[table]}; ` : '');

const GROWING = [
  ...NUMBERED.map(([table]) => table),
  ...['kill_switch_releases', 'incident_evidence', 'ground_truth_sightings'],
];
const KEPT = [
  ...['incidents', 'pattern_learning_config', 'watchdog_lease', 'learning_state', 'erased_customers', 'inline_runs'],
  'matcher_state',
];
const NOT_EMPTIED = [
  ...['decision_patterns', 'pattern_execution_queue', 'pattern_versions', 'access_tokens'],
  ...['messages', 'exchanges', 'threads', 'deliveries', 'watchdog_news'],
];

const rows = [
  ...GROWING.flatMap(table => [
    refused(`${table} keeps its rows: none is deleted`, `${before(table)}delete from ${table}`),
    refused(`${table} keeps its rows: none is changed`, `${before(table)}update ${table} set recorded_at = now()`),
    refused(`${table} keeps its rows: it is not emptied`, `${before(table)}truncate ${table} cascade`),
  ]),
  ...KEPT.flatMap(table => [
    refused(`${table} never loses a row`, `${before(table)}delete from ${table}`),
    refused(`${table} is never emptied`, `${before(table)}truncate ${table} cascade`),
  ]),
  ...NOT_EMPTIED.map(table =>
    refused(`${table} is never emptied past its triggers`, `${before(table)}truncate ${table} cascade`),
  ),
];

export const ROWS: readonly Probe[] = [...rows, ...numbers];
