ALTER TABLE "members" ADD COLUMN "availability_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "served_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "auto_assign" text DEFAULT 'off' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "free_when_away" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- An admin makes the rules; the timer that keeps to them notes whose turn it was.
grant update (auto_assign, free_when_away) on tenants to parley_app;--> statement-breakpoint
grant update (availability_at, served_at) on members to parley_app;
