'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { VolumeX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { Banner } from '@/components/banner';
import { LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { SideSheet } from '@/components/side-sheet';
import { OutboxKeeper } from '@/features/composer/use-outbox';
import { ContextPanel } from '@/features/conversations/context-panel';
import { ListPane } from '@/features/conversations/list-pane';
import { conversationQueries, useConversation } from '@/features/conversations/queries';
import { NoThread, ThreadPane } from '@/features/conversations/thread-pane';
import { useNotifications } from '@/features/notifications/use-notifications';
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
import { listWidth, panelOpen } from './layout-settings';
import { ListResizer } from './list-resizer';
import { Rail } from './rail';
import { TenantSwitcher } from './tenant-switcher';
import { useInboxKeys } from './use-inbox-keys';
import { openConversation, useOpenConversation } from './use-open-conversation';

const HelpDialog = lazy(() => import('./help-dialog').then((module) => ({ default: module.HelpDialog })));

/** The inbox, for whoever is signed in. */
export function Inbox() {
  return (
    <SessionGate waiting={<InboxSkeleton />}>
      {(session, seq) => <Workplace key={session.tenant.id} session={session} seq={seq} />}
    </SessionGate>
  );
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
    <div
      className="grid h-dvh grid-cols-1 grid-rows-[minmax(0,1fr)] md:grid-cols-[56px_320px_minmax(0,1fr)] lg:grid-cols-[56px_var(--list-width)_minmax(480px,1fr)_auto]"
      style={{ '--list-width': `${width}px` } as React.CSSProperties}
    >
      <OutboxKeeper />
      <SkipLinks open={open !== null} />
      <Rail session={session} unread={unread.count} onSearch={onSearch} onHelp={onHelp} />
      <div
        role={phone && !open ? 'main' : undefined} // then it is all there is
        className={cx(
          'relative flex min-h-0 min-w-0 flex-col bg-pane max-md:bg-sheet md:border-r md:border-line',
          open && 'max-md:hidden',
        )}
      >
        <ListPane
          lead={<TenantSwitcher session={session} className="mr-2.5 md:hidden" />}
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
      {open ? <OpenConversation key="open" id={open} onResolved={goOn} /> : <NothingOpen phone={phone} />}
      {helping && (
        <Suspense>
          <HelpDialog onClose={() => setHelping(false)} />
        </Suspense>
      )}
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

/** The thread, and what is known of whom one talks to: beside it, or over it where there is no room. */
function OpenConversation({ id, onResolved }: { id: string; onResolved: () => void }) {
  const words = useTranslations('conversation.panel');
  const state = useConversation(id);
  const wide = useMediaQuery('(width >= 1200px)');
  const [beside, setBeside] = useRemembered(panelOpen);
  const [over, setOver] = useState(false);
  const shown = wide ? beside : over;
  const toggle = () => (wide ? setBeside(!beside) : setOver(!over));
  const { conversation, partial } = state;
  return (
    <>
      <Main label={conversation?.title}>
        <ThreadPane
          id={id}
          state={state}
          connection={<ConnectionBanner className="flex-none" />}
          panelOpen={shown}
          onPanel={toggle}
          onResolved={onResolved}
        />
      </Main>
      {conversation && wide && beside && (
        <div className="w-[320px] min-w-0 border-l border-line">
          <ContextPanel conversation={conversation} partial={partial} />
        </div>
      )}
      {conversation && !wide && (
        <SideSheet open={over} onOpenChange={setOver} label={words('label')}>
          <ContextPanel conversation={conversation} partial={partial} onClose={() => setOver(false)} />
        </SideSheet>
      )}
    </>
  );
}

function Main({ label, children }: { label?: string; children: React.ReactNode }) {
  const words = useTranslations('conversation');
  const closed = useOpenConversation() === null;
  return (
    <main
      aria-label={label && words('label', { name: label })}
      className={cx('@container/thread flex min-h-0 min-w-0 flex-col bg-sheet', closed && 'max-md:hidden')}
    >
      {children}
    </main>
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
      className="fixed top-2 left-2 z-50 -translate-y-20 rounded-2 bg-ink px-3 py-2 font-medium text-pane focus-visible:translate-y-0"
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
