-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again. The old one goes last.
DROP INDEX CONCURRENTLY IF EXISTS "deliveries_due_beside_files";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "deliveries_due_beside_files" ON "deliveries" USING btree ("account_id","due_at") WHERE head and (not file or status <> 0);--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "attachments_due_of_account";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "attachments_due_of_account" ON "attachments" USING btree ("account_id","due_at") WHERE state = 'pending';--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "attachments_due";
