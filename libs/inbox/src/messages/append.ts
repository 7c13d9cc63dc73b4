import type { Content } from '@parley/contracts/content';
import type { ConversationBase } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { run } from '@parley/platform/statements';
import type { TenantContext, TenantTx } from '@parley/platform/tenant-db';
import type { MemberContext } from '../context';
import { conversationColumns, LABELS, toConversation, type ConversationRow } from '../conversations/conversation.view';
import { newMessageView } from './message.view';
import { previewOf, previewType } from './preview';

/** The next place of a thread, µs: now, but always after the newest, which only the holder of the lock may move. */
const NEXT_PLACE = `greatest((extract(epoch from clock_timestamp()) * 1e6)::bigint, newest + 1000)`;
/** Lists sort by our clock; it never turns back, though a transaction that began earlier may come later. */
const NOW_IN_LIST = `greatest(last_message_at, clock_timestamp())`;

type SystemEvent = Extract<Content, { type: 'system' }>['event'];

/** Without a member it is the install itself. */
export type TellerTx = TenantTx<TenantContext & Partial<Pick<MemberContext, 'memberId' | 'memberName'>>>;

/** A line that tells what was done, and by whom. It makes nothing unread and leaves the list as it is. Answers its id. */
export async function appendLine(
  tx: TellerTx,
  conversation: { id: string; chatId: string },
  { event, to = [] }: { event: SystemEvent; to?: string[] },
): Promise<string> {
  const id = uuid7();
  const { memberId = null, memberName = null } = tx.ctx;
  const content: Content = { type: 'system', event, by: memberName, to };
  await run(
    tx.raw,
    `with c as (update conversations set newest = ${NEXT_PLACE} where tenant_id = $1 and id = $2 returning newest)
     insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_member_id, sender_name, position)
     select $1, $3, $2, $4, 'system', $5::text::jsonb, $6, $7, newest from c`,
    [tx.tenantId, conversation.id, id, conversation.chatId, JSON.stringify(content), memberId, memberName],
  );
  return id;
}

export interface OutboundMessage {
  id: string;
  conversationId: string;
  chatId: string;
  accountId: string;
  content: Content;
  quote: { messageId: string; externalId: string | null; author: string | null; text: string | null } | null;
}

const SUMMARY = `last_message_id = $3, last_direction = 'outbound', last_sender = $7, last_type = $10, preview = $11, last_message_at = ${NOW_IN_LIST}`;
const APPEND = `with m as (
    insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_member_id, sender_name, origin, quote,
      position, delivery, delivery_at)
    select $1, $3, $2, $4, 'outbound', $5::text::jsonb, $6, $7, 'agent', $8::text::jsonb, ${NEXT_PLACE}, ${deliveryRank.queued}, now()
    from conversations where tenant_id = $1 and id = $2 on conflict do nothing returning id, position, created_at, delivery_at)
  update conversations c set newest = m.position, chat_id = $4, account_id = $9, answered = received, waiting_since = null, ${SUMMARY}
  from m cross join accounts a where c.tenant_id = $1 and c.id = $2 and a.tenant_id = $1 and a.id = $9
  returning m.position, extract(epoch from m.created_at) * 1000 sent_ms, extract(epoch from m.delivery_at) * 1000 delivery_ms,
    ${conversationColumns({ labels: LABELS, ticks: String(deliveryRank.queued) })}`;

/** A new message as the API shows it, with its conversation; of one that quotes only the latter is whole. */
export interface Appended {
  message: Message;
  conversation: ConversationBase;
}

/** Writes a message of the member at the end of the thread, and the summary with it. Undefined: its id is taken. */
export async function appendOutbound(
  tx: TenantTx<MemberContext>,
  message: OutboundMessage,
): Promise<Appended | undefined> {
  const { id, conversationId, chatId, content, quote } = message;
  const { memberId, memberName } = tx.ctx;
  const [row] = await run<ConversationRow & { position: number; sent_ms: number; delivery_ms: number }>(
    tx.raw,
    APPEND,
    [
      tx.tenantId,
      conversationId,
      id,
      chatId,
      JSON.stringify(content),
      memberId,
      memberName,
      quote && JSON.stringify(quote),
      message.accountId,
      previewType(content),
      previewOf(content),
    ],
  );
  if (!row) return undefined;
  const view = newMessageView({
    tenant_id: tx.tenantId,
    id,
    conversation_id: conversationId,
    chat_id: chatId,
    direction: 'outbound',
    content,
    sender_contact_id: null,
    sender_member_id: memberId,
    sender_name: memberName,
    origin: 'agent',
    forwarded: false,
    position: row.position,
    dated: null,
    late: false,
    created_ms: row.sent_ms,
    delivery: deliveryRank.queued,
    delivery_ms: row.delivery_ms,
  });
  return { message: view, conversation: toConversation(row) };
}

/** Moves a message of ours to the end of its thread, where it is sent anew, and the summary with it. */
export async function moveToEnd(
  tx: TenantTx<MemberContext>,
  { id, conversationId, content }: Pick<OutboundMessage, 'id' | 'conversationId' | 'content'>,
): Promise<void> {
  await run(
    tx.raw,
    `with m as (
       update messages m set position = ${NEXT_PLACE} from conversations c
       where c.tenant_id = $1 and c.id = $2 and m.tenant_id = $1 and m.id = $3 returning m.position, m.sender_name, m.direction)
     update conversations c set newest = m.position, last_message_id = $3, last_direction = m.direction, last_sender = m.sender_name,
       answered = received, waiting_since = null, last_type = $4, preview = $5, last_message_at = ${NOW_IN_LIST}
     from m where c.tenant_id = $1 and c.id = $2`,
    [tx.tenantId, conversationId, id, previewType(content), previewOf(content)],
  );
}
