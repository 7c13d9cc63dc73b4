'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { complain } from '@/components/toast';
import { knownConversation } from '@/lib/realtime/conversation-details';
import type { Outbox, OutboxEntry } from './outbox';

/** Says what was refused after one had moved on to another conversation, and which reaction did not go. */
export function useRefusals(outbox: Outbox | null): void {
  const t = useTranslations('composer.refused');
  const client = useQueryClient();
  const known = useRef<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (!outbox) return;
    known.current = refusedIds(outbox.entries());
    return outbox.subscribe(() => {
      const fresh = outbox
        .entries()
        .filter(({ state, messageId }) => state === 'refused' && !known.current.has(messageId));
      known.current = refusedIds(outbox.entries());
      for (const { content, conversationId, messageId, reason } of fresh) {
        const name = knownConversation(client, conversationId)?.title ?? t('somebody');
        if (content.type === 'reaction') {
          outbox.discard(messageId);
          complain(t('reaction', { name, reason: reason ?? '' }));
        } else if (!window.location.pathname.includes(conversationId))
          complain(t('message', { name, reason: reason ?? '' }));
      }
    });
  }, [outbox, client, t]);
}

function refusedIds(entries: readonly OutboxEntry[]): ReadonlySet<string> {
  return new Set(entries.filter(({ state }) => state === 'refused').map(({ messageId }) => messageId));
}
