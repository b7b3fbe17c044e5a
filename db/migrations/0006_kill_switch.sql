-- The kill switch, incidents and the rollback. The latch is one INSERT and waits for nothing (I10); a rollback is total,
-- idempotent, never looser, and never without its incident and snapshot (I7, I8).
create function v3pls_is_latched() returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select exists (select from kill_switch_latches l where not exists (select from kill_switch_releases r where r.latch_id = l.id))
$$;
--> statement-breakpoint
create function v3pls_open_incident(p_source text, p_actor text, p_reason uuid, p_evidence jsonb) returns uuid
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident uuid;
begin
  insert into incidents (source, actor, reason_id) values (p_source, p_actor, p_reason) returning id into v_incident;
  insert into incident_evidence (check_id, key, incident_id)
  select e ->> 'checkId', e ->> 'key', v_incident from jsonb_array_elements(p_evidence) e
  on conflict do nothing;
  insert into audit_log (actor, action, subject, details, reason_id)
  values (p_actor, 'incident_opened', v_incident::text,
    jsonb_build_object('source', p_source, 'evidence', jsonb_array_length(p_evidence)), p_reason);
  return v_incident;
end $$;
--> statement-breakpoint
create function v3pls_guard_incident() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.id <> old.id or new.source <> old.source or new.opened_at <> old.opened_at
    or (old.snapshot is not null and new.snapshot is distinct from old.snapshot)
    or (old.rollback = 'done' and new.rollback <> 'done') or (old.state = 'closed' and new.state <> 'closed') then
    raise exception using errcode = 'V3A01', message = 'an incident only goes forward: its evidence and snapshot stay';
  end if;
  -- Nested, not one condition: planning one would lock these tables on every update, and evidence would wait for them.
  if old.rollback = 'pending' and new.rollback = 'done' then
    if old.snapshot is null or not v3pls_is_latched()
      or exists (select from decision_patterns where is_active is not false)
      or exists (select from pattern_execution_queue where status = 'pending')
      or exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false') then
      raise exception using errcode = 'V3A01', message = 'a rollback is done when everything is off: use v3pls_roll_back';
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
-- An incident is born open and pending, whoever inserts it.
create function v3pls_open_pending() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.state := 'open';
  new.rollback := 'pending';
  new.snapshot := null;
  new.changed := null;
  new.rolled_back_at := null;
  new.closed_at := null;
  new.opened_at := v3pls_now();
  new.recorded_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
create trigger open_pending before insert on incidents for each row execute function v3pls_open_pending();
--> statement-breakpoint
-- Evidence that is planted as known would be hidden from the watchdog.
create function v3pls_check_known() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from incidents where id = new.incident_id and rollback = 'pending') then
    raise exception using errcode = 'V3A01', message = 'evidence belongs to an incident that was just opened';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger check_known before insert on incident_evidence for each row execute function v3pls_check_known();
