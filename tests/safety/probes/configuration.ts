// Settings: a closed set of typed keys, a missing one reads as the safest, and only an admin's recorded change loosens (I1, I12).
import { behindGuards } from '../behind-guards.js';
import { accepted, harmless, type Probe, refused } from '../probe.js';
import { audited, BY_ADA, by, laterBy, REASON, set } from './statements.js';

const change = (key: string, value: string, who = BY_ADA) =>
  `insert into config_changes (config_key, new_value, actor, reason_id) values ('${key}', '${value}', ${who})`;
const WITHOUT_REASON = `'admin:ada', null`;

export const CONFIGURATION: readonly Probe[] = [
  harmless(
    'a setting that is missing reads as its safest',
    behindGuards('pattern_learning_config', 'delete from pattern_learning_config'),
    `not exists (select from v3pls_config_rules() r where v3pls_setting(r.config_key) is distinct from r.safest_value)`,
  ),
  refused('shadow mode stays on, whatever reason an admin gives', `${REASON}; ${change('shadow_mode', 'false')}`),
  refused(
    'a setting keeps its key',
    `update pattern_learning_config set config_key = 'old' where config_key = 'silence_hours'`,
  ),
  refused(
    'a setting that nobody knows is none',
    `insert into pattern_learning_config (config_key, config_value) values ('auto_send', 'true')`,
  ),
  refused('raw SQL loosens nothing: shares', set('auto_execute_threshold', '0.9')),
  refused('raw SQL loosens nothing: days', set('activation_days', '31')),
  accepted(
    'an admin’s change with a reason loosens a setting',
    `${REASON}; ${change('activation_days', '31')}`,
    `v3pls_setting('activation_days') = '31' and ${audited('config_changed', `actor = 'admin:ada'`)}`,
  ),
  refused('an admin’s change without a reason loosens nothing', change('activation_days', '31', WITHOUT_REASON)),
  refused('a change of a setting names who made it', `${REASON}; ${change('activation_days', '31', by(' '))}`),
  refused(
    'a change of a setting is no permit a moment later',
    [
      ...[REASON, change('activation_days', '31'), set('activation_days', '30')],
      ...[laterBy('1 second'), set('activation_days', '31')],
    ].join('; '),
  ),
  refused(
    'a change of another setting is no permit',
    [REASON, change('silence_hours', '90'), set('activation_days', '90')].join('; '),
  ),
  harmless(
    'a setting does not say that somebody else changed it',
    `update pattern_learning_config set updated_by = 'admin:ada' where config_key = 'shadow_mode'`,
    `not exists (select from pattern_learning_config where updated_by = 'admin:ada')`,
  ),
  accepted(
    'every change of a setting is in the audit',
    set('activation_days', '29'),
    audited('config_changed', `subject = 'activation_days'`),
  ),
  refused('a time zone is one that there is', set('business_timezone', 'Nowhere/Land')),
  refused('a change of a setting that nobody knows is refused', change('auto_send', 'true', WITHOUT_REASON)),
];
