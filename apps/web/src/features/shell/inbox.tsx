'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { cx } from '@/components/cx';
import { ListPane } from '@/features/conversations/list-pane';
import { NoThread } from '@/features/conversations/no-thread';
import { conversationQueries } from '@/features/conversations/queries';
import { useView } from '@/features/conversations/use-view';
import { filterOf } from '@/features/conversations/view';
import { type Session, SessionGate } from '@/features/session/session-gate';
import { focusPane } from '@/lib/keyboard/panes';
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
import { useLiveInbox } from './use-live-inbox';
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
  const unread = useLiveInbox({ session, seq, open, page: words('inbox') });
  const onSearch = () => {
    if (window.matchMedia('(width < 768px)').matches) openConversation(null);
    setSearching(true);
  };
  const onHelp = () => setHelping(true);
  const { goOn } = useInboxKeys({ open, onSearch, onHelp });

  return (
    <div
      className="grid h-dvh grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[56px_320px_minmax(0,1fr)] lg:grid-cols-[56px_min(var(--list-width),100vw-856px)_minmax(0,1fr)_auto]"
      style={{ '--list-width': `${width}px` } as React.CSSProperties}
    >
      <LateOutbox />
      <SkipLinks open={open !== null} />
      <Rail at="inbox" session={session} unread={unread.count} onSearch={onSearch} onHelp={onHelp} />
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
