-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again.
-- Invitations that are over for long are removed with the rest of what is past its time.
GRANT SELECT ("tenant_id", "id", "accepted_at", "revoked_at", "expires_at"), DELETE ON "invitations" TO parley_worker;--> statement-breakpoint
-- batch
DROP INDEX CONCURRENTLY IF EXISTS "sessions_expires";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "sessions_expires" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "verifications_expires";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "verifications_expires" ON "verifications" USING btree ("expires_at");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_log_action";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "audit_log_action" ON "audit_log" USING btree ("tenant_id","action","seq");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_log_actor";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "audit_log_actor" ON "audit_log" USING btree ("tenant_id","actor_id","seq");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_log_target";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "audit_log_target" ON "audit_log" USING btree ("tenant_id","target_id","seq");--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "audit_log_at";--> statement-breakpoint
CREATE INDEX CONCURRENTLY "audit_log_at" ON "audit_log" USING btree ("tenant_id","at");
