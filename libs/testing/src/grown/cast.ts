/** Statements, each with the name of what it makes, in their order. `grown` is a schema for the time of the filling. */
export type Steps = [name: string, text: string][];

const DAY_MS = 86_400_000;

/** Two years up to a minute ago; everything else follows from its number. Ids have the shape of the product's own. */
const helpers = (endsMs: number) => `
  create function grown.at(share float8) returns bigint language sql immutable parallel safe
    return ${endsMs - 730 * DAY_MS} + (${730 * DAY_MS - 60_000}::float8 * share)::bigint;
  create function grown.id(ms bigint, kind text, n bigint) returns uuid language sql immutable parallel safe
    return ('0' || to_hex(ms) || '70008' || to_hex(72057594037927936 + n * 1048576 + (hashtext(kind) & 1048575)))::uuid;
  create function grown.pick(n bigint, salt int) returns int language sql immutable parallel safe
    return (hashint8extended(n, salt) & 1073741823)::int;
  create function grown.chance(n bigint, salt int) returns float8 language sql immutable parallel safe
    return (grown.pick(n, salt) + 1) / 1073741825.0::float8;
  create function grown.word(n int, syllables int) returns text language sql immutable parallel safe
    return (select string_agg(substr('bcdfglmnprstvz', 1 + ((n >> (i * 6)) & 63) % 14, 1) || substr('aeiou', 1 + ((n >> (i * 6 + 3)) & 7) % 5, 1), '' order by i)
      from generate_series(0, syllables - 1) i)`;

/** Of six to thirteen words, some sixty characters. */
const SENTENCES = `
  create table grown.sentences as select n, string_agg(grown.word(grown.pick(n * 16 + w, 22) & 1023, 2 + (w & 1)), ' ' order by w) as text
    from generate_series(0, 1023) n, generate_series(1, 6 + (n & 7)) w group by n`;

const TENANTS = `
  create table grown.tenants as
    select n, grown.id(grown.at(0) + n, 'tenant', n) id, n between 1 and s.large as is_large from grown.size s, generate_series(0, s.tenants - 1) n;
  insert into tenants (id, name, slug, agents_see_unassigned) select id, 'Grown ' || n, 'grown-' || n, n % 2 = 0 from grown.tenants;
  create table grown.accounts as
    select t.n tenant, t.id tenant_id, k, grown.id(grown.at(0), 'account', t.n * 100 + k) id, case k % 2 when 0 then 'evolution' else 'cloud-api' end provider
    from grown.tenants t, generate_series(0, case when is_large then 3 else 1 end) k;
  insert into accounts (tenant_id, id, provider, channel, name, state, config, credentials, webhook_secrets, routing_key, created_at)
    select tenant_id, id, provider, 'whatsapp', provider || ' ' || k, 'restricted', -- the workers do not look after it
      case provider when 'evolution' then jsonb_build_object('baseUrl', 'http://127.0.0.1:9', 'instance', id)
        else jsonb_build_object('baseUrl', 'http://127.0.0.1:9', 'phoneNumberId', tenant, 'wabaId', tenant) end,
      '', '', id, to_timestamp(grown.at(0) / 1000) from grown.accounts;
  create table grown.members as
    select t.n tenant, t.id tenant_id, k, grown.id(grown.at(0), 'member', t.n * 100 + k) id, grown.id(grown.at(0), 'user', t.n * 100 + k) user_id
    from grown.tenants t, generate_series(0, case when is_large then 20 else 2 end) k;
  insert into users (id, name, email, email_verified) select user_id, 'Member ' || k, user_id || '@parley.test', true from grown.members;
  insert into members (tenant_id, id, user_id, name, role)
    select tenant_id, id, user_id, 'Member ' || k, case k when 0 then 'tenant_admin' else 'agent' end from grown.members;
  insert into labels (tenant_id, id, name, name_key, hue)
    select id, grown.id(grown.at(0), 'label', n * 100 + k), 'Label ' || k, 'label ' || k, k * 40 from grown.tenants, generate_series(0, 5) k`;

