import type { Conversation, ConversationDetails } from '@parley/contracts/conversations';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { QueryClient } from '@tanstack/react-query';
import { conversationAfter, conversationOf } from './conversation-after';
import { type ListData, listsKey } from './conversation-lists';
import type { Snapshot } from './snapshot';
import { conversationKey, type Sync, syncOf } from './sync';

/** One conversation with its contact. `details` is null once it left this member's sight. */
export type DetailsSnapshot = Snapshot & { id: string; details: ConversationDetails | null };

export const detailsKey = ['conversations', 'details'] as const;

/** The open conversation after an event. */
export function detailsAfter(snapshot: DetailsSnapshot, event: RealtimeEvent, sync: Sync): DetailsSnapshot {
  const { details } = snapshot;
  if (conversationOf(event) !== snapshot.id || event.seq <= snapshot.seq) return snapshot;
  if (event.type === 'conversation.removed') return { ...snapshot, details: null };
  if (!details) return snapshot;
  const contact =
    event.type === 'contact.updated' && details.contact?.id === event.contact.id
      ? { ...details.contact, ...event.contact } // what one may do with it stays
      : details.contact;
  if (sync.overtaken(conversationKey(snapshot.id), event.seq))
    return contact === details.contact ? snapshot : { ...snapshot, details: { ...details, contact } };
  const next = conversationAfter(event, details);
  return next && (next !== details || contact !== details.contact)
    ? { ...snapshot, details: { ...details, ...next, contact } }
    : snapshot;
}

/** Events do not carry who is in a group: what may have changed it is a reason to fetch them again. */
function concernsMembers(event: RealtimeEvent): boolean {
  if (event.type === 'conversation.updated') return event.conversation.kind === 'group';
  if (event.type !== 'message.created') return false;
  const { content } = event.message;
  return content.type === 'system' && content.event.startsWith('participants_');
}

/** Applies an event to the cached details of its conversation. Back in sight, they are fetched again, and so are a group's members. */
export function changeDetails(client: QueryClient, conversationId: string, event: RealtimeEvent): void {
  const queryKey = [...detailsKey, conversationId];
  const snapshot = client.getQueryData<DetailsSnapshot>(queryKey);
  if (!snapshot) return;
  const next = detailsAfter(snapshot, event, syncOf(client));
  if (next !== snapshot) client.setQueryData(queryKey, next);
  const isBack = !snapshot.details && 'conversation' in event;
  if (event.seq > snapshot.seq && (isBack || concernsMembers(event))) void client.invalidateQueries({ queryKey });
}

/** What is known of a conversation before its details came: as some list shows it. */
export function knownConversation(client: QueryClient, id: string): Conversation | undefined {
  const details = client.getQueryData<DetailsSnapshot>([...detailsKey, id])?.details;
  if (details) return details;
  for (const [, data] of client.getQueriesData<ListData>({ queryKey: listsKey })) {
    for (const page of data?.pages ?? []) {
      const found = page.items.find((item) => item.id === id);
      if (found) return found;
    }
  }
  return undefined;
}
