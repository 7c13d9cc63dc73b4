-- Beside the product: `-- batch` lets each statement stand alone. What was there before the triggers is copied by the role that
-- may read every conversation; then comes the index, and only then does anybody search there.
grant insert on search_texts to parley_search;--> statement-breakpoint
set role parley_search;--> statement-breakpoint
-- batch
insert into search_texts (tenant_id, conversation_id, text)
  select c.tenant_id, c.id, c.search_text from conversations c
  where not exists (select from search_texts s where s.tenant_id = c.tenant_id and s.conversation_id = c.id) limit 10000
  on conflict do nothing;--> statement-breakpoint
reset role;--> statement-breakpoint
revoke insert on search_texts from parley_search;--> statement-breakpoint
drop index concurrently if exists search_texts_trigrams;--> statement-breakpoint
create index concurrently search_texts_trigrams on search_texts using gin (tenant_id, text gin_trgm_ops);--> statement-breakpoint
create or replace function search_conversations(pattern text, most int, viewer uuid, unassigned_in uuid[], within uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select c.id from public.search_texts s join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
  where s.tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and s.text like pattern
    and (viewer is null or c.assignee_id = viewer or (c.assignee_id is null and c.account_id = any(unassigned_in)))
    and (within is null or c.account_id = any(within))
  order by c.last_message_at desc, c.id desc limit most
$$;--> statement-breakpoint
-- Nobody calls the one without accounts any more.
drop function if exists search_conversations(text, int, uuid, uuid[]);--> statement-breakpoint
drop index concurrently if exists conversations_search;
