DROP INDEX "watchdog_runs_whole";--> statement-breakpoint
CREATE INDEX "watchdog_runs_whole" ON "watchdog_runs" USING btree ("recorded_at") WHERE is_whole and status = 'clean';--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "person_is_named" CHECK (direction = 'incoming' or not is_person or coalesce(actor_id ~ '^US', false));
--> statement-breakpoint
-- No backslash in a plain literal: a session with standard_conforming_strings off reads it as an escape, and the pattern changes.
create or replace function v3pls_is_setting(p_key text, p_value text) returns boolean
language sql immutable parallel safe
as $$
  select coalesce(case p_key
    when 'enabled' then p_value in ('true', 'false')
    when 'shadow_mode' then p_value = 'true'
    when 'auto_execute_threshold' then p_value ~ '^(0[.][5-9][0-9]{0,3}|1([.]0{1,4})?)$'
    when 'match_threshold' then p_value ~ '^(0[.][0-9]{1,4}|1([.]0{1,4})?)$'
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
--> statement-breakpoint
-- A value that is none of the setting's own reads as the safest: a number that cannot be read would fail every run.
create or replace function v3pls_setting(p_key text) returns text
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select case when v3pls_is_setting(r.config_key, c.config_value) then c.config_value else r.safest_value end
  from v3pls_config_rules() r left join pattern_learning_config c using (config_key)
  where r.config_key = p_key
$$;
--> statement-breakpoint
-- An old value that cannot be read counts as the safest: a rollback can put that in its place, and nothing else is let in.
create or replace function v3pls_loosens(p_key text, p_old text, p_new text) returns boolean
language plpgsql immutable set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_rule record;
  v_old text := p_old;
begin
  -- Not one CASE: PostgreSQL 18 plans it with the values in sight and reads 'false' as a number.
  select r.loosens, r.safest_value into v_rule from v3pls_config_rules() r where r.config_key = p_key;
  if v_rule.loosens = 'neither' then return false; end if;
  if v_rule.loosens not in ('lower', 'higher') then return p_new = v_rule.loosens and p_old <> p_new; end if;
  if v_old !~ '^[0-9]+([.][0-9]+)?$' then v_old := v_rule.safest_value; end if;
  if v_rule.loosens = 'lower' then return p_new::numeric < v_old::numeric; end if;
  return p_new::numeric > v_old::numeric;
end $$;
--> statement-breakpoint
do $$
declare
  v_function text;
begin
  foreach v_function in array array['v3pls_guard_configuration()', 'v3pls_like_of(text)', 'v3pls_renders(text, text)',
    'v3pls_note_unattended()', 'v3pls_note_rendered()', 'v3pls_readable(bytea)', 'v3pls_mentions(bytea, text)', 'v3pls_words(text)'] loop
    execute format('alter function %s set standard_conforming_strings = on', v_function);
  end loop;
end $$;
--> statement-breakpoint
-- An end is written with an offset that can be read again, whatever the session's time zone is.
alter function v3pls_apply_activation() set timezone = 'UTC';
--> statement-breakpoint
-- Settings that are not what the audit saw last, or, where it saw nothing, what they began with. What is at its safest value needs
-- no audit: a rollback could put nothing better in its place.
create function v3pls_unaudited_settings() returns setof text
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select c.config_key from pattern_learning_config c join v3pls_config_rules() r using (config_key)
  where c.config_value <> r.safest_value and c.config_value <> coalesce((select a.details ->> 'new' from audit_log a
    where a.subject = c.config_key and a.action = 'config_changed' order by a.id desc limit 1), r.default_value)
$$;
--> statement-breakpoint
-- A lookup for each latch, whatever the planner knows of the tables: an anti-join of two that grew since was measured at 34 s.
create or replace function v3pls_is_latched() returns boolean
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select exists (select from kill_switch_latches l
    where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null)
$$;
--> statement-breakpoint
create or replace view patterns_in_force as
select p.id, p.version, a.activated_at, a.expires_at
from decision_patterns p
cross join lateral (
  select activated_at, expires_at from activations a
  where a.pattern_id = p.id and a.version = p.version
    and a.content_hash = v3pls_content_hash(p.trigger_text, p.response_template, p.slots)
  order by a.id desc limit 1
) a
where p.is_active and v3pls_now() < a.expires_at
  and not exists (select from kill_switch_latches l
    where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null);
--> statement-breakpoint
-- A sequence that stands behind its table, after a restore or by somebody's hand, goes on after the last row.
-- With the owner's rights: the functions' role may take numbers, and not set them.
create function v3pls_move_on(p_table text) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_sequence text := format('%I', p_table || '_id_seq');
  v_last bigint;
begin
  if not exists (select from pg_trigger where tgrelid = to_regclass(format('%I', p_table)) and tgname = 'a_number_row') then
    raise exception using errcode = 'V3A01', message = 'that table is not numbered here';
  end if;
  execute format('select greatest((select last_value from %s), (select max(id) from %I))', v_sequence, p_table) into v_last;
  perform setval(v_sequence::regclass, v_last);
end $$;
--> statement-breakpoint
-- %I of the whole name: with quote_all_identifiers on, a quoted part would be half a name, and evidence refused.
create or replace function v3pls_number_row() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_sequence regclass := format('%I', tg_table_name || '_id_seq')::regclass;
  v_taken boolean;
begin
  new.id := nextval(v_sequence);
  execute format('select exists (select from %I where id = $1)', tg_table_name) into v_taken using new.id;
  if v_taken then
    perform v3pls_move_on(tg_table_name);
    new.id := nextval(v_sequence);
  end if;
  new.recorded_at := v3pls_now();
  return new;
end $$;
--> statement-breakpoint
-- Evidence belongs to an incident that was just opened, and what breaks no check is none: put down beforehand, it would be
-- known when it comes. Such a row is passed over, so that the rest of the evidence is kept.
create or replace function v3pls_check_known() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from incidents where id = new.incident_id and rollback = 'pending') then
    raise exception using errcode = 'V3A01', message = 'evidence belongs to an incident that was just opened';
  end if;
  if new.check_id = 'executions' and new.key !~ '^-?[0-9]{1,18}$' then return new; end if;
  case new.check_id
    when 'executions' then
      if not exists (select from pattern_execution_history where id = new.key::bigint
        and (was_auto_executed is distinct from false or coalesce(btrim(approved_by, E' \t\n\r'), '') = ''
          or coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual'))) then return null; end if;
    when 'queue' then
      if not exists (select from pattern_execution_queue where id::text = new.key) then return null; end if;
    when 'ground_truth' then
      -- A long id stands there shortened.
      if length(new.key) < 132 and not exists (select from messages where id = new.key and direction = 'outgoing' and not is_person)
        and not exists (select from ground_truth_sightings where message_id = new.key) then return null; end if;
    when 'counters' then
      if not exists (select from decision_patterns p where p.id::text = split_part(new.key, ':', 1) and starts_with(new.key,
        concat_ws(':', p.id, p.version, p.exchange_count, p.agreed_count, p.disagreed_count, p.confidence_score, p.execution_count)))
      then return null; end if;
    else null;
  end case;
  return new;
end $$;
--> statement-breakpoint
-- Closed by a release or a restoration of this transaction, and by nothing else. The kill switch is read from its rows and not by its
-- function: replaced, that would hold back the rollback that finds it out.
create or replace function v3pls_guard_incident() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if (new.id, new.source, new.opened_at, new.recorded_at, new.actor, new.reason_id)
      is distinct from (old.id, old.source, old.opened_at, old.recorded_at, old.actor, old.reason_id)
    or (new.rollback = 'done' and new.snapshot is distinct from old.snapshot)
    or (old.rollback = 'done' and (new.rollback, new.changed, new.rolled_back_at)
      is distinct from (old.rollback, old.changed, old.rolled_back_at))
    or (new.state = old.state and new.closed_at is distinct from old.closed_at)
    or (old.state = 'closed' and new.state <> 'closed') then
    raise exception using errcode = 'V3A01', message = 'an incident only goes forward: its evidence and snapshot stay';
  end if;
  -- Nested, not one condition: planning one would lock these tables on every update, and evidence would wait for them.
  if new.state = 'closed' and old.state = 'open' then
    if not exists (select from releases where transaction = pg_current_xact_id() and recorded_at = v3pls_now())
      and not exists (select from restorations where transaction = pg_current_xact_id() and recorded_at = v3pls_now()
        and incident_id = new.id) then
      raise exception using errcode = 'V3A01', message = 'an incident is closed by a release or a restoration';
    end if;
  end if;
  if old.rollback = 'pending' and new.rollback = 'done' then
    if old.snapshot is null
      or not exists (select from kill_switch_latches l
        where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null)
      or exists (select from decision_patterns where is_active is not false)
      or exists (select from pattern_execution_queue where status = 'pending')
      or exists (select from pattern_learning_config where config_key = 'enabled' and config_value <> 'false') then
      raise exception using errcode = 'V3A01', message = 'a rollback is done when everything is off: use v3pls_roll_back';
    end if;
  end if;
  return new;
end $$;
--> statement-breakpoint
-- How many latches it opened and which incidents it closed stands in the audit: more than that was not its doing.
create or replace function v3pls_apply_release() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_latches integer;
begin
  insert into kill_switch_releases (latch_id, release_id)
  select l.id, new.id from kill_switch_latches l
  where (select r.release_id from kill_switch_releases r where r.latch_id = l.id) is null;
  get diagnostics v_latches = row_count;
  with closed as (
    update incidents set state = 'closed', closed_at = v3pls_now() where state = 'open' and rollback = 'done' returning id
  ) insert into audit_log (actor, action, subject) select new.actor, 'incident_closed', id::text from closed order by id;
  insert into audit_log (actor, action, subject, details, reason_id) values (new.actor, 'released', new.id::text,
    jsonb_build_object('latches', v_latches), new.reason_id);
  return null;
end $$;
--> statement-breakpoint
create or replace function v3pls_apply_restoration() returns trigger
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
  with closed as (
    update incidents set state = 'closed', closed_at = v3pls_now() where id = new.incident_id and state = 'open' returning id
  ) insert into audit_log (actor, action, subject) select new.actor, 'incident_closed', id::text from closed;
  insert into audit_log (actor, action, subject, reason_id) values (new.actor, 'restored', new.incident_id::text, new.reason_id);
  return null;
end $$;
--> statement-breakpoint
-- Closed before this was written down: each says so once.
insert into audit_log (actor, action, subject) select 'migration', 'incident_closed', id::text from incidents where state = 'closed';
--> statement-breakpoint
-- A version keeps when its words were first said; the words themselves may be erased.
create function v3pls_guard_version() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if (new.pattern_id, new.version, new.first_seen, new.created_at, new.recorded_at)
    is distinct from (old.pattern_id, old.version, old.first_seen, old.created_at, old.recorded_at) then
    raise exception using errcode = 'V3A01', message = 'a version only loses its words';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard_version before update on pattern_versions for each row execute function v3pls_guard_version();
--> statement-breakpoint
create trigger watch_new before insert on messages
for each row when (new.watched_at is not null) execute function v3pls_watch_again();
--> statement-breakpoint
-- More than twenty blanks, or an expression that the database finds too complex, are compared by LIKE alone: it costs no more
-- than the text is long, and finds more rather than less.
create or replace function v3pls_renders(p_template text, p_text text) returns boolean
language plpgsql immutable parallel safe set search_path = pg_catalog, public, pg_temp set standard_conforming_strings = on
as $$
begin
  if not coalesce(lower(btrim(p_text)) like v3pls_like_of(p_template), false) then return false; end if;
  if (length(p_template) - length(replace(p_template, '{{', ''))) / 2 > 20 then return true; end if;
  return lower(btrim(p_text)) ~ ('^' || regexp_replace(
    regexp_replace(regexp_replace(lower(btrim(p_template)), '([^[:alnum:][:space:]])', '\\\1', 'g'),
      '\\\{\\\{name\\\}\\\}', '[^[:space:]!?,]+([[:space:]][^[:space:]!?,]+){0,2}', 'g'),
    '\\\{\\\{[a-z\\_]+\\\}\\\}', '[^!?[:cntrl:]]{1,40}', 'g') || '$');
exception when invalid_regular_expression then
  return true;
end $$;
