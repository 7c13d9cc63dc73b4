import type { Content } from '@parley/contracts/content';
import type { ConversationStatus } from '@parley/contracts/conversations';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { searchTextOf } from '@parley/inbox/conversations/search-text';
import { previewOf, previewType } from '@parley/inbox/messages/preview';
import type { Sql } from 'postgres';

export interface NewConversation {
  accountId?: string;
  /** The contact's name; null: nobody named them. */
  name?: string | null;
  /** E.164. */
  phone?: string;
  assigneeId?: string | null;
  teamId?: string | null;
  status?: ConversationStatus;
  lastMessageAt?: Date;
  /** Of the customer's last message; null: none yet. */
  lastInboundAt?: Date | null;
}

export interface TestConversation {
  id: string;
  tenantId: string;
  accountId: string;
  chatId: string;
  contactId: string;
  phone: string;
}

export interface NewMessage {
  direction?: 'inbound' | 'outbound' | 'note';
  text?: string;
  content?: Content;
  memberId?: string;
  sentAt?: Date;
  /** Of the provider; made up unless said, null for a note or one that has not left yet. */
  externalId?: string | null;
  delivery?: keyof typeof deliveryRank;
}

let count = Math.floor(Math.random() * 1e6);
/** A number that the simulator would not act on. */
export const newPhone = () => `+1202${String(5_000_000 + (count++ % 4_999_999)).padStart(7, '0')}`;

export async function insertConversation(
  sql: Sql,
  tenantId: string,
  options: NewConversation & { accountId: string },
): Promise<TestConversation> {
  const {
    accountId,
    name = 'Rita',
    phone = newPhone(),
    assigneeId = null,
    teamId = null,
    status = 'open',
    lastMessageAt = new Date(),
    lastInboundAt = new Date(),
  } = options;
  const [id, chatId, contactId] = [uuid7(), uuid7(), uuid7()];
  await sql.begin(async (tx) => {
    await tx`insert into contacts (tenant_id, id, name, named_by) values (${tenantId}, ${contactId}, ${name}, ${name && 'provider'})`;
    await tx`insert into identities (tenant_id, kind, address, contact_id) values (${tenantId}, 'phone', ${phone}, ${contactId})`;
    await tx`insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status, assignee_id, team_id, last_message_at, last_inbound_at)
      values (${tenantId}, ${id}, 'direct', ${accountId}, ${chatId}, ${contactId}, ${name ?? phone}, ${searchTextOf([name, phone])}, ${status},
        ${assigneeId}, ${teamId}, ${lastMessageAt}, ${lastInboundAt})`;
    await tx`insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
      values (${tenantId}, ${chatId}, ${accountId}, ${id}, 'direct', ${phone}, ${contactId})`;
    await tx`insert into chat_addresses (tenant_id, account_id, address, chat_id) values (${tenantId}, ${accountId}, ${phone}, ${chatId})`;
  });
  return { id, tenantId, accountId, chatId, contactId, phone };
}

/** At the end of the thread, with the conversation's summary brought up to date. */
export async function insertMessage(
  sql: Sql,
  conversation: TestConversation,
  options: NewMessage,
): Promise<{ id: string; externalId: string | null }> {
  const { tenantId, id: conversationId, chatId, accountId, contactId } = conversation;
  const {
    direction = 'inbound',
    text = 'Open today?',
    content = { type: 'text', text },
    memberId = null,
    sentAt = new Date(),
    delivery,
  } = options;
  const id = uuid7();
  const externalId =
    options.externalId === undefined
      ? direction === 'note'
        ? null
        : `X${id.replaceAll('-', '')}`
      : options.externalId;
  const inbound = direction === 'inbound';
  await sql.begin(async (tx) => {
    const [row] = await tx<
      { position: number }[]
    >`select greatest(newest + 1000, ${sentAt.getTime() * 1000})::bigint as position from conversations
      where tenant_id = ${tenantId} and id = ${conversationId} for no key update`;
    const position = Number(row?.position);
    await tx`insert into messages ${tx({
      tenant_id: tenantId,
      id,
      conversation_id: conversationId,
      chat_id: chatId,
      direction,
      content: tx.json(content as never),
      sender_contact_id: inbound ? contactId : null,
      sender_member_id: memberId,
      origin: inbound ? null : 'agent',
      position,
      dated: inbound ? sentAt.getTime() * 1000 : null,
      delivery: direction === 'outbound' ? deliveryRank[delivery ?? 'sent'] : null,
      delivery_at: direction === 'outbound' ? sentAt : null,
    })}`;
    if (externalId) {
      await tx`insert into externals (tenant_id, account_id, external_id, message_id) values (${tenantId}, ${accountId}, ${externalId}, ${id})`;
    }
    await tx`update conversations set newest = ${position}, dated = greatest(dated, ${inbound ? position : 0}), last_message_id = ${id}, last_direction = ${direction},
        last_type = ${previewType(content)}, preview = ${previewOf(content)}, last_message_at = ${sentAt},
        received = received + ${inbound ? 1 : 0}, answered = case when ${direction === 'outbound'} then received else answered end,
        waiting_since = case when ${inbound} then coalesce(waiting_since, ${sentAt}) when ${direction === 'outbound'} then null else waiting_since end,
        last_inbound_at = case when ${inbound} then ${sentAt} else last_inbound_at end
      where tenant_id = ${tenantId} and id = ${conversationId}`;
  });
  return { id, externalId };
}
