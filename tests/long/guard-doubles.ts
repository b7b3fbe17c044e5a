// Guards that nobody would miss alone, because another stands behind them: shown by dropping them together.
export type Double = { behind: readonly string[]; why: string };

const birth = 'v3pls_guard_birth: ';
const pattern = 'v3pls_guard_pattern: ';
const setting = 'v3pls_guard_configuration: ';
const activation = 'v3pls_check_activation: ';
const rollBack = 'v3pls_roll_back: ';
const NOT_NOTHING = 'column pattern_learning_config.config_value not null';
const TYPED = 'check pattern_learning_config.config_value_typed';
const SOMEBODY = 'the trigger says so in words before the CHECK would refuse it';

const double = (why: string, ...behind: string[]): Double => ({ behind, why });

export const DOUBLES: Record<string, Double> = {
  'check decision_patterns.confidence_range': double(
    'the judgements give no other confidence',
    'v3pls_guard_pattern refuses: the confidence of pattern %s is %s by its judgements, and nothing else',
  ),
  [`${birth}not auto-executable`]: double(
    'the CHECK is for every row, old ones too',
    'check decision_patterns.nothing_executes',
  ),
  [`${birth}asks`]: double('the CHECK is for every row, old ones too', 'check decision_patterns.everything_asks'),
  [`${pattern}not with new words`]: double(
    'new words switch off, and have another hash',
    ...[`${pattern}new words switch off`, `${pattern}an activation of these words`],
  ),
  [`${pattern}an activation of this transaction`]: double(
    'two transactions of one moment are not made by hand',
    `${pattern}an activation of this moment`,
  ),
  [`${pattern}an activation of this version`]: double(
    'a version changes only with its words',
    `${pattern}an activation of these words`,
  ),
  [`${pattern}an activation of these words`]: double(
    'words change only with their version',
    `${pattern}an activation of this version`,
  ),
  [`${setting}a change of this transaction`]: double(
    'two transactions of one moment are not made by hand',
    `${setting}a change of this moment`,
  ),
  'v3pls_guard_configuration refuses: "%s" is not a setting': double('the CHECK knows the keys too', TYPED),
  'v3pls_is_setting: knows its keys': double(
    'the trigger knows the keys too',
    'v3pls_guard_configuration refuses: "%s" is not a setting',
  ),
  [`${activation}a pattern that is there`]: double(
    'what is not there has no version and no words',
    ...[`${activation}this version`, `${activation}stamps the words`],
  ),
  [`${activation}this version`]: double(
    'it would approve, and switch nothing on',
    `${pattern}an activation of this version`,
  ),
  [`${activation}kill switch released`]: double(
    'it would approve, and switch nothing on',
    `${pattern}not while latched`,
  ),
  'v3pls_guard_incident: done has a snapshot': double(
    'the CHECK is for every row, new ones too',
    'check incidents.rollback_has_snapshot',
  ),
  'v3pls_setting: of its own values': double('the CHECK lets in no other', TYPED),
  'check incidents.closed_is_rolled_back': double(
    'a command closes what is rolled back, and nothing else closes',
    'v3pls_guard_incident refuses: an incident is closed by a release or a restoration',
  ),
  'v3pls_open_pending: born open': double('what is closed is rolled back', 'check incidents.closed_is_rolled_back'),
  'v3pls_open_pending: born pending': double('what is done has a snapshot', 'check incidents.rollback_has_snapshot'),
  'v3pls_roll_back refuses: no rollback without its incident': double(
    'its audit row would name nobody',
    'column audit_log.actor not null',
  ),
  'column audit_log.actor not null': double(
    'everything that writes the audit names somebody; but a rollback of no incident',
    'v3pls_roll_back refuses: no rollback without its incident',
  ),
  [NOT_NOTHING]: double('the CHECK says so too', 'v3pls_is_setting: says no to nothing'),
  'v3pls_number_row: numbers it itself': double(
    'what is taken is passed, whoever took it',
    'v3pls_number_row: passes what is taken',
  ),
  [`${rollBack}mends what is missing`]: double('nothing is no value', `${rollBack}mends what is no value`),
  [`${rollBack}switches shadow mode on`]: double(
    'this version knows no other value, and the audit saw none',
    ...[`${rollBack}mends what is no value`, `${rollBack}mends what the audit did not see`],
  ),
  'v3pls_check_release refuses: a rollback is still pending': double(
    'the rows that open the latches ask again, after they were read',
    'v3pls_check_latch_release refuses: a rollback is still pending',
  ),
  'v3pls_check_latch_release: is of this transaction': double(
    'two transactions of one moment are not made by hand',
    'v3pls_check_latch_release: is of this moment',
  ),
  'v3pls_check_restoration refuses: the rollback of this incident is still pending': double(
    'what is closed is rolled back',
    'check incidents.closed_is_rolled_back',
  ),
  [`${activation}names somebody`]: double(SOMEBODY, 'check activations.activation_names_who'),
  'v3pls_check_config_change refuses: a change of configuration names who made it': double(
    SOMEBODY,
    'check config_changes.config_change_names_who',
  ),
  'v3pls_check_pattern_command refuses: a command names who gave it': double(
    SOMEBODY,
    'check pattern_commands.pattern_command_names_who',
  ),
  'v3pls_check_release: names somebody': double(SOMEBODY, 'check releases.release_names_who'),
  'v3pls_check_restoration: names somebody': double(SOMEBODY, 'check restorations.restoration_names_who'),
};
