-- Beside the product: a large table is not held while its index is built. One that an interrupted try left half made goes first.
DROP INDEX CONCURRENTLY IF EXISTS "deliveries_unknown";--> statement-breakpoint
-- batch
CREATE INDEX CONCURRENTLY "deliveries_unknown" ON "deliveries" USING btree ("due_at") WHERE status = 2;
