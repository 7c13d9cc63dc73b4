import type { ConversationBase } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import type { Sql } from '@parley/db/sql';
import { loadConversations, toConversation, type ConversationRow } from '../conversations/conversation.view';
import { loadMessages, newMessageView } from '../messages/message.view';
import { uniqueBy, type ConversationState } from './batch';
import type { Happened } from './facts';
import type { NewMessage } from './write';

export interface Views {
  messages: Map<string, Message>;
  conversations: Map<string, ConversationBase>;
}

/**
 * The messages and conversations of a batch as the API shows them. A batch knows what it has just written, while it holds
 * the locks: that is put through the same functions as what is read. What it did not write itself is read back.
 */
export async function viewsOf(sql: Sql, happened: Happened): Promise<Views> {
  const messages = newMessages(happened);
  const conversations = ownConversations(happened);
  const { news, changed, settled, chats, acquainted } = happened;
  const messageKeys = [
    ...news.map((m) => ({ tenantId: m.chat.tenantId, id: m.id })),
    ...[...changed, ...settled].map((c) => ({ tenantId: c.tenantId, id: c.messageId })),
  ];
  const conversationKeys = [
    ...[...chats.conversations.values()].map((c) => ({ tenantId: c.tenantId, id: c.id })),
    ...acquainted.filter((a) => a.retitled).map((a) => ({ tenantId: a.tenantId, id: a.conversationId })),
  ];
  const [otherMessages, otherConversations] = await Promise.all([
    loadMessages(sql, missing(messageKeys, messages)),
    loadConversations(sql, missing(conversationKeys, conversations)),
  ]);
  for (const message of otherMessages) messages.set(message.id, message);
  for (const conversation of otherConversations) conversations.set(conversation.id, conversation);
  return { messages, conversations };
}

function missing<Key extends { id: string }>(keys: Key[], known: Map<string, unknown>): Key[] {
  return uniqueBy(
    keys.filter((key) => !known.has(key.id)),
    (key) => key.id,
  );
}

/** What a quote shows stands with another message; what was deleted or settled has more to it than is known here. */
function newMessages({ news, changed, settled, nowUs }: Happened): Map<string, Message> {
  const touched = new Set([...changed, ...settled].map((c) => c.messageId));
  const whole = news.filter((m) => !m.quote && m.deletedAtMs === null && !touched.has(m.id));
  return new Map(whole.map((message) => [message.id, viewOf(message, nowUs)]));
}

function viewOf(message: NewMessage, nowUs: number): Message {
  const { chat } = message;
  return newMessageView({
    tenant_id: chat.tenantId,
    id: message.id,
    conversation_id: chat.conversation.id,
    chat_id: chat.id,
    direction: message.direction,
    content: message.content,
    sender_contact_id: message.senderContactId,
    sender_name: message.senderName,
    origin: message.origin,
    forwarded: message.forwarded,
    position: message.position,
    dated: message.hasDate ? message.dated : null,
    late: message.late,
    created_ms: createdMs(nowUs),
    delivery: message.delivery,
    delivery_ms: message.deliveryAtMs && Math.round(message.deliveryAtMs),
  });
}

/** Postgres keeps milliseconds, rounded. */
export const createdMs = (nowUs: number) => Math.round(nowUs / 1000);

/** Those that the batch gave their last message. */
function ownConversations({ changed, settled, chats, surroundings }: Happened): Map<string, ConversationBase> {
  const views = new Map<string, ConversationBase>();
  const others = new Set([...changed, ...settled].map((c) => c.messageId));
  const shrunk = new Set(settled.filter((s) => s.what === 'removed').map((s) => s.conversationId));
  for (const state of chats.conversations.values()) {
    const account = surroundings?.accounts.get(state.accountId);
    if (!account || !state.touched || !state.last || others.has(state.last.id) || shrunk.has(state.id)) continue;
    const labelIds = surroundings?.labelIds.get(state.id) ?? [];
    views.set(state.id, toConversation({ ...account, ...rowOf(state, state.last), label_ids: labelIds }));
  }
  return views;
}

type LastMessage = NonNullable<ConversationState['last']>;

function rowOf(
  state: ConversationState,
  last: LastMessage,
): Omit<ConversationRow, 'provider' | 'config' | 'label_ids'> {
  return {
    tenant_id: state.tenantId,
    id: state.id,
    kind: state.kind,
    account_id: state.accountId,
    chat_id: state.chatId,
    title: state.title,
    contact_id: state.contactId,
    status: state.status,
    assignee_id: state.assigneeId,
    team_id: state.teamId,
    received: state.received,
    answered: state.answered,
    last_message_id: last.id,
    last_direction: last.direction,
    last_type: last.type,
    preview: last.preview,
    last_sender: last.sender,
    last_delivery: last.delivery,
    waiting_ms: state.waitingMs,
    inbound_ms: state.inboundMs,
    last_ms: state.lastMs,
    created_ms: state.createdMs,
  };
}
