import type { RealtimeEvent } from '@parley/contracts/realtime';

/** Whom an event may concern, and where they are looking. */
interface Watcher {
  memberId: string;
  /** Open in a window that has the focus; null: nobody looks, or at the list. */
  lookingAt: string | null;
}

/**
 * Whether a person should hear of it: somebody wrote to what is theirs, or to what is nobody's yet, or a colleague
 * handed them something. Never of what they are looking at.
 */
export function isNews(event: RealtimeEvent, { memberId, lookingAt }: Watcher): boolean {
  if (event.type !== 'message.created') return false;
  const { message, conversation } = event;
  if (message.direction !== 'inbound' || message.late) return false;
  if (conversation.id === lookingAt) return false;
  return conversation.assigneeId === memberId || conversation.assigneeId === null;
}
