// Patterns: how they are born, what new words do, what switches them on, and what is in force.
import { type Clause, clausesOf } from './guard-clause.js';

export const ACTIVATION_CLAUSES: readonly Clause[] = [
  ...clausesOf('v3pls_guard_birth', 'false', {
    inactive: 'new.is_active is distinct from false',
    'not auto-executable': 'new.auto_executable is distinct from false',
    asks: 'new.requires_confirmation is distinct from true',
    'confidence 0.50': 'new.confidence_score is distinct from 0.50',
    'version 1': 'new.version is distinct from 1',
    'no evidence': `(new.execution_count, new.success_count, new.failure_count, new.exchange_count, new.customer_count, new.operator_count,
        new.day_count, new.agreed_count, new.disagreed_count) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0)`,
    'recorded now': ['new.recorded_at := v3pls_now();', ''],
  }),
  ...clausesOf('v3pls_guard_pattern', '', {
    'not with new words': ['v_words_changed or v3pls_is_latched()', 'v3pls_is_latched()'],
    'not while latched': ' or v3pls_is_latched()',
    'an activation of this transaction': ['a.transaction = pg_current_xact_id()', 'true'],
    'an activation of this moment': ['a.recorded_at = v3pls_now()', 'true'],
    'an activation of this pattern': ' and a.pattern_id = new.id',
    'an activation of this version': ' and a.version = old.version',
    'an activation of these words':
      'and a.content_hash = v3pls_content_hash(new.trigger_text, new.response_template, new.slots)',
    'new words count the version up': 'new.version := old.version + 1;',
    'new words switch off': ['new.is_active := false;\n    new.confidence_score', 'new.confidence_score'],
    'new words start confidence again': 'new.confidence_score := 0.50;',
    'new words start counting again: agreed': 'new.agreed_count := 0;',
    'new words start counting again: disagreed': 'new.disagreed_count := 0;',
    'retired is off': 'if new.retired_at is not null then new.is_active := false; end if;',
  }),
  ...clausesOf('v3pls_keep_version', '', {
    'words are no older than they are': [
      `case when new.version = 1 then new.first_seen when new.changed_by = 'learning' then new.last_seen else v3pls_now() end`,
      `'infinity'`,
    ],
  }),
  ...clausesOf('v3pls_audit_patterns', 'null', {
    'names the admin':
      '(select actor from activations where transaction = pg_current_xact_id() and recorded_at = v3pls_now() order by id desc limit 1)',
    'names who gave the command':
      '(select actor from pattern_commands where transaction = pg_current_xact_id() and recorded_at = v3pls_now() order by id desc limit 1)',
    'only for a moment: an admin': [
      'activations where transaction = pg_current_xact_id() and recorded_at = v3pls_now()',
      'activations where transaction = pg_current_xact_id()',
    ],
    'only for a moment: a command': [
      'pattern_commands where transaction = pg_current_xact_id() and recorded_at = v3pls_now()',
      'pattern_commands where transaction = pg_current_xact_id()',
    ],
  }),
  ...clausesOf('v3pls_check_activation', '', {
    'waits for a rollback': 'lock table decision_patterns in row exclusive mode;',
    'waits for whoever holds the pattern': [
      'select * into v_pattern from decision_patterns where id = new.pattern_id for update;',
      'select * into v_pattern from decision_patterns where id = new.pattern_id;',
    ],
    'a pattern that is there': [
      'v_pattern.id is not null and v_pattern.retired_at is null',
      'v_pattern.retired_at is null',
    ],
    'a pattern that is not retired': [
      'v_pattern.id is not null and v_pattern.retired_at is null',
      'v_pattern.id is not null',
    ],
    'this version': ['coalesce(v_pattern.version = new.version, false)', 'true'],
    'names somebody': [`coalesce(btrim(new.actor), '') <> ''`, 'true'],
    'kill switch released': [`'ok', not v3pls_is_latched()`, `'ok', true`],
    'lease fresh': ['coalesce(v_now <= v_lease, false)', 'true'],
    'a lease that was never given': ['coalesce(v_now <= v_lease, false)', 'coalesce(v_now <= v_lease, true)'],
    'a lease that ends meanwhile': ' + (clock_timestamp() - transaction_timestamp())',
    'stamps the transaction': 'new.transaction := pg_current_xact_id();',
    'stamps the words':
      'new.content_hash := v3pls_content_hash(v_pattern.trigger_text, v_pattern.response_template, v_pattern.slots);',
    'stamps the moment': 'new.activated_at := v3pls_now();',
    expires: `new.expires_at := v3pls_now() + make_interval(days => v3pls_setting('activation_days')::int);`,
  }),
  ...clausesOf('v3pls_apply_activation', '', {
    'switches on': ['set is_active = true', 'set is_active = is_active'],
    'tells the audit until when': `, 'expiresAt', new.expires_at`,
    'tells the audit which version': [`'version', new.version, `, ''],
  }),
  ...clausesOf('v3pls_read_moment', '', {
    'reads nothing but a moment': [
      `case when p_text ~ '^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+-][0-9:]+$' then p_text::timestamptz end`,
      'p_text::timestamptz',
    ],
    'stops no check': ['exception when others then\n  return null;', ''],
  }),
  ...clausesOf('v3pls_stamp_lease', '', {
    'of a clean run': ` and r.status = 'clean'`,
    'of a newer run': ['(old.run_id is null or r.id > old.run_id)', 'true'],
    'at the moment': 'new.renewed_at := v3pls_now();',
  }),
  ...clausesOf('v3pls_lease_until', '', { ends: ['2 * v3pls_setting', '200 * v3pls_setting'] }),
  ...clausesOf('v3pls_content_hash', '||', {
    'tells templates apart': ['|| p_template ||', '||'],
    'tells triggers apart': ['|| p_trigger ||', '||'],
    'tells slots apart': [' || p_slots::text', ''],
    'tells where a part ends': [`char_length(p_trigger)::text || ':' || `, ''],
  }),
  ...clausesOf('patterns_in_force', 'true', {
    'is on': 'p.is_active',
    'has not expired': 'v3pls_now() < a.expires_at',
    'is not latched': `NOT (EXISTS ( SELECT
           FROM kill_switch_latches l
          WHERE (( SELECT r.release_id
                   FROM kill_switch_releases r
                  WHERE (r.latch_id = l.id)) IS NULL)))`,
    'has the approved words': [' = v3pls_content_hash(p.trigger_text, p.response_template, p.slots)', ' IS NOT NULL'],
    'has the approved version': [' (a_1.version = p.version) AND', ''],
    'was approved itself': ['(a_1.pattern_id = p.id) AND', ''],
  }),
];
