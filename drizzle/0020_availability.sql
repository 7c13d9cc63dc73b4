ALTER TABLE "members" ADD COLUMN "availability" text DEFAULT 'online' NOT NULL;--> statement-breakpoint
-- Members say of themselves that they are away.
grant update (availability) on members to parley_app;
