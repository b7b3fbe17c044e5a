-- After a rollback: a restoration closes the incident and gives back the settings that are no matter of safety. It switches
-- nothing on (I9): the patterns that were active are listed by the snapshot, for an admin to approve again one by one.
create trigger append_only before update or delete or truncate on restorations
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
create function v3pls_check_restoration() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_incident incidents;
begin
  new.transaction := pg_current_xact_id();
  if coalesce(btrim(new.actor), '') = '' or not v3pls_has_reason(new.reason_id) then
    raise exception using errcode = 'V3G03', message = 'a restoration says who and why';
  end if;
  -- The settings before the incident, as a rollback locks them: else two of them wait for each other.
  lock table pattern_learning_config in row exclusive mode;
  select * into v_incident from incidents where id = new.incident_id for update;
  if not found then
    raise exception using errcode = 'V3C01', message = 'there is no such incident';
  end if;
  if v_incident.rollback <> 'done' then
    raise exception using errcode = 'V3G03', message = 'the rollback of this incident is still pending',
      hint = 'Run the watchdog now; it completes the rollback.';
  end if;
  return new;
end $$;
--> statement-breakpoint
create function v3pls_apply_restoration() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_snapshot jsonb;
begin
  -- Restored once: asked again, it would undo what an admin has set since.
  if exists (select from restorations where incident_id = new.incident_id and id < new.id) then return null; end if;
  select snapshot into v_snapshot from incidents where id = new.incident_id;
  insert into config_changes (config_key, new_value, actor, reason_id)
  select r.config_key, v_snapshot -> 'config' ->> r.config_key, new.actor, new.reason_id from v3pls_config_rules() r
  where r.loosens = 'neither' and v3pls_is_setting(r.config_key, v_snapshot -> 'config' ->> r.config_key)
    and v3pls_setting(r.config_key) <> v_snapshot -> 'config' ->> r.config_key;
  update incidents set state = 'closed', closed_at = v3pls_now() where id = new.incident_id and state = 'open';
  insert into audit_log (actor, action, subject, reason_id) values (new.actor, 'restored', new.incident_id::text, new.reason_id);
  return null;
end $$;
--> statement-breakpoint
-- Triggers fire by name: the incident is locked before the row gets its number, so that numbers count restorations in order.
create trigger a_check_restoration before insert on restorations for each row execute function v3pls_check_restoration();
--> statement-breakpoint
create trigger a_number_row before insert on restorations for each row execute function v3pls_number_row();
--> statement-breakpoint
create trigger apply_restoration after insert on restorations for each row execute function v3pls_apply_restoration();
--> statement-breakpoint
-- A kill switch that its rollback never followed holds patterns off that are still switched on: released, they would be in
-- force again, and nobody approved that. The next run of the watchdog switches them off.
create or replace function v3pls_check_release() returns trigger
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
  -- Nested, not one condition: planning one would wait for whoever holds the patterns, also where it says no anyway.
  if v3pls_is_latched() then
    if exists (select from decision_patterns where is_active is not false) then
      raise exception using errcode = 'V3G03', message = 'a pattern is still on: its rollback never came',
        hint = 'Run the watchdog now; it rolls back.';
    end if;
  end if;
  return new;
end $$;
