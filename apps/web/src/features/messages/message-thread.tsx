'use client';

import type { ConversationDetails } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { complain } from '@/components/toast';
import { accountsQuery } from '@/features/accounts/queries';
import { useConversation } from '@/features/conversations/queries';
import { ApiError } from '@parley/client/api-error';
import { unreadOf } from '@/lib/contract-values';
import { threadQuery } from '@/lib/realtime/message-cache';
import { AccountBanner } from '../composer/account-banner';
import { LoadedThread } from './loaded-thread';
import { findFirstUnread } from './thread-rows';
import { ThreadSkeleton } from './thread-skeleton';

/** How many pages are read to find where reading goes on; what is older waits above. */
const MOST_PAGES = 10;

/** The messages of a conversation: opens at the first unread, or at the message that `?message=` names. */
export function MessageThread({ conversationId }: { conversationId: string }) {
  const { conversation, partial } = useConversation(conversationId);
  // What a list knows is enough to begin with; only its names may still change.
  if (!conversation && partial) return <ThreadSkeleton />;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {conversation && <ThreadBanner accountId={conversation.accountId} />}
      <Thread key={conversationId} conversationId={conversationId} conversation={conversation} />
    </div>
  );
}

/** What is the matter with the account, under the header. */
function ThreadBanner({ accountId }: { accountId: string }) {
  const accounts = useQuery(accountsQuery).data?.items;
  if (!accounts) return null;
  return (
    <div role="status" className="flex-none px-4 pt-2 empty:hidden max-md:px-2">
      <AccountBanner account={accounts.find(({ id }) => id === accountId)} />
    </div>
  );
}

function Thread({
  conversationId,
  conversation,
}: {
  conversationId: string;
  conversation: ConversationDetails | undefined;
}) {
  const t = useTranslations('messages');
  const [linked, setLinked] = useState(linkedMessage);
  const [around, setAround] = useState(linked?.messageId);
  const thread = useInfiniteQuery(threadQuery(conversationId, around));
  const {
    data,
    error,
    hasNextPage,
    hasPreviousPage,
    isFetching,
    isFetchNextPageError,
    fetchNextPage,
    fetchPreviousPage,
    refetch,
  } = thread;
  const server = useMemo((): readonly Message[] => data?.pages.flatMap((page) => page.items).reverse() ?? [], [data]);

  // Read marks move as soon as one looks: what was unread when the thread opened is what counts.
  const [unread, setUnread] = useState<number | null>(conversation ? unreadOf(conversation) : null);
  if (unread === null && conversation) setUnread(unreadOf(conversation));

  // One page at a time: the library would give up the older page for the newer one, and that for the older again.
  const older = useCallback(() => {
    if (!isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [fetchNextPage, isFetching]);
  const newer = useCallback(() => {
    if (!isFetching) void fetchPreviousPage({ cancelRefetch: false });
  }, [fetchPreviousPage, isFetching]);

  const searching =
    around === undefined &&
    unread !== null &&
    hasNextPage &&
    !isFetchNextPageError &&
    (data?.pages.length ?? 0) < MOST_PAGES &&
    (findFirstUnread(server, unread)?.more ?? false);
  useEffect(() => {
    if (searching) older();
  }, [searching, older]);

  const loaded = new Set(server.map(({ id }) => id));
  const jumpTo = useCallback((messageId: string) => setLinked({ messageId, nonce: Date.now() }), []);
  const latest = useCallback(() => {
    setLinked(null);
    setAround(undefined);
    setUnread(0);
  }, []);
  const missing = linked !== null && data !== undefined && !loaded.has(linked.messageId) && around !== linked.messageId;
  useEffect(() => {
    if (missing && linked) setAround(linked.messageId);
  }, [missing, linked]);

  const goneAway = around !== undefined && error instanceof ApiError && error.code === 'not_found';
  useEffect(() => {
    if (!goneAway) return;
    complain(t('originalGone'));
    setLinked(null);
    setAround(undefined);
  }, [goneAway, t]);

  if (error && !data && !goneAway) return <NotLoaded error={error} onRetry={() => void refetch()} />;
  if (!data || !conversation || unread === null || searching) return <ThreadSkeleton />;
  return (
    <LoadedThread
      key={around ?? 'end'}
      conversation={conversation}
      server={server}
      unread={around === undefined ? unread : 0}
      around={around ?? null}
      linked={linked}
      hasOlder={hasNextPage}
      hasNewer={hasPreviousPage}
      loadOlder={older}
      loadNewer={newer}
      olderFailed={isFetchNextPageError}
      onJump={jumpTo}
      onLatest={latest}
    />
  );
}

/** A link to a message works once; a reload afterwards opens the thread as usual. */
function linkedMessage(): { messageId: string; nonce: number } | null {
  const address = new URL(window.location.href);
  const messageId = address.searchParams.get('message');
  if (!messageId) return null;
  address.searchParams.delete('message');
  window.history.replaceState(window.history.state, '', address);
  return { messageId, nonce: 0 };
}

function NotLoaded({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations('messages');
  const common = useTranslations('common');
  const api = error instanceof ApiError ? error : null;
  return (
    <div className="grid min-h-0 flex-1 place-items-center" role="alert">
      <Empty
        icon={CircleAlert}
        title={t('notLoaded')}
        action={
          <Button variant="line" onClick={onRetry}>
            {common('tryAgain')}
          </Button>
        }
      >
        {t(api?.code === 'network' ? 'notLoadedOffline' : 'notLoadedHint')}{' '}
        <CorrelationId id={api?.correlationId ?? null} />
      </Empty>
    </div>
  );
}
