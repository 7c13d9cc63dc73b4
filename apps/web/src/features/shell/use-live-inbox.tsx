'use client';

import type { RealtimeEvent } from '@parley/contracts/realtime';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { VolumeX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/banner';
import { LinkButton } from '@/components/button';
import { conversationQueries } from '@/features/conversations/queries';
import { useNotifications } from '@/features/notifications/use-notifications';
import { meQuery } from '@/features/session/queries';
import type { Session } from '@/features/session/session-gate';
import { leaveForSignIn } from '@/features/session/sign-out';
import { useRealtime } from '@/lib/realtime/use-realtime';

interface LiveInboxOptions {
  session: Session;
  /** Cursor of the session's snapshot. */
  seq: number;
  /** The conversation that is open. */
  open: string | null;
  /** What the tab is called. */
  page: string;
  /** Hears of every event, once the cache has it. */
  onEvent?: (event: RealtimeEvent) => void;
}

/** Keeps the cache true and tells of new work, on whatever page one is. */
export function useLiveInbox({ session, seq, open, page, onEvent }: LiveInboxOptions) {
  const client = useQueryClient();
  const words = useTranslations('notifications');
  const count = useQuery(conversationQueries.counts()).data?.counts.unread ?? 0;
  const notifications = useNotifications({
    memberId: session.memberId,
    unread: count,
    open,
    page,
  });
  useRealtime({
    memberId: session.memberId,
    tenantId: session.tenant.id,
    seq,
    freshCursor: async () => (await client.fetchQuery({ ...meQuery, staleTime: 0 })).seq,
    onEvent: (event, leading) => {
      notifications.hear(event, leading);
      onEvent?.(event);
    },
    onSignedOut: leaveForSignIn,
  });
  const sound = notifications.soundBlocked && (
    <Banner
      icon={VolumeX}
      className="mx-2 mb-2"
      action={<LinkButton onClick={notifications.unlock}>{words('unlockAction')}</LinkButton>}
    >
      {words('unlock')}
    </Banner>
  );
  return { count, sound };
}
