// The activation plan's own SQL, copied word for word.

export const ENABLE = `-- Enable pattern learning but keep in shadow mode
UPDATE pattern_learning_config 
SET config_value = 'true', updated_at = NOW() 
WHERE config_key = 'enabled';`;

export const SHADOW = `-- Ensure shadow mode is ON
UPDATE pattern_learning_config 
SET config_value = 'true', updated_at = NOW() 
WHERE config_key = 'shadow_mode';`;

export const DEFAULTS = `-- Check pattern defaults
SELECT column_name, column_default 
FROM information_schema.columns 
WHERE table_name = 'decision_patterns' 
AND column_name IN ('is_active', 'auto_executable', 'requires_confirmation');`;

export const NEW_PATTERNS = `-- Monitor new patterns being created
SELECT 
  id,
  pattern_type,
  trigger_text,
  response_template,
  confidence_score,
  is_active,
  auto_executable,
  created_from,
  first_seen
FROM decision_patterns
WHERE first_seen >= NOW() - INTERVAL '24 hours'
ORDER BY first_seen DESC;`;

export const EXECUTIONS = `-- Check execution history (should be empty if shadow mode)
SELECT 
  COUNT(*) as total_executions,
  COUNT(CASE WHEN was_auto_executed = true THEN 1 END) as auto_executions
FROM pattern_execution_history
WHERE created_at >= NOW() - INTERVAL '24 hours';`;

export const ACTIVITY = `-- Monitor pattern learning activity
SELECT 
  DATE(created_at) as date,
  COUNT(*) as patterns_created,
  AVG(confidence_score) as avg_confidence,
  COUNT(CASE WHEN is_active = true THEN 1 END) as active_patterns
FROM decision_patterns
GROUP BY DATE(created_at)
ORDER BY date DESC
LIMIT 7;`;

export const DISABLE = `-- Immediately disable pattern learning
UPDATE pattern_learning_config 
SET config_value = 'false' 
WHERE config_key = 'enabled';`;

export const DEACTIVATE = `-- Deactivate all patterns
UPDATE decision_patterns 
SET is_active = false, 
    auto_executable = false 
WHERE is_active = true;`;

export const CLEAR_QUEUE = `-- Clear execution queue
DELETE FROM pattern_execution_queue 
WHERE status = 'pending';`;

export const QUICK_ENABLE = `UPDATE pattern_learning_config SET config_value = 'true' WHERE config_key = 'enabled';`;
export const QUICK_CHECK = `SELECT config_key, config_value FROM pattern_learning_config WHERE config_key IN ('enabled', 'shadow_mode');`;
export const QUICK_COUNT = `SELECT COUNT(*) as pattern_count, MAX(first_seen) as latest FROM decision_patterns;`;
