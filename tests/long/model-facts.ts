// What the model knows of a moment, to compare it with the next one.
/** What is raised where a law is broken, or cannot be asked. */
export const LAW_BROKEN = 'V3ZZZ';

export const PATTERNS = {
  A: '00000000-0000-4000-8000-00000000000a',
  B: '00000000-0000-4000-8000-00000000000b',
} as const;

/** Append-only tables that commands of the model write. */
export const KEPT = [
  ...['pattern_execution_history', 'audit_log', 'activations', 'config_changes', 'releases', 'kill_switch_latches'],
  ...['restorations', 'watchdog_runs', 'pattern_commands'],
];
export const BAD_EXECUTION = `(h.was_auto_executed is distinct from false or coalesce(btrim(h.approved_by, E' \\t\\n\\r'), '') = ''
  or coalesce(h.execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))`;
/** What the laws read besides, and what changes there without a command. */
const OTHERS = [
  ...['incidents', 'incident_evidence', 'kill_switch_releases', 'pattern_versions', 'reasons', 'exchanges'],
  ...['shadow_judgements', 'watchdog_lease'],
];
/** By its rows, and not by the function that a guard asks. */
export const LATCHED = `exists (select from kill_switch_latches l left join kill_switch_releases r on r.latch_id = l.id where r.latch_id is null)`;
/** A row's place is another one after any update. */
export const TRACE = 'sum(hashtid(t.ctid))';

/** One jsonb object: what the queries that compare need of the moment before. */
export const FACTS = `jsonb_build_object(
  'patterns', (select coalesce(jsonb_object_agg(id, jsonb_build_object('version', version, 'on', is_active, 'row', md5(p::text))), '{}') from decision_patterns p),
  'latched', ${LATCHED}, 'leaseRun', (select max(run_id) from watchdog_lease), 'leaseUntil', (select max(renewed_at) + make_interval(mins => 2 *
    (select config_value::int from pattern_learning_config where config_key = 'watchdog_interval_minutes') + 1) from watchdog_lease),
  'config', (select jsonb_object_agg(config_key, config_value) from pattern_learning_config),
  'bad', (select count(*) from pattern_execution_history h where ${BAD_EXECUTION}),
  'done', (select coalesce(jsonb_object_agg(id, md5(snapshot::text || changed::text)), '{}') from incidents where rollback = 'done'),
  'closed', (select coalesce(jsonb_agg(id), '[]') from incidents where state = 'closed'),
  'incidents', (select count(*) from incidents), 'queue', (select count(*) from pattern_execution_queue),
  'waiting', (select count(*) from pattern_execution_queue where status = 'pending'),
  'versions', (select count(*) from pattern_versions), 'others', jsonb_build_array(${OTHERS.map(table => `(select ${TRACE} from ${table} t)`)}),
  ${KEPT.map(table => `'${table}', (select jsonb_build_object('last', coalesce(max(id), 0), 'trace', coalesce(${TRACE}, 0)) from ${table} t)`).join(',\n  ')})`;
