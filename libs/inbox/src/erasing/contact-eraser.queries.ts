import type { Traces } from '@parley/db/schema/contacts';
import { run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import { REMOVED_FILE } from '../files/removed-file';

// Each statement looks at one page of a table, in the order of a key: none grows with the tenant.

const PAGE = 1000;
/** Bodies are large, and each of them is read. */
const WEBHOOKS = 200;

/** One contact of one tenant, and what is known of them. */
export interface Person {
  tenantId: string;
  id: string;
  traces: Traces;
}

/** What was found on a page. `next`: the key of its last row; null: there was none. */
export interface Page {
  next: string[] | null;
  found: number;
}

interface PageRow {
  /** Empty: there was none. */
  next: string[];
  found: number;
}

function pageOf(row: PageRow | undefined): Page {
  return { next: row?.next.length ? row.next : null, found: row?.found ?? 0 };
}

const READ_IDENTITIES = `select i.kind, i.address, c.name from identities i
  join contacts c on c.tenant_id = i.tenant_id and c.id = i.contact_id where i.tenant_id = $1 and i.contact_id = $2`;
const READ_CONVERSATIONS = `select id from conversations where tenant_id = $1 and contact_id = $2 and kind = 'direct' order by id`;
const READ_SEATS = `select conversation_id, name from participants where tenant_id = $1 and address = any($2::text[])`;
const READ_OWN_NUMBERS = `select address from accounts where tenant_id = $1 and address is not null`;
const READ_TRACES = `select traces from erasures where tenant_id = $1 and contact_id = $2`;
const KEEP_TRACES = `update erasures set traces = $3::text::jsonb where tenant_id = $1 and contact_id = $2`;

/** Who they are: now, and as it was kept before anything of them was gone. Undefined: it is done. */
export async function findPerson(sql: Sql, tenantId: string, id: string): Promise<Person | undefined> {
  const key = [tenantId, id];
  const [known, identities, conversations, numbers] = await Promise.all([
    run<{ traces: Traces | null }>(sql, READ_TRACES, key),
    run<{ kind: string; address: string; name: string | null }>(sql, READ_IDENTITIES, key),
    run<{ id: string }>(sql, READ_CONVERSATIONS, key),
    run<{ address: string }>(sql, READ_OWN_NUMBERS, [tenantId]),
  ]);
  if (!known[0]) return undefined;
  const before = known[0].traces;
  const addresses = unite(before?.addresses, identities.map(({ address }) => address)); // prettier-ignore
  const seats = await run<{ conversation_id: string; name: string | null }>(sql, READ_SEATS, [tenantId, addresses]);
  const names = [...identities, ...seats].map(({ name }) => name);
  const own = new Set(numbers.map(({ address }) => digitsOf(address)));
  const needles = identities.map(needleOf).filter((needle) => !own.has(needle));
  const traces = {
    addresses,
    names: unite(before?.names, names),
    conversations: unite(before?.conversations, conversations.map((row) => row.id)), // prettier-ignore
    groups: unite(before?.groups, seats.map((row) => row.conversation_id)), // prettier-ignore
    needles: unite(before?.needles, needles),
  };
  await keepTraces(sql, { tenantId, id, traces });
  return { tenantId, id, traces };
}

export function keepTraces(sql: Sql, { tenantId, id, traces }: Person) {
  return run(sql, KEEP_TRACES, [tenantId, id, JSON.stringify(traces)]);
}

export function unite(known: readonly string[] = [], more: readonly (string | null)[]): string[] {
  return [...new Set([...known, ...more.filter((one) => one !== null && one !== '')])] as string[];
}

/** Providers write numbers in their own ways, all with the same digits; anything else could be a part of any word. */
function needleOf({ kind, address }: { kind: string; address: string }): string {
  const digits = digitsOf(address);
  return ['phone', 'lid'].includes(kind) && digits.length >= 6 ? digits : `"${address}"`;
}

const digitsOf = (address: string) => address.replace(/\D/g, '');

/**
 * Who else repeats them: a quote says by its message or the provider's id whose words they are, or by the address of its
 * author. What is computed is fenced, or row-level security makes it a walk through all messages.
 */
const UNSAY = `with p as materialized (select id, conversation_id, chat_id, sender_contact_id, sender_name, quote from messages
      where tenant_id = $1 and id > $2 order by id limit ${PAGE}),
    t as materialized (select p.id, q.author, q.external_id from p
      cross join lateral (select p.quote ->> 'author' author, (p.quote ->> 'messageId')::uuid message_id, p.quote ->> 'externalId' external_id offset 0) q
      left join lateral (select account_id from chats c where c.tenant_id = $1 and c.id = p.chat_id offset 0) c on true
      left join lateral (select message_id from externals x where x.tenant_id = $1 and x.account_id = c.account_id and x.scope = ''
        and x.external_id = q.external_id offset 0) x on true
      left join lateral (select coalesce(q.message_id, x.message_id) id offset 0) o on true
      left join lateral (select sender_contact_id sender from messages m where m.tenant_id = $1 and m.id = o.id offset 0) m on true
      where p.quote is not null and (q.author = any($4::text[]) or m.sender = $3)),
    q as (update messages m set quote = m.quote || '{"author":null,"text":null}' from t
      where m.tenant_id = $1 and m.id = t.id and num_nonnulls(m.quote ->> 'author', m.quote ->> 'text') > 0 returning 1),
    r as (delete from reactions r using p where r.tenant_id = $1 and r.message_id = p.id and r.actor = $3::text returning r.name)
  select array(select id::text from p order by id desc limit 1) next, (select count(*) from q)::int + (select count(*) from r)::int found,
    array(select sender_name from p where sender_contact_id = $3 union select name from r) names,
    array(select distinct conversation_id::text from p where sender_contact_id = $3) groups,
    array(select distinct external_id from t where external_id is not null and (author is null or author <> all($4::text[]))) quoted`;

/**
 * Takes their words out of the quotes of others, and their reactions. Answers also what they were called, where they wrote,
 * and the provider's ids of what was `quoted` without saying whose it is.
 */
export async function unsay(sql: Sql, { tenantId, id, traces }: Person, [after]: string[]) {
  const keys = [tenantId, after, id, traces.addresses];
  const [page] = await run<PageRow & Record<'names' | 'groups' | 'quoted', string[]>>(sql, UNSAY, keys);
  const { names = [], groups = [], quoted = [] } = page ?? {};
  return { ...pageOf(page), names, groups, quoted };
}

/** Names tell nobody apart, so only where they wrote or sat. */
const FIND_WORDS = `with p as materialized (select id, conversation_id, sender_contact_id, case when direction = 'system' then content end line
      from messages where tenant_id = $1 and id > $2 order by id limit ${PAGE}),
    l as materialized (select p.id, n.by, n.to from p
      cross join lateral (select p.line ->> 'by' "by", p.line -> 'to' "to", p.line ->> 'event' event,
        $4::text[] || case when p.conversation_id = any($6::uuid[]) then $5::text[] end words offset 0) w
      cross join lateral (select case when w.by = any(w.words) then null else w.by end "by",
        (select jsonb_agg(case when v = any(w.words) then '…' else v end) from jsonb_array_elements_text(w.to) v) "to" offset 0) n
      where w.event like 'participants%' and (w.by is distinct from n.by or w.to <> n.to)),
    u as (update messages m set content = m.content || jsonb_build_object('by', l.by, 'to', coalesce(l.to, '[]')) from l
      where m.tenant_id = $1 and m.id = l.id returning 1)
  select array(select id::text from p order by id desc limit 1) next, (select count(*) from u)::int found,
    array(select id::text from p where sender_contact_id = $3) messages`;

/** Takes them out of the lines that say who came and went, and removes what they wrote. */
export async function removeWords(sql: Sql, person: Person, [after]: string[]): Promise<Page> {
  const { addresses, names, groups } = person.traces;
  const keys = [person.tenantId, after, person.id, addresses, names, groups];
  const [page] = await run<PageRow & { messages: string[] }>(sql, FIND_WORDS, keys);
  const removed = await removeMessages(sql, person, page?.messages ?? []);
  const { next, found } = pageOf(page);
  return { next, found: found + removed };
}

/** Some of what was said to them alone. */
export async function removeTalk(sql: Sql, person: Person): Promise<number> {
  const rows = await run<{ id: string }>(
    sql,
    `select id from messages where tenant_id = $1 and conversation_id = any($2::uuid[]) limit ${PAGE / 2}`,
    [person.tenantId, person.traces.conversations],
  );
  return removeMessages(sql, person, rows.map((row) => row.id)); // prettier-ignore
}

/** Like every writer: conversations before what is in them, so that nobody adds to a message that goes. */
const LOCK_OF_MESSAGES = `select 1 from conversations c where c.tenant_id = $1 and c.id in
  (select conversation_id from messages where tenant_id = $1 and id = any($2::uuid[])) order by c.id for no key update of c`;

const REMOVE = `with m as materialized (select id, conversation_id from messages where tenant_id = $1 and id = any($2::uuid[])),
    d as materialized (select id from deliveries where tenant_id = $1 and message_id in (select id from m)),
    a as (delete from attempts where tenant_id = $1 and delivery_id in (select id from d)),
    dd as (delete from deliveries where tenant_id = $1 and id in (select id from d)),
    x as (delete from externals where tenant_id = $1 and message_id in (select id from m)),
    e as (delete from message_edits where tenant_id = $1 and message_id in (select id from m)),
    r as (delete from reactions where tenant_id = $1 and message_id in (select id from m)),
    f as (update attachments set ${REMOVED_FILE} where tenant_id = $1 and message_id in (select id from m)),
    c as (update conversations set preview = null, last_sender = null where tenant_id = $1
      and id in (select conversation_id from m) and last_message_id in (select id from m)),
    g as (delete from messages where tenant_id = $1 and id in (select id from m) returning 1)
  select count(*)::int removed from g`;

const COUNT_MESSAGES = `update erasures set messages = messages + $3 where tenant_id = $1 and contact_id = $2`;

async function removeMessages(sql: Sql, { tenantId, id }: Person, messages: string[]): Promise<number> {
  const removed = await deleteMessages(sql, tenantId, messages);
  if (removed) await run(sql, COUNT_MESSAGES, [tenantId, id, removed]);
  return removed;
}

/** These, with all that hangs on them. Answers how many there were. */
export async function deleteMessages(sql: Sql, tenantId: string, messages: string[]): Promise<number> {
  if (!messages.length) return 0;
  await run(sql, LOCK_OF_MESSAGES, [tenantId, messages]);
  const [row] = await run<{ removed: number }>(sql, REMOVE, [tenantId, messages]);
  return row?.removed ?? 0;
}

/** The first day behind another, of which anything is kept of what providers brought. */
export async function nextDay(sql: Sql, tenantId: string, after: string): Promise<string | undefined> {
  const [row] = await run<{ day: string }>(
    sql,
    `select received_on::text "day" from webhooks where tenant_id = $1 and received_on > $2 order by received_on limit 1`,
    [tenantId, after],
  );
  return row?.day;
}

/** What waits to be applied is left to the lanes: it was taken, and may be another's that only names them. */
const REMOVE_WEBHOOKS = `with p as materialized (select key, received_at, body from webhooks
      where tenant_id = $1 and received_on = $2 and key > $3 order by key limit ${WEBHOOKS}),
    h as materialized (select p.key, p.received_at, q.key is not null queued, q.key is not null and q.dead is null live from p
      left join lateral (select key, dead from pending q where q.tenant_id = $1 and q.received_on = $2 and q.key = p.key offset 0) q on true
      where p.received_at >= $5 and exists (select from unnest($4::text[]) n where position(convert_to(n, 'UTF8') in p.body) > 0)),
    d as (delete from pending q using h where q.tenant_id = $1 and q.received_on = $2 and q.key = h.key and q.dead is not null returning q.key),
    w as (delete from webhooks w using h where w.tenant_id = $1 and w.received_on = $2 and w.key = h.key
      and (not h.queued or h.key in (select key from d)) returning 1)
  select array(select key::text from p order by key desc limit 1) next, (select count(*) from w)::int found,
    (select min(received_at) from h where live) waiting`;

const COUNT_WEBHOOKS = `update erasures set webhooks = webhooks + $3 where tenant_id = $1 and contact_id = $2`;

export interface WebhooksPage extends Page {
  /** When the first came that nobody has applied yet; null: none waits. */
  waiting: Date | null;
}

/** Of one day, what came since then and names them. */
export async function removeWebhooks(
  sql: Sql,
  { tenantId, id, traces }: Person,
  { day, after: [after], since }: { day: string; after: string[]; since: Date },
): Promise<WebhooksPage> {
  const keys = [tenantId, day, after, traces.needles, since];
  const [page] = await run<PageRow & { waiting: Date | null }>(sql, REMOVE_WEBHOOKS, keys);
  const { next, found } = pageOf(page);
  if (found) await run(sql, COUNT_WEBHOOKS, [tenantId, id, found]);
  return { next, found, waiting: page?.waiting ?? null };
}

/** Answers that are kept to be given again. */
const REMOVE_ANSWERS = `with p as materialized (select member_id, key, response::text answer from idempotency_keys
      where tenant_id = $1 and (member_id, key) > ($2::uuid, $3::text) order by member_id, key limit ${PAGE}),
    d as (delete from idempotency_keys k using p where k.tenant_id = $1 and k.member_id = p.member_id and k.key = p.key
      and exists (select from unnest($4::text[]) w where position(w in p.answer) > 0) returning 1)
  select array(select unnest(array[member_id::text, key]) from (select member_id, key from p order by 1 desc, 2 desc limit 1) l) next,
    (select count(*) from d)::int found`;

export async function removeAnswers(
  sql: Sql,
  { tenantId, id, traces }: Person,
  [member, key]: string[],
): Promise<Page> {
  const quoted = traces.addresses.map((address) => JSON.stringify(address));
  const authors = traces.names.map((name) => `"author": ${JSON.stringify(name)}`);
  const words = [id, ...traces.conversations, ...quoted, ...authors];
  const [page] = await run<PageRow>(sql, REMOVE_ANSWERS, [tenantId, member, key, words]);
  return pageOf(page);
}

/** What was told of a message, or of a group, before there was one. An id may carry the chat, and with it their number. */
const FORGET_TOLD = `with p as materialized (select account_id, scope, external_id, message_id, coalesce(waiting, '{}') told from externals
      where tenant_id = $1 and (waiting is not null or message_id is null) and (account_id, scope, external_id) > ($2::uuid, $3::text, $4::text)
      order by account_id, scope, external_id limit ${PAGE}),
    t as materialized (select p.account_id, p.scope, p.external_id, n.told, n.told <> p.told changed, n.gone from p cross join lateral (
      select p.message_id is null and exists (select from unnest($7::text[]) w where position(w || '@' in p.external_id) > 0) gone,
        (p.told #- array['reactions', $5]) || case when p.told -> 'members' is null then '{}' else jsonb_build_object('members',
        (select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(p.told -> 'members') m
          where not exists (select from jsonb_array_elements(m.value -> 'addresses') a where a ->> 'address' = any($6::text[])))) end told offset 0) n),
    d as (delete from externals x using t where t.gone and x.tenant_id = $1 and x.account_id = t.account_id and x.scope = t.scope
      and x.external_id = t.external_id returning 1),
    u as (update externals x set waiting = t.told from t where t.changed and not t.gone and x.tenant_id = $1 and x.account_id = t.account_id
      and x.scope = t.scope and x.external_id = t.external_id returning 1)
  select array(select unnest(array[account_id::text, scope, external_id]) from
      (select account_id, scope, external_id from p order by 1 desc, 2 desc, 3 desc limit 1) l) next,
    (select count(*) from d)::int + (select count(*) from u)::int found`;

export async function forgetTold(sql: Sql, { tenantId, id, traces }: Person, after: string[]): Promise<Page> {
  const [page] = await run<PageRow>(sql, FORGET_TOLD, [tenantId, ...after, id, traces.addresses, traces.needles]);
  return pageOf(page);
}

const LOCK = `select 1 from conversations where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update`;

/** Theirs alone, children first. */
const OWN = [
  'delete from participants where tenant_id = $1 and conversation_id = any($2::uuid[])',
  `delete from reads where tenant_id = $1 and conversation_id = any($2::uuid[])
    and member_id = any(array(select id from members where tenant_id = $1))`, // down the primary key
  'delete from conversation_labels where tenant_id = $1 and conversation_id = any($2::uuid[])',
  `delete from chat_addresses where tenant_id = $1 and chat_id in
    (select id from chats where tenant_id = $1 and conversation_id = any($2::uuid[]))`,
  'delete from chats where tenant_id = $1 and conversation_id = any($2::uuid[])',
  'delete from search_texts where tenant_id = $1 and conversation_id = any($2::uuid[])',
  'delete from conversations where tenant_id = $1 and id = any($2::uuid[])',
];

/** These, of which no message is left, with their chats. Fails with a foreign key's error where one is. */
export async function deleteConversations(sql: Sql, tenantId: string, ids: string[]): Promise<void> {
  for (const statement of OWN) await run(sql, statement, [tenantId, ids]);
}

const SELF = [
  'delete from merge_suggestions where tenant_id = $1 and contact_id = $2',
  'delete from merge_suggestions where tenant_id = $1 and other_id = $2',
  'delete from identities where tenant_id = $1 and contact_id = $2',
  'delete from contacts where tenant_id = $1 and id = $2',
];

/** The rest, at once: whoever brings a word of theirs waits, and then meets somebody new. Fails with a foreign key's error where one came meanwhile. */
export async function removePerson(sql: Sql, { tenantId, id, traces }: Person): Promise<void> {
  const { addresses, conversations, groups } = traces;
  await run(sql, LOCK, [tenantId, [...conversations, ...groups]]);
  await run(sql, 'delete from participants where tenant_id = $1 and address = any($2::text[])', [tenantId, addresses]);
  await deleteConversations(sql, tenantId, conversations);
  for (const statement of SELF) await run(sql, statement, [tenantId, id]);
}

/** A number that no event has: whoever stands before it, and that is everybody, begins again. */
const RAISE_FLOOR = `update event_heads h set floor = 1 + greatest(h.floor,
    coalesce((select max(seq) from events e where e.tenant_id = h.tenant_id), 0)) where h.tenant_id = $1`;
const LOCK_HEAD = `select 1 from event_heads where tenant_id = $1 for no key update`;

/** Makes every stream and every program fetch everything again: what was told before may hold their words. */
export async function startAgain(sql: Sql, tenantId: string): Promise<void> {
  await run(sql, LOCK_HEAD, [tenantId]); // in a statement of its own: the next sees the last that was numbered
  await run(sql, RAISE_FLOOR, [tenantId]);
}

const REMOVE_EVENTS = `with o as materialized (select seq from events where tenant_id = $1
      and seq <= (select floor from event_heads where tenant_id = $1) order by seq limit ${PAGE}),
    d as (delete from events e using o where e.tenant_id = $1 and e.seq = o.seq returning 1)
  select count(*)::int removed from d`;

/** Some of what nobody can ask for any more. Answers how many. */
export async function removeEvents(sql: Sql, tenantId: string): Promise<number> {
  const [row] = await run<{ removed: number }>(sql, REMOVE_EVENTS, [tenantId]);
  return row?.removed ?? 0;
}
