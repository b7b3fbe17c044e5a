DROP INDEX "incident_evidence_incident";--> statement-breakpoint
ALTER TABLE "incident_evidence" DROP CONSTRAINT "incident_evidence_check_id_key_pk";--> statement-breakpoint
ALTER TABLE "incident_evidence" ADD CONSTRAINT "incident_evidence_incident_id_check_id_key_pk" PRIMARY KEY("incident_id","check_id","key");--> statement-breakpoint
CREATE INDEX "incident_evidence_key" ON "incident_evidence" USING btree ("check_id","key");--> statement-breakpoint
ALTER TABLE "activations" ADD CONSTRAINT "activation_names_who" CHECK (actor ~ '[[:alnum:]]') NOT VALID;--> statement-breakpoint
ALTER TABLE "config_changes" ADD CONSTRAINT "config_change_names_who" CHECK (actor ~ '[[:alnum:]]') NOT VALID;--> statement-breakpoint
ALTER TABLE "pattern_commands" ADD CONSTRAINT "pattern_command_names_who" CHECK (actor ~ '[[:alnum:]]') NOT VALID;--> statement-breakpoint
ALTER TABLE "releases" ADD CONSTRAINT "release_names_who" CHECK (actor ~ '[[:alnum:]]') NOT VALID;--> statement-breakpoint
ALTER TABLE "restorations" ADD CONSTRAINT "restoration_names_who" CHECK (actor ~ '[[:alnum:]]') NOT VALID;
--> statement-breakpoint
do $$
declare
  v_table text;
begin
  foreach v_table in array array['messages', 'exchanges', 'threads', 'deliveries', 'watchdog_news'] loop
    execute format('create trigger keep_rows before truncate on %I
      for each statement execute function v3pls_refuse_change()', v_table);
  end loop;
end $$;
--> statement-breakpoint
-- A time as JSON writes it; null for anything else. The audit accepts any row, and one that cannot be read stops no check.
create function v3pls_read_moment(p_text text) returns timestamptz
language plpgsql immutable set search_path = pg_catalog, public, pg_temp
as $$
begin
  return case when p_text ~ '^[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+-][0-9:]+$' then p_text::timestamptz end;
exception when others then
  return null;
end $$;
--> statement-breakpoint
-- With what its audit row vouches for: the evidence that it was opened with, and none that was put in later.
create or replace function v3pls_open_incident(p_source text, p_actor text, p_reason uuid, p_evidence jsonb) returns uuid
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident uuid;
  v_evidence integer;
begin
  insert into incidents (source, actor, reason_id) values (p_source, p_actor, p_reason) returning id into v_incident;
  insert into incident_evidence (check_id, key, incident_id)
  select e ->> 'checkId', e ->> 'key', v_incident from jsonb_array_elements(p_evidence) e
  on conflict do nothing;
  get diagnostics v_evidence = row_count;
  insert into audit_log (actor, action, subject, details, reason_id)
  values (p_actor, 'incident_opened', v_incident::text,
    jsonb_build_object('source', p_source, 'evidence', v_evidence), p_reason);
  return v_incident;
end $$;
--> statement-breakpoint
-- As it was in 0006; a setting that somebody changed behind the guards gets its safest value too.
create or replace function v3pls_roll_back(p_incident uuid) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident incidents;
  v_snapshot jsonb;
  v_patterns jsonb;
  v_queue jsonb;
  v_config jsonb;
begin
  -- At REPEATABLE READ this would miss an activation that committed after the snapshot was taken.
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'V3R01', message = 'a rollback runs at read committed';
  end if;
  if not exists (select from kill_switch_latches l
    where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null) then
    insert into kill_switch_latches (source, actor) values ('rollback', 'database');
  end if;
  -- Always in this order; an activation holds row exclusive on the first before it reads the latch.
  lock table decision_patterns in share row exclusive mode;
  lock table pattern_learning_config in share row exclusive mode;
  lock table pattern_execution_queue in share row exclusive mode;
  select * into v_incident from incidents where id = p_incident for update;
  if not found then
    raise exception using errcode = 'V3R01', message = 'no rollback without its incident';
  end if;
  if v_incident.rollback = 'done' then return v_incident.changed; end if;

  select jsonb_build_object(
    'takenAt', v3pls_now(),
    'patternCount', (select count(*) from decision_patterns),
    'patterns', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'version', version, 'isActive', is_active,
      'autoExecutable', auto_executable, 'requiresConfirmation', requires_confirmation) order by id), '[]')
      from decision_patterns where is_active is not false or auto_executable is not false or requires_confirmation is not true),
    'queue', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'status', status) order by id), '[]')
      from pattern_execution_queue where status = 'pending'),
    'config', (select coalesce(jsonb_object_agg(config_key, config_value), '{}') from pattern_learning_config)
  ) into v_snapshot;
  update incidents set snapshot = v_snapshot where id = p_incident;

  with off as (
    update decision_patterns set is_active = false, auto_executable = false, requires_confirmation = true
    where is_active is not false or auto_executable is not false or requires_confirmation is not true
    returning id
  ) select coalesce(jsonb_agg(id order by id), '[]') into v_patterns from off;
  with cancelled as (
    update pattern_execution_queue set status = 'cancelled', updated_at = v3pls_now() where status = 'pending' returning id
  ) select coalesce(jsonb_agg(id order by id), '[]') into v_queue from cancelled;
  -- Learning off and shadow mode on; a setting that is missing, not one of its own values or not what the audit saw gets its safest.
  with safe as (
    select r.config_key, r.safest_value as config_value from v3pls_config_rules() r
    left join pattern_learning_config c using (config_key)
    where c.config_key is null or not v3pls_is_setting(c.config_key, c.config_value)
      or c.config_key in (select v3pls_unaudited_settings())
      or (r.config_key in ('enabled', 'shadow_mode') and c.config_value <> r.safest_value)
  ), written as (
    insert into pattern_learning_config (config_key, config_value) select config_key, config_value from safe
    on conflict (config_key) do update set config_value = excluded.config_value
    returning config_key
  ) select coalesce(jsonb_agg(config_key order by config_key), '[]') into v_config from written;

  update incidents set rollback = 'done', rolled_back_at = v3pls_now(), pending_because = null,
    changed = jsonb_build_object('patterns', v_patterns, 'queue', v_queue, 'config', v_config)
  where id = p_incident returning * into v_incident;
  insert into audit_log (actor, action, subject, details)
  values (v_incident.actor, 'rolled_back', p_incident::text, jsonb_build_object('patterns', jsonb_array_length(v_patterns),
    'queue', jsonb_array_length(v_queue), 'config', v_config));
  return v_incident.changed;
