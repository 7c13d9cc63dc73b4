-- Beside the product: `-- batch` lets each statement stand alone. One that an interrupted try left half made goes first. The old ones go last.
DROP INDEX CONCURRENTLY IF EXISTS "conversation_labels_bearers";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "conversation_labels_bearers" ON "conversation_labels" USING btree ("tenant_id","label_id","conversation_id");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_assigned";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "conversations_assigned" ON "conversations" USING btree ("tenant_id","assignee_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE assignee_id is not null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_unassigned";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "conversations_unassigned" ON "conversations" USING btree ("tenant_id","status","last_message_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE assignee_id is null;--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversation_labels_label";--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "conversations_assignee";
