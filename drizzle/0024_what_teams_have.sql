-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again.
ALTER TABLE "conversations" DROP CONSTRAINT IF EXISTS "conversations_tenant_id_team_id_teams_tenant_id_id_fk";--> statement-breakpoint
-- batch
ALTER TABLE "conversations" ADD CONSTRAINT "conversations_tenant_id_team_id_teams_tenant_id_id_fk" FOREIGN KEY ("tenant_id","team_id") REFERENCES "public"."teams"("tenant_id","id") ON DELETE no action ON UPDATE no action NOT VALID;--> statement-breakpoint
ALTER TABLE "conversations" VALIDATE CONSTRAINT "conversations_tenant_id_team_id_teams_tenant_id_id_fk";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_team";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "conversations_team" ON "conversations" USING btree ("tenant_id","team_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST,"account_id","assignee_id") WHERE team_id is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_free";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "conversations_free" ON "conversations" USING btree ("tenant_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST,"account_id","team_id") WHERE assignee_id is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_nobodys";
