-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again.
DROP INDEX CONCURRENTLY IF EXISTS "conversations_waiting";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "conversations_waiting" ON "conversations" USING btree ("tenant_id","waiting_since","id") WHERE status = 'open' and assignee_id is null and waiting_since is not null;
