-- Two changes of one setting are one after the other: each is judged by the value that it really replaces.
create or replace function v3pls_check_config_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.transaction := pg_current_xact_id();
  new.recorded_at := v3pls_now();
  lock table pattern_learning_config in share row exclusive mode;
  new.old_value := v3pls_setting(new.config_key);
  if new.old_value is null then
    raise exception using errcode = '23514', message = format('"%s" is not a setting', left(new.config_key, 64));
  end if;
  if coalesce(btrim(new.actor), '') = '' then
    raise exception using errcode = 'V3G02', message = 'a change of configuration names who made it';
  end if;
  return new;
end $$;
