-- Erasing a customer: every text of theirs is blanked, what was learned from them alone goes, what others share is rebuilt by
-- the caller's plan, and a keyed tombstone keeps out what still arrives from before. Rows and their ids stay, so that a late
-- redelivery is still a duplicate. A customer is given as the digits under which one number may be stored (`p_digits`).
create trigger keep_rows before delete or truncate on erased_customers
for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
create function v3pls_is_number(p_text text, p_digits text[]) returns boolean
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select p_text !~ '[[:alpha:]]'
    and regexp_replace(translate(p_text, '０１２３４５６７８９', '0123456789'), '[^0-9]', '', 'g') = any (p_digits)
$$;
--> statement-breakpoint
-- A delivery's bytes as text. Bytes that are no UTF-8 become spaces: the octal digits of an escape would hide a number beside them.
create function v3pls_readable(p_raw bytea) returns text
language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
begin
  return convert_from(p_raw, 'UTF8');
exception when others then
  return regexp_replace(replace(encode(p_raw, 'escape'), '\\', ' '), '\\[0-7]{3}', ' ', 'g');
end $$;
--> statement-breakpoint
-- Whether the bytes hold a number, also where JSON's own escapes spell it.
create function v3pls_mentions(p_raw bytea, p_mention text) returns boolean
language plpgsql stable set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_text text := v3pls_readable(p_raw);
begin
  if v_text ~ p_mention then return true; end if;
  return strpos(v_text, '\u') > 0 and v_text::jsonb::text ~ p_mention;
exception when others then
  return false;
end $$;
--> statement-breakpoint
-- `is_shared`: a group, in which the texts of the others are theirs.
create function v3pls_customer_threads(p_digits text[]) returns table (id text, is_shared boolean)
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select t.id, strpos(t.customer, ',') > 0 from threads t
  where exists (select from unnest(string_to_array(t.customer, ',')) c where v3pls_is_number(c, p_digits))
$$;
--> statement-breakpoint
-- In a group only the delivery says who wrote; where it is gone, or says nothing clear, the text counts as this customer's.
create function v3pls_customer_messages(p_digits text[]) returns table (id text)
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select m.id from messages m join v3pls_customer_threads(p_digits) t on t.id = m.thread_id
  where not t.is_shared or (m.direction = 'incoming' and not exists (
    select from deliveries d cross join v3pls_readable(d.raw) body
    where d.message_id = m.id and d.outcome = 'accepted' and not v3pls_is_number(coalesce(
      substring(body from '"senderIdentifier"\s*:\s*"([^"\\]+)"'), substring(body from '"from"\s*:\s*"([^"\\]+)"')), p_digits)))
$$;
--> statement-breakpoint
-- A text's words without its slots: what redaction, templating and shortening leave of a text are words of that text.
create function v3pls_words(p_text text) returns text[]
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select array(select distinct word from regexp_split_to_table(lower(normalize(
    regexp_replace(p_text, '\{\{[a-z_]+\}\}', ' ', 'g'), NFKC)), '[\s!-/:-@\[-`{-~‘’“”‐-―…´]+') word where word <> '')
