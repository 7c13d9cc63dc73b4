import type { Conversation, ConversationBase } from '@parley/contracts/conversations';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import { unreadOf } from '@/lib/contract-values';

type Me = Conversation['me'];

/** Which conversation an event concerns, or null. */
export function conversationOf(event: RealtimeEvent): string | null {
  if ('conversation' in event) return event.conversation.id;
  if ('conversationId' in event) return event.conversationId;
  return 'message' in event ? event.message.conversationId : null;
}

/**
 * A conversation as it stands after an event that concerns it. Null: it left this member's sight.
 * Undefined: the event does not tell enough about a conversation that is not here.
 */
export function conversationAfter(
  event: RealtimeEvent,
  old: Conversation | undefined,
): Conversation | null | undefined {
  switch (event.type) {
    case 'message.created':
    case 'conversation.created':
    case 'conversation.updated':
      return whole(event.conversation, event.me, old);
    case 'conversation.removed':
      return null;
    case 'conversation.read':
      return old && { ...old, me: { ...old.me, seen: event.seen } };
    case 'delivery.updated':
      return withDelivery(old, event.messageId, event.delivery.status);
    case 'message.updated':
      return withDelivery(old, event.message.id, event.message.delivery?.status ?? null);
    case 'contact.updated':
      return old && old.contactId === event.contact.id && event.contact.name !== null
        ? { ...old, title: event.contact.name }
        : old;
    case 'message.removed':
    case 'account.updated':
    case 'label.updated':
    case 'member.updated':
    case 'team.updated':
    case 'team.removed':
      return old;
  }
}

/** The answer to an own write carries `me` in the conversation, the stream beside it. */
function whole(base: ConversationBase & { me?: Me }, me: Me | undefined, old: Conversation | undefined): Conversation {
  return { ...base, me: me ?? base.me ?? old?.me ?? { seen: null, can: [] } };
}

function withDelivery(
  old: Conversation | undefined,
  messageId: string,
  deliveryStatus: NonNullable<Conversation['lastMessage']>['deliveryStatus'],
): Conversation | undefined {
  if (!old?.lastMessage || old.lastMessage.id !== messageId || old.lastMessage.deliveryStatus === deliveryStatus)
    return old;
  return { ...old, lastMessage: { ...old.lastMessage, deliveryStatus } };
}

/** What the tabs count of one conversation. */
export interface Share {
  mine: number;
  unassigned: number;
  all: number;
  unread: number;
}

/** How a conversation counts for a member; null: it is out of sight. */
export function shareOf(conversation: Conversation | null, memberId: string | null): Share {
  if (conversation?.status !== 'open') return { mine: 0, unassigned: 0, all: 0, unread: 0 };
  const mine = conversation.assigneeId !== null && conversation.assigneeId === memberId;
  return {
    mine: Number(mine),
    unassigned: Number(conversation.assigneeId === null),
    all: 1,
    unread: Number(mine && unreadOf(conversation) > 0),
  };
}
