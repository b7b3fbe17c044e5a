CREATE TABLE "erased_customers" (
	"customer_key" text PRIMARY KEY NOT NULL,
	"erased_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_limits" (
	"bucket" text PRIMARY KEY NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"count" integer NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"secret_hash" text NOT NULL,
	"parent_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "sessions_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "sign_in_links" (
	"code_hash" text PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pattern_commands" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"pattern_id" uuid NOT NULL,
	"action" text NOT NULL,
	"expected_version" integer,
	"target_id" uuid,
	"target_version" integer,
	"actor" text NOT NULL,
	"reason_id" uuid,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "pattern_command_known" CHECK (action in ('deactivate', 'edit', 'retire', 'restore', 'merge')),
	CONSTRAINT "merge_has_target" CHECK ((action = 'merge') = (target_id is not null and target_version is not null))
);
--> statement-breakpoint
CREATE TABLE "restorations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"incident_id" uuid NOT NULL,
	"actor" text NOT NULL,
	"reason_id" uuid NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "decision_patterns" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "access_tokens" ADD COLUMN "revoked_by" text;--> statement-breakpoint
CREATE INDEX "sessions_expiry" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "pattern_commands_transaction" ON "pattern_commands" USING btree ("transaction");--> statement-breakpoint
CREATE INDEX "activations_transaction" ON "activations" USING btree ("transaction");--> statement-breakpoint
ALTER TABLE "decision_patterns" ADD CONSTRAINT "merged_is_retired" CHECK (merged_into is null or retired_at is not null);