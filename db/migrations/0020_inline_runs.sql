CREATE TABLE "inline_runs" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"claimed_at" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "one_inline_run" CHECK (id = 1)
);
--> statement-breakpoint
CREATE TABLE "watchdog_news" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"pattern_id" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "watched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "watchdog_runs" ADD COLUMN "is_whole" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "messages_unwatched" ON "messages" USING btree ("id") WHERE direction = 'outgoing' and not is_person and watched_at is null;--> statement-breakpoint
CREATE INDEX "decision_patterns_unsafe" ON "decision_patterns" USING btree ("id") WHERE auto_executable is not false or requires_confirmation is not true or is_active is null;--> statement-breakpoint
CREATE INDEX "pattern_execution_history_evidence" ON "pattern_execution_history" USING btree ("id") WHERE was_auto_executed is distinct from false or coalesce(btrim(approved_by, E' \t\n\r'), '') = ''
        or coalesce(execution_mode, 'manual') not in ('shadow', 'suggested', 'manual');--> statement-breakpoint
CREATE INDEX "watchdog_runs_whole" ON "watchdog_runs" USING btree ("finished_at") WHERE is_whole and status = 'clean';
--> statement-breakpoint
insert into inline_runs (id) values (1);
--> statement-breakpoint
create trigger keep_rows before delete or truncate on inline_runs for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
-- Without its row no decision would be made any more.
create trigger keep_rows before delete or truncate on matcher_state for each statement execute function v3pls_refuse_change();
--> statement-breakpoint
-- Whatever a pattern's counters are held against tells the watchdog that it changed.
create function v3pls_tell_watchdog() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  if tg_table_name = 'decision_patterns' then
    insert into watchdog_news (pattern_id) values (new.id);
  else
    insert into watchdog_news (pattern_id)
    select id from (select case when tg_op <> 'INSERT' then old.pattern_id end as id
      union select case when tg_op <> 'DELETE' then new.pattern_id end) changed where id is not null;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger tell_watchdog after insert on decision_patterns for each row execute function v3pls_tell_watchdog();
--> statement-breakpoint
create trigger tell_watchdog_of_change after update on decision_patterns
for each row when (new.id <> old.id or new.version <> old.version or new.exchange_count <> old.exchange_count
  or new.agreed_count <> old.agreed_count or new.disagreed_count <> old.disagreed_count
  or new.confidence_score <> old.confidence_score or new.execution_count <> old.execution_count)
execute function v3pls_tell_watchdog();
--> statement-breakpoint
create trigger tell_watchdog after insert on exchanges
for each row when (new.pattern_id is not null) execute function v3pls_tell_watchdog();
--> statement-breakpoint
create trigger tell_watchdog_of_change after update of pattern_id on exchanges
for each row when (new.pattern_id is distinct from old.pattern_id) execute function v3pls_tell_watchdog();
--> statement-breakpoint
create trigger tell_watchdog_of_deleted after delete on exchanges
for each row when (old.pattern_id is not null) execute function v3pls_tell_watchdog();
--> statement-breakpoint
create trigger tell_watchdog after insert on shadow_judgements
for each row when (new.pattern_id is not null) execute function v3pls_tell_watchdog();
--> statement-breakpoint
-- Another text, or another sender, is compared anew.
create function v3pls_watch_again() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  new.watched_at := null;
  return new;
end $$;
--> statement-breakpoint
create trigger watch_again before update of text, direction, is_person, event_at on messages
for each row when (old.watched_at is not null) execute function v3pls_watch_again();
