'use client';

import type { RealtimeEvent } from '@parley/contracts/realtime';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import { openConversation } from '@/features/shell/use-open-conversation';
import { hasAttention, watchAttention } from '@/lib/use-attention';
import { isNews } from './is-news';
import { ring, unlockSound } from './sound';
import { notifySetting, soundSetting } from './settings';
import { showInTab, titleOf } from './tab-title';

interface NotificationsOptions {
  memberId: string;
  unread: number;
  open: string | null;
  page: string;
}

/** What each tab tells the others: where somebody looks. */
interface Attention {
  tab: string;
  lookingAt: string | null | undefined;
}

/** A burst is one sound. */
const RING_EVERY_MS = 2_000;

/**
 * Tells of new work in the tab's title and icon, by sound and, while nobody looks, by the browser. One tab does it for
 * all: the one that holds the stream.
 */
export function useNotifications({ memberId, unread, open, page }: NotificationsOptions) {
  const words = useTranslations('notifications');
  const [blocked, setBlocked] = useState(false);
  const looks = useRef(new Map<string, string | null>());
  const rangAt = useRef(0);

  useEffect(() => showInTab(titleOf(page, unread), unread > 0), [page, unread]);
  useEffect(() => shareAttention(open, looks.current), [open]);

  const hear = useCallback(
    (event: RealtimeEvent, leading: boolean) => {
      if (!leading || event.type !== 'message.created') return;
      const lookedAt = [...looks.current.values()].includes(event.conversation.id) ? event.conversation.id : null;
      if (!isNews(event, { memberId, lookingAt: lookedAt })) return;
      if (soundSetting.get() && Date.now() - rangAt.current > RING_EVERY_MS) {
        rangAt.current = Date.now();
        void ring().then((rang) => setBlocked(!rang));
      }
      if (notifySetting.get() && looks.current.size === 0)
        notify(words('from', { name: event.conversation.title }), event);
    },
    [memberId, words],
  );
  const unlock = useCallback(() => void unlockSound().then((unlocked) => setBlocked(!unlocked)), []);
  return { hear, soundBlocked: blocked && soundSetting.get(), unlock };
}

/** Says where this tab looks, and remembers where the others do. Returns how to stop. */
function shareAttention(open: string | null, looks: Map<string, string | null>): () => void {
  const tab = crypto.randomUUID();
  const channel = new BroadcastChannel('parley:attention');
  const take = ({ tab: from, lookingAt }: Attention) => {
    if (lookingAt === undefined) looks.delete(from);
    else looks.set(from, lookingAt);
  };
  const tell = (lookingAt: Attention['lookingAt']) => {
    take({ tab, lookingAt });
    channel.postMessage({ tab, lookingAt } satisfies Attention);
  };
  const look = () => tell(hasAttention() ? open : undefined);
  const gone = () => tell(undefined);
  channel.onmessage = (message: MessageEvent<Attention>) => take(message.data);
  look();
  const unwatch = watchAttention(look);
  window.addEventListener('pagehide', gone);
  return () => {
    gone();
    unwatch();
    window.removeEventListener('pagehide', gone);
    channel.close();
  };
}

function notify(title: string, { conversation }: Extract<RealtimeEvent, { type: 'message.created' }>): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const note = new Notification(title, {
    body: conversation.lastMessage?.preview ?? '',
    tag: conversation.id,
    icon: '/icon.svg',
    silent: true,
  });
  note.onclick = () => {
    window.focus();
    openConversation(conversation.id);
    note.close();
  };
}
