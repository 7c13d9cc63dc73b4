import type { Address, ChatRef } from '@parley/channels/provider';
import { columns, run } from '@parley/platform/statements';
import type { TransactionSql } from 'postgres';
import type { Changed } from './changes';
import type { Chats } from './chats';
import type { People } from './people';
import { isTold, type Told } from './told';

/** A person who wrote, or a group by its external id, that the provider told no name of. */
export interface Nameless {
  tenantId: string;
  accountId: string;
  person?: { address: Address; chat: ChatRef };
  group?: string;
}

/** Of those who wrote. Whoever writes again is looked at again, so that nobody stays nameless for one lost question. */
export function namelessOf(told: Told[], chats: Chats, people: People): Nameless[] {
  return told.filter(isTold('message.received')).flatMap((one) => {
    const { tenantId, accountId, event } = one;
    const { chat } = event;
    const [address] = event.from.addresses;
    const isNameless = address && !event.from.name && !people.find(tenantId, event.from.addresses)?.name;
    const isUntitled = chat.kind === 'group' && chats.of(one)?.conversation.title === chat.externalId;
    return [
      ...(isNameless ? [{ tenantId, accountId, person: { address, chat } }] : []),
      ...(isUntitled ? [{ tenantId, accountId, group: chat.externalId }] : []),
    ];
  });
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

/** Lines that stood under an address, now that a name is known. After contacts took over their names. */
export async function nameLines(sql: TransactionSql, told: Told[], chats: Chats): Promise<Changed[]> {
  const named = told.filter(isTold('contact.named')).flatMap((one) => {
    const chat = one.event.chat && chats.of(one);
    return chat ? one.event.addresses.map((address) => ({ one, chat, ...address })) : [];
  });
  if (!named.length) return [];
  const rows = await run<{ tenantId: string; messageId: string }>(
    sql,
    NAME,
    columns(
      named,
      (n) => n.one.tenantId,
      (n) => n.chat.conversation.id,
      (n) => n.kind,
      (n) => n.address,
    ),
  );
  return rows.map((row) => ({ ...row, correlationId: named[0]?.one.correlationId ?? '' }));
}
