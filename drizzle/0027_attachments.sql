-- Beside the product: `-- batch` lets each statement stand alone, so each may be run again.
-- batch
CREATE TABLE IF NOT EXISTS "attachments" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"message_id" uuid,
	"account_id" uuid,
	"kind" text NOT NULL,
	"state" text DEFAULT 'pending' NOT NULL,
	"handle" jsonb,
	"declared_type" text,
	"file_name" text,
	"mime_type" text,
	"size_bytes" bigint,
	"received_bytes" bigint,
	"suspicious" boolean DEFAULT false NOT NULL,
	"width" integer,
	"height" integer,
	"small" boolean DEFAULT false NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "attachments_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "attachments" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "attachments" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "attachments" DROP CONSTRAINT IF EXISTS "attachments_tenant_id_message_id_messages_tenant_id_id_fk";
--> statement-breakpoint
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_tenant_id_message_id_messages_tenant_id_id_fk" FOREIGN KEY ("tenant_id","message_id") REFERENCES "public"."messages"("tenant_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "attachments" DROP CONSTRAINT IF EXISTS "attachments_tenant_id_account_id_accounts_tenant_id_id_fk";
--> statement-breakpoint
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_tenant_id_account_id_accounts_tenant_id_id_fk" FOREIGN KEY ("tenant_id","account_id") REFERENCES "public"."accounts"("tenant_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "attachments_message" ON "attachments" USING btree ("tenant_id","message_id");
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "attachments_due" ON "attachments" USING btree ("due_at") WHERE state = 'pending';
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "attachments_removed" ON "attachments" USING btree ("due_at") WHERE state = 'removed';
--> statement-breakpoint
CREATE INDEX IF NOT EXISTS "attachments_unsent" ON "attachments" USING btree ("tenant_id","expires_at") WHERE state in ('uploading', 'uploaded');
--> statement-breakpoint
DROP POLICY IF EXISTS "attachments_app" ON "attachments";
--> statement-breakpoint
CREATE POLICY "attachments_app" ON "attachments" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "attachments_worker" ON "attachments";
--> statement-breakpoint
CREATE POLICY "attachments_worker" ON "attachments" AS PERMISSIVE FOR ALL TO "parley_worker" USING (true);
--> statement-breakpoint
DROP POLICY IF EXISTS "attachments_eraser" ON "attachments";
--> statement-breakpoint
CREATE POLICY "attachments_eraser" ON "attachments" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
-- Customers' are added with the message, fetched by the workers whoever's they are, and ended by them once their bytes are
-- gone; members add their own, look, and ask for another try; whoever erases only marks them.
GRANT SELECT, INSERT, UPDATE, DELETE ON "attachments" TO parley_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON "attachments" TO parley_app;
--> statement-breakpoint
GRANT SELECT, UPDATE ON "attachments" TO parley_eraser;
