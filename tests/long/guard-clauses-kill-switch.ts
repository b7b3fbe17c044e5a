// Evidence, incidents, rollbacks, and what opens the kill switch again.
import { type Clause, clausesOf } from './guard-clause.js';

const LATCHED = `not exists (select from kill_switch_latches l
        where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null)`;

export const KILL_SWITCH_CLAUSES: readonly Clause[] = [
  ...clausesOf('v3pls_is_latched', '', {
    'sees a latch': [
      'exists (select from kill_switch_latches l',
      'false and exists (select from kill_switch_latches l',
    ],
  }),
  ...clausesOf('v3pls_judge_evidence', '', {
    'automatic or in doubt': ['was_auto_executed is distinct from false', 'was_auto_executed'],
    'without an approver': `or coalesce(btrim(approved_by, E' \\t\\n\\r'), '') = ''`,
    'in an unknown mode': `or coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual')`,
    latches: `insert into kill_switch_latches (source, actor) values ('evidence', 'database');`,
    'rolls back': `perform v3pls_trip('evidence', 'database', null, v_evidence, '25ms');`,
    'waits for a moment only': [`'25ms'`, `'25s'`],
  }),
  ...clausesOf('v3pls_open_pending', '', {
    'born open': `new.state := 'open';`,
    'born pending': `new.rollback := 'pending';`,
    'born without a snapshot': 'new.snapshot := null;',
    'born without changes': 'new.changed := null;',
    'born not rolled back': 'new.rolled_back_at := null;',
    'born not closed': 'new.closed_at := null;',
    'opened now': 'new.opened_at := v3pls_now();',
    'recorded now': 'new.recorded_at := v3pls_now();',
  }),
  ...clausesOf('v3pls_check_known', '', {
    'of an open incident': `and rollback = 'pending'`,
    'of an execution that is there': [
      `coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))) then return null; end if;`,
      'true)) then null; end if;',
    ],
    'of a row that waits there': [
      'where id::text = new.key) then return null;',
      'where id::text = new.key) then null;',
    ],
    'of a text that is there': [
      'where message_id = new.key) then return null;',
      'where message_id = new.key) then null;',
    ],
    'of counters as they are': [
      `p.execution_count)))\n      then return null;`,
      `p.execution_count)))\n      then null;`,
    ],
  }),
  ...clausesOf('v3pls_open_incident', '', {
    'holds its evidence': [`from jsonb_array_elements(p_evidence) e\n`, `from jsonb_array_elements('[]') e\n`],
    'is in the audit': [`'incident_opened'`, `'opened'`],
    'vouches for what it holds': [`'evidence', v_evidence)`, `'evidence', jsonb_array_length(p_evidence))`],
  }),
  ...clausesOf('v3pls_guard_incident', 'false', {
    'keeps its id': ['(new.id, new', '(old.id, new'],
    'keeps its source': ['new.source, ', 'old.source, '],
    'keeps its time': ['new.opened_at, ', 'old.opened_at, '],
    'keeps when it was recorded': ['new.recorded_at, ', 'old.recorded_at, '],
    'keeps who opened it': ['new.actor, ', 'old.actor, '],
    'keeps why it was opened': ['new.reason_id)', 'old.reason_id)'],
    'keeps what was changed': ['new.changed, ', 'old.changed, '],
    'keeps when it was rolled back': ['new.rolled_back_at)', 'old.rolled_back_at)'],
    'keeps when it was closed': '(new.state = old.state and new.closed_at is distinct from old.closed_at)',
    'keeps its snapshot': `(new.rollback = 'done' and new.snapshot is distinct from old.snapshot)`,
    'done stays done': ['(new.rollback, new.changed', '(old.rollback, new.changed'],
    'closed stays closed': `(old.state = 'closed' and new.state <> 'closed')`,
    'done has a snapshot': 'old.snapshot is null',
    'done is latched': LATCHED,
    'done has nothing on': 'exists (select from decision_patterns where is_active is not false)',
    'done has nothing waiting': `exists (select from pattern_execution_queue where status = 'pending')`,
    'done has learning off': `exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false')`,
  }),
  ...clausesOf('v3pls_roll_back', '', {
    latches: [`insert into kill_switch_latches (source, actor) values ('rollback', 'database');`, 'null;'],
    'waits for whoever writes patterns': 'lock table decision_patterns in share row exclusive mode;',
    'waits for whoever writes settings': 'lock table pattern_learning_config in share row exclusive mode;',
    'waits for whoever writes the queue': 'lock table pattern_execution_queue in share row exclusive mode;',
    'waits for another of this incident': [
      'from incidents where id = p_incident for update;',
      'from incidents where id = p_incident;',
    ],
    'done once': `if v_incident.rollback = 'done' then return v_incident.changed; end if;`,
    'keeps a snapshot': 'update incidents set snapshot = v_snapshot where id = p_incident;',
    'keeps which patterns were on': [`'isActive', is_active,`, `'isActive', null,`],
    'keeps what waited': [
      `(select coalesce(jsonb_agg(jsonb_build_object('id', id, 'status', status) order by id), '[]')`,
      `(select '[]'::jsonb`,
    ],
    'keeps the settings': [`jsonb_object_agg(config_key, config_value), '{}')`, `'{}'::jsonb)`],
    'switches off': [
      'set is_active = false, auto_executable = false',
      'set is_active = is_active, auto_executable = false',
    ],
    'lets nothing execute': ['auto_executable = false, requires_confirmation', 'requires_confirmation'],
    'lets everything ask': ['auto_executable = false, requires_confirmation = true', 'auto_executable = false'],
    'cancels what waits': [
      `set status = 'cancelled', updated_at = v3pls_now() where status = 'pending' returning id`,
      `set updated_at = v3pls_now() where status = 'pending' returning id`,
    ],
    'switches learning off': [`r.config_key in ('enabled', 'shadow_mode')`, `r.config_key in ('shadow_mode')`],
    'switches shadow mode on': [`r.config_key in ('enabled', 'shadow_mode')`, `r.config_key in ('enabled')`],
    'mends what is missing': ['where c.config_key is null or', 'where'],
    'mends what is no value': ['not v3pls_is_setting(c.config_key, c.config_value)', 'false'],
    'mends what the audit did not see': 'or c.config_key in (select v3pls_unaudited_settings())',
    'says what it changed': [
      `changed = jsonb_build_object('patterns', v_patterns, 'queue', v_queue, 'config', v_config)`,
      `changed = '{}'`,
    ],
    'is in the audit': [`'rolled_back', p_incident::text`, `'rolled', p_incident::text`],
  }),
  ...clausesOf('v3pls_unaudited_settings', '', {
    'asks the audit': [`a.details ->> 'new'`, 'c.config_value'],
    'asks for the last word': [' order by a.id desc', ' order by a.id'],
    'knows what it began with': [', r.default_value)', ', c.config_value)'],
    'leaves the safest alone': 'c.config_value <> r.safest_value and ',
  }),
  ...clausesOf('v3pls_try_roll_back', '', {
    'keeps evidence whose rollback fails': ['exception when others then', 'exception when division_by_zero then'],
    'says why it is pending': ['set pending_because = sqlstate', 'set pending_because = null'],
    'waits no longer': `perform set_config('lock_timeout', p_lock_timeout, true);`,
    'gives back how long to wait': `perform set_config('lock_timeout', v_lock_timeout, true);`,
  }),
  ...clausesOf('v3pls_trip', '', {
    'counts forged counters again': [`jsonb_path_exists(p_evidence, '$[*] ? (@.checkId == "counters")')`, 'false'],
    'stands where that fails': ['exception when others then null;', 'exception when division_by_zero then null;'],
    'gives back how long to wait': `perform set_config('lock_timeout', v_lock_timeout, true);`,
  }),
  ...clausesOf('v3pls_check_release', 'false', {
    'names somebody': `coalesce(btrim(new.actor), '') = ''`,
    'has a reason': 'not v3pls_has_reason(new.reason_id)',
    'stamps the transaction': ['new.transaction := pg_current_xact_id();', ''],
  }),
  ...clausesOf('v3pls_apply_release', '', {
    'opens the latches': [
      'where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null;',
      'where false;',
    ],
    'says how many': [`'latches', v_latches`, `'latches', null`],
    'says which incidents it closed': [`'incident_closed'`, `'closed'`],
    'closes what is rolled back': [`set state = 'closed'`, 'set state = state'],
    'is in the audit': [`'released', new.id`, `'opened', new.id`],
  }),
  ...clausesOf('v3pls_check_latch_release', 'true', {
    'is of a release': 'id = new.release_id and transaction = pg_current_xact_id()\n    and recorded_at = v3pls_now()',
    'is of this transaction': 'transaction = pg_current_xact_id()',
    'is of this moment': ['\n    and recorded_at = v3pls_now()', ''],
    'is of a latch': ['not exists (select from kill_switch_latches where id = new.latch_id)', 'false'],
  }),
  ...clausesOf('v3pls_check_restoration', 'false', {
    'names somebody': `coalesce(btrim(new.actor), '') = ''`,
    'has a reason': 'not v3pls_has_reason(new.reason_id)',
    'stamps the transaction': ['new.transaction := pg_current_xact_id();', ''],
    'waits for a rollback': ['lock table pattern_learning_config in row exclusive mode;', ''],
    'waits for another of this incident': [
      'from incidents where id = new.incident_id for update;',
      'from incidents where id = new.incident_id;',
    ],
  }),
  ...clausesOf('v3pls_apply_restoration', '', {
    once: 'if exists (select from restorations where incident_id = new.incident_id and id < new.id) then return null; end if;',
    'nothing of safety': `r.loosens = 'neither' and `,
    'passes over what is no value': `v3pls_is_setting(r.config_key, v_snapshot -> 'config' ->> r.config_key)\n    and `,
    'closes its incident': [`set state = 'closed'`, 'set state = state'],
    'says that it closed it': [`'incident_closed'`, `'closed'`],
    'is in the audit': [`'restored', new.incident_id`, `'closed', new.incident_id`],
  }),
  ...clausesOf('v3pls_has_reason', '', {
    'is there': ['select exists (', 'select true or exists ('],
    'is not blank': ` and btrim(text, E' \\t\\n\\r') <> ''`,
  }),
];
