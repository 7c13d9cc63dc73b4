ALTER TABLE "accounts" ADD COLUMN "agents_see_all" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "agents_see_all" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- An admin says what agents see.
grant update (agents_see_unassigned, agents_see_all) on tenants to parley_app;
