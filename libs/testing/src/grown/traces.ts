import type { Steps } from './cast';

// What the rest of the tables keeps of it: reactions and edits for ever, events for a week, webhooks for a month.

const MARKS = `
  insert into reactions (tenant_id, message_id, actor, name, emoji, at)
    select c.tenant_id, s.id, 'us', 'Member', '👍', s.at + interval '5 seconds' from grown.said s join grown.conversations c using (c) where luck between 500 and 509;
  insert into message_edits (tenant_id, message_id, at, content)
    select c.tenant_id, s.id, s.at + interval '9 seconds', '{"type":"text","text":"before"}'
    from grown.said s join grown.conversations c using (c) where luck between 510 and 514 and inbound`;

const LATER = (days: number) => `i >= (select (messages * (1 - ${days} / 730.0))::bigint from grown.size)`;

const EVENTS = `
  create table grown.totals as select tenant, tenant_id, count(*) n, count(*) filter (where ${LATER(7)}) recent
    from grown.said join grown.conversations using (c) group by 1, 2;
  insert into event_heads (tenant_id, floor) select t.id, coalesce(x.n - x.recent, 0) from grown.tenants t left join grown.totals x on x.tenant = t.n;
  insert into events (tenant_id, seq, type, at, conversation_id, account_id, assignee_id, was_assignee_id, correlation_id, data)
  select c.tenant_id, t.n - t.recent + row_number() over (partition by c.tenant order by i), 'message.created', s.at, c.id, c.account_id,
    assignee_id, assignee_id, md5(i::text), format('"type":"message.created","at":"%s","conversation":%s,"message":%s',
      to_char(s.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      jsonb_build_object('id', c.id, 'kind', kind, 'accountId', c.account_id, 'chatId', chat_id, 'title', name, 'contactId', contact_id, 'status', status,
        'assigneeId', assignee_id, 'labelIds', '[]'::jsonb, 'received', 10, 'answered', 9, 'lastMessage', jsonb_build_object('id', s.id, 'preview', repeat('x', 60))),
      jsonb_build_object('id', s.id, 'conversationId', c.id, 'chatId', chat_id, 'content', jsonb_build_object('type', 'text', 'text', repeat('x', 60))))
  from grown.said s join grown.conversations c using (c) join grown.totals t on t.tenant = c.tenant where ${LATER(7)}`;

/** As the workers' timer would have made them, a day at a time. */
const DAYS = `
  do $$ begin
    for n in 1..30 loop
      execute format('create table if not exists parts.webhooks_%s partition of public.webhooks for values from (%L) to (%L)',
        to_char((now() at time zone 'utc')::date - n, 'YYYYMMDD'), (now() at time zone 'utc')::date - n, (now() at time zone 'utc')::date - n + 1);
    end loop;
  end $$`;

/** One for what came in, two for the statuses of what went out, of 700 bytes each. */
const WEBHOOKS = `
  insert into webhooks (tenant_id, received_on, key, account_id, received_at, correlation_id, body)
  select c.tenant_id, (s.at at time zone 'utc')::date, md5('key' || i * 10 + k)::uuid, c.account_id, s.at, md5(i::text),
    convert_to(json_build_object('event', 'messages.upsert', 'instance', c.account_id, 'data', repeat(md5(i::text), 18), 'sender', phone)::text, 'UTF8')
  from grown.said s join grown.conversations c using (c) cross join lateral generate_series(1, case when inbound then 1 else 2 end) k
  where ${LATER(30)} and s.at >= ((now() at time zone 'utc')::date - 29) at time zone 'utc'`;

export const TRACES: Steps = [
  ['marks', MARKS],
  ['events', EVENTS],
  ['webhook days', DAYS],
  ['webhooks', WEBHOOKS],
];
