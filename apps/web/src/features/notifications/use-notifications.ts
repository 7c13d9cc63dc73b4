'use client';

import type { RealtimeEvent } from '@parley/contracts/realtime';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useRef, useState } from 'react';
import { openConversation } from '@/features/shell/use-open-conversation';
import { isNews } from './is-news';
import { ring, unlockSound } from './sound';
import { notifySetting, soundSetting } from './settings';
import { showInTab, titleOf } from './tab-title';
import { TabsAttention } from './tabs-attention';

interface NotificationsOptions {
  memberId: string;
  unread: number;
  open: string | null;
  page: string;
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
  const tabs = useRef<TabsAttention | null>(null);
  const rangAt = useRef(0);

  useEffect(() => showInTab(titleOf(page, unread), unread > 0), [page, unread]);
  useEffect(() => {
    const all = (tabs.current = new TabsAttention());
    return () => all.stop();
  }, []);
  useEffect(() => tabs.current?.tell(), [open]);

  const hear = useCallback(
    (event: RealtimeEvent, leading: boolean) => {
      if (!leading || event.type !== 'message.created') return;
      const lookedAt = tabs.current?.at(event.conversation.id) ? event.conversation.id : null;
      if (!isNews(event, { memberId, lookingAt: lookedAt })) return;
      if (soundSetting.get() && Date.now() - rangAt.current > RING_EVERY_MS) {
        rangAt.current = Date.now();
        void ring().then((rang) => setBlocked(!rang));
      }
      if (notifySetting.get() && !tabs.current?.anywhere)
        notify(words('from', { name: event.conversation.title }), event);
    },
    [memberId, words],
  );
  const unlock = useCallback(() => void unlockSound().then((unlocked) => setBlocked(!unlocked)), []);
  return { hear, soundBlocked: blocked && soundSetting.get(), unlock };
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
