-- Configuration: a closed set of typed keys; a missing row reads as the safest value; only an admin's command loosens (I12).
-- `loosens` names the direction that is less safe: 'true', 'false', 'lower', 'higher' or 'neither'.
create function v3pls_config_rules() returns table (
  config_key text, default_value text, safest_value text, loosens text, description text
)
language sql immutable parallel safe
as $$
  values
    ('enabled', 'false', 'false', 'true', 'Learn from operators'' replies'),
    ('shadow_mode', 'true', 'true', 'false', 'Record what would have been said and never say it; this version knows no other value'),
    ('auto_execute_threshold', '0.95', '1', 'lower', 'Share of judged decisions that must agree before a pattern is labelled eligible'),
    ('min_executions_for_auto', '20', '100000', 'lower', 'Judged decisions needed before a pattern is labelled eligible'),
    ('conversation_window_minutes', '60', '60', 'neither', 'A gap of this many minutes starts a new conversation'),
    ('review_min_customers', '3', '100', 'lower', 'Different customers needed before a pattern asks for review'),
    ('activation_days', '30', '1', 'higher', 'Days after which an activation falls back to review'),
    ('watchdog_interval_minutes', '5', '1', 'higher', 'Minutes between two watchdog runs'),
    ('silence_hours', '72', '1', 'higher', 'Hours without a delivery after which health says silent'),
    ('business_timezone', 'UTC', 'UTC', 'neither', 'Time zone in which days are shown'),
    ('match_threshold', '0.50', '1', 'lower', 'Match confidence below which the system abstains'),
    ('message_retention_days', '365', '365', 'neither', 'Days for which texts are kept'),
    ('delivery_retention_days', '30', '30', 'neither', 'Days for which raw deliveries are kept')
$$;
--> statement-breakpoint
create function v3pls_setting(p_key text) returns text
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(c.config_value, r.safest_value)
  from v3pls_config_rules() r left join pattern_learning_config c using (config_key)
  where r.config_key = p_key
$$;
--> statement-breakpoint
create function v3pls_loosens(p_key text, p_old text, p_new text) returns boolean
language plpgsql immutable set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_direction text;
begin
  -- Not one CASE: PostgreSQL 18 plans it with the values in sight and reads 'false' as a number.
  select r.loosens into v_direction from v3pls_config_rules() r where r.config_key = p_key;
  if v_direction = 'lower' then return p_new::numeric < p_old::numeric; end if;
  if v_direction = 'higher' then return p_new::numeric > p_old::numeric; end if;
  if v_direction = 'neither' then return false; end if;
  return p_new = v_direction and p_old <> p_new;
end $$;
--> statement-breakpoint
insert into pattern_learning_config (config_key, config_value, description)
select config_key, default_value, description from v3pls_config_rules();
--> statement-breakpoint
create function v3pls_guard_configuration() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_old text;
  v_actor text;
begin
  if tg_op = 'UPDATE' and new.config_key <> old.config_key then
    raise exception using errcode = 'V3G02', message = 'a setting keeps its key';
  end if;
  select safest_value into v_old from v3pls_config_rules() where config_key = new.config_key;
  if v_old is null then
    raise exception using errcode = '23514', message = format('"%s" is not a setting', left(new.config_key, 64)),
      hint = 'select config_key from v3pls_config_rules() lists the settings.';
  end if;
  if tg_op = 'UPDATE' then v_old := old.config_value; end if;
  if new.config_value is distinct from v_old then
    select actor into v_actor from config_changes
    where transaction = pg_current_xact_id() and config_key = new.config_key and new_value = new.config_value
    order by id desc limit 1;
    -- A value that the CHECK will refuse must reach it, not fail as a number here.
    if new.config_key <> 'enabled' and v_actor is null and not (
      case when new.config_key in ('shadow_mode', 'business_timezone') or new.config_value ~ '^[0-9]+(\.[0-9]+)?$'
        then not v3pls_loosens(new.config_key, v_old, new.config_value) else true end
    ) then
      raise exception using errcode = 'V3G02',
        message = format('%s would be loosened from %s to %s', new.config_key, v_old, left(new.config_value, 64)),
        hint = 'Only an admin''s recorded change loosens a setting: use PATCH /api/config with a reason.';
    end if;
    if new.config_key = 'business_timezone' then perform now() at time zone new.config_value; end if;
    new.updated_by := coalesce(v_actor, 'sql:' || session_user);
  elsif tg_op = 'UPDATE' then
    new.updated_by := old.updated_by;
  end if;
  new.updated_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
create trigger guard_configuration before insert or update on pattern_learning_config
for each row execute function v3pls_guard_configuration();
--> statement-breakpoint
create function v3pls_audit_configuration() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_log (actor, action, subject, details, reason_id)
  select new.updated_by, 'config_changed', new.config_key,
    jsonb_build_object('old', case when tg_op = 'UPDATE' then old.config_value end, 'new', new.config_value),
    (select reason_id from config_changes
     where transaction = pg_current_xact_id() and config_key = new.config_key order by id desc limit 1)
  where tg_op = 'INSERT' or old.config_value <> new.config_value;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_configuration after insert or update on pattern_learning_config
for each row execute function v3pls_audit_configuration();
--> statement-breakpoint
create function v3pls_has_reason(p_reason uuid) returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select exists (select from reasons where id = p_reason and btrim(text, E' \t\n\r') <> '')
$$;
--> statement-breakpoint
create function v3pls_check_config_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.transaction := pg_current_xact_id();
  new.recorded_at := v3pls_now();
  new.old_value := v3pls_setting(new.config_key);
  if new.old_value is null then
    raise exception using errcode = '23514', message = format('"%s" is not a setting', left(new.config_key, 64));
  end if;
  if coalesce(btrim(new.actor), '') = '' then
    raise exception using errcode = 'V3G02', message = 'a change of configuration names who made it';
  end if;
  return new;
end $$;
--> statement-breakpoint
create function v3pls_apply_config_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into pattern_learning_config (config_key, config_value, description)
  select new.config_key, new.new_value, r.description from v3pls_config_rules() r where r.config_key = new.config_key
  on conflict (config_key) do update set config_value = excluded.config_value;
  -- After the CHECK has seen the value: a reason is due when it loosened.
  if v3pls_loosens(new.config_key, new.old_value, new.new_value) and not v3pls_has_reason(new.reason_id) then
    raise exception using errcode = 'V3G02', message = format('loosening %s needs a reason', new.config_key);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger check_config_change before insert on config_changes
for each row execute function v3pls_check_config_change();
--> statement-breakpoint
create trigger apply_config_change after insert on config_changes
for each row execute function v3pls_apply_config_change();
