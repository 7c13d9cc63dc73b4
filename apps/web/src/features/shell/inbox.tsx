'use client';

import { MessageThread } from '@/features/messages/message-thread';
import { useOpenConversation } from './use-open-conversation';

/** The inbox: rail, list, thread, context. */
export function Inbox() {
  const id = useOpenConversation();
  return <main className="flex h-full flex-col bg-sheet">{id && <MessageThread conversationId={id} />}</main>;
}
