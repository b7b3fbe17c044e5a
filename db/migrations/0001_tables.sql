CREATE TABLE "deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"scheme" text NOT NULL,
	"event_type" text,
	"message_id" text,
	"outcome" text NOT NULL,
	"reason" text,
	"raw" "bytea",
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "delivery_outcome_known" CHECK (outcome in ('accepted', 'ignored', 'quarantined'))
);
--> statement-breakpoint
CREATE TABLE "delivery_counts" (
	"hour" timestamp with time zone NOT NULL,
	"outcome" text NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"count" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "delivery_counts_hour_outcome_reason_pk" PRIMARY KEY("hour","outcome","reason")
);
--> statement-breakpoint
CREATE TABLE "exchanges" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"key" text NOT NULL,
	"thread_id" text NOT NULL,
	"line_id" text NOT NULL,
	"customer_message_ids" text[] NOT NULL,
	"operator_message_ids" text[] NOT NULL,
	"previous_operator_message_ids" text[] DEFAULT '{}' NOT NULL,
	"operator_id" text,
	"started_at" timestamp with time zone NOT NULL,
	"asked_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"is_after_window" boolean DEFAULT false NOT NULL,
	"skipped" text,
	"skipped_detail" text,
	"dont_learn" boolean DEFAULT false NOT NULL,
	"pattern_id" uuid,
	"customer_text" text,
	"previous_operator_text" text,
	"reply_text" text,
	"is_withdrawn" boolean DEFAULT false NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "credited_or_skipped" CHECK (pattern_id is null or (skipped is null and not is_withdrawn))
);
--> statement-breakpoint
CREATE TABLE "learning_state" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"identity" uuid DEFAULT gen_random_uuid() NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"transaction" "xid8",
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "one_learning_state" CHECK (id = 1)
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text PRIMARY KEY NOT NULL,
	"thread_id" text NOT NULL,
	"line_id" text NOT NULL,
	"direction" text NOT NULL,
	"text" text,
	"text_key" uuid GENERATED ALWAYS AS (md5(lower(btrim(text)))::uuid) STORED,
	"actor_id" text,
	"is_person" boolean NOT NULL,
	"is_group" boolean DEFAULT false NOT NULL,
	"has_media" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"is_off" boolean DEFAULT false NOT NULL,
	"event_at" timestamp with time zone NOT NULL,
	"source" text DEFAULT 'webhook' NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "message_direction_known" CHECK (direction in ('incoming', 'outgoing'))
);
--> statement-breakpoint
CREATE TABLE "thread_marks" (
	"thread_id" text PRIMARY KEY NOT NULL,
	"mark" integer DEFAULT 1 NOT NULL,
	"reason" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "threads" (
	"id" text PRIMARY KEY NOT NULL,
	"line_id" text NOT NULL,
	"customer" text,
	"is_group" boolean DEFAULT false NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"dont_learn" boolean DEFAULT false NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "decision_patterns" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"pattern_type" text NOT NULL,
	"trigger_text" text NOT NULL,
	"response_template" text NOT NULL,
	"slots" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"confidence_score" numeric(5, 4) DEFAULT 0.50 NOT NULL,
	"is_active" boolean DEFAULT false NOT NULL,
	"auto_executable" boolean DEFAULT false NOT NULL,
	"requires_confirmation" boolean DEFAULT true NOT NULL,
	"execution_count" integer DEFAULT 0 NOT NULL,
	"success_count" integer DEFAULT 0 NOT NULL,
	"failure_count" integer DEFAULT 0 NOT NULL,
	"created_from" text DEFAULT 'external' NOT NULL,
	"first_seen" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"last_seen" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"changed_by" text DEFAULT 'external' NOT NULL,
	"notes" text,
	"edited_at" timestamp with time zone,
	"retired_at" timestamp with time zone,
	"facts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"possible_duplicates" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"exchange_count" integer DEFAULT 0 NOT NULL,
	"customer_count" integer DEFAULT 0 NOT NULL,
	"operator_count" integer DEFAULT 0 NOT NULL,
	"day_count" integer DEFAULT 0 NOT NULL,
	"agreed_count" integer DEFAULT 0 NOT NULL,
	"disagreed_count" integer DEFAULT 0 NOT NULL,
	"revision" bigint DEFAULT 0 NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "nothing_executes" CHECK (not auto_executable),
	CONSTRAINT "everything_asks" CHECK (requires_confirmation),
	CONSTRAINT "pattern_type_length" CHECK (char_length(pattern_type) between 1 and 64),
	CONSTRAINT "trigger_text_length" CHECK (char_length(trigger_text) between 1 and 20000),
	CONSTRAINT "response_template_length" CHECK (char_length(response_template) between 1 and 20000),
	CONSTRAINT "confidence_range" CHECK (confidence_score between 0 and 1),
	CONSTRAINT "created_from_known" CHECK (created_from in ('webhook', 'import', 'external')),
	CONSTRAINT "retired_is_inactive" CHECK (retired_at is null or not is_active)
);
--> statement-breakpoint
CREATE TABLE "pattern_execution_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"pattern_id" uuid,
	"conversation_id" text,
	"was_auto_executed" boolean,
	"execution_mode" text,
	"approved_by" text,
	"was_successful" boolean,
	"confidence_at_execution" numeric,
	"created_at" timestamp with time zone DEFAULT v3pls_now(),
	"recorded_at" timestamp with time zone DEFAULT v3pls_now()
);
--> statement-breakpoint
CREATE TABLE "pattern_execution_queue" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"pattern_id" uuid,
	"conversation_id" text,
	"status" text DEFAULT 'pending' NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "queue_status_known" CHECK (status in ('pending', 'cancelled', 'dismissed'))
);
--> statement-breakpoint
CREATE TABLE "pattern_learning_config" (
	"config_key" text PRIMARY KEY NOT NULL,
	"config_value" text NOT NULL,
	"description" text,
	"updated_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"updated_by" text DEFAULT 'migration' NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "config_value_typed" CHECK (v3pls_is_setting(config_key, config_value))
);
--> statement-breakpoint
CREATE TABLE "pattern_versions" (
	"pattern_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"pattern_type" text NOT NULL,
	"trigger_text" text,
	"response_template" text,
	"slots" jsonb NOT NULL,
	"changed_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "pattern_versions_pattern_id_version_pk" PRIMARY KEY("pattern_id","version")
);
--> statement-breakpoint
CREATE TABLE "removed_patterns" (
	"pattern_id" uuid PRIMARY KEY NOT NULL,
	"revision" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_tokens" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"operator_id" text,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "access_tokens_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "token_role_known" CHECK (role in ('viewer', 'operator', 'admin'))
);
--> statement-breakpoint
CREATE TABLE "activations" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"pattern_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"content_hash" text DEFAULT '' NOT NULL,
	"actor" text NOT NULL,
	"reason_id" uuid,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"activated_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"expires_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"reason_id" uuid,
	"at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "config_changes" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"config_key" text NOT NULL,
	"new_value" text NOT NULL,
	"old_value" text,
	"actor" text NOT NULL,
	"reason_id" uuid,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "incident_evidence" (
	"check_id" text NOT NULL,
	"key" text NOT NULL,
	"incident_id" uuid NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "incident_evidence_check_id_key_pk" PRIMARY KEY("check_id","key")
);
--> statement-breakpoint
CREATE TABLE "incidents" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"source" text NOT NULL,
	"actor" text NOT NULL,
	"reason_id" uuid,
	"state" text DEFAULT 'open' NOT NULL,
	"rollback" text DEFAULT 'pending' NOT NULL,
	"pending_because" text,
	"snapshot" jsonb,
	"changed" jsonb,
	"opened_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"rolled_back_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "incident_state_known" CHECK (state in ('open', 'closed')),
	CONSTRAINT "rollback_state_known" CHECK (rollback in ('pending', 'done')),
	CONSTRAINT "rollback_has_snapshot" CHECK (rollback = 'pending' or (snapshot is not null and rolled_back_at is not null)),
	CONSTRAINT "closed_is_rolled_back" CHECK (state = 'open' or rollback = 'done')
);
--> statement-breakpoint
CREATE TABLE "kill_switch_latches" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"actor" text NOT NULL,
	"reason_id" uuid,
	"engaged_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "kill_switch_releases" (
	"latch_id" bigint PRIMARY KEY NOT NULL,
	"release_id" bigint NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reasons" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"text" text,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "releases" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"actor" text NOT NULL,
	"reason_id" uuid NOT NULL,
	"transaction" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watchdog_lease" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"renewed_at" timestamp with time zone,
	"run_id" bigint,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "one_lease" CHECK (id = 1)
);
--> statement-breakpoint
CREATE TABLE "watchdog_runs" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"status" text NOT NULL,
	"checks" jsonb NOT NULL,
	"incident_id" uuid,
	"started_at" timestamp with time zone NOT NULL,
	"finished_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "run_status_known" CHECK (status in ('clean', 'rolled_back', 'latched'))
);
--> statement-breakpoint
CREATE TABLE "shadow_decisions" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"thread_id" text NOT NULL,
	"last_message_id" text NOT NULL,
	"kind" text NOT NULL,
	"pattern_id" uuid,
	"pattern_version" integer,
	"match_confidence" numeric(6, 5),
	"expected_agreement" numeric(6, 5),
	"reasons" text[] DEFAULT '{}' NOT NULL,
	"gates" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"alternatives" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_late" boolean DEFAULT false NOT NULL,
	"committed_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "decision_kind_known" CHECK (kind in ('would_reply', 'abstained'))
);
--> statement-breakpoint
CREATE TABLE "shadow_judgements" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"decision_id" bigint NOT NULL,
	"exchange_id" uuid,
	"pattern_id" uuid,
	"pattern_version" integer,
	"would_reply" boolean NOT NULL,
	"outcome" text NOT NULL,
	"token_f1" numeric(5, 4),
	"created_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "judgement_outcome_known" CHECK (outcome in ('agreed', 'disagreed', 'ignored'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX "deliveries_message_event" ON "deliveries" USING btree ("message_id","event_type") WHERE outcome = 'accepted';--> statement-breakpoint
