ALTER TABLE "accounts" ADD COLUMN "agents_see_all" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "agents_see_all" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- An admin says what agents see.
grant update (agents_see_unassigned, agents_see_all) on tenants to parley_app;--> statement-breakpoint

-- Accounts of which everybody sees everything: its newest matches must not be cut away among those of others.
create function search_conversations(pattern text, most int, viewer uuid, unassigned_in uuid[], all_in uuid[], within uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select id from public.conversations
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and search_text like pattern
    and (viewer is null or assignee_id = viewer or (assignee_id is null and account_id = any(unassigned_in)) or account_id = any(all_in))
    and (within is null or account_id = any(within))
  order by last_message_at desc, id desc limit most
$$;
--> statement-breakpoint
revoke all on function search_conversations(text, int, uuid, uuid[], uuid[], uuid[]) from public;
--> statement-breakpoint
grant execute on function search_conversations(text, int, uuid, uuid[], uuid[], uuid[]) to parley_app;
--> statement-breakpoint
grant create on schema public to parley_search;
--> statement-breakpoint
alter function search_conversations(text, int, uuid, uuid[], uuid[], uuid[]) owner to parley_search;
--> statement-breakpoint
revoke create on schema public from parley_search;
--> statement-breakpoint
-- The one of the version before stays for processes that still run; nobody calls the one before that.
drop function search_conversations(text, int, uuid, uuid[]);
