CREATE TABLE "ground_truth_sightings" (
	"message_id" text PRIMARY KEY NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "matcher_state" DROP CONSTRAINT "matcher_adjustment_bounded";--> statement-breakpoint
ALTER TABLE "watchdog_runs" DROP CONSTRAINT "run_status_known";--> statement-breakpoint
ALTER TABLE "matcher_state" ADD CONSTRAINT "matcher_adjustment_bounded" CHECK (outcomes >= 0 and slope between 0.4 and 2.5 and confidence_offset between -4 and 4);--> statement-breakpoint
ALTER TABLE "watchdog_runs" ADD CONSTRAINT "run_status_known" CHECK (status in ('clean', 'rolled_back', 'latched', 'unknown', 'failed'));
--> statement-breakpoint
create trigger append_only before update or delete or truncate on ground_truth_sightings
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
create trigger keep_rows before truncate on pattern_versions
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
-- An erasure between two runs takes away one of the two texts by which a run would see that a pattern was sent. Whether they were
-- equal is noted before, by the message's id: the words themselves stay nowhere. Both functions ask what the check asks.
create function v3pls_note_unattended() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into ground_truth_sightings (message_id)
  select old.id where exists (
    select from pattern_versions v
    where v.recorded_at < old.recorded_at and v.first_seen < old.event_at
      and case when md5(lower(btrim(v.response_template)))::uuid = old.text_key then true
        when v.response_template ~ '\{\{[a-z_]+\}\}' then v3pls_renders(v.response_template, old.text) else false end)
  on conflict do nothing;
  return null;
end $$;
--> statement-breakpoint
create trigger note_unattended after update of text, direction, is_person on messages
for each row when (old.direction = 'outgoing' and not old.is_person and old.text <> ''
  and (new.text is distinct from old.text or new.direction <> old.direction or new.is_person))
execute function v3pls_note_unattended();
--> statement-breakpoint
create trigger note_unattended_of_deleted after delete on messages
for each row when (old.direction = 'outgoing' and not old.is_person and old.text <> '')
execute function v3pls_note_unattended();
--> statement-breakpoint
create function v3pls_note_rendered() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_like text := case when old.response_template ~ '\{\{[a-z_]+\}\}' then v3pls_like_of(old.response_template) end;
begin
  insert into ground_truth_sightings (message_id)
  select m.id from messages m
  where m.direction = 'outgoing' and not m.is_person and m.text <> ''
    and m.text_key = md5(lower(btrim(old.response_template)))::uuid
    and old.recorded_at < m.recorded_at and old.first_seen < m.event_at
  on conflict do nothing;
  if v_like is not null then
    insert into ground_truth_sightings (message_id)
    select m.id from messages m
    where m.direction = 'outgoing' and not m.is_person and m.text <> '' and old.recorded_at < m.recorded_at
      and old.first_seen < m.event_at
      and case when lower(btrim(m.text)) like v_like then v3pls_renders(old.response_template, m.text) else false end
    on conflict do nothing;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger note_rendered after update of response_template on pattern_versions
for each row when (old.response_template is not null and new.response_template is distinct from old.response_template)
execute function v3pls_note_rendered();
--> statement-breakpoint
create trigger note_rendered_of_deleted after delete on pattern_versions
for each row when (old.response_template is not null)
execute function v3pls_note_rendered();
--> statement-breakpoint
-- With the lengths of its parts: joined by a sign that may stand within them, two different contents could have one hash.
create or replace function v3pls_content_hash(p_trigger text, p_template text, p_slots jsonb) returns text
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select encode(sha256(convert_to(char_length(p_trigger)::text || ':' || p_trigger || char_length(p_template)::text || ':'
    || p_template || p_slots::text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
alter table activations disable trigger append_only;
--> statement-breakpoint
-- An approval stays one of the words that it was given for, which the version keeps; the pattern's own words count only where
-- that version's were taken away.
update activations a set content_hash = v3pls_content_hash(w.trigger_text, w.response_template, w.slots)
from (
  select pattern_id, version, trigger_text, response_template, slots from pattern_versions
  where trigger_text is not null and response_template is not null
  union all
  select p.id, p.version, p.trigger_text, p.response_template, p.slots from decision_patterns p
  where not exists (select from pattern_versions v where v.pattern_id = p.id and v.version = p.version
    and v.trigger_text is not null and v.response_template is not null)
) w
where w.pattern_id = a.pattern_id and w.version = a.version and a.content_hash = encode(sha256(convert_to(
  w.trigger_text || chr(31) || w.response_template || chr(31) || w.slots::text, 'UTF8')), 'hex');
--> statement-breakpoint
alter table activations enable trigger append_only;
--> statement-breakpoint
-- A snapshot that somebody planted on a pending incident is replaced by the rollback's own; from then on it stays.
create or replace function v3pls_guard_incident() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if new.id <> old.id or new.source <> old.source or new.opened_at <> old.opened_at
    or (new.rollback = 'done' and new.snapshot is distinct from old.snapshot)
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
-- Who may call: a token that is removed, and every session that is opened, are in the audit, whoever does it.
create or replace function v3pls_audit_token() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into audit_log (actor, action, subject, details) values (new.created_by, 'token_created', new.id::text,
      jsonb_build_object('role', new.role, 'expiresAt', new.expires_at));
  elsif tg_op = 'DELETE' then
    insert into audit_log (actor, action, subject, details) values ('sql:' || session_user, 'token_removed', old.id::text,
      jsonb_build_object('role', old.role));
  elsif new.revoked_at is not null and old.revoked_at is null then
    insert into audit_log (actor, action, subject) values (coalesce(new.revoked_by, 'sql:' || session_user), 'token_revoked', new.id::text);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_removed_token after delete on access_tokens for each row execute function v3pls_audit_token();
--> statement-breakpoint
create trigger keep_rows before truncate on access_tokens
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
-- A session keeps whose it is and how long; it can only end. Thirty days, and a moment for clocks.
create function v3pls_guard_session() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    new.created_at := v3pls_now();
    new.recorded_at := v3pls_now();
    if new.ended_at is null and new.expires_at > v3pls_now() + interval '31 days' then
      raise exception using errcode = 'V3A01', message = 'a session lasts a month at most';
    end if;
  elsif (new.id, new.secret_hash, new.parent_hash, new.created_at) is distinct from
    (old.id, old.secret_hash, old.parent_hash, old.created_at)
    or new.expires_at > old.expires_at or (old.ended_at is not null and new.ended_at is distinct from old.ended_at) then
    raise exception using errcode = 'V3A01', message = 'a session keeps what it was given: it can only end';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard_session before insert or update on sessions for each row execute function v3pls_guard_session();
--> statement-breakpoint
create function v3pls_audit_session() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  insert into audit_log (actor, action, subject, details) values (
    coalesce((select 'token:' || t.id from access_tokens t where t.token_hash = new.parent_hash), 'admin'), 'signed_in',
    new.id::text, jsonb_build_object('expiresAt', new.expires_at));
  return null;
end $$;
--> statement-breakpoint
create trigger audit_session after insert on sessions for each row execute function v3pls_audit_session();
--> statement-breakpoint
-- As it was in 0009; the audit row comes from the session itself.
create or replace function v3pls_sign_in(p_kind text, p_hash text, p_admin_hash text, p_secret_hash text, p_bucket text, p_limit integer)
returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_within boolean := v3pls_count_use(p_bucket, p_limit, interval '5 minutes');
  v_parent text;
  v_until timestamptz := v3pls_now() + interval '30 days';
  v_caller jsonb;
begin
  if v_within is not true then
    return jsonb_build_object('status', case when v_within is null then 'unavailable' else 'limited' end);
  end if;
  if p_kind = 'link' then
    update sign_in_links set used_at = v3pls_now()
    where code_hash = p_hash and used_at is null and v3pls_now() < expires_at returning token_hash into v_parent;
  else
    v_parent := p_hash;
  end if;
  if v_parent is distinct from p_admin_hash then
    v_caller := v3pls_find_caller('token', v_parent, p_admin_hash);
    if v_caller is null then return jsonb_build_object('status', 'refused'); end if;
    v_until := least(v_until, (v_caller ->> 'expiresAt')::timestamptz);
  end if;
  update rate_limits set count = count - 1 where bucket = p_bucket;
  insert into sessions (secret_hash, parent_hash, expires_at) values (p_secret_hash, v_parent, v_until);
  return jsonb_build_object('status', 'signed_in', 'caller', v3pls_find_caller('session', p_secret_hash, p_admin_hash));
end $$;
