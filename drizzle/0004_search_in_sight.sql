-- The newest matches of whoever asks: cut among everybody's, the few that an agent sees could all be cut away. It may
-- hold more than they see, never less; who sees what is decided by the query around it. Null viewer: sees all.
grant select (assignee_id, account_id) on conversations to parley_search;
--> statement-breakpoint
drop function search_conversations(text, int);
--> statement-breakpoint
create function search_conversations(pattern text, most int, viewer uuid, unassigned_in uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select id from public.conversations
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and search_text like pattern
    and (viewer is null or assignee_id = viewer or (assignee_id is null and account_id = any(unassigned_in)))
  order by last_message_at desc, id desc limit most
$$;
--> statement-breakpoint
revoke all on function search_conversations(text, int, uuid, uuid[]) from public;
--> statement-breakpoint
grant execute on function search_conversations(text, int, uuid, uuid[]) to parley_app;
--> statement-breakpoint
grant create on schema public to parley_search;
--> statement-breakpoint
alter function search_conversations(text, int, uuid, uuid[]) owner to parley_search;
--> statement-breakpoint
revoke create on schema public from parley_search;
