import type { Audience, NewEvent } from '@parley/platform/events';
import type { Sql } from '@parley/db/sql';
import { loadAccounts } from '../accounts/account.view';
import { audienceOfConversation, type Surroundings } from '../conversations/conversation.view';
import type { Settled } from '../sending/news';
import type { AccountKey } from './account-states';
import type { Outcome } from './batch';
import type { Changed } from './changes';
import type { Chats } from './chats';
import type { Acquainted } from './contacts';
import { chatAddressesOf, isTold, type Told } from './told';
import { viewsOf } from './views';
import type { NewMessage } from './write';

/** What settling changed, and what told it. */
export type Heard = Settled & { correlationId: string | null };

/** What one batch did. */
export interface Happened {
  news: NewMessage[];
  changed: Changed[];
  settled: Heard[];
  chats: Chats;
  acquainted: Acquainted[];
  accounts: AccountKey[];
  /** Of the conversations that were there before; null: it brings no message. */
  surroundings: Surroundings | null;
  nowUs: number;
}

/** The facts of a batch as the API shows them. */
export async function eventsOf(sql: Sql, happened: Happened): Promise<Outcome['events']> {
  const { news, changed, settled, chats, acquainted, accounts } = happened;
  const touched = [...chats.conversations.values()].filter((c) => c.touched);
  const changedIds = new Set(changed.map((c) => c.messageId));
  const [{ messages: message, conversations: conversation }, accountViews] = await Promise.all([
    viewsOf(sql, happened),
    loadAccounts(sql, accounts),
  ]);
  const events: Outcome['events'] = [];
  const add = (tenantId: string, correlationId: string | null, event: NewEvent) =>
    events.push({ tenantId, correlationId, event });
  const audience = (id: string) => {
    const state = chats.conversations.get(id);
    return state && audienceOfConversation(state, { assigneeId: state.wasAssigneeId, teamId: state.teamId });
  };

  const told = new Set<string>();
  /** Once, unless an event of a message brought it: all events show it as it is after the batch. */
  const addConversation = (tenantId: string, correlationId: string | null, id: string, to: Audience) => {
    const c = conversation.get(id);
    if (!c || told.has(id)) return;
    told.add(id);
    add(tenantId, correlationId, { type: 'conversation.updated', audience: to, conversation: c });
  };
  for (const { id, chat, correlationId } of news) {
    const [m, c, to] = [message.get(id), conversation.get(chat.conversation.id), audience(chat.conversation.id)];
    if (!m || !c || !to) continue;
    told.add(c.id);
    add(chat.tenantId, correlationId, { type: 'message.created', audience: to, message: m, conversation: c });
  }
  for (const { tenantId, messageId, correlationId } of changed) {
    const m = message.get(messageId);
    const to = m && audience(m.conversationId);
    if (!m || !to) continue;
    add(tenantId, correlationId, { type: 'message.updated', audience: to, message: m });
    if (conversation.get(m.conversationId)?.lastMessage?.id === messageId)
      addConversation(tenantId, correlationId, m.conversationId, to);
  }
  for (const { tenantId, messageId, conversationId, correlationId, what } of settled) {
    const [m, to] = [message.get(messageId), audience(conversationId)];
    if (!to || changedIds.has(messageId)) continue;
    if (what === 'removed') {
      add(tenantId, correlationId, { type: 'message.removed', audience: to, messageId, conversationId });
      addConversation(tenantId, correlationId, conversationId, to); // it may have been the last one
    } else if (m && what === 'message')
      add(tenantId, correlationId, { type: 'message.updated', audience: to, message: m });
    else if (m?.delivery)
      add(tenantId, correlationId, {
        type: 'delivery.updated',
        audience: to,
        messageId,
        conversationId,
        delivery: m.delivery,
      });
  }
  for (const state of touched) {
    const to = audience(state.id);
    if (to) addConversation(state.tenantId, state.correlationId || null, state.id, to);
  }
  for (const { tenantId, conversationId, accountId, assigneeId, teamId, contact, retitled } of acquainted) {
    const to = audienceOfConversation({ id: conversationId, accountId, assigneeId, teamId });
    add(tenantId, null, { type: 'contact.updated', audience: to, conversationId, contact });
    if (retitled) addConversation(tenantId, null, conversationId, to);
  }
  for (const account of accountViews) {
    const key = accounts.find((a) => a.id === account.id);
    if (key)
      add(key.tenantId, null, { type: 'account.updated', audience: { to: 'tenant', accountId: account.id }, account });
  }
  return events;
}

/** Who types: shown to who looks, and gone if missed. */
export function typingOf(told: Told[], chats: Chats): Outcome['ephemeral'] {
  return told.filter(isTold('typing.changed')).flatMap((one) => {
    const chat = chats.find(one.accountId, chatAddressesOf(one.event.chat));
    if (!chat) return [];
    const { tenantId, conversation } = chat;
    const name = conversation.kind === 'direct' ? conversation.title : null;
    const event = {
      type: 'typing' as const,
      conversationId: conversation.id,
      name,
      memberId: null,
      typing: one.event.typing,
    };
    return [{ tenantId, audience: audienceOfConversation(conversation), event }];
  });
}
