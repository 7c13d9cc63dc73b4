-- Table by table, for each waits for its own lock alone: `-- batch` lets each statement stand alone, so each may be run again.
do $$
begin
  begin
    create role parley_eraser nologin nosuperuser nobypassrls;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    grant parley_eraser to current_user;
  exception when unique_violation then null;
  when insufficient_privilege then
    if not pg_has_role('parley_eraser', 'member') then raise; end if;
  end;
end $$;
--> statement-breakpoint
-- batch
CREATE TABLE IF NOT EXISTS "audit_heads" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint DEFAULT 0 NOT NULL,
	"hash" text DEFAULT '' NOT NULL,
	"seal" text DEFAULT '' NOT NULL,
	CONSTRAINT "audit_heads_tenant_id_pk" PRIMARY KEY("tenant_id")
);
--> statement-breakpoint
ALTER TABLE "audit_heads" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE IF NOT EXISTS "audit_log" (
	"tenant_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text,
	"as_member_id" uuid,
	"action" text NOT NULL,
	"target_kind" text,
	"target_id" uuid,
	"before" text,
	"after" text,
	"address" text,
	"user_agent" text,
	"correlation_id" text,
	"key_id" text NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_log_tenant_id_seq_pk" PRIMARY KEY("tenant_id","seq")
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN IF NOT EXISTS "impersonator_session_id" uuid;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "deletes_at" timestamp (3) with time zone;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "quotas" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN IF NOT EXISTS "features" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
DROP POLICY IF EXISTS "account_hours_eraser" ON "account_hours";
--> statement-breakpoint
CREATE POLICY "account_hours_eraser" ON "account_hours" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "accounts_eraser" ON "accounts";
--> statement-breakpoint
CREATE POLICY "accounts_eraser" ON "accounts" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "accounts_parley_platform" ON "accounts";
--> statement-breakpoint
CREATE POLICY "accounts_parley_platform" ON "accounts" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
DROP POLICY IF EXISTS "apps_eraser" ON "apps";
--> statement-breakpoint
CREATE POLICY "apps_eraser" ON "apps" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "contacts_eraser" ON "contacts";
--> statement-breakpoint
CREATE POLICY "contacts_eraser" ON "contacts" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "identities_eraser" ON "identities";
--> statement-breakpoint
CREATE POLICY "identities_eraser" ON "identities" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "merge_suggestions_eraser" ON "merge_suggestions";
--> statement-breakpoint
CREATE POLICY "merge_suggestions_eraser" ON "merge_suggestions" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "chat_addresses_eraser" ON "chat_addresses";
--> statement-breakpoint
CREATE POLICY "chat_addresses_eraser" ON "chat_addresses" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "chats_eraser" ON "chats";
--> statement-breakpoint
CREATE POLICY "chats_eraser" ON "chats" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "conversation_labels_eraser" ON "conversation_labels";
--> statement-breakpoint
CREATE POLICY "conversation_labels_eraser" ON "conversation_labels" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "conversations_eraser" ON "conversations";
--> statement-breakpoint
CREATE POLICY "conversations_eraser" ON "conversations" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "labels_eraser" ON "labels";
--> statement-breakpoint
CREATE POLICY "labels_eraser" ON "labels" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "participants_eraser" ON "participants";
--> statement-breakpoint
CREATE POLICY "participants_eraser" ON "participants" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "reads_eraser" ON "reads";
--> statement-breakpoint
CREATE POLICY "reads_eraser" ON "reads" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "event_heads_eraser" ON "event_heads";
--> statement-breakpoint
CREATE POLICY "event_heads_eraser" ON "event_heads" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "events_eraser" ON "events";
--> statement-breakpoint
CREATE POLICY "events_eraser" ON "events" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "pending_eraser" ON "pending";
--> statement-breakpoint
CREATE POLICY "pending_eraser" ON "pending" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "pending_parley_platform" ON "pending";
--> statement-breakpoint
CREATE POLICY "pending_parley_platform" ON "pending" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
DROP POLICY IF EXISTS "webhooks_eraser" ON "webhooks";
--> statement-breakpoint
CREATE POLICY "webhooks_eraser" ON "webhooks" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "attempts_eraser" ON "attempts";
--> statement-breakpoint
CREATE POLICY "attempts_eraser" ON "attempts" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "deliveries_eraser" ON "deliveries";
--> statement-breakpoint
CREATE POLICY "deliveries_eraser" ON "deliveries" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "externals_eraser" ON "externals";
--> statement-breakpoint
CREATE POLICY "externals_eraser" ON "externals" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "idempotency_keys_eraser" ON "idempotency_keys";
--> statement-breakpoint
CREATE POLICY "idempotency_keys_eraser" ON "idempotency_keys" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "message_edits_eraser" ON "message_edits";
--> statement-breakpoint
CREATE POLICY "message_edits_eraser" ON "message_edits" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "messages_eraser" ON "messages";
--> statement-breakpoint
CREATE POLICY "messages_eraser" ON "messages" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "reactions_eraser" ON "reactions";
--> statement-breakpoint
CREATE POLICY "reactions_eraser" ON "reactions" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "api_keys_eraser" ON "api_keys";
--> statement-breakpoint
CREATE POLICY "api_keys_eraser" ON "api_keys" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "roles_eraser" ON "roles";
--> statement-breakpoint
CREATE POLICY "roles_eraser" ON "roles" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "invitations_eraser" ON "invitations";
--> statement-breakpoint
CREATE POLICY "invitations_eraser" ON "invitations" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "members_eraser" ON "members";
--> statement-breakpoint
CREATE POLICY "members_eraser" ON "members" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "tenants_eraser" ON "tenants";
--> statement-breakpoint
CREATE POLICY "tenants_eraser" ON "tenants" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_heads_app" ON "audit_heads";
--> statement-breakpoint
CREATE POLICY "audit_heads_app" ON "audit_heads" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_heads_worker" ON "audit_heads";
--> statement-breakpoint
CREATE POLICY "audit_heads_worker" ON "audit_heads" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_heads_eraser" ON "audit_heads";
--> statement-breakpoint
CREATE POLICY "audit_heads_eraser" ON "audit_heads" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and exists (select from tenants t where t.id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and t.status = 'deleting' and t.deletes_at <= now()));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_heads_parley_platform" ON "audit_heads";
--> statement-breakpoint
CREATE POLICY "audit_heads_parley_platform" ON "audit_heads" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_log_app" ON "audit_log";
--> statement-breakpoint
CREATE POLICY "audit_log_app" ON "audit_log" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_log_worker" ON "audit_log";
--> statement-breakpoint
CREATE POLICY "audit_log_worker" ON "audit_log" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_log_eraser" ON "audit_log";
--> statement-breakpoint
CREATE POLICY "audit_log_eraser" ON "audit_log" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and exists (select from tenants t where t.id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and t.status = 'deleting' and t.deletes_at <= now()));
--> statement-breakpoint
DROP POLICY IF EXISTS "audit_log_parley_platform" ON "audit_log";
--> statement-breakpoint
CREATE POLICY "audit_log_parley_platform" ON "audit_log" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "audit_heads" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "audit_log" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Who changes something writes it down. Nobody changes or takes away what is written.
GRANT SELECT, INSERT ON "audit_log", "audit_heads" TO parley_app, parley_platform;
--> statement-breakpoint
GRANT UPDATE ("seq", "hash", "seal") ON "audit_heads" TO parley_app, parley_platform;
--> statement-breakpoint
GRANT USAGE ON SCHEMA public TO parley_eraser;
--> statement-breakpoint
-- What must be gone is taken away by this role alone, of the one tenant that is set.
GRANT SELECT, DELETE ON "account_hours", "accounts", "api_keys", "apps", "attempts", "audit_heads", "audit_log", "chat_addresses", "chats", "contacts", "conversation_labels", "conversations", "deliveries", "event_heads", "events", "externals", "idempotency_keys", "identities", "invitations", "labels", "members", "merge_suggestions", "message_edits", "messages", "participants", "pending", "reactions", "reads", "roles", "webhooks" TO parley_eraser;
--> statement-breakpoint
GRANT SELECT ON "tenants" TO parley_eraser;
--> statement-breakpoint
-- A contact leaves the words of others, and numbers without a gap.
GRANT UPDATE ("data", "type") ON "events" TO parley_eraser;
--> statement-breakpoint
GRANT UPDATE ("preview", "last_sender") ON "conversations" TO parley_eraser;
--> statement-breakpoint
GRANT UPDATE ("quote") ON "messages" TO parley_eraser;
--> statement-breakpoint
GRANT UPDATE ("routing_key", "group_key") ON "accounts" TO parley_eraser;
--> statement-breakpoint
-- Who runs the install sees how accounts stand and what could not be applied; nothing of what was written.
GRANT SELECT ("tenant_id", "id", "name", "provider", "channel", "state", "state_detail", "state_at", "paused_at") ON "accounts" TO parley_platform;
--> statement-breakpoint
GRANT SELECT ("tenant_id", "received_on", "key", "account_id", "lane", "arrival", "dead"), UPDATE ("dead", "due_at") ON "pending" TO parley_platform;
--> statement-breakpoint
GRANT SELECT ("at") ON "events" TO parley_platform;
--> statement-breakpoint
-- The last of a tenant are its people: their logins go with their last membership.
GRANT DELETE ON "members" TO parley_platform;
--> statement-breakpoint
GRANT DELETE ON "tenants" TO parley_platform;
--> statement-breakpoint
-- What a tenant takes along when it leaves.
GRANT SELECT ON "message_edits" TO parley_app;
