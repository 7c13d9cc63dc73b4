import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { QueryClient } from '@tanstack/react-query';
import { changeDetails } from './conversation-details';
import { changeLists } from './conversation-lists';
import { changeCounts } from './counts';
import { changeDirectory } from './directories';
import { changeMessages, messagesKey } from './message-cache';
import { syncOf } from './sync';

/**
 * Applies the answer to a write of our own, stamped with the write's last event. What the stream has brought meanwhile
 * is not overwritten, and nothing older than the answer is taken afterwards.
 */
export function applyEvent(client: QueryClient, event: RealtimeEvent): void {
  if (syncOf(client).admit(event)) reduce(client, event);
}

/** Applies the next event of the stream. False: it was applied before. */
export function receiveEvent(client: QueryClient, event: RealtimeEvent): boolean {
  const sync = syncOf(client);
  if (!sync.advance(event)) return false;
  reduce(client, event);
  sync.advanceTo(event.seq);
  return true;
}

/** What of the cache each event touches. An event that a newer server invented touches nothing. */
function reduce(client: QueryClient, event: RealtimeEvent): void {
  switch (event.type) {
    case 'message.created':
      changeMessages(client, event.conversation.id, event);
      return changeConversation(client, event.conversation.id, event);
    case 'message.updated':
      changeMessages(client, event.message.conversationId, event);
      return changeConversation(client, event.message.conversationId, event);
    case 'message.removed':
    case 'delivery.updated':
      changeMessages(client, event.conversationId, event);
      return changeConversation(client, event.conversationId, event);
    case 'conversation.created':
    case 'conversation.updated':
      return changeConversation(client, event.conversation.id, event);
    case 'conversation.read':
    case 'contact.updated': // messages keep the name that their writer had then
      return changeConversation(client, event.conversationId, event);
    case 'conversation.removed':
      changeConversation(client, event.conversationId, event);
      return client.removeQueries({ queryKey: messagesKey(event.conversationId) });
    case 'account.updated':
      return changeDirectory(client, 'accounts', event);
    case 'label.updated':
      return changeDirectory(client, 'labels', event);
    case 'member.updated':
      return changeDirectory(client, 'members', event);
    case 'team.updated':
    case 'team.removed': // what it had is fetched anew: who is concerned starts again
      return changeDirectory(client, 'teams', event);
    default:
      return event satisfies never;
  }
}

function changeConversation(client: QueryClient, id: string, event: RealtimeEvent): void {
  changeCounts(client, event);
  changeLists(client, event);
  changeDetails(client, id, event);
}
