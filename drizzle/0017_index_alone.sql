-- Beside the product: `-- batch` lets each statement stand alone. One that an interrupted try left half made goes first. The old ones go last.
DROP INDEX CONCURRENTLY IF EXISTS "conversations_nobodys";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "conversations_nobodys" ON "conversations" USING btree ("tenant_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST,"account_id") WHERE assignee_id is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_unassigned";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "reads_conversation";