end $$;
--> statement-breakpoint
-- If the locks do not come in time, or anything else goes wrong, the rollback stays pending, and the next run of the watchdog
-- asks for it again.
create function v3pls_try_roll_back(p_incident uuid, p_lock_timeout text) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_lock_timeout text := current_setting('lock_timeout');
begin
  begin
    perform set_config('lock_timeout', p_lock_timeout, true);
    perform v3pls_roll_back(p_incident);
  exception when others then
    update incidents set pending_because = sqlstate where id = p_incident;
  end;
  perform set_config('lock_timeout', v_lock_timeout, true);
end $$;
--> statement-breakpoint
-- Incident and rollback together. The latch is engaged already.
create or replace function v3pls_trip(p_source text, p_actor text, p_reason uuid, p_evidence jsonb, p_lock_timeout text) returns uuid
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident uuid := v3pls_open_incident(p_source, p_actor, p_reason, p_evidence);
  v_lock_timeout text := current_setting('lock_timeout');
begin
  perform v3pls_try_roll_back(v_incident, p_lock_timeout);
  -- Forged counters are counted again; if that fails, the rollback still stands.
  if jsonb_path_exists(p_evidence, '$[*] ? (@.checkId == "counters")') then
    begin
      perform set_config('lock_timeout', p_lock_timeout, true);
      perform v3pls_refresh_patterns(array(select split_part(e ->> 'key', ':', 1)::uuid
        from jsonb_array_elements(p_evidence) e where e ->> 'checkId' = 'counters'));
    exception when others then null;
    end;
  end if;
  perform set_config('lock_timeout', v_lock_timeout, true);
  return v_incident;
end $$;
