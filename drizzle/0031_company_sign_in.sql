CREATE TABLE "issuer_logins" (
	"tenant_id" uuid NOT NULL,
	"issuer_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"user_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issuer_logins_tenant_id_issuer_id_subject_pk" PRIMARY KEY("tenant_id","issuer_id","subject"),
	CONSTRAINT "issuer_logins_user" UNIQUE("tenant_id","issuer_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "issuer_logins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "issuers" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text NOT NULL,
	"secret" text NOT NULL,
	"domains" text[] NOT NULL,
	"role" text,
	"role_id" uuid,
	"is_second_proof" boolean DEFAULT false NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issuers_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "issuers_tenant" UNIQUE("tenant_id"),
	CONSTRAINT "issuers_role" CHECK (num_nonnulls(role, role_id) <= 1)
);
--> statement-breakpoint
ALTER TABLE "issuers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "issuer_tenant_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "issuer_id" uuid;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "only_by_issuer" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "issuer_logins" ADD CONSTRAINT "issuer_logins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuer_logins" ADD CONSTRAINT "issuer_logins_tenant_id_issuer_id_issuers_tenant_id_id_fk" FOREIGN KEY ("tenant_id","issuer_id") REFERENCES "public"."issuers"("tenant_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuers" ADD CONSTRAINT "issuers_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "issuers" ADD CONSTRAINT "issuers_tenant_id_role_id_roles_tenant_id_id_fk" FOREIGN KEY ("tenant_id","role_id") REFERENCES "public"."roles"("tenant_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "sessions_of_issuer" ON "sessions" USING btree ("issuer_tenant_id","issuer_id") WHERE issuer_id is not null;--> statement-breakpoint
CREATE POLICY "issuer_logins_app" ON "issuer_logins" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "issuer_logins_worker" ON "issuer_logins" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "issuer_logins_eraser" ON "issuer_logins" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "issuer_logins_parley_platform" ON "issuer_logins" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "issuers_app" ON "issuers" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "issuers_worker" ON "issuers" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "issuers_eraser" ON "issuers" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "issuers_parley_platform" ON "issuers" AS PERMISSIVE FOR ALL TO "parley_platform" USING (true) WITH CHECK (true);--> statement-breakpoint

ALTER TABLE "issuers" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "issuer_logins" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
-- By hand, for the schema of logins knows no tenants: what a provider opened ends with it, in the same commit.
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_issuer" FOREIGN KEY ("issuer_tenant_id","issuer_id") REFERENCES "issuers"("tenant_id","id") ON DELETE CASCADE;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_issuer_whole" CHECK (num_nonnulls(issuer_tenant_id, issuer_id) <> 1);--> statement-breakpoint
grant select, insert, update, delete on issuers to parley_app;--> statement-breakpoint
grant select, insert on issuer_logins to parley_app;--> statement-breakpoint
grant update (only_by_issuer) on tenants to parley_app;--> statement-breakpoint
-- Who signs in, and by whose provider; its secret is for the tenant's own transactions.
grant select (tenant_id, id, issuer, client_id, domains, is_second_proof) on issuers to parley_platform;--> statement-breakpoint
grant select on issuer_logins to parley_platform;--> statement-breakpoint
grant select, delete on issuers, issuer_logins to parley_eraser;
