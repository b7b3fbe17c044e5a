-- All SQL of this system reads the time from here. Only tests replace it; the watchdog names it if production did.
create function v3pls_now() returns timestamptz
language sql stable parallel safe
as $$ select pg_catalog.now() $$;
--> statement-breakpoint
-- The closed set of settings and what each may hold: asked by the table's CHECK, the rollback and the watchdog.
create function v3pls_is_setting(p_key text, p_value text) returns boolean
language sql immutable parallel safe
as $$
  select coalesce(case p_key
    when 'enabled' then p_value in ('true', 'false')
    when 'shadow_mode' then p_value = 'true'
    when 'auto_execute_threshold' then p_value ~ '^(0\.[5-9][0-9]{0,3}|1(\.0{1,4})?)$'
    when 'match_threshold' then p_value ~ '^(0\.[0-9]{1,4}|1(\.0{1,4})?)$'
    when 'min_executions_for_auto' then p_value ~ '^[1-9][0-9]{0,5}$'
    when 'conversation_window_minutes' then p_value ~ '^[1-9][0-9]{0,3}$'
    when 'review_min_customers' then p_value ~ '^[1-9][0-9]{0,2}$'
    when 'activation_days' then p_value ~ '^[1-9][0-9]{0,2}$'
    when 'watchdog_interval_minutes' then p_value ~ '^[1-9][0-9]{0,3}$'
    when 'silence_hours' then p_value ~ '^[1-9][0-9]{0,3}$'
    when 'message_retention_days' then p_value ~ '^[1-9][0-9]{0,3}$'
    when 'delivery_retention_days' then p_value ~ '^[1-9][0-9]{0,3}$'
    when 'business_timezone' then p_value ~ '^[A-Za-z0-9_+/-]{1,64}$'
    else false
  end, false)
$$;
