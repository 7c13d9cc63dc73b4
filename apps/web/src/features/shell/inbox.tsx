'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { VolumeX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Banner } from '@/components/banner';
import { LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { ListPane } from '@/features/conversations/list-pane';
import { NoThread } from '@/features/conversations/no-thread';
import { conversationQueries } from '@/features/conversations/queries';
import { useView } from '@/features/conversations/use-view';
import { filterOf } from '@/features/conversations/view';
import { useNotifications } from '@/features/notifications/use-notifications';
import { ImpersonationBar } from '@/features/session/impersonation-bar';
import { meQuery } from '@/features/session/queries';
import { type Session, SessionGate } from '@/features/session/session-gate';
import { leaveForSignIn } from '@/features/session/sign-out';
import { focusPane } from '@/lib/keyboard/panes';
import { useRealtime } from '@/lib/realtime/use-realtime';
import { useRemembered } from '@/lib/remembered';
import { useMediaQuery } from '@/lib/use-media-query';
import { BottomNav } from './bottom-nav';
import { ConnectionBanner } from './connection-banner';
import { InboxSkeleton } from './inbox-skeleton';
import { LateConversation, LateHelp, LateOutbox, useThreadParts } from './late-parts';
import { listWidth } from './layout-settings';
import { ListResizer } from './list-resizer';
import { Main } from './main';
import { Rail } from './rail';
import { TenantSwitcher } from './tenant-switcher';
import { useInboxKeys } from './use-inbox-keys';
import { openConversation, useOpenConversation } from './use-open-conversation';

/** The inbox, for whoever is signed in. */
export function Inbox() {
  useThreadParts(useOpenConversation() !== null);
  usePrefetchedList();
  return (
    <SessionGate waiting={<InboxSkeleton />}>
      {(session, seq) => <Workplace key={session.tenant.id} session={session} seq={seq} />}
    </SessionGate>
  );
}

/** The list does not wait until it is known who looks: the server knows. */
function usePrefetchedList(): void {
  const client = useQueryClient();
  const view = useView();
  useEffect(() => {
    void client.prefetchInfiniteQuery(conversationQueries.list(filterOf(view)));
    void client.prefetchQuery(conversationQueries.counts());
    // Only the first: later ones are asked for by the list itself.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
}

/** Rail, list, thread, details: as many at once as there is room for. */
function Workplace({ session, seq }: { session: Session; seq: number }) {
  const words = useTranslations('shell');
  const open = useOpenConversation();
  const [width] = useRemembered(listWidth);
  const phone = useMediaQuery('(width < 768px)');
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const unread = useLiveInbox(session, seq, open);
  const onSearch = () => {
    if (window.matchMedia('(width < 768px)').matches) openConversation(null);
    setSearching(true);
  };
  const onHelp = () => setHelping(true);
  const { goOn } = useInboxKeys({ open, onSearch, onHelp });

  return (
    <div className="flex h-dvh flex-col">
      <ImpersonationBar session={session} />
      <div
        className="grid min-h-0 flex-1 grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[56px_320px_minmax(0,1fr)] lg:grid-cols-[56px_min(var(--list-width),100vw-856px)_minmax(0,1fr)_auto]"
        style={{ '--list-width': `${width}px` } as React.CSSProperties}
      >
        <LateOutbox />
        <SkipLinks open={open !== null} />
        <Rail session={session} unread={unread.count} onSearch={onSearch} onHelp={onHelp} />
        <div
          role={phone && !open ? 'main' : undefined} // then it is all there is
          className={cx(
            'relative flex min-h-0 min-w-0 flex-col bg-pane max-md:bg-sheet md:border-e md:border-line',
            open && 'max-md:hidden',
          )}
        >
          <ListPane
            lead={<TenantSwitcher session={session} className="me-2.5 md:hidden" />}
            notice={
              <>
                {phone && !open && <ConnectionBanner className="flex-none" />}
                {unread.sound}
              </>
            }
            searching={searching}
            onSearching={setSearching}
            edge={<ListResizer />}
          />
          <BottomNav session={session} unread={unread.count} onSearch={onSearch} onHelp={onHelp} />
        </div>
        {open ? <LateConversation id={open} onResolved={goOn} /> : <NothingOpen phone={phone} />}
        {helping && <LateHelp onClose={() => setHelping(false)} />}
        <p className="sr-only" role="status">
          {unread.count > 0 ? words('inboxUnread', { count: unread.count }) : ''}
        </p>
      </div>
    </div>
  );
}

function NothingOpen({ phone }: { phone: boolean }) {
  return (
    <Main>
      {!phone && <ConnectionBanner className="flex-none" />}
      <NoThread />
    </Main>
  );
}

/** Keeps the cache true and tells of new work. */
function useLiveInbox(session: Session, seq: number, open: string | null) {
  const client = useQueryClient();
  const words = useTranslations();
  const count = useQuery(conversationQueries.counts()).data?.counts.unread ?? 0;
  const notifications = useNotifications({
    memberId: session.memberId,
    unread: count,
    open,
    page: words('shell.inbox'),
  });
  useRealtime({
    memberId: session.memberId,
    tenantId: session.tenant.id,
    seq,
    freshCursor: async () => (await client.fetchQuery({ ...meQuery, staleTime: 0 })).seq,
    onEvent: notifications.hear,
    onSignedOut: leaveForSignIn,
  });
  const sound = notifications.soundBlocked && (
    <Banner
      icon={VolumeX}
      className="mx-2 mb-2"
      action={<LinkButton onClick={notifications.unlock}>{words('notifications.unlockAction')}</LinkButton>}
    >
      {words('notifications.unlock')}
    </Banner>
  );
  return { count, sound };
}

/** First in the tab order, seen once they have the focus. */
function SkipLinks({ open }: { open: boolean }) {
  const words = useTranslations('shell');
  const link = (pane: 'list' | 'thread', text: string) => (
    <a
      href={`#${pane}`}
      onClick={(event) => {
        event.preventDefault();
        focusPane(pane);
      }}
      className="fixed top-2 start-2 z-50 -translate-y-20 rounded-2 bg-ink px-3 py-2 font-medium text-pane focus-visible:translate-y-0"
    >
      {text}
    </a>
  );
  return (
    <>
      {link('list', words('skipToList'))}
      {open && link('thread', words('skipToThread'))}
    </>
  );
}
