// What each setting may hold, which way is less safe, and what changes of settings say of themselves (I12).
import { behindGuards } from '../behind-guards.js';
import { accepted, type Probe, refused } from '../probe.js';
import { audited, BY_ADA, REASON, set } from './statements.js';

/** Tighter, or no number at all: only the type is in the way. */
const NOT_ITS_OWN: Record<string, string> = {
  enabled: 'maybe',
  shadow_mode: 'maybe',
  auto_execute_threshold: '-1',
  match_threshold: '-1',
  min_executions_for_auto: 'many',
  conversation_window_minutes: '0',
  review_min_customers: 'many',
  activation_days: '-1',
  watchdog_interval_minutes: '-1',
  silence_hours: '-1',
  message_retention_days: '0',
  delivery_retention_days: '0',
  // A zone to PostgreSQL.
  business_timezone: '<a b>+3',
};
const LESS_SAFE: Record<string, string> = {
  ...{
    auto_execute_threshold: '0.9',
    min_executions_for_auto: '19',
    review_min_customers: '2',
    match_threshold: '0.4',
  },
  ...{ activation_days: '31', watchdog_interval_minutes: '6', silence_hours: '73' },
};
const removed = (key: string) =>
  behindGuards('pattern_learning_config', `delete from pattern_learning_config where config_key = '${key}'`);
const change = (columns: string, values: string) =>
  `insert into config_changes (config_key, new_value, ${columns}) values ('activation_days', '31', ${values})`;

export const VALUES: readonly Probe[] = [
  ...Object.entries(NOT_ITS_OWN).map(([key, value]) => refused(`${key} holds values of its own only`, set(key, value))),
  refused(
    'a setting is not nothing',
    `update pattern_learning_config set config_value = null where config_key = 'silence_hours'`,
  ),
  ...Object.entries(LESS_SAFE).map(([key, value]) =>
    refused(`raw SQL does not make ${key} less safe`, set(key, value)),
  ),
  refused(
    'a setting that was missing comes back at its safest',
    `${removed('silence_hours')}; insert into pattern_learning_config (config_key, config_value) values ('silence_hours', '72')`,
  ),
  refused(
    'a setting does not become another one',
    `${removed('silence_hours')};
     update pattern_learning_config set config_key = 'silence_hours' where config_key = 'delivery_retention_days'`,
  ),
  refused('a change does not say itself what was before', change('actor, old_value', `'admin:ada', '999'`)),
  accepted(
    'the audit says what a setting became, and why',
    `${REASON}; ${change('actor, reason_id', BY_ADA)}`,
    audited('config_changed', `details ->> 'new' = '31' and reason_id is not null`),
  ),
];