/** Whose each conversation is, and how many places it has in each of ten rounds of the years' messages. */
const CONVERSATIONS = `
  create table grown.conversations as
  select c, t.n tenant, t.id tenant_id, a.id account_id, a.k account_no, b.ms, grown.id(b.ms, 'conversation', c) id,
    grown.id(b.ms, 'chat', c) chat_id, grown.id(b.ms, 'contact', c) contact_id, m.id assignee_id,
    case when grown.pick(c, 5) % 50 = 0 then 'group' else 'direct' end kind,
    case when grown.pick(c, 6) % 100 < 30 then 'open' when grown.pick(c, 6) % 100 < 35 then 'pending' else 'resolved' end status,
    case when c < s.probe then 5 when c = s.probe and s.longest > 0 then s.longest / s.rounds
      else greatest(1, floor(-ln(grown.chance(c, 7)) * 5.6))::int end places,
    initcap(grown.word(grown.pick(c, 8) % 97, 2)) || ' ' || initcap(grown.word(grown.pick(c, 9), 3)) as name,
    '+1202' || lpad((5000000 + c)::text, 7, '0') phone
  from grown.size s cross join generate_series(0, s.conversations - 1) c
  cross join lateral (select case when c < s.probe then 0
    when c < s.probe + s.large * s."largeConversations" then 1 + (c - s.probe) / s."largeConversations"
    else s.large + 1 + floor((s.tenants - s.large - 1) * grown.chance(c, 1) ^ 1.3)::int end n) w
  cross join lateral (select grown.at(grown.chance(c, 14) / 10) ms) b -- all had begun before the first round was over
  join grown.tenants t on t.n = w.n
  join grown.accounts a on a.tenant = t.n and a.k = grown.pick(c, 2) % case when t.is_large then 4 else 2 end
  left join grown.members m on m.tenant = t.n and grown.pick(c, 3) % 10 < 6 and m.k = 1 + grown.pick(c, 4) % case when t.is_large then 20 else 2 end
  order by b.ms;
  create table grown.slots as
  select row_number() over (order by grown.pick(c * 1000000::bigint + k, 10)) - 1 as slot, c from (
    select c, k from grown.conversations, grown.size s, generate_series(1, places) k
    order by k > 1 and c > s.probe, grown.pick(c * 1000000::bigint + k, 11) limit (select messages / rounds from grown.size)) x;
  analyze grown.tenants, grown.accounts, grown.members, grown.conversations, grown.slots`;

const PEOPLE = `
  insert into contacts (tenant_id, id, name, named_by, created_at)
    select tenant_id, contact_id, name, 'provider', to_timestamp(grown.at(0) / 1000) from grown.conversations where kind = 'direct';
  insert into identities (tenant_id, kind, address, contact_id) select tenant_id, 'phone', phone, contact_id from grown.conversations where kind = 'direct'
    union all select tenant_id, 'lid', c || '@lid', contact_id from grown.conversations where kind = 'direct' and account_no % 2 = 0;
  insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
    select tenant_id, chat_id, account_id, id, kind, case kind when 'group' then c || '@g.us' else phone end, case kind when 'direct' then contact_id end from grown.conversations;
  insert into chat_addresses (tenant_id, account_id, address, chat_id)
    select tenant_id, account_id, case kind when 'group' then c || '@g.us' else 'phone:' || phone end, chat_id from grown.conversations;
  insert into participants (tenant_id, conversation_id, address) -- people who write to the tenant themselves
    select g.tenant_id, g.id, p.phone from grown.conversations g cross join generate_series(1, 10) k
      join (select tenant, phone, row_number() over (partition by tenant order by c) n, count(*) over (partition by tenant) total
        from grown.conversations where kind = 'direct') p on p.tenant = g.tenant and p.n = 1 + (g.c + k) % p.total
    where g.kind = 'group' on conflict do nothing;
  insert into conversation_labels (tenant_id, conversation_id, label_id)
    select tenant_id, id, grown.id(grown.at(0), 'label', tenant * 100 + least(5, floor(-ln(grown.chance(c, 13)) * 2)::int))
    from grown.conversations where grown.pick(c, 12) % 10 < 3`;

export const castOf = (endsMs: number): Steps => [
  ['helpers', helpers(endsMs)],
  ['sentences', SENTENCES],
  ['tenants', TENANTS],
  ['conversations', CONVERSATIONS],
  ['people', PEOPLE],
];