--> statement-breakpoint
create trigger guard_incident before update on incidents for each row execute function v3pls_guard_incident();
--> statement-breakpoint
create function v3pls_roll_back(p_incident uuid) returns jsonb
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
  if not v3pls_is_latched() then
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
  -- Learning off and shadow mode on; a setting that is missing or not one of its own values gets its safest.
  with safe as (
    select r.config_key, r.safest_value as config_value from v3pls_config_rules() r
    left join pattern_learning_config c using (config_key)
    where c.config_key is null or not v3pls_is_setting(c.config_key, c.config_value)
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
-- Incident and rollback together. The latch is engaged already. If the locks do not come in time, or anything else goes
-- wrong, the incident stays with its rollback pending, and the next run of the watchdog completes it.
create function v3pls_trip(p_source text, p_actor text, p_reason uuid, p_evidence jsonb, p_lock_timeout text) returns uuid
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident uuid := v3pls_open_incident(p_source, p_actor, p_reason, p_evidence);
  v_lock_timeout text := current_setting('lock_timeout');
begin
  begin
    perform set_config('lock_timeout', p_lock_timeout, true);
    perform v3pls_roll_back(v_incident);
  exception when others then
    update incidents set pending_because = sqlstate where id = v_incident;
  end;
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
--> statement-breakpoint
-- Evidence of an execution latches and rolls back in the transaction that brought it (I6): an error raised here would erase
-- the evidence with its row.
create function v3pls_judge_evidence() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_evidence jsonb;
begin
  select jsonb_agg(jsonb_build_object('checkId', 'executions', 'key', id::text)) into v_evidence from new_rows
  where was_auto_executed is distinct from false or coalesce(btrim(approved_by, E' \t\n\r'), '') = ''
    or coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual');
  if v_evidence is null then return null; end if;
  insert into kill_switch_latches (source, actor) values ('evidence', 'database');
  -- Three tables, 80 ms in all.
  perform v3pls_trip('evidence', 'database', null, v_evidence, '25ms');
  return null;
end $$;
--> statement-breakpoint
create trigger judge_evidence after insert on pattern_execution_history
referencing new table as new_rows
for each statement execute function v3pls_judge_evidence();
--> statement-breakpoint
create function v3pls_check_release() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.transaction := pg_current_xact_id();
  if coalesce(btrim(new.actor), '') = '' or not v3pls_has_reason(new.reason_id) then
    raise exception using errcode = 'V3G03', message = 'a release says who and why';
  end if;
  if exists (select from incidents where rollback = 'pending') then
    raise exception using errcode = 'V3G03', message = 'a rollback is still pending',
      hint = 'Run the watchdog now; it completes the rollback.';
  end if;
  return new;
end $$;
--> statement-breakpoint
create function v3pls_apply_release() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into kill_switch_releases (latch_id, release_id)
  select l.id, new.id from kill_switch_latches l
  where not exists (select from kill_switch_releases r where r.latch_id = l.id);
  update incidents set state = 'closed', closed_at = v3pls_now() where state = 'open' and rollback = 'done';
  insert into audit_log (actor, action, subject, reason_id) values (new.actor, 'released', new.id::text, new.reason_id);
  return null;
end $$;
--> statement-breakpoint
-- The row that opens a latch is part of a release of this transaction, and nothing is pending when it is written.
create function v3pls_check_latch_release() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from releases where id = new.release_id and transaction = pg_current_xact_id())
    or not exists (select from kill_switch_latches where id = new.latch_id) then
    raise exception using errcode = 'V3G03', message = 'only an admin''s release opens a latch';
  end if;
  -- Read after the latches were: a latch and its pending incident commit together.
  if exists (select from incidents where rollback = 'pending') then
    raise exception using errcode = 'V3G03', message = 'a rollback is still pending';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger check_latch_release before insert on kill_switch_releases for each row execute function v3pls_check_latch_release();
--> statement-breakpoint
create trigger check_release before insert on releases for each row execute function v3pls_check_release();
--> statement-breakpoint
create trigger apply_release after insert on releases for each row execute function v3pls_apply_release();
--> statement-breakpoint
-- The LIKE pattern of what a template says once its slots are filled; null for one of slots and little else, which would
-- match anything. LIKE and not a regular expression: of a template's own characters, none can make it illegal.
create function v3pls_like_of(p_template text) returns text
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select case
    when p_template ~ '\{\{[a-z_]+\}\}' and array_length(regexp_split_to_array(
      btrim(regexp_replace(p_template, '\{\{[a-z_]+\}\}', ' ', 'g')), '\s+'), 1) < 3 then null
    else regexp_replace(regexp_replace(lower(btrim(p_template)), '([\\%_])', '\\\1', 'g'), '\{\{[a-z\\_]+\}\}', '_%', 'g')
  end
$$;
--> statement-breakpoint
-- Whether a text is a rendering of a template: a name has one to three words, any other value is short and ends no sentence.
-- Every character of the template that is no letter or digit is escaped, so that none can make the expression illegal.
create function v3pls_renders(p_template text, p_text text) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce(lower(btrim(p_text)) like v3pls_like_of(p_template), false) and lower(btrim(p_text)) ~ ('^' || regexp_replace(
    regexp_replace(regexp_replace(lower(btrim(p_template)), '([^[:alnum:][:space:]])', '\\\1', 'g'),
      '\\\{\\\{name\\\}\\\}', '[^[:space:]!?,]+([[:space:]][^[:space:]!?,]+){0,2}', 'g'),
    '\\\{\\\{[a-z\\_]+\\\}\\\}', '[^!?[:cntrl:]]{1,40}', 'g') || '$')
$$;
