'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call } from '@/lib/api';
import { applyEvent } from '@/lib/realtime/apply-event';
import { useAttention } from '@/lib/use-attention';
import { unreadOf } from '@/lib/contract-values';
import { routes } from '@/lib/routes';

/** How long a message must have been looked at. */
const LOOKED_MS = 1_000;

/** Conversations that were marked unread on purpose: they stay so until they are opened anew. */
const keptUnread = new Set<string>();

/**
 * Marks the conversation as read once its newest message has been on the screen, in a focused window, for a second.
 * @param atEnd whether the newest message is in view
 */
export function useReadMark(conversation: Conversation | undefined, atEnd: boolean): void {
  const client = useQueryClient();
  const looking = useAttention() && atEnd;
  const id = conversation?.id;
  const received = conversation?.received ?? 0;
  const unread = conversation !== undefined && unreadOf(conversation) > 0;

  useEffect(() => {
    if (id === undefined) return;
    return () => void keptUnread.delete(id);
  }, [id]);

  useEffect(() => {
    if (id === undefined || !looking || !unread || keptUnread.has(id)) return;
    const timer = setTimeout(() => void markSeen(client, id, received).catch(() => undefined), LOOKED_MS); // the next look tries again
    return () => clearTimeout(timer);
  }, [client, id, looking, unread, received]);
}

/** Marks unread from the message that was the `received`th to arrive; without it, from the last. Rejects with `ApiError`. */
export async function markUnread(
  client: QueryClient,
  conversation: Conversation,
  received = conversation.received,
): Promise<void> {
  keptUnread.add(conversation.id);
  await markSeen(client, conversation.id, Math.max(0, received - 1));
}

async function markSeen(client: QueryClient, id: string, seen: number): Promise<void> {
  const { body, stamp } = await call(routes.markConversationRead, { params: { id }, body: { seen } });
  applyEvent(client, { ...stamp, type: 'conversation.updated', conversation: body, me: body.me });
}
