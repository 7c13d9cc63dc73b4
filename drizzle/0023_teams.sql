CREATE TABLE "teams" (
	"tenant_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	CONSTRAINT "teams_tenant_id_id_pk" PRIMARY KEY("tenant_id","id"),
	CONSTRAINT "teams_name" UNIQUE("tenant_id","name_key")
);
--> statement-breakpoint
ALTER TABLE "teams" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "accounts" ADD COLUMN "agents_see_team" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "conversations" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "team_id" uuid;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "was_team_id" uuid;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "team_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "agents_see_team" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "teams" ADD CONSTRAINT "teams_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "teams_app" ON "teams" AS PERMISSIVE FOR ALL TO "parley_app" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "teams_worker" ON "teams" AS PERMISSIVE FOR ALL TO "parley_worker" USING (tenant_id in (select unnest(nullif(current_setting('app.tenant_ids', true), '')::uuid[])));--> statement-breakpoint
CREATE POLICY "teams_eraser" ON "teams" AS PERMISSIVE FOR ALL TO "parley_eraser" USING (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));--> statement-breakpoint

ALTER TABLE "teams" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON "teams" TO parley_app;--> statement-breakpoint
-- A tenant that is removed takes its teams with it.
GRANT SELECT, DELETE ON "teams" TO parley_eraser;--> statement-breakpoint
-- Who is of a team, and what agents see of it, is for an admin to say.
grant update (team_ids) on members to parley_app;--> statement-breakpoint
grant update (agents_see_team) on tenants to parley_app;--> statement-breakpoint
grant select (team_id) on conversations to parley_search;--> statement-breakpoint

-- What a team has is its members' to find, and what nobody has only where it is no other team's; of accounts of
-- which everybody sees everything, the newest matches must not be cut away among those of others. The function of the version
-- before stays for processes that still run.
create function search_conversations(pattern text, most int, viewer uuid, unassigned_in uuid[], all_in uuid[], team_in uuid[], teams uuid[], within uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.id from public.search_texts s join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
  where s.tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and s.text like pattern
    and (viewer is null or c.assignee_id = viewer or c.account_id = any(all_in)
      or (c.team_id = any(teams) and c.account_id = any(team_in))
      or (c.assignee_id is null and c.account_id = any(unassigned_in) and (c.team_id is null or c.team_id = any(teams))))
    and (within is null or c.account_id = any(within))
  order by c.last_message_at desc, c.id desc limit most
$$;
--> statement-breakpoint
revoke all on function search_conversations(text, int, uuid, uuid[], uuid[], uuid[], uuid[], uuid[]) from public;
--> statement-breakpoint
grant execute on function search_conversations(text, int, uuid, uuid[], uuid[], uuid[], uuid[], uuid[]) to parley_app;
--> statement-breakpoint
grant create on schema public to parley_search;
--> statement-breakpoint
alter function search_conversations(text, int, uuid, uuid[], uuid[], uuid[], uuid[], uuid[]) owner to parley_search;
--> statement-breakpoint
revoke create on schema public from parley_search;
