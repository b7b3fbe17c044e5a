CREATE TABLE "lines" (
	"line_id" text NOT NULL,
	"number" text NOT NULL,
	"recorded_at" timestamp with time zone DEFAULT v3pls_now() NOT NULL,
	CONSTRAINT "lines_line_id_number_pk" PRIMARY KEY("line_id","number")
);
