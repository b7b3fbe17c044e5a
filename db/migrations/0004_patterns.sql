-- A pattern is born inactive (I2), is switched on only by an activation of its exact version (I3, I4), and every change
-- of its words is a new version. Confidence has one source: the judgements.
create function v3pls_content_hash(p_trigger text, p_template text, p_slots jsonb) returns text
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select encode(sha256(convert_to(p_trigger || chr(31) || p_template || chr(31) || p_slots::text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
-- One revision a transaction. The row lock makes the order of revisions the order of commits.
create function v3pls_next_revision() returns bigint
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_revision bigint;
begin
  update learning_state set revision = revision + 1, transaction = pg_current_xact_id()
  where transaction is distinct from pg_current_xact_id();
  select revision into strict v_revision from learning_state;
  return v_revision;
end $$;
--> statement-breakpoint
-- (2 + agreed) / (4 + judged) over the last 200 judged decisions of this version; the newest judgement of a decision counts.
create function v3pls_confidence(p_pattern uuid, p_version integer) returns numeric
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select round((2 + count(*) filter (where outcome = 'agreed'))::numeric / (4 + count(*)), 4)
  from (
    select outcome from (
      select distinct on (decision_id) decision_id, outcome from shadow_judgements
      where pattern_id = p_pattern and pattern_version = p_version and would_reply
      order by decision_id desc, id desc
    ) newest
    where outcome <> 'ignored' order by decision_id desc limit 200
  ) judged
$$;
--> statement-breakpoint
create function v3pls_guard_birth() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.is_active is distinct from false or new.auto_executable is distinct from false
    or new.requires_confirmation is distinct from true or new.confidence_score is distinct from 0.50
    or new.version is distinct from 1
    or (new.execution_count, new.success_count, new.failure_count, new.exchange_count, new.customer_count, new.operator_count,
        new.day_count, new.agreed_count, new.disagreed_count) is distinct from (0, 0, 0, 0, 0, 0, 0, 0, 0)
  then
    raise exception using errcode = 'V3G04',
      message = 'a new pattern is inactive, not auto-executable, asks for confirmation, has confidence 0.50, version 1 and no evidence',
      hint = 'Leave these columns to their defaults; an admin activates a pattern on the V3-PLS page.';
  end if;
  new.recorded_at := v3pls_now();
  new.revision := v3pls_next_revision();
  return new;
end $$;
--> statement-breakpoint
create trigger guard_birth before insert on decision_patterns
for each row execute function v3pls_guard_birth();
--> statement-breakpoint
create function v3pls_guard_pattern() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_words_changed boolean := (new.trigger_text, new.response_template, new.slots)
    is distinct from (old.trigger_text, old.response_template, old.slots);
begin
  if new.id <> old.id then
    raise exception using errcode = 'V3G04', message = 'a pattern keeps its id';
  end if;
  if new.is_active is distinct from false and old.is_active is not true and (v_words_changed or v3pls_is_latched() or not exists (
    select from activations a
    where a.transaction = pg_current_xact_id() and a.pattern_id = new.id and a.version = old.version
      and a.content_hash = v3pls_content_hash(new.trigger_text, new.response_template, new.slots)
  )) then
    raise exception using errcode = 'V3G04',
      message = format('pattern %s is switched on only by an admin''s activation of version %s', new.id, old.version),
      hint = 'Use POST /api/patterns/:id/toggle.';
  end if;
  if v_words_changed then
    new.version := old.version + 1;
    new.is_active := false;
    new.confidence_score := 0.50;
    new.agreed_count := 0;
    new.disagreed_count := 0;
  elsif new.version <> old.version then
    raise exception using errcode = 'V3G04', message = 'a version changes only with the words';
  elsif new.confidence_score <> old.confidence_score
    and new.confidence_score <> v3pls_confidence(new.id, new.version) then
    raise exception using errcode = 'V3G04',
      message = format('the confidence of pattern %s is %s by its judgements, and nothing else', new.id,
        v3pls_confidence(new.id, new.version));
  end if;
  if new.retired_at is not null then new.is_active := false; end if;
  if v_words_changed or (new.retired_at, new.edited_at, new.pattern_type, new.confidence_score)
    is distinct from (old.retired_at, old.edited_at, old.pattern_type, old.confidence_score) then
    new.revision := v3pls_next_revision();
  else
    new.revision := old.revision;
  end if;
  new.updated_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
create trigger guard_pattern before update on decision_patterns
for each row execute function v3pls_guard_pattern();
--> statement-breakpoint
create function v3pls_keep_version() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into pattern_versions (pattern_id, version, pattern_type, trigger_text, response_template, slots, changed_by)
  values (new.id, new.version, new.pattern_type, new.trigger_text, new.response_template, new.slots, new.changed_by);
  return null;
end $$;
--> statement-breakpoint
create trigger keep_first_version after insert on decision_patterns
for each row execute function v3pls_keep_version();
--> statement-breakpoint
create trigger keep_next_version after update on decision_patterns
for each row when (old.version <> new.version) execute function v3pls_keep_version();
--> statement-breakpoint
create function v3pls_remember_removed() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into removed_patterns (pattern_id, revision) values (old.id, v3pls_next_revision())
  on conflict (pattern_id) do update set revision = excluded.revision;
  return null;
end $$;
--> statement-breakpoint
create trigger remember_removed after delete on decision_patterns
for each row execute function v3pls_remember_removed();
--> statement-breakpoint
-- EXCEPT over the transition tables: a join of them kept a bad plan (100,000 rows in 14 s instead of 1.6 s, safety notes).
create function v3pls_audit_patterns() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_log (actor, action, subject, details)
  select 'sql:' || session_user, 'pattern_safety_changed', c.id::text, jsonb_build_object('isActive', c.is_active,
    'autoExecutable', c.auto_executable, 'requiresConfirmation', c.requires_confirmation, 'version', c.version)
  from (
    select id, is_active, auto_executable, requires_confirmation, version from new_rows
    except select id, is_active, auto_executable, requires_confirmation, version from old_rows
  ) c;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_patterns after update on decision_patterns
referencing old table as old_rows new table as new_rows
for each statement execute function v3pls_audit_patterns();
--> statement-breakpoint
create function v3pls_audit_removals() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_log (actor, action, subject, details)
  select 'sql:' || session_user, 'pattern_removed', id::text, jsonb_build_object('version', version) from old_rows;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_removals after delete on decision_patterns
referencing old table as old_rows
for each statement execute function v3pls_audit_removals();
