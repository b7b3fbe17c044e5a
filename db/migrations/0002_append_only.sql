-- Evidence is never refused and never altered (I5). Row triggers do not fire on TRUNCATE, so these are statement triggers.
create function v3pls_refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  raise exception using errcode = 'V3A01',
    message = format('%s keeps its rows: %s is refused', tg_table_name, lower(tg_op)),
    hint = 'Add a row that says what changed instead.';
end $$;
--> statement-breakpoint
do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'pattern_execution_history', 'shadow_decisions', 'shadow_judgements', 'audit_log', 'activations', 'config_changes',
    'releases', 'kill_switch_latches', 'kill_switch_releases', 'incident_evidence', 'watchdog_runs'
  ] loop
    execute format('create trigger append_only before update or delete or truncate on %I
      for each statement execute function v3pls_refuse_change()', v_table);
  end loop;
  foreach v_table in array array['incidents', 'pattern_learning_config', 'watchdog_lease', 'learning_state'] loop
    execute format('create trigger keep_rows before delete or truncate on %I
      for each statement execute function v3pls_refuse_change()', v_table);
  end loop;
  foreach v_table in array array['decision_patterns', 'pattern_execution_queue'] loop
    execute format('create trigger keep_rows before truncate on %I
      for each statement execute function v3pls_refuse_change()', v_table);
  end loop;
end $$;
--> statement-breakpoint
-- An id that a writer chose, planted or set back could refuse evidence: the sequence decides, and moves on if it must.
create function v3pls_number_row() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_sequence regclass := format('%I_id_seq', tg_table_name)::regclass;
  v_taken boolean;
begin
  new.id := nextval(v_sequence);
  execute format('select exists (select from %I where id = $1)', tg_table_name) into v_taken using new.id;
  if v_taken then
    execute format('select setval($1, max(id)) from %I', tg_table_name) using v_sequence;
    new.id := nextval(v_sequence);
  end if;
  new.recorded_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
do $$
declare
  v_table text;
begin
  foreach v_table in array array['pattern_execution_history', 'shadow_decisions', 'shadow_judgements', 'audit_log', 'activations',
    'config_changes', 'releases', 'kill_switch_latches', 'watchdog_runs'] loop
    execute format('create trigger a_number_row before insert on %I for each row execute function v3pls_number_row()', v_table);
  end loop;
end $$;
--> statement-breakpoint
-- The plan's "clear execution queue" cancels the waiting rows and keeps them.
create function v3pls_cancel_instead_of_delete() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  update pattern_execution_queue set status = 'cancelled', updated_at = v3pls_now()
  where id = old.id and status = 'pending';
  return null;
end $$;
--> statement-breakpoint
create trigger cancel_instead_of_delete before delete on pattern_execution_queue
for each row execute function v3pls_cancel_instead_of_delete();
--> statement-breakpoint
insert into learning_state (id) values (1);
--> statement-breakpoint
insert into watchdog_lease (id) values (1);
