// The activation plan's rollback, word for word.

export const PLAN_ROLLBACK: readonly string[] = [
  `-- Immediately disable pattern learning
UPDATE pattern_learning_config 
SET config_value = 'false' 
WHERE config_key = 'enabled';`,
  `-- Deactivate all patterns
UPDATE decision_patterns 
SET is_active = false, 
    auto_executable = false 
WHERE is_active = true;`,
  `-- Clear execution queue
DELETE FROM pattern_execution_queue 
WHERE status = 'pending';`,
];
