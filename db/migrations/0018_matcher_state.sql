CREATE TABLE "matcher_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"packed" "bytea",
	"packed_format" integer DEFAULT 0 NOT NULL,
	"packed_revision" bigint DEFAULT -1 NOT NULL,
	"least_revision" bigint DEFAULT 0 NOT NULL,
	"slope" double precision DEFAULT 1 NOT NULL,
	"confidence_offset" double precision DEFAULT 0 NOT NULL,
	"outcomes" integer DEFAULT 0 NOT NULL,
	"fitted_revision" bigint DEFAULT 0 NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "one_matcher_state" CHECK (id = 1),
	CONSTRAINT "matcher_adjustment_bounded" CHECK (slope between 0.4 and 2.5 and confidence_offset between -4 and 4 and outcomes >= 0)
);
--> statement-breakpoint
ALTER TABLE "shadow_decisions" ADD COLUMN "shipped_confidence" numeric(6, 5);
--> statement-breakpoint
insert into matcher_state (id) values (1);
--> statement-breakpoint
-- A text that is taken away (erased, unlearned) may stay nowhere, also not as words in a packed state: neither in the one that is
-- here nor in one that an instance packed before and has not written yet.
create function v3pls_drop_packed_state() returns trigger
language plpgsql set search_path = pg_catalog, public, pg_temp
as $$
begin
  update matcher_state set packed = null, packed_revision = -1,
    least_revision = greatest(least_revision, (select revision from learning_state) + 1)
  where packed is not null or least_revision <= (select revision from learning_state);
  return null;
end $$;
--> statement-breakpoint
create trigger drop_packed_state after update of reply_text, customer_text, previous_operator_text on exchanges
for each row when (old.reply_text is not null and new.reply_text is null
  -- A mention of an erased customer in somebody else's texts.
  or strpos(concat(new.reply_text, new.customer_text, new.previous_operator_text), '[erased]') > 0
  and strpos(concat(old.reply_text, old.customer_text, old.previous_operator_text), '[erased]') = 0)
execute function v3pls_drop_packed_state();
--> statement-breakpoint
create trigger drop_packed_state_of_deleted after delete on exchanges
for each row when (old.reply_text is not null or old.customer_text is not null)
execute function v3pls_drop_packed_state();
