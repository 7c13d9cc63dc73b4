CREATE TABLE "api_keys" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"old_hash" text,
	"old_until" timestamp (3) with time zone,
	"permissions" text[] NOT NULL,
	"account_ids" uuid[],
	"created_by" uuid,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"rights_seq" bigint DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "api_keys_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "roles" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"permissions" text[] NOT NULL,
	"sees_all" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "roles_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "roles_name" UNIQUE("tenant_id","name_key")
);
--> statement-breakpoint
ALTER TABLE "roles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"email" text NOT NULL,
	"role" text,
	"role_id" uuid,
	"account_ids" uuid[],
	"via" text NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "invitations_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "invitations_role" CHECK (num_nonnulls(role, role_id) = 1)
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "members" ALTER COLUMN "role" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "role_id" uuid;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "account_ids" uuid[];--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_tenant_id_created_by_members_tenant_id_id_fk" FOREIGN KEY ("tenant_id","created_by") REFERENCES "public"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_invited_by_members_tenant_id_id_fk" FOREIGN KEY ("tenant_id","invited_by") REFERENCES "public"."members"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open" ON "invitations" USING btree ("tenant_id","email") WHERE accepted_at is null and revoked_at is null;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_tenant_id_role_id_roles_tenant_id_id_fk" FOREIGN KEY ("tenant_id","role_id") REFERENCES "public"."roles"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_role" CHECK (num_nonnulls(role, role_id) = 1);--> statement-breakpoint
CREATE POLICY "api_keys_app" ON "api_keys" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "api_keys_worker" ON "api_keys" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "api_keys_parley_platform" ON "api_keys" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "roles_app" ON "roles" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "roles_worker" ON "roles" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "roles_parley_platform" ON "roles" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "invitations_app" ON "invitations" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "invitations_worker" ON "invitations" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint

ALTER TABLE "roles" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "invitations" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "api_keys" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
grant select, insert, update on roles, invitations, api_keys to parley_app;--> statement-breakpoint
grant delete on roles to parley_app;--> statement-breakpoint
-- Who accepts an invitation becomes a member; an admin changes what a member may do.
grant insert on members to parley_app;--> statement-breakpoint
grant update (role, role_id, account_ids, active) on members to parley_app;--> statement-breakpoint
-- Who calls, and what they may.
grant select on roles, api_keys to parley_platform;--> statement-breakpoint
grant update (last_used_at) on api_keys to parley_platform;--> statement-breakpoint

-- Who sees some accounts alone: their newest matches must not be cut away among those of the others.
create function search_conversations(pattern text, most int, viewer uuid, unassigned_in uuid[], within uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select id from public.conversations
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and search_text like pattern
    and (viewer is null or assignee_id = viewer or (assignee_id is null and account_id = any(unassigned_in)))
    and (within is null or account_id = any(within))
  order by last_message_at desc, id desc limit most
$$;
--> statement-breakpoint
revoke all on function search_conversations(text, int, uuid, uuid[], uuid[]) from public;
--> statement-breakpoint
grant execute on function search_conversations(text, int, uuid, uuid[], uuid[]) to parley_app;
--> statement-breakpoint
grant create on schema public to parley_search;
--> statement-breakpoint
alter function search_conversations(text, int, uuid, uuid[], uuid[]) owner to parley_search;
--> statement-breakpoint
revoke create on schema public from parley_search;
