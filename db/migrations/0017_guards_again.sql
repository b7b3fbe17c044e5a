-- What an attack on the guards found. A command is of this transaction only if it was also written at this transaction's time:
-- after a restore into another cluster its numbers begin anew, and old commands would be permits again.
create or replace function v3pls_guard_pattern() returns trigger
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
    where a.transaction = pg_current_xact_id() and a.recorded_at = v3pls_now() and a.pattern_id = new.id and a.version = old.version
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
create or replace function v3pls_guard_configuration() returns trigger
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
    where transaction = pg_current_xact_id() and recorded_at = v3pls_now() and config_key = new.config_key and new_value = new.config_value
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
create or replace function v3pls_audit_configuration() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_log (actor, action, subject, details, reason_id)
  select new.updated_by, 'config_changed', new.config_key,
    jsonb_build_object('old', case when tg_op = 'UPDATE' then old.config_value end, 'new', new.config_value),
    (select reason_id from config_changes
     where transaction = pg_current_xact_id() and recorded_at = v3pls_now() and config_key = new.config_key order by id desc limit 1)
  where tg_op = 'INSERT' or old.config_value <> new.config_value;
  return null;
end $$;
--> statement-breakpoint
create or replace function v3pls_check_latch_release() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if not exists (select from releases where id = new.release_id and transaction = pg_current_xact_id()
    and recorded_at = v3pls_now())
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
create or replace function v3pls_audit_patterns() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_actor text := coalesce(
    (select actor from activations where transaction = pg_current_xact_id() and recorded_at = v3pls_now() order by id desc limit 1),
    (select actor from pattern_commands where transaction = pg_current_xact_id() and recorded_at = v3pls_now() order by id desc limit 1),
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
--> statement-breakpoint
-- The table before its rows, as the rollback locks it: in the other order each waits for the other.
create or replace function v3pls_refresh_patterns(p_ids uuid[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform from learning_state for update;
  lock table decision_patterns in row exclusive mode;
  perform from decision_patterns where id = any (p_ids) order by id for update;
  with evidence as (
    select e.pattern_id, count(*)::int as exchanges, count(distinct t.customer)::int as customers,
      count(distinct e.operator_id)::int as operators, count(distinct (e.answered_at at time zone 'UTC')::date)::int as days,
      min(e.started_at) as first_seen, max(e.answered_at) as last_seen
    from exchanges e left join threads t on t.id = e.thread_id
    where e.pattern_id = any (p_ids) group by 1
  ), judged as (
    select n.id, count(*) filter (where n.outcome = 'agreed')::int as agreed,
      count(*) filter (where n.outcome = 'disagreed')::int as disagreed
    from (
      select distinct on (j.decision_id) p.id, j.outcome from decision_patterns p
      join shadow_judgements j on j.pattern_id = p.id and j.pattern_version = p.version and j.would_reply
      where p.id = any (p_ids) order by j.decision_id, j.id desc
    ) n group by 1
  )
  update decision_patterns p set
    exchange_count = coalesce(e.exchanges, 0), customer_count = coalesce(e.customers, 0),
    operator_count = coalesce(e.operators, 0), day_count = coalesce(e.days, 0),
    first_seen = coalesce(e.first_seen, p.first_seen), last_seen = coalesce(e.last_seen, p.last_seen),
    agreed_count = coalesce(j.agreed, 0), disagreed_count = coalesce(j.disagreed, 0),
    execution_count = least(p.execution_count, (select count(*) from pattern_execution_history h where h.pattern_id = p.id)),
    confidence_score = v3pls_confidence(p.id, p.version)
  from unnest(p_ids) as wanted (id)
    left join evidence e on e.pattern_id = wanted.id
    left join judged j on j.id = wanted.id
  where p.id = wanted.id;
end $$;
--> statement-breakpoint
-- From when on words were there to be said: a learned pattern's first ones since its first exchange, reworded ones since the
-- newest exchange that it knew, anybody else's since they were written.
update pattern_versions v set first_seen = coalesce(
  (select p.first_seen from decision_patterns p where p.id = v.pattern_id and v.version = 1), v.created_at);
--> statement-breakpoint
create or replace function v3pls_keep_version() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into pattern_versions (pattern_id, version, pattern_type, trigger_text, response_template, slots, changed_by, first_seen)
  values (new.id, new.version, new.pattern_type, new.trigger_text, new.response_template, new.slots, new.changed_by,
    case when new.version = 1 then new.first_seen when new.changed_by = 'learning' then new.last_seen else v3pls_now() end);
  return null;
end $$;
--> statement-breakpoint
-- Words that were learned from an exchange which may not be learned any more stay nowhere, also not in a pattern that was
-- merged into another before: nobody wrote them but the customer and the operator of that exchange.
create function v3pls_forget_merged(p_exchanges uuid[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform from learning_state for update;
  lock table decision_patterns in row exclusive mode;
  delete from decision_patterns p using exchanges e
  where e.id = any (p_exchanges) and p.merged_into = e.pattern_id and p.edited_at is null and p.exchange_count = 0
    and p.created_from <> 'external' and (p.response_template = e.reply_text or strpos(e.customer_text, p.trigger_text) = 1);
end $$;
