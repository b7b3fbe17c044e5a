-- Activation: a command whose trigger checks every gate in the transaction that switches the pattern on (I3, I11), and the
-- one view that says what is in force. The lease is the database's own clock.
create function v3pls_lease_until() returns timestamptz
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select renewed_at + make_interval(mins => 2 * v3pls_setting('watchdog_interval_minutes')::int + 1) from watchdog_lease
$$;
--> statement-breakpoint
create function v3pls_stamp_lease() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from watchdog_runs r where r.id = new.run_id and r.status = 'clean'
    and (old.run_id is null or r.id > old.run_id)) then
    raise exception using errcode = 'V3G04', message = 'the lease is renewed only by a new, clean run of the watchdog';
  end if;
  new.renewed_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
create trigger stamp_lease before update on watchdog_lease for each row execute function v3pls_stamp_lease();
--> statement-breakpoint
create function v3pls_check_activation() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_pattern decision_patterns;
  v_lease timestamptz;
  v_gates jsonb;
  -- now() stands still in a transaction, and a lease does not.
  v_now timestamptz := v3pls_now() + (clock_timestamp() - transaction_timestamp());
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'V3G01', message = 'an activation runs at read committed';
  end if;
  -- Before the latch is read: else this could commit behind a rollback.
  lock table decision_patterns in row exclusive mode;
  select * into v_pattern from decision_patterns where id = new.pattern_id for update;
  v_lease := v3pls_lease_until();
  v_gates := jsonb_build_array(
    jsonb_build_object('id', 'pattern', 'ok', v_pattern.id is not null and v_pattern.retired_at is null,
      'measured', case when v_pattern.id is null then 'absent' when v_pattern.retired_at is null then 'present' else 'retired' end,
      'required', 'present'),
    jsonb_build_object('id', 'version', 'ok', coalesce(v_pattern.version = new.version, false),
      'measured', v_pattern.version, 'required', new.version),
    jsonb_build_object('id', 'actor', 'ok', coalesce(btrim(new.actor), '') <> '', 'measured', new.actor, 'required', 'an admin'),
    jsonb_build_object('id', 'kill_switch', 'ok', not v3pls_is_latched(),
      'measured', case when v3pls_is_latched() then 'engaged' else 'released' end, 'required', 'released'),
    jsonb_build_object('id', 'watchdog_lease', 'ok', coalesce(v_now <= v_lease, false),
      'measured', v_lease, 'required', v_now)
  );
  if jsonb_path_exists(v_gates, '$[*] ? (@.ok == false)') then
    raise exception using errcode = 'V3G01', message = 'the activation is blocked', detail = v_gates::text;
  end if;
  new.transaction := pg_current_xact_id();
  new.content_hash := v3pls_content_hash(v_pattern.trigger_text, v_pattern.response_template, v_pattern.slots);
  new.activated_at := v3pls_now();
  new.recorded_at := v3pls_now();
  new.expires_at := v3pls_now() + make_interval(days => v3pls_setting('activation_days')::int);
  return new;
end $$;
--> statement-breakpoint
create function v3pls_apply_activation() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  update decision_patterns set is_active = true where id = new.pattern_id and not is_active;
  insert into audit_log (actor, action, subject, details, reason_id) values (new.actor, 'activated', new.pattern_id::text,
    jsonb_build_object('version', new.version, 'contentHash', new.content_hash, 'expiresAt', new.expires_at), new.reason_id);
  return null;
end $$;
--> statement-breakpoint
create trigger check_activation before insert on activations for each row execute function v3pls_check_activation();
--> statement-breakpoint
create trigger apply_activation after insert on activations for each row execute function v3pls_apply_activation();
--> statement-breakpoint
-- In force = active, approved in exactly these words, not expired, not latched. Every reader of ours asks here.
create view patterns_in_force as
select p.id, p.version, a.activated_at, a.expires_at
from decision_patterns p
cross join lateral (
  select activated_at, expires_at from activations a
  where a.pattern_id = p.id and a.version = p.version
    and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots)
  order by a.id desc limit 1
) a
where p.is_active and v3pls_now() < a.expires_at and not v3pls_is_latched();
