import type { Address, ChatRef, Sender } from '@parley/channels/provider';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';
import type { ChatState } from './batch';
import type { Changed } from './changes';
import type { Chats } from './chats';
import type { People } from './people';
import { isTold, type Told } from './told';

/** A person who wrote, came or went that the provider told no name of, or a group by its external id of which it did not tell all. */
export interface Nameless {
  tenantId: string;
  accountId: string;
  person?: { address: Address; chat: ChatRef };
  group?: string;
}

/** After this who is in a group is asked for again, if somebody writes there: some providers tell of no change. */
export const MEMBERS_MS = 6 * 3_600_000;

/** Whoever is told of again is looked at again, so that nobody stays nameless for one lost question. */
export function namelessOf(told: Told[], chats: Chats, people: People, nowMs: number): Nameless[] {
  return told.flatMap((one) => {
    const { tenantId, accountId } = one;
    const heard = heardIn(one);
    if (!heard) return [];
    const { chat, senders } = heard;
    const persons = senders.flatMap(({ name, addresses: [address, ...others] }) => {
      if (!address || name || people.find(tenantId, [address, ...others])?.name) return [];
      return [{ tenantId, accountId, person: { address, chat } }];
    });
    const asksOfGroup = chat.kind === 'group' && !isKnown(chat.externalId, chats.of(one), nowMs);
    return [...persons, ...(asksOfGroup ? [{ tenantId, accountId, group: chat.externalId }] : [])];
  });
}

/** Until its name is known a group is called by its id. */
function isKnown(groupId: string, chat: ChatState | undefined, nowMs: number): boolean {
  if (!chat) return true; // nobody has written there
  return chat.conversation.title !== groupId && nowMs - (chat.membersMs ?? 0) < MEMBERS_MS;
}

/** Whom a thread names in what is told, and where. */
function heardIn(one: Told): { chat: ChatRef; senders: Sender[] } | undefined {
  if (isTold('message.received')(one)) return { chat: one.event.chat, senders: [one.event.from] };
  if (!isTold('participants.changed')(one) || one.event.action === 'replace') return undefined;
  const { chat, members, by } = one.event;
  return { chat, senders: [...members, ...(by ? [by] : [])] };
}

/** How many lines back a name is looked for: it comes a moment after the first. */
const RECENT = 200;

const NAME = `with u as (select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, c, k, a)),
  p as (select u.t, u.c, u.a, k.id contact_id, k.name from u
    join identities i on i.tenant_id = u.t and i.kind = u.k and i.address = u.a
    join contacts k on k.tenant_id = i.tenant_id and k.id = i.contact_id where k.name is not null),
  m as (update messages m set sender_name = p.name from p cross join lateral (
      select r.id from messages r where r.tenant_id = p.t and r.conversation_id = p.c order by r.position desc, r.id desc limit ${RECENT}) r
    where m.tenant_id = p.t and m.id = r.id and m.sender_contact_id = p.contact_id and m.sender_name = p.a
    returning m.tenant_id, m.id, m.conversation_id, m.sender_name),
  c as (update conversations c set last_sender = m.sender_name from m
    where c.tenant_id = m.tenant_id and c.id = m.conversation_id and c.last_message_id = m.id)
  select tenant_id "tenantId", id "messageId" from m`;

const LINE = `with u as (select t, c, jsonb_object_agg(a, n) names
    from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(t, c, a, n) group by 1, 2),
  r as (select u.t, r.id, r.content || jsonb_build_object('by', coalesce(names ->> (r.content ->> 'by'), r.content ->> 'by'), 'to',
      array(select coalesce(names ->> a, a) from jsonb_array_elements_text(r.content -> 'to') with ordinality e(a, i) order by i)) content
    from u cross join lateral (select r.id, r.direction, r.content from messages r
      where r.tenant_id = u.t and r.conversation_id = u.c order by r.position desc, r.id desc limit ${RECENT}) r
    where r.direction = 'system' and r.content ->> 'event' like 'participants\\_%'
      and (names ? (r.content ->> 'by') or names ?| array(select jsonb_array_elements_text(r.content -> 'to'))))
  update messages m set content = r.content from r where m.tenant_id = r.t and m.id = r.id
  returning m.tenant_id "tenantId", m.id "messageId"`;

/** What stood under an address, now that a name is known: messages, and lines of who came and went. After contacts took over their names. */
export async function nameLines(sql: Sql, told: Told[], chats: Chats): Promise<Changed[]> {
  const named = told.filter(isTold('contact.named')).flatMap((one) => {
    const chat = one.event.chat && chats.of(one);
    return chat ? one.event.addresses.map((address) => ({ one, chat, ...address })) : [];
  });
  if (!named.length) return [];
  const [tenants, conversations, kinds, addresses, names] = columns(
    named,
    (n) => n.one.tenantId,
    (n) => n.chat.conversation.id,
    (n) => n.kind,
    (n) => n.address,
    (n) => n.one.event.name,
  );
  type Row = Omit<Changed, 'correlationId'>;
  const rows = await Promise.all([
    run<Row>(sql, NAME, [tenants, conversations, kinds, addresses]),
    run<Row>(sql, LINE, [tenants, conversations, addresses, names]),
  ]);
  return rows.flat().map((row) => ({ ...row, correlationId: named[0]?.one.correlationId ?? '' }));
}
