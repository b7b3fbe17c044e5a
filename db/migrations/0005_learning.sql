-- Writing what was derived: claims that make concurrent writers start again, and counters recounted from their evidence.
-- A writer that read an older version of the thread starts again (V3T01).
create function v3pls_claim_thread(p_id text, p_line text, p_customer text, p_is_group boolean, p_expected integer,
  p_adopts text)
returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- Storing must not wait behind a rollback or a slow learner: whoever is kept waiting stores the text alone.
  perform set_config('lock_timeout', '1200ms', true);
  if p_adopts is not null then perform from threads where id = p_adopts for update; end if;
  if p_expected is null then
    -- A text that names its thread and one that does not may come at the same moment: they are one thread all the same.
    perform pg_advisory_xact_lock(hashtextextended(p_line || '|' || p_customer, 0));
    if exists (select from threads t where t.line_id = p_line and t.customer = p_customer and t.id <> p_id
      and t.id is distinct from p_adopts and (t.id ~ '^TH[0-9a-f]{32}$' or p_id ~ '^TH[0-9a-f]{32}$')) then
      raise exception using errcode = 'V3T01', message = 'this thread has got another id';
    end if;
    insert into threads (id, line_id, customer, is_group) values (p_id, p_line, p_customer, p_is_group)
    on conflict (id) do nothing;
  else
    update threads set version = version + 1, is_group = is_group or p_is_group
    where id = p_id and version = p_expected;
  end if;
  if not found then
    raise exception using errcode = 'V3T01', message = 'another writer changed this thread';
  end if;
end $$;
--> statement-breakpoint
-- A learner that decided on an older matcher starts again (V3T02).
create function v3pls_expect_revision(p_expected bigint) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  update learning_state set revision = revision + 1, transaction = pg_current_xact_id() where revision = p_expected;
  if not found then
    raise exception using errcode = 'V3T02', message = 'another writer learned meanwhile';
  end if;
end $$;
--> statement-breakpoint
create function v3pls_number_exchange() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_op = 'INSERT' then
    if new.pattern_id is not null then new.revision := v3pls_next_revision(); end if;
  elsif (new.pattern_id, new.customer_text, new.previous_operator_text, new.reply_text)
    is distinct from (old.pattern_id, old.customer_text, old.previous_operator_text, old.reply_text)
    and (new.pattern_id is not null or old.pattern_id is not null) then
    new.revision := v3pls_next_revision();
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger number_exchange before insert or update on exchanges
for each row execute function v3pls_number_exchange();
--> statement-breakpoint
-- Recounts evidence, shadow record and confidence of these patterns from their rows, and from nothing else. The locks come
-- first, in the order of every learner, and in statements of their own: a count that waits for a row would count before the wait.
create function v3pls_refresh_patterns(p_ids uuid[]) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  perform from learning_state for update;
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
