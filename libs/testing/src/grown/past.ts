import type { Steps } from './cast';

// Message i of the install: its slot of the round says whose it is; time goes on evenly.
const SAID = `
  create unlogged table grown.said as
  select i, s.c, x.ms, grown.id(x.ms, 'message', i) id, grown.id(x.ms, 'attempt', i) attempt, to_timestamp(x.ms / 1000.0) as at,
    grown.pick(i, 20) % 10 < 6 as inbound, x.luck, case when x.luck < 15 then 5 when x.luck < 17 then 2 when x.luck < 400 then 6 else 7 end rank
  from grown.size z cross join lateral generate_series(0, z.messages - 1) i join grown.slots s on s.slot = i % (z.messages / z.rounds)
  cross join lateral (select grown.at(i::float8 / z.messages) ms, grown.pick(i, 21) % 1000 luck) x;
  analyze grown.said;
  create table grown.lasts as select c, max(i) last, max(i) filter (where not inbound) answered, max(i) filter (where inbound) asked from grown.said group by c;
  create table grown.counts as select c, count(*) filter (where inbound) received, count(*) filter (where inbound and i < coalesce(l.answered, 0)) answered,
    min(at) filter (where inbound and i > coalesce(l.answered, 0)) waiting from grown.said join grown.lasts l using (c) group by c;
  analyze grown.lasts, grown.counts`;

/** In thirty answers one quotes what stood a round before. */
const MESSAGES = `
  insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_contact_id, sender_member_id, sender_name, origin, quote,
    position, dated, created_at, delivery, delivery_reason, delivery_at)
  select c.tenant_id, s.id, c.id, c.chat_id, case when inbound then 'inbound' else 'outbound' end,
    jsonb_build_object('type', 'text', 'text', t.text), case when inbound and kind = 'direct' then contact_id end, case when not inbound then assignee_id end,
    case when inbound then name else 'Member' end, case when not inbound then 'agent' end, q.quote,
    s.ms * 1000, case when inbound then s.ms / 1000 * 1000000 end, s.at, case when not inbound then rank end,
    case when not inbound and rank = 5 then 'recipient' end, case when not inbound then s.at + interval '2 seconds' end
  from grown.size z, grown.said s join grown.conversations c using (c) join grown.sentences t on t.n = grown.pick(i, 22) & 1023
  cross join lateral (select case when luck between 960 and 992 and i >= z.messages / z.rounds then (
    select jsonb_build_object('messageId', grown.id(grown.at(o::float8 / z.messages), 'message', o), 'externalId', 'X' || md5('x' || o), 'author', null, 'text', null)
    from (select i - z.messages / z.rounds) x(o)) end quote) q`;

const EXTERNALS = `
  insert into externals (tenant_id, account_id, external_id, message_id, attempt_id, status, status_at, seen_at)
  select c.tenant_id, c.account_id, 'X' || md5('x' || i), s.id, case when not inbound then attempt end, case when not inbound then rank end,
    case when not inbound then s.at + interval '2 seconds' end, s.at
  from grown.said s join grown.conversations c using (c)`;

const DELIVERIES = `
  insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, member_id, status, reason, place, due_at, attempt_id, tries, expires_at, created_at)
  select c.tenant_id, s.id, c.account_id, c.chat_id, c.id, s.id, assignee_id, rank, case when rank = 5 then 'recipient' end, s.ms * 1000, s.at, attempt, 1,
    s.at + interval '1 day', s.at
  from grown.said s join grown.conversations c using (c) where not inbound`;

const ATTEMPTS = `
  insert into attempts (tenant_id, id, delivery_id, chat_id, status, started_at, finished_at, external_id)
  select c.tenant_id, attempt, s.id, c.chat_id, rank, s.at, s.at + interval '1 second', case when rank <> 2 then 'X' || md5('x' || i) end
  from grown.said s join grown.conversations c using (c) where not inbound`;

const SUMMARIES = `
  insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status, assignee_id, received, answered,
    waiting_since, last_inbound_at, last_message_id, last_direction, last_type, preview, last_sender, last_message_at, newest, dated, created_at)
  select tenant_id, c.id, kind, account_id, chat_id, case kind when 'direct' then contact_id end, name, lower(name) || ' ' || phone, status, assignee_id,
    n.received, n.answered, case when status <> 'resolved' then n.waiting end, a.at, s.id, case when s.inbound then 'inbound' else 'outbound' end, 'text', t.text,
    case when s.inbound then name else 'Member' end, s.at, s.ms * 1000, coalesce(a.ms / 1000 * 1000000, 0), to_timestamp(c.ms / 1000.0)
  from grown.conversations c join grown.lasts l using (c) join grown.counts n using (c) join grown.said s on s.i = l.last
  left join grown.said a on a.i = l.asked join grown.sentences t on t.n = grown.pick(l.last, 22) & 1023
  order by c.ms`;

/** No trigger fires here. */
const SEARCH_TEXTS = `
  insert into search_texts (tenant_id, conversation_id, text) select tenant_id, id, search_text from conversations`;

const READS = `
  insert into reads (tenant_id, member_id, conversation_id, seen)
  select c.tenant_id, m.id, c.id, greatest(0, n.received - case when grown.pick(c, 30) % 10 < 7 then 0 else 1 + grown.pick(c, 31) % 4 end)
  from grown.conversations c join grown.counts n using (c)
  join grown.members m on m.tenant = c.tenant and (m.id = c.assignee_id or m.k = 0 and grown.pick(c, 32) % 3 = 0)`;

export const PAST: Steps = [
  ['who said what when', SAID],
  ['messages', MESSAGES],
  ['externals', EXTERNALS],
  ['deliveries', DELIVERIES],
  ['attempts', ATTEMPTS],
  ['summaries', SUMMARIES],
  ['search texts', SEARCH_TEXTS],
  ['reads', READS],
];
