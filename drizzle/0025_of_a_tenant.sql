ALTER TABLE "tenants" ADD COLUMN "hue" integer;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "hours" jsonb;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "keep_resolved_days" integer;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "keep_webhook_days" integer;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "keep_event_days" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
-- An admin says how the tenant shows itself, when it is there, and how long it keeps what.
grant update (name, hue, time_zone, hours, keep_resolved_days, keep_webhook_days, keep_event_days) on tenants to parley_app;
