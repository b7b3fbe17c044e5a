-- What people do to patterns, apart from switching them on: a command whose triggers check the version that the person saw,
-- do the act and tell the audit who it was.
create trigger append_only before update or delete or truncate on pattern_commands
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
create trigger a_number_row before insert on pattern_commands for each row execute function v3pls_number_row();
--> statement-breakpoint
create function v3pls_check_pattern_command() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_pattern decision_patterns;
  v_target decision_patterns;
begin
  new.transaction := pg_current_xact_id();
  if coalesce(btrim(new.actor), '') = '' then
    raise exception using errcode = 'V3G04', message = 'a command names who gave it';
  end if;
  -- Learners lock in this order. A deactivation changes nothing that they read, and waits for none of them.
  if new.action <> 'deactivate' then perform from learning_state for update; end if;
  -- As the rollback does, the table before its rows: in the other order each would wait for the other.
  lock table decision_patterns in row exclusive mode;
  perform from decision_patterns where id in (new.pattern_id, new.target_id) order by id for update;
  select * into v_pattern from decision_patterns where id = new.pattern_id;
  if not found then
    raise exception using errcode = 'V3C01', message = 'there is no such pattern';
  end if;
  if new.expected_version <> v_pattern.version then
    raise exception using errcode = 'V3C02', message = 'the pattern is at another version', detail = v_pattern.version::text;
  end if;
  if new.action = 'merge' then
    select * into v_target from decision_patterns where id = new.target_id;
    if not found then
      raise exception using errcode = 'V3C03', message = 'the pattern to merge into is not there';
    end if;
    if v_target.id = v_pattern.id or v_target.retired_at is not null or v_pattern.retired_at is not null then
      raise exception using errcode = 'V3C03', message = 'a pattern is merged into another one, and neither is retired';
    end if;
    if v_target.version <> new.target_version then
      raise exception using errcode = 'V3C02', message = 'the pattern to merge into is at another version',
        detail = v_target.version::text;
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
create function v3pls_apply_pattern_command() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  case new.action
    when 'deactivate' then
      update decision_patterns set is_active = false where id = new.pattern_id and is_active is not false;
    when 'retire' then
      update decision_patterns set retired_at = v3pls_now() where id = new.pattern_id and retired_at is null;
    when 'restore' then
      -- What a merge moved stays where it is: this gives back the words, inactive.
      update decision_patterns set retired_at = null, merged_into = null where id = new.pattern_id and retired_at is not null;
    when 'merge' then
      update exchanges set pattern_id = new.target_id where pattern_id = new.pattern_id;
      update decision_patterns set retired_at = coalesce(retired_at, v3pls_now()), merged_into = new.target_id
      where id = new.pattern_id;
      update decision_patterns p set possible_duplicates = coalesce((select jsonb_agg(d)
        from jsonb_array_elements(p.possible_duplicates) d where d ->> 'id' <> new.pattern_id::text), '[]')
      where jsonb_typeof(p.possible_duplicates) = 'array' and jsonb_path_exists(p.possible_duplicates, '$[*] ? (@.id == $id)', jsonb_build_object('id', new.pattern_id));
      perform v3pls_refresh_patterns(array[new.pattern_id, new.target_id]);
    else null;
  end case;
  -- An act that found nothing to do leaves no trace but its command.
  if new.action = 'edit' or found then
    insert into audit_log (actor, action, subject, details, reason_id) values (new.actor, 'pattern_' || new.action,
      new.pattern_id::text, jsonb_strip_nulls(jsonb_build_object('version', new.expected_version, 'target', new.target_id)),
      new.reason_id);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger check_pattern_command before insert on pattern_commands for each row execute function v3pls_check_pattern_command();
--> statement-breakpoint
create trigger apply_pattern_command after insert on pattern_commands for each row execute function v3pls_apply_pattern_command();
--> statement-breakpoint
-- Who it was: the command of this transaction, else whoever is connected.
create or replace function v3pls_audit_patterns() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_actor text := coalesce(
    (select actor from activations where transaction = pg_current_xact_id() order by id desc limit 1),
    (select actor from pattern_commands where transaction = pg_current_xact_id() order by id desc limit 1),
    'sql:' || session_user);
begin
  insert into audit_log (actor, action, subject, details)
  select v_actor, 'pattern_safety_changed', c.id::text, jsonb_build_object('isActive', c.is_active,
    'autoExecutable', c.auto_executable, 'requiresConfirmation', c.requires_confirmation, 'version', c.version)
  from (
    select id, is_active, auto_executable, requires_confirmation, version from new_rows
    except select id, is_active, auto_executable, requires_confirmation, version from old_rows
  ) c;
  return null;
end $$;