$$;
--> statement-breakpoint
-- How a question begins once it is a trigger: blanks folded, and cut before any length at which triggers are shortened.
create function v3pls_beginning(p_text text) returns text
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select left(btrim(regexp_replace(p_text, '\s+', ' ', 'g')), 250)
$$;
--> statement-breakpoint
-- Wordings that came from this customer, and that nobody else's exchange has: learned since a turn of a thread of theirs, and
-- either that exchange's own words or, for a wording that the exchange has grown out of, within a week and in no word that was not
-- said there. A version that a person made keeps what it took over from one of those.
-- @returns [{pattern_id, version, has_trigger, has_template}]
create function v3pls_taught_words(p_digits text[]) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  with own as materialized (
    select id from v3pls_customer_threads(p_digits)
  ), turns as materialized (
    select md5(v3pls_beginning(e.customer_text)) as question, md5(e.reply_text) as reply,
      v3pls_words(concat_ws(' ', e.customer_text, said.asked)) as asked, v3pls_words(concat_ws(' ', e.reply_text, said.answered)) as answered,
      least(e.recorded_at, said.first_at) as first_at, greatest(e.recorded_at, said.last_at) + interval '7 days' as until
    from exchanges e cross join lateral (
      select string_agg(m.text, ' ') filter (where m.direction = 'incoming') as asked,
        string_agg(m.text, ' ') filter (where m.direction = 'outgoing') as answered,
        min(m.recorded_at) as first_at, max(m.recorded_at) as last_at
      from messages m where m.id = any (e.customer_message_ids || e.operator_message_ids)
    ) said
    where e.thread_id in (select id from own)
  ), others as materialized (
    select md5(v3pls_beginning(customer_text)) as question, md5(reply_text) as reply from exchanges
    where reply_text is not null and thread_id not in (select id from own)
  ), wordings as materialized (
    select v.pattern_id, v.trigger_text, v.response_template, v.recorded_at,
      md5(v3pls_beginning(v.trigger_text)) as question, md5(v.response_template) as reply,
      -- Whatever was shortened was cut within its last word.
      case when length(v.trigger_text) < 250 then v.trigger_text else regexp_replace(v3pls_beginning(v.trigger_text), '\S*$', '') end as asked,
      case when length(v.response_template) < 4000 then v.response_template else regexp_replace(v.response_template, '\S*$', '') end as answered
    from pattern_versions v
    where v.changed_by in ('learning', 'import') and v.recorded_at >= (select min(first_at) from turns)
  ), learned as materialized (
    select w.pattern_id, w.trigger_text, w.response_template,
      not exists (select from others o where o.question = w.question) and exists (
        select from turns t, v3pls_words(w.asked) words where w.recorded_at >= t.first_at
          and (t.question = w.question or (w.recorded_at < t.until and words <> '{}' and words <@ t.asked))) as has_trigger,
      not exists (select from others o where o.reply = w.reply) and exists (
        select from turns t, v3pls_words(w.answered) words where w.recorded_at >= t.first_at
          and (t.reply = w.reply or (w.recorded_at < t.until and words <> '{}' and words <@ t.answered))) as has_template
    from wordings w
  )
  select coalesce(jsonb_agg(jsonb_build_object('pattern_id', pattern_id, 'version', version, 'has_trigger', has_trigger,
    'has_template', has_template)), '[]')
  from (
    select v.pattern_id, v.version, bool_or(l.has_trigger and l.trigger_text = v.trigger_text) as has_trigger,
      bool_or(l.has_template and l.response_template = v.response_template) as has_template
    from learned l join pattern_versions v on v.pattern_id = l.pattern_id
    where l.has_trigger or l.has_template group by 1, 2
  ) taught
$$;
--> statement-breakpoint
-- Patterns that this customer taught (`p_taught` says so), or is credited to. The fingerprint changes with whatever a plan for one of them rests on.
create function v3pls_affected_patterns(p_digits text[], p_taught jsonb)
returns table (id uuid, fingerprint text, is_credited boolean, has_trigger boolean, has_template boolean, other_exchanges bigint)
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  with own as materialized (
    select id from v3pls_customer_threads(p_digits)
  ), taught as materialized (
    select * from jsonb_to_recordset(p_taught) t (pattern_id uuid, version integer, has_trigger boolean, has_template boolean)
  ), credited as (
    select distinct pattern_id from exchanges where pattern_id is not null and thread_id in (select id from own)
  )
  select p.id, concat_ws(':', p.version, p.revision, p.is_active, others.n, others.revision), c.pattern_id is not null,
    coalesce(words.has_trigger, false), coalesce(words.has_template, false), others.n
  from (select pattern_id from credited union select pattern_id from taught) touched
  join decision_patterns p on p.id = touched.pattern_id
  left join credited c on c.pattern_id = p.id
  left join lateral (
    select bool_or(t.has_trigger and v.trigger_text = p.trigger_text) as has_trigger,
      bool_or(t.has_template and v.response_template = p.response_template) as has_template
    from taught t join pattern_versions v using (pattern_id, version) where t.pattern_id = p.id
  ) words on true
  cross join lateral (
    select count(*) as n, coalesce(max(e.revision), 0) as revision from exchanges e
    where e.pattern_id = p.id and e.thread_id not in (select id from own)
  ) others
