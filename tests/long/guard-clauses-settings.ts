// Settings: which there are, what each may hold, what makes it less safe, and who may.
import { type Clause, clausesOf } from './guard-clause.js';

/** Each as the function has it, word for word. */
const VALUES: Record<string, string> = {
  enabled: `p_value in ('true', 'false')`,
  shadow_mode: `p_value = 'true'`,
  auto_execute_threshold: `p_value ~ '^(0[.][5-9][0-9]{0,3}|1([.]0{1,4})?)$'`,
  match_threshold: `p_value ~ '^(0[.][0-9]{1,4}|1([.]0{1,4})?)$'`,
  min_executions_for_auto: `p_value ~ '^[1-9][0-9]{0,5}$'`,
  conversation_window_minutes: `p_value ~ '^[1-9][0-9]{0,3}$'`,
  review_min_customers: `p_value ~ '^[1-9][0-9]{0,2}$'`,
  activation_days: `p_value ~ '^[1-9][0-9]{0,2}$'`,
  watchdog_interval_minutes: `p_value ~ '^[1-9][0-9]{0,3}$'`,
  silence_hours: `p_value ~ '^[1-9][0-9]{0,3}$'`,
  message_retention_days: `p_value ~ '^[1-9][0-9]{0,3}$'`,
  delivery_retention_days: `p_value ~ '^[1-9][0-9]{0,3}$'`,
  business_timezone: `p_value ~ '^[A-Za-z0-9_+/-]{1,64}$'`,
};
/** What each begins with, what is safest, and which way is less safe. */
const RULES: Record<string, string> = {
  auto_execute_threshold: `'0.95', '1', 'lower'`,
  min_executions_for_auto: `'20', '100000', 'lower'`,
  review_min_customers: `'3', '100', 'lower'`,
  match_threshold: `'0.50', '1', 'lower'`,
  activation_days: `'30', '1', 'higher'`,
  watchdog_interval_minutes: `'5', '1', 'higher'`,
  silence_hours: `'72', '1', 'higher'`,
};

export const SETTING_CLAUSES: readonly Clause[] = [
  ...clausesOf('v3pls_guard_configuration', '', {
    'a change of this transaction': ['transaction = pg_current_xact_id()', 'true'],
    'a change of this moment': ['recorded_at = v3pls_now()', 'true'],
    'a change of this key': ' and config_key = new.config_key',
    'a change to this value': ' and new_value = new.config_value',
    'says who changed it': `new.updated_by := coalesce(v_actor, 'sql:' || session_user);`,
    'keeps who changed it': ['new.updated_by := old.updated_by;', 'null;'],
    'a time zone that exists': ['perform now() at time zone new.config_value;', 'null;'],
    'a new row is held against the safest': [
      `if tg_op = 'UPDATE' then v_old := old.config_value; end if;`,
      'v_old := coalesce(old.config_value, new.config_value);',
    ],
  }),
  ...clausesOf('v3pls_audit_configuration', 'null', {
    'says why': `(select reason_id from config_changes
     where transaction = pg_current_xact_id() and recorded_at = v3pls_now() and config_key = new.config_key order by id desc limit 1)`,
    'says what it became': [`'new', new.config_value`, `'new', null`],
  }),
  ...clausesOf('v3pls_check_config_change', '', {
    'stamps the transaction': 'new.transaction := pg_current_xact_id();',
    'stamps what it was': [
      'new.old_value := v3pls_setting(new.config_key);',
      'new.old_value := coalesce(new.old_value, v3pls_setting(new.config_key));',
    ],
    'waits for a rollback': 'lock table pattern_learning_config in share row exclusive mode;',
  }),
  ...clausesOf('v3pls_apply_config_change', '', {
    'changes the setting': ['do update set config_value = excluded.config_value', 'do nothing'],
    'loosening needs a reason': [' and not v3pls_has_reason(new.reason_id)', ' and false'],
  }),
  ...clausesOf('v3pls_loosens', '', {
    lower: ['return p_new::numeric < v_old::numeric', 'return false'],
    higher: ['return p_new::numeric > v_old::numeric', 'return false'],
    'reads what is no number as the safest': `if v_old !~ '^[0-9]+([.][0-9]+)?$' then v_old := v_rule.safest_value; end if;`,
  }),
  ...clausesOf('v3pls_is_setting', '', {
    'knows its keys': ['else false\n  end, false)', 'else true\n  end, false)'],
    'says no to nothing': ['end, false)', 'end, true)'],
    ...Object.fromEntries(
      Object.entries(VALUES).map(
        ([key, holds]) => [`holds ${key}`, [`when '${key}' then ${holds}`, `when '${key}' then true`]] as const,
      ),
    ),
  } as Record<string, [string, string]>),
  ...clausesOf('v3pls_config_rules', '', {
    ...Object.fromEntries(
      Object.entries(RULES).map(([key, rule]) => [
        `holds ${key} against loosening`,
        [`('${key}', ${rule}`, `('${key}', ${rule.replace(/'(lower|higher)'$/, `'neither'`)}`],
      ]),
    ),
  } as Record<string, [string, string]>),
  ...clausesOf('v3pls_setting', '', {
    'the safest': ['else r.safest_value', 'else r.default_value'],
    'of its own values': [
      'case when v3pls_is_setting(r.config_key, c.config_value)',
      'case when c.config_value is not null',
    ],
  }),
];
