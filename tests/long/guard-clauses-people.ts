// Rows that stay, people's commands, who may call, and the traces of words that are erased.
import { type Clause, clausesOf } from './guard-clause.js';

const STAMPS_TRANSACTION = 'new.transaction := pg_current_xact_id();';

export const PEOPLE_CLAUSES: readonly Clause[] = [
  ...clausesOf('v3pls_number_row', '', {
    'passes what is taken': ['if v_taken then', 'if false then'],
    'stamps the moment': 'new.recorded_at := v3pls_now();',
    'numbers it itself': ['new.id := nextval(v_sequence);\n  execute', 'execute'],
  }),
  ...clausesOf('v3pls_cancel_instead_of_delete', '', {
    cancels: [`set status = 'cancelled'`, 'set status = status'],
    keeps: ['return null;', 'return old;'],
  }),
  ...clausesOf('v3pls_check_pattern_command', '', {
    'stamps the transaction': STAMPS_TRANSACTION,
    'waits for a learner': `if new.action <> 'deactivate' then perform from learning_state for update; end if;`,
    'waits for no learner to deactivate': [`if new.action <> 'deactivate' then perform`, 'if true then perform'],
    'waits for a rollback': 'lock table decision_patterns in row exclusive mode;',
    'waits for whoever holds the pattern':
      'perform from decision_patterns where id in (new.pattern_id, new.target_id) order by id for update;',
    'not into itself': 'v_target.id = v_pattern.id or ',
    'not into a retired one': 'v_target.retired_at is not null or ',
    'not of a retired one': ' or v_pattern.retired_at is not null',
  }),
  ...clausesOf('v3pls_apply_pattern_command', '', {
    'switches off': [
      'update decision_patterns set is_active = false where',
      'update decision_patterns set is_active = is_active where',
    ],
    retires: ['set retired_at = v3pls_now() where', 'set retired_at = retired_at where'],
    'gives back': ['set retired_at = null, merged_into = null', 'set retired_at = retired_at'],
    'moves what was learned': 'update exchanges set pattern_id = new.target_id where pattern_id = new.pattern_id;',
    'says into what it went': ', merged_into = new.target_id',
    'counts again': 'perform v3pls_refresh_patterns(array[new.pattern_id, new.target_id]);',
    'is in the audit': [`'pattern_' || new.action`, `'command'`],
  }),
  ...clausesOf('v3pls_refresh_patterns', '', {
    'waits for another learner': 'perform from learning_state for update;',
    'counts executions': [
      'execution_count = least(p.execution_count, (select count(*) from pattern_execution_history h where h.pattern_id = p.id))',
      'execution_count = p.execution_count',
    ],
  }),
  ...clausesOf('v3pls_guard_token', '', {
    'keeps its role': [
      '(new.id, new.role, new.token_hash, new.operator_id, new.created_at) is distinct from\n    (old.id, old.role, old.token_hash, old.operator_id, old.created_at)',
      'false',
    ],
    'stays revoked': 'or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)',
    'lasts no longer':
      'or (old.expires_at is not null and (new.expires_at is null or new.expires_at > old.expires_at))',
  }),
  ...clausesOf('v3pls_audit_token', '', {
    'tells of a new one': [`'token_created'`, `'token'`],
    'tells of a removed one': [`'token_removed'`, `'token'`],
    'tells of a revoked one': [`'token_revoked'`, `'token'`],
  }),
  ...clausesOf('v3pls_guard_session', '', {
    'keeps whose it is': [
      '(new.id, new.secret_hash, new.parent_hash, new.created_at) is distinct from\n    (old.id, old.secret_hash, old.parent_hash, old.created_at)',
      'false',
    ],
    'only ends': 'or new.expires_at > old.expires_at',
    'stays ended': ' or (old.ended_at is not null and new.ended_at is distinct from old.ended_at)',
    'begins now': 'new.created_at := v3pls_now();',
    'recorded now': 'new.recorded_at := v3pls_now();',
  }),
  ...clausesOf('v3pls_audit_session', 'null', {
    'says whose it is': `(select 'token:' || t.id from access_tokens t where t.token_hash = new.parent_hash)`,
  }),
  ...clausesOf('v3pls_find_caller', '', {
    'a session that ended opens nothing': ' and ended_at is null',
    'a session that expired opens nothing': [
      ' and ended_at is null and v3pls_now() < expires_at',
      ' and ended_at is null',
    ],
    'a revoked token opens nothing': ' and revoked_at is null',
    'an expired token opens nothing': ' and (expires_at is null or v3pls_now() < expires_at)',
  }),
  ...clausesOf('v3pls_sign_in', '', {
    'not too often': ['if v_within is not true then', 'if false then'],
    'a link once': ' and used_at is null',
    'a link in time': ' and v3pls_now() < expires_at',
    'a token that is known': [`if v_caller is null then return jsonb_build_object('status', 'refused'); end if;`, ''],
    'no longer than the token': [`v_until := least(v_until, (v_caller ->> 'expiresAt')::timestamptz);`, ''],
  }),
  ...clausesOf('v3pls_count_use', '', {
    'counts up': ['least(r.count + 1, p_limit + 1)', 'r.count'],
  }),
  ...clausesOf('v3pls_note_unattended', 'false', {
    'the same words': 'md5(lower(btrim(v.response_template)))::uuid = old.text_key',
    'a rendering of them': 'v3pls_renders(v.response_template, old.text)',
  }),
  ...clausesOf('v3pls_note_rendered', 'false', {
    'the same words': 'm.text_key = md5(lower(btrim(old.response_template)))::uuid',
    'a rendering of them': 'v3pls_renders(old.response_template, m.text)',
  }),
  ...clausesOf('v3pls_drop_packed_state', '', {
    'drops what is packed': ['packed = null, packed_revision = -1,', ''],
    'takes none that was packed before': [
      'least_revision = greatest(least_revision, (select revision from learning_state) + 1)',
      'least_revision = least_revision',
    ],
  }),
];
