import type { Audience, NewEvent } from '@parley/platform/events';
import type { Sql } from '@parley/db/sql';
import { audienceOfConversation, loadConversations } from '../conversations/conversation.view';
import { loadMessages } from '../messages/message.view';
import type { Settled } from './news';

/** A fact with the tenant and the message it is about. */
export interface SettledEvent {
  tenantId: string;
  messageId: string;
  event: NewEvent;
}

/** The facts of what was settled, read back from what was written; each message once. */
export async function settledEvents(sql: Sql, settled: Settled[]): Promise<SettledEvent[]> {
  const unique = [...new Map(settled.map((one) => [`${one.what === 'removed'} ${one.messageId}`, one])).values()];
  if (!unique.length) return [];
  const conversationKeys = unique.map((one) => ({ tenantId: one.tenantId, id: one.conversationId }));
  const [messages, conversations] = await Promise.all([
    loadMessages(
      sql,
      unique.map((one) => ({ tenantId: one.tenantId, id: one.messageId })),
    ),
    loadConversations(sql, [...new Map(conversationKeys.map((key) => [key.id, key])).values()]),
  ]);
  const message = new Map(messages.map((m) => [m.id, m]));
  const conversation = new Map(conversations.map((c) => [c.id, c]));
  const wholes = new Set(settled.filter((one) => one.what === 'message').map((one) => one.messageId));
  return unique.flatMap(({ tenantId, messageId, conversationId, what }) => {
    const c = conversation.get(conversationId);
    if (!c) return [];
    const audience: Audience = audienceOfConversation(c);
    const tell = (event: NewEvent): SettledEvent => ({ tenantId, messageId, event });
    if (what === 'removed') {
      return [
        tell({ type: 'message.removed', audience, messageId, conversationId }),
        tell({ type: 'conversation.updated', audience, conversation: c }),
      ];
    }
    const m = message.get(messageId);
    if (!m) return [];
    if (wholes.has(messageId)) return [tell({ type: 'message.updated', audience, message: m })];
    if (!m.delivery) return [];
    return [tell({ type: 'delivery.updated', audience, messageId, conversationId, delivery: m.delivery })];
  });
}
