CREATE TABLE "operators" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "exchanges" ADD COLUMN "question_hash" text;--> statement-breakpoint
ALTER TABLE "exchanges" ADD COLUMN "reply_hash" text;--> statement-breakpoint
CREATE INDEX "deliveries_kept" ON "deliveries" USING btree ("recorded_at") WHERE raw is not null;--> statement-breakpoint
CREATE INDEX "exchanges_kept" ON "exchanges" USING btree ("recorded_at") WHERE customer_text is not null or previous_operator_text is not null or reply_text is not null;--> statement-breakpoint
CREATE INDEX "messages_kept" ON "messages" USING btree ("recorded_at") WHERE text is not null;
--> statement-breakpoint
-- Retention: texts that were written down longer ago than the settings say are taken away, a batch at a time, the oldest first.
-- Rows, ids and what was counted from them stay, so that a late redelivery is still a duplicate. It counts from `recorded_at`
-- alone: what is imported today is kept as long as what comes today. Each returns how many rows it blanked.
create function v3pls_kept_since(p_keys text[]) returns timestamptz
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  select max(v3pls_now() - make_interval(days => v3pls_setting(key)::int)) from unnest(p_keys) key
$$;
--> statement-breakpoint
-- A delivery's bytes hold its text: they go with whichever of the two ends first.
create function v3pls_blank_deliveries(p_limit integer) returns integer
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_before timestamptz := v3pls_kept_since(array['delivery_retention_days', 'message_retention_days']);
  v_count integer;
begin
  update deliveries set raw = null where id in (
    select id from deliveries where raw is not null and recorded_at < v_before order by recorded_at limit p_limit
    for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
-- Texts of people. What nobody wrote is dear: the trigger `note_unattended` compares it with every wording, since the watchdog
-- will not see it any more. That has a function of its own, so that the others do not wait behind it.
create function v3pls_blank_messages(p_limit integer) returns integer
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_before timestamptz := v3pls_kept_since(array['message_retention_days']);
  v_count integer;
begin
  update messages set text = null where id in (
    select id from messages where text is not null and recorded_at < v_before and (direction = 'incoming' or is_person)
    order by recorded_at limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
create function v3pls_blank_unattended(p_limit integer) returns integer
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_before timestamptz := v3pls_kept_since(array['message_retention_days']);
  v_count integer;
begin
  update messages set text = null where id in (
    select id from messages where text is not null and recorded_at < v_before and direction = 'outgoing' and not is_person
    order by recorded_at limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
-- An exchange keeps its credit and loses its words, and so does the matcher. A hash stays where a pattern says the same anyway.
create function v3pls_blank_exchanges(p_limit integer) returns integer
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
declare
  v_before timestamptz := v3pls_kept_since(array['message_retention_days']);
  v_count integer;
begin
  if not exists (select from exchanges where recorded_at < v_before
    and (customer_text is not null or previous_operator_text is not null or reply_text is not null)) then
    return 0;
  end if;
  -- As every learner: this lock first. Whoever learns does not wait long for it.
  perform set_config('lock_timeout', '1200ms', true);
  perform from learning_state for update;
  with wordings as materialized (
    select md5(v3pls_beginning(trigger_text)) as question, md5(response_template) as reply from pattern_versions
  )
  update exchanges e set customer_text = null, previous_operator_text = null, reply_text = null,
    question_hash = case when e.customer_text is null then e.question_hash
      when md5(v3pls_beginning(e.customer_text)) in (select question from wordings) then md5(v3pls_beginning(e.customer_text)) end,
    reply_hash = case when e.reply_text is null then e.reply_hash
      when md5(e.reply_text) in (select reply from wordings) then md5(e.reply_text) end
  where id in (
    select id from exchanges where recorded_at < v_before
      and (customer_text is not null or previous_operator_text is not null or reply_text is not null)
    order by recorded_at limit p_limit for update skip locked);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
--> statement-breakpoint
create function v3pls_forget_hashes() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.question_hash := null;
  new.reply_hash := null;
  return new;
end $$;
--> statement-breakpoint
-- Erased, or no longer derived; or it has words again.
create trigger forget_hashes before update on exchanges
for each row when ((old.question_hash is not null or old.reply_hash is not null) and (new.is_withdrawn or new.reply_text is not null))
execute function v3pls_forget_hashes();
--> statement-breakpoint
-- As it was in 0012, and by the hashes where retention took the words away. Of an exchange without words nobody can say any more
-- which wordings it has grown out of: those that its own pattern learned within the week count as its own.
create or replace function v3pls_taught_words(p_digits text[]) returns jsonb
language sql stable set search_path = pg_catalog, public, pg_temp
as $$
  with own as materialized (
    select id from v3pls_customer_threads(p_digits)
  ), turns as materialized (
    select coalesce(md5(v3pls_beginning(e.customer_text)), e.question_hash) as question, coalesce(md5(e.reply_text), e.reply_hash) as reply,
      case when e.reply_text is null then e.pattern_id end as faded_from,
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
    select coalesce(md5(v3pls_beginning(customer_text)), question_hash) as question, coalesce(md5(reply_text), reply_hash) as reply
    from exchanges
    where (reply_text is not null or question_hash is not null or reply_hash is not null) and thread_id not in (select id from own)
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
          and (t.question = w.question or (w.recorded_at < t.until
            and (t.faded_from = w.pattern_id or (words <> '{}' and words <@ t.asked))))) as has_trigger,
      not exists (select from others o where o.reply = w.reply) and exists (
        select from turns t, v3pls_words(w.answered) words where w.recorded_at >= t.first_at
          and (t.reply = w.reply or (w.recorded_at < t.until
            and (t.faded_from = w.pattern_id or (words <> '{}' and words <@ t.answered))))) as has_template
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
