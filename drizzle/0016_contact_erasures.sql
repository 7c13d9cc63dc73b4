-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again. The old index goes last.
CREATE TABLE IF NOT EXISTS "erasures" (
	"tenant_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"begun_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"traces" jsonb,
	"messages" integer DEFAULT 0 NOT NULL,
	"webhooks" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "erasures_tenant_id_contact_id_pk" PRIMARY KEY("tenant_id","contact_id")
);
--> statement-breakpoint
-- batch
ALTER TABLE "erasures" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "erasures" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "erasures" DROP CONSTRAINT IF EXISTS "erasures_tenant_id_tenants_id_fk";
--> statement-breakpoint
ALTER TABLE "erasures" ADD CONSTRAINT "erasures_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
DROP POLICY IF EXISTS "erasures_app" ON "erasures";
--> statement-breakpoint
CREATE POLICY "erasures_app" ON "erasures" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "erasures_worker" ON "erasures";
--> statement-breakpoint
CREATE POLICY "erasures_worker" ON "erasures" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));
--> statement-breakpoint
DROP POLICY IF EXISTS "erasures_eraser" ON "erasures";
--> statement-breakpoint
CREATE POLICY "erasures_eraser" ON "erasures" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "erasures_parley_platform" ON "erasures";
--> statement-breakpoint
CREATE POLICY "erasures_parley_platform" ON "erasures" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
-- Whoever may, asks for it, and it is written down when it is done; which there are is seen across tenants, of whom is not.
GRANT SELECT, INSERT, DELETE ON "erasures" TO parley_app;
--> statement-breakpoint
GRANT SELECT ("tenant_id", "contact_id", "begun_at", "lease_until"), UPDATE ("lease_until") ON "erasures" TO parley_platform;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON "erasures" TO parley_eraser;
--> statement-breakpoint
-- What a contact leaves in what others wrote, and everybody's events start again behind it.
GRANT UPDATE ("content") ON "messages" TO parley_eraser;
--> statement-breakpoint
GRANT UPDATE ("waiting") ON "externals" TO parley_eraser;
--> statement-breakpoint
GRANT UPDATE ("floor") ON "event_heads" TO parley_eraser;
--> statement-breakpoint
REVOKE UPDATE ("data", "type") ON "events" FROM parley_eraser;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "merge_suggestions_other";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "merge_suggestions_other" ON "merge_suggestions" USING btree ("tenant_id","other_id");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "participants_address";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "participants_address" ON "participants" USING btree ("tenant_id","address");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "reads_conversation";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "reads_conversation" ON "reads" USING btree ("tenant_id","conversation_id");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "deliveries_chat";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "deliveries_chat" ON "deliveries" USING btree ("tenant_id","chat_id");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "externals_told";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "externals_told" ON "externals" USING btree ("tenant_id","account_id","scope","external_id") WHERE waiting is not null or message_id is null;
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "messages_chat";
--> statement-breakpoint
CREATE INDEX CONCURRENTLY "messages_chat" ON "messages" USING btree ("tenant_id","chat_id","dated");
--> statement-breakpoint
DROP INDEX CONCURRENTLY IF EXISTS "messages_dated";
