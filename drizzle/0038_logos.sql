ALTER TABLE "tenants" ADD COLUMN "logo" text;--> statement-breakpoint
-- An admin puts it up.
grant update (logo) on tenants to parley_app;
