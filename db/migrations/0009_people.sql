-- Who calls, and how often. The answer is given for this statement's moment: what is revoked or expired opens nothing from
-- the next request on. Everything here is compared by hash.
create function v3pls_find_caller(p_kind text, p_hash text, p_admin_hash text) returns jsonb
language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_session sessions;
  v_token access_tokens;
  v_token_hash text := p_hash;
begin
  if p_kind = 'session' then
    select * into v_session from sessions where secret_hash = p_hash and ended_at is null and v3pls_now() < expires_at;
    if not found then return null; end if;
    -- A session of ADMIN_TOKEN ends when that token is replaced.
    if v_session.parent_hash = p_admin_hash then
      return jsonb_build_object('actor', 'admin', 'name', 'admin', 'role', 'admin', 'operatorId', null, 'expiresAt', v_session.expires_at);
    end if;
    v_token_hash := v_session.parent_hash;
  end if;
  select * into v_token from access_tokens
  where token_hash = v_token_hash and revoked_at is null and (expires_at is null or v3pls_now() < expires_at);
  if not found then return null; end if;
  return jsonb_build_object('actor', 'token:' || v_token.id, 'name', v_token.name, 'role', v_token.role,
    'operatorId', v_token.operator_id, 'expiresAt', least(v_session.expires_at, v_token.expires_at));
end $$;
--> statement-breakpoint
-- One more of this bucket; false beyond the limit of its window. It waits half a second for a lock, no longer: what was not counted is null, and not allowed.
create function v3pls_count_use(p_bucket text, p_limit integer, p_window interval) returns boolean
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_count integer;
begin
  perform set_config('lock_timeout', '500ms', true);
  insert into rate_limits as r (bucket, window_start, count) values (p_bucket, v3pls_now(), 1)
  on conflict (bucket) do update set
    count = case when r.window_start + p_window <= v3pls_now() then 1 else least(r.count + 1, p_limit + 1) end,
    window_start = case when r.window_start + p_window <= v3pls_now() then v3pls_now() else r.window_start end
  returning count into v_count;
  return v_count <= p_limit;
exception when others then
  return null;
end $$;
--> statement-breakpoint
-- Opens a session for a token or for a one-time link. Failures are counted by where they came from, before anything is
-- compared, and a success takes its count back.
create function v3pls_sign_in(p_kind text, p_hash text, p_admin_hash text, p_secret_hash text, p_bucket text, p_limit integer)
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
  insert into audit_log (actor, action) values (coalesce(v_caller ->> 'actor', 'admin'), 'signed_in');
  return jsonb_build_object('status', 'signed_in', 'caller', v3pls_find_caller('session', p_secret_hash, p_admin_hash));
end $$;
--> statement-breakpoint
-- The name to show for an actor of the audit, where ids stand.
create function v3pls_actor_name(p_actor text) returns text
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select coalesce((select name from access_tokens
    where p_actor ~ '^token:[0-9a-f-]{36}$' and id = substr(p_actor, 7)::uuid), p_actor)
$$;
--> statement-breakpoint
-- A token's role, its owner and its hash are given once.
create function v3pls_guard_token() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if (new.id, new.role, new.token_hash, new.operator_id, new.created_at) is distinct from
    (old.id, old.role, old.token_hash, old.operator_id, old.created_at)
    or (old.revoked_at is not null and new.revoked_at is distinct from old.revoked_at)
    or (old.expires_at is not null and (new.expires_at is null or new.expires_at > old.expires_at)) then
    raise exception using errcode = 'V3A01', message = 'a token keeps what it was given: revoke it and make another';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger guard_token before update on access_tokens for each row execute function v3pls_guard_token();
--> statement-breakpoint
create function v3pls_audit_token() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    insert into audit_log (actor, action, subject, details) values (new.created_by, 'token_created', new.id::text,
      jsonb_build_object('role', new.role, 'expiresAt', new.expires_at));
  elsif new.revoked_at is not null and old.revoked_at is null then
    insert into audit_log (actor, action, subject) values (coalesce(new.revoked_by, 'sql:' || session_user), 'token_revoked', new.id::text);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger audit_token after insert or update on access_tokens for each row execute function v3pls_audit_token();
