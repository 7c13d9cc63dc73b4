-- What the schema language cannot say: forced row-level security, grants, partitions, the search function.

create extension if not exists pg_trgm;
--> statement-breakpoint
create extension if not exists btree_gin;
--> statement-breakpoint

-- An external is written before its message, because that is the order of locks: the key is checked at COMMIT.
alter table externals add constraint externals_message foreign key (tenant_id, message_id)
  references messages (tenant_id, id) deferrable initially deferred;
--> statement-breakpoint

insert into lanes (lane) select generate_series(0, 63);
--> statement-breakpoint

-- Also the owner of the tables meets the policies.
do $$
declare name text;
begin
  for name in
    select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity
  loop
    execute format('alter table %I force row level security', name);
  end loop;
end $$;
--> statement-breakpoint

-- Grants, one by one. A new table is granted here or nobody reads it.
grant usage on schema public to parley_app, parley_worker, parley_intake, parley_platform, parley_search;
--> statement-breakpoint
grant select on tenants, members, apps, messages, message_edits, reactions, externals, attempts, events, event_heads, pending,
  webhooks, chat_addresses, participants, merge_suggestions to parley_app;
--> statement-breakpoint
grant select, insert, update on accounts, contacts, conversations, chats, labels, reads, deliveries, idempotency_keys to parley_app;
--> statement-breakpoint
grant insert, update on messages, reactions, members to parley_app;
--> statement-breakpoint
grant insert on events, identities, chat_addresses to parley_app;
--> statement-breakpoint
grant update on event_heads to parley_app; -- to lock
--> statement-breakpoint
grant insert, update, delete on apps to parley_app;
--> statement-breakpoint
grant select, insert, delete on conversation_labels to parley_app;
--> statement-breakpoint
grant delete on idempotency_keys to parley_app;
--> statement-breakpoint
grant update (dead, due_at) on pending to parley_app; -- replay
--> statement-breakpoint

grant select on tenants, members, apps, labels, conversation_labels, reads to parley_worker;
--> statement-breakpoint
grant select, insert, update on contacts, identities, merge_suggestions, conversations, chats, chat_addresses, participants,
  messages, message_edits, reactions, externals, deliveries, attempts, accounts to parley_worker;
--> statement-breakpoint
grant delete on externals, idempotency_keys, events to parley_worker; -- retention
--> statement-breakpoint
grant select on idempotency_keys to parley_worker;
--> statement-breakpoint
grant select, insert on events to parley_worker;
--> statement-breakpoint
grant select, update on event_heads, lanes to parley_worker;
--> statement-breakpoint
grant select on webhooks to parley_worker;
--> statement-breakpoint
grant select, update, delete on pending to parley_worker;
--> statement-breakpoint

grant insert on webhooks, pending to parley_intake;
--> statement-breakpoint
grant select (tenant_id, received_on, key) on webhooks, pending to parley_intake;
--> statement-breakpoint
grant select (tenant_id, id, provider, routing_key, group_key, webhook_secrets, app_id) on accounts to parley_intake;
--> statement-breakpoint
grant select (tenant_id, id, provider, key, secrets) on apps to parley_intake;
--> statement-breakpoint

grant select, insert, update, delete on users, sessions, credentials, verifications to parley_platform;
--> statement-breakpoint
grant select, insert, update on tenants, members to parley_platform;
--> statement-breakpoint
grant select (tenant_id, seq) on events to parley_platform;
--> statement-breakpoint
grant select, insert on event_heads to parley_platform;
--> statement-breakpoint

-- Partitions live where no role may look: reading one directly would go round the policies of its parent.
create schema parts;
--> statement-breakpoint
create table parts.webhooks_default partition of webhooks default;
--> statement-breakpoint

-- Makes the partitions of the next 7 days and drops those older than `keep_days`; called by the workers' timers.
-- UTC days. One at a time: the second caller does nothing.
create function maintain_webhook_partitions(keep_days int) returns void
language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  today date := (now() at time zone 'utc')::date;
  part record;
begin
  if keep_days < 1 then raise exception 'keep_days must be at least 1, not %', keep_days; end if;
  if not pg_try_advisory_xact_lock(7002) then return; end if;
  for day in 0..7 loop
    if to_regclass(format('parts.webhooks_%s', to_char(today + day, 'YYYYMMDD'))) is null then
      execute format('create table parts.webhooks_%s partition of public.webhooks for values from (%L) to (%L)',
        to_char(today + day, 'YYYYMMDD'), today + day, today + day + 1);
    end if;
  end loop;
  for part in
    select relname from pg_class where relnamespace = 'parts'::regnamespace and relname ~ '^webhooks_\d{8}$'
      and to_date(right(relname, 8), 'YYYYMMDD') < today - keep_days
  loop
    execute format('drop table parts.%I', part.relname);
  end loop;
end $$;
--> statement-breakpoint
revoke all on function maintain_webhook_partitions(int) from public;
--> statement-breakpoint
grant execute on function maintain_webhook_partitions(int) to parley_worker;
--> statement-breakpoint
select maintain_webhook_partitions(30);
--> statement-breakpoint

-- Under a policy no text operator can use its index, so this one function searches for whoever has a tenant set. It
-- belongs to a role whose policy is `true`; the tenant is in every condition.
create index conversations_search on conversations using gin (tenant_id, search_text gin_trgm_ops);
--> statement-breakpoint
grant select (tenant_id, id, search_text, last_message_at) on conversations to parley_search;
--> statement-breakpoint
create function search_conversations(pattern text, most int) returns setof uuid
language sql stable security definer set search_path = pg_catalog, public, pg_temp as $$
  select id from public.conversations
  where tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid) and search_text like pattern
  order by last_message_at desc, id desc limit most
$$;
--> statement-breakpoint
revoke all on function search_conversations(text, int) from public;
--> statement-breakpoint
grant execute on function search_conversations(text, int) to parley_app;
--> statement-breakpoint
grant create on schema public to parley_search;
--> statement-breakpoint
alter function search_conversations(text, int) owner to parley_search;
--> statement-breakpoint
revoke create on schema public from parley_search;
