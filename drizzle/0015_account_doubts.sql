ALTER TABLE "accounts" ADD COLUMN "doubt" text;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "doubt_at" timestamp (3) with time zone;--> statement-breakpoint
-- The day of each account stands on its page.
GRANT SELECT ON "account_hours" TO parley_app;
