'use client';

import type { Account } from '@parley/contracts/accounts';
import type { Delivery } from '@parley/contracts/messages';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { complain, say } from '@/components/toast';
import { call } from '@/lib/api';
import { copyText } from '@/lib/copy-text';
import { applyEvent } from '@/lib/realtime/apply-event';
import { routes } from '@/lib/routes';
import { troubleOf } from '../composer/account-trouble';
import { focusComposer } from '../composer/composer-desk';
import { useDrafts } from '../composer/use-draft';
import { useOutbox } from '../composer/use-outbox';
import { uuidV7 } from '@/lib/uuid-v7';
import { messageText } from './message-text';
import type { ThreadActions } from './thread-context';

interface Where {
  conversationId: string;
  account: Account | undefined;
  jumpTo: (messageId: string) => void;
  view: ThreadActions['view'];
  unreadFrom: ThreadActions['unreadFrom'];
}

const underWay: Omit<Delivery, 'at'> = {
  status: 'queued',
  reason: null,
  detail: null,
  canRetry: false,
  canCheck: false,
};

/** What one can do with the messages of a conversation, and which of them are being sent again right now. */
export function useThreadActions({ conversationId, account, jumpTo, view, unreadFrom }: Where): {
  actions: ThreadActions;
  retrying: ReadonlySet<string>;
} {
  const t = useTranslations('messages');
  const client = useQueryClient();
  const outbox = useOutbox();
  const drafts = useDrafts();
  const [retrying, setRetrying] = useState<ReadonlySet<string>>(new Set());

  const actions = useMemo((): ThreadActions => {
    const writable = troubleOf(account) !== 'deleted';
    const can = writable ? account?.capabilities : undefined;
    return {
      jumpTo,
      view,
      unreadFrom,
      reply: can?.quote
        ? (message) => {
            const text = messageText(message.content).slice(0, 300) || null;
            drafts?.edit(conversationId, { quote: { messageId: message.id, author: message.sender.name, text } });
            focusComposer();
          }
        : null,
      react: can?.react
        ? (message, emoji) => {
            const content = { type: 'reaction' as const, messageId: message.id, emoji };
            outbox?.add({ messageId: uuidV7(), conversationId, content, shown: emoji, quote: null, replyTo: null });
          }
        : null,
      copy: (message) =>
        void copyText(messageText(message.content)).then(
          () => say(t('copied')),
          () => complain(t('notCopied')),
        ),
      edit(message) {
        const before = drafts?.live(conversationId)?.text ?? '';
        drafts?.edit(conversationId, {
          text: [messageText(message.content), before].filter(Boolean).join('\n'),
          quote: message.quote,
        });
        if (message.local) outbox?.discard(message.id);
        focusComposer();
      },
      sendAgain(message) {
        if (message.local) return outbox?.retry(message.id);
        setRetrying((ids) => new Set(ids).add(message.id));
        call(routes.retryMessage, { params: { id: message.id } })
          .then(({ stamp }) =>
            applyEvent(client, {
              ...stamp,
              type: 'delivery.updated',
              conversationId,
              messageId: message.id,
              delivery: { ...underWay, at: stamp.at },
            }),
          )
          .catch((error: Error) => complain(t('notRetried', { reason: error.message })))
          .finally(() => setRetrying((ids) => new Set([...ids].filter((id) => id !== message.id))));
      },
      askAgain: (message) =>
        void call(routes.checkMessage, { params: { id: message.id } }).then(
          () => say(t('asked')),
          (error: Error) => complain(t('notChecked', { reason: error.message })),
        ),
      async fetchFile({ content }) {
        const id = content.type === 'media' ? content.file?.id : undefined;
        if (id === undefined) return false;
        return call(routes.retryFile, { params: { id } }).then(
          () => true,
          (error: Error) => {
            complain(t('notFetched', { reason: error.message }));
            return false;
          },
        );
      },
      discard: (message) => outbox?.discard(message.id),
      cancel: (message) => outbox?.cancel(message.id),
    };
  }, [account, client, conversationId, drafts, jumpTo, view, unreadFrom, outbox, t]);

  return { actions, retrying };
}