$$;
--> statement-breakpoint
-- What is in flight for a customer either commits before they are erased, and is blanked with the rest, or finds the tombstone
-- and starts again (V3T01).
create function v3pls_expect_unerased(p_keys text[], p_at timestamptz) returns void
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  -- As the claim of a thread: storing must not wait for long.
  perform set_config('lock_timeout', '1200ms', true);
  perform pg_advisory_xact_lock_shared(hashtextextended(key, 0)) from (select unnest(p_keys) as key order by 1) keys;
  if exists (select from erased_customers where customer_key = any (p_keys) and p_at < erased_at) then
    raise exception using errcode = 'V3T01', message = 'this customer was erased meanwhile';
  end if;
end $$;
--> statement-breakpoint
-- A thread whose customer was erased takes the name of whoever writes there anew.
create function v3pls_name_customer(p_known text, p_given text) returns text
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select case when p_given <> '' and (p_known is null or strpos(p_known, '[erased]') > 0) then p_given else p_known end
$$;
--> statement-breakpoint
-- As it was in 0005, and with that.
create or replace function v3pls_claim_thread(p_id text, p_line text, p_customer text, p_is_group boolean, p_expected integer,
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
    update threads set version = version + 1, is_group = is_group or p_is_group,
      customer = v3pls_name_customer(customer, p_customer)
    where id = p_id and version = p_expected;
  end if;
  if not found then
    raise exception using errcode = 'V3T01', message = 'another writer changed this thread';
  end if;
end $$;
--> statement-breakpoint
-- A text with every number of `p_mention` taken out, the elements of a JSON list of texts included.
create function v3pls_without(p_texts jsonb, p_mention text) returns jsonb
language sql immutable parallel safe set search_path = pg_catalog, public, pg_temp
as $$
  select case when jsonb_typeof(p_texts) <> 'array' then p_texts else (
    select coalesce(jsonb_agg(case when jsonb_typeof(t) = 'string'
      then to_jsonb(regexp_replace(t #>> '{}', p_mention, '[erased]', 'g')) else t end order by n), '[]')
    from jsonb_array_elements(p_texts) with ordinality e (t, n)) end
$$;
--> statement-breakpoint
-- What stands beside the line's own tables: the number within what others wrote or people noted, and reasons given for acts on
-- what is erased. None of it holds what a learner waits for.
create function v3pls_erase_mentions(p_mention text, p_threads text[], p_own text[]) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_messages integer;
  v_deliveries integer;
begin
  update deliveries set raw = null
  where raw is not null and (message_id in (select m.id from messages m where m.thread_id = any (p_threads))
    or v3pls_mentions(raw, p_mention));
  get diagnostics v_deliveries = row_count;
  update messages set text = regexp_replace(text, p_mention, '[erased]', 'g')
  where text ~ p_mention and thread_id <> all (p_own);
  get diagnostics v_messages = row_count;
  update reasons set text = null where text is not null and id in (
    select a.reason_id from audit_log a where a.subject = any (p_threads)
      or a.subject in (select e.id::text from exchanges e where e.thread_id = any (p_threads)));
  update reasons set text = regexp_replace(text, p_mention, '[erased]', 'g') where text ~ p_mention;
  update access_tokens set name = regexp_replace(name, p_mention, '[erased]', 'g') where name ~ p_mention;
  -- Another program's own; the history beside it is append-only.
  update pattern_execution_queue set conversation_id = null where conversation_id ~ p_mention;
  return jsonb_build_object('deliveries', v_deliveries, 'mentions', v_messages);
end $$;
--> statement-breakpoint
-- Patterns, by the caller's plan: [{id, fingerprint, kind: keep|remove|reword, triggerText, responseTemplate, slots, facts,
-- isRetired}]. A plan that no longer fits what is there starts again (V3T02).
create function v3pls_erase_lessons(p_digits text[], p_mention text, p_plan jsonb, p_threads text[]) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_affected jsonb;
  v_taught jsonb;
  v_removed uuid[];
  v_rebuilt uuid[];
  v_active uuid[];
  v_exchanges integer;
begin
  -- The locks first, in the order of every learner, and in statements of their own.
  perform from learning_state for update;
  lock table decision_patterns in row exclusive mode;
  perform from decision_patterns
  where id in (select (e ->> 'id')::uuid from jsonb_array_elements(p_plan) e) order by id for update;
  v_taught := v3pls_taught_words(p_digits);
  select coalesce(jsonb_object_agg(a.id, a.fingerprint), '{}') into v_affected from v3pls_affected_patterns(p_digits, v_taught) a;
  if v_affected <> (select coalesce(jsonb_object_agg(e ->> 'id', e ->> 'fingerprint'), '{}') from jsonb_array_elements(p_plan) e) then
    raise exception using errcode = 'V3T02', message = 'another writer learned meanwhile';
  end if;
  select coalesce(array_agg((e ->> 'id')::uuid) filter (where e ->> 'kind' = 'remove'), '{}'),
    coalesce(array_agg((e ->> 'id')::uuid) filter (where e ->> 'kind' = 'reword'), '{}')
  into v_removed, v_rebuilt from jsonb_array_elements(p_plan) e;
  v_active := array(select id from decision_patterns where is_active order by id);

  update exchanges set pattern_id = null, customer_text = null, previous_operator_text = null, reply_text = null,
    skipped = null, skipped_detail = null, is_withdrawn = true, key = 'withdrawn:' || id
  where thread_id = any (p_threads)
    and (not is_withdrawn or customer_text is not null or previous_operator_text is not null or reply_text is not null);
  get diagnostics v_exchanges = row_count;
  update exchanges set customer_text = regexp_replace(customer_text, p_mention, '[erased]', 'g'),
    previous_operator_text = regexp_replace(previous_operator_text, p_mention, '[erased]', 'g'),
    reply_text = regexp_replace(reply_text, p_mention, '[erased]', 'g')
  where customer_text ~ p_mention or previous_operator_text ~ p_mention or reply_text ~ p_mention;

  delete from decision_patterns where id = any (v_removed);
  update decision_patterns p set trigger_text = e ->> 'triggerText', response_template = e ->> 'responseTemplate',
    slots = e -> 'slots', facts = e -> 'facts', changed_by = 'learning',
    retired_at = case when (e ->> 'isRetired')::boolean then coalesce(p.retired_at, v3pls_now()) else p.retired_at end
  from jsonb_array_elements(p_plan) e where e ->> 'kind' = 'reword' and p.id = (e ->> 'id')::uuid;
  update decision_patterns p set possible_duplicates = (select coalesce(jsonb_agg(d), '[]')
    from jsonb_array_elements(p.possible_duplicates) d where coalesce(d ->> 'id', '') <> all (v_removed::text[]))
  where exists (select from jsonb_array_elements(case when jsonb_typeof(p.possible_duplicates) = 'array'
    then p.possible_duplicates else '[]' end) d where d ->> 'id' = any (v_removed::text[]));
  update decision_patterns set trigger_text = regexp_replace(trigger_text, p_mention, '[erased]', 'g'),
    response_template = regexp_replace(response_template, p_mention, '[erased]', 'g'),
    notes = regexp_replace(notes, p_mention, '[erased]', 'g'), facts = v3pls_without(facts, p_mention)
  where trigger_text ~ p_mention or response_template ~ p_mention or notes ~ p_mention or facts::text ~ p_mention;

  update pattern_versions v set
    trigger_text = case when t.has_trigger then null else v.trigger_text end,
    response_template = case when t.has_template then null else v.response_template end,
    slots = case when t.has_template then '[]' else v.slots end
  from jsonb_to_recordset(v_taught) t (pattern_id uuid, version integer, has_trigger boolean, has_template boolean)
  where v.pattern_id = t.pattern_id and v.version = t.version;
  update pattern_versions set trigger_text = null, response_template = null, slots = '[]' where pattern_id = any (v_removed);
  update pattern_versions set trigger_text = regexp_replace(trigger_text, p_mention, '[erased]', 'g'),
    response_template = regexp_replace(response_template, p_mention, '[erased]', 'g')
  where trigger_text ~ p_mention or response_template ~ p_mention;
  update reasons set text = null where text is not null and id in (
    select reason_id from audit_log where subject = any (v_removed::text[])
    union all select reason_id from activations where pattern_id = any (v_removed)
    union all select reason_id from pattern_commands where pattern_id = any (v_removed));
  perform v3pls_refresh_patterns(array(select (e ->> 'id')::uuid from jsonb_array_elements(p_plan) e
    where e ->> 'kind' <> 'remove' order by 1));
  return jsonb_build_object('exchanges', v_exchanges, 'patternsRemoved', cardinality(v_removed),
    'patternsRebuilt', cardinality(v_rebuilt), 'switchedOff', (select coalesce(jsonb_agg(was.id), '[]') from unnest(v_active) was (id)
      where not exists (select from decision_patterns p where p.id = was.id and p.is_active)));
end $$;
--> statement-breakpoint
-- The whole of it, in one transaction. @returns counts, and the patterns that were active and no longer are
create function v3pls_erase_customer(p_digits text[], p_mention text, p_key text, p_actor text, p_plan jsonb) returns jsonb
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_threads text[];
  v_own text[];
  v_shared text[];
  v_messages text[];
  v_count integer;
  v_result jsonb;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'V3R01', message = 'erasing runs at read committed';
  end if;
  perform set_config('lock_timeout', '5s', true);
  -- Whatever is in flight for this customer commits before, or finds the tombstone.
  perform pg_advisory_xact_lock(hashtextextended(p_key, 0));
  -- The moment after the wait: now() stands still in a transaction.
  insert into erased_customers as known (customer_key, erased_at)
  values (p_key, v3pls_now() + (clock_timestamp() - transaction_timestamp()))
  on conflict (customer_key) do update set erased_at = greatest(known.erased_at, excluded.erased_at);
  -- In the order in which a thread is claimed; what moved to another one meanwhile is seen by the next statement.
  perform from threads where id in (select t.id from v3pls_customer_threads(p_digits) t)
  order by id !~ '^TH[0-9a-f]{32}$', id for update;
  select coalesce(array_agg(t.id order by t.id), '{}'), coalesce(array_agg(t.id) filter (where not t.is_shared), '{}'),
    coalesce(array_agg(t.id order by t.id) filter (where t.is_shared), '{}')
  into v_threads, v_own, v_shared from v3pls_customer_threads(p_digits) t;
  v_messages := array(select m.id from v3pls_customer_messages(p_digits) m);
  v_result := v3pls_erase_mentions(p_mention, v_threads, v_own)
    || v3pls_erase_lessons(p_digits, p_mention, p_plan, v_threads);

  update messages set text = null, status = 'erased' where id = any (v_messages) and status <> 'erased';
  get diagnostics v_count = row_count;
  update messages set line_id = '[erased]' where thread_id = any (v_shared) and v3pls_is_number(line_id, p_digits);
  update exchanges set line_id = '[erased]' where thread_id = any (v_shared) and v3pls_is_number(line_id, p_digits);
  update threads set version = version + 1, customer = case when id = any (v_shared) then (
      select string_agg(case when v3pls_is_number(c, p_digits) then '[erased]' else c end, ',' order by n)
      from unnest(string_to_array(customer, ',')) with ordinality u (c, n)) end,
    line_id = case when id = any (v_shared) and v3pls_is_number(line_id, p_digits) then '[erased]' else line_id end
  where id = any (v_threads);
  v_result := v_result || jsonb_build_object('threads', cardinality(v_threads), 'messages', v_count);
  insert into audit_log (actor, action, subject, details) values (p_actor, 'customer_erased', p_key, v_result);
  -- Last, as in every transaction. What the others wrote in a group is derived again.
  delete from thread_marks where thread_id = any (v_own);
  insert into thread_marks (thread_id, reason) select unnest(v_shared), 'erased'
  on conflict (thread_id) do update set mark = thread_marks.mark + 1;
  return v_result;
end $$;