CREATE INDEX "deliveries_recorded" ON "deliveries" USING btree ("recorded_at");--> statement-breakpoint
CREATE UNIQUE INDEX "exchanges_key" ON "exchanges" USING btree ("key");--> statement-breakpoint
CREATE INDEX "exchanges_thread" ON "exchanges" USING btree ("thread_id","started_at");--> statement-breakpoint
CREATE INDEX "exchanges_pattern" ON "exchanges" USING btree ("pattern_id") WHERE pattern_id is not null;--> statement-breakpoint
CREATE INDEX "exchanges_revision" ON "exchanges" USING btree ("revision") WHERE revision > 0;--> statement-breakpoint
CREATE INDEX "exchanges_recorded" ON "exchanges" USING btree ("recorded_at");--> statement-breakpoint
CREATE INDEX "messages_thread" ON "messages" USING btree ("thread_id","event_at") WHERE is_person;--> statement-breakpoint
CREATE INDEX "messages_same_text" ON "messages" USING btree ("text_key","event_at") WHERE direction = 'outgoing';--> statement-breakpoint
CREATE INDEX "messages_unattended" ON "messages" USING btree ("recorded_at") WHERE direction = 'outgoing' and not is_person;--> statement-breakpoint
CREATE INDEX "messages_recorded" ON "messages" USING btree ("recorded_at");--> statement-breakpoint
CREATE INDEX "threads_customer" ON "threads" USING btree ("line_id","customer");--> statement-breakpoint
CREATE INDEX "decision_patterns_revision" ON "decision_patterns" USING btree ("revision");--> statement-breakpoint
CREATE INDEX "decision_patterns_created" ON "decision_patterns" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "decision_patterns_active" ON "decision_patterns" USING btree ("id") WHERE is_active;--> statement-breakpoint
CREATE INDEX "pattern_execution_history_created" ON "pattern_execution_history" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "pattern_execution_history_pattern" ON "pattern_execution_history" USING btree ("pattern_id");--> statement-breakpoint
CREATE INDEX "pattern_execution_queue_pending" ON "pattern_execution_queue" USING btree ("id") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "removed_patterns_revision" ON "removed_patterns" USING btree ("revision");--> statement-breakpoint
CREATE INDEX "activations_pattern" ON "activations" USING btree ("pattern_id","version","id");--> statement-breakpoint
CREATE INDEX "audit_log_subject" ON "audit_log" USING btree ("subject","id");--> statement-breakpoint
CREATE INDEX "audit_log_at" ON "audit_log" USING btree ("at");--> statement-breakpoint
CREATE INDEX "incident_evidence_incident" ON "incident_evidence" USING btree ("incident_id");--> statement-breakpoint
CREATE INDEX "incidents_open" ON "incidents" USING btree ("opened_at") WHERE state = 'open' or rollback = 'pending';--> statement-breakpoint
CREATE INDEX "watchdog_runs_finished" ON "watchdog_runs" USING btree ("finished_at");--> statement-breakpoint
CREATE INDEX "shadow_decisions_turn" ON "shadow_decisions" USING btree ("last_message_id","id");--> statement-breakpoint
CREATE INDEX "shadow_decisions_pattern" ON "shadow_decisions" USING btree ("pattern_id","pattern_version") WHERE kind = 'would_reply';--> statement-breakpoint
CREATE INDEX "shadow_decisions_committed" ON "shadow_decisions" USING btree ("committed_at");--> statement-breakpoint
CREATE INDEX "shadow_judgements_decision" ON "shadow_judgements" USING btree ("decision_id","id");--> statement-breakpoint
CREATE INDEX "shadow_judgements_pattern" ON "shadow_judgements" USING btree ("pattern_id","pattern_version","decision_id","id") WHERE would_reply;--> statement-breakpoint
CREATE INDEX "shadow_judgements_created" ON "shadow_judgements" USING btree ("created_at");