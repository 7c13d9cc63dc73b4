'use client';

import type { ConversationDetails } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import { useQueryClient } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { Empty } from '@/components/empty';
import { complain } from '@/components/toast';
import { useAccount } from '@/features/accounts/queries';
import { markUnread, useReadMark } from '@/features/conversations/use-read-mark';
import { useMe } from '@/features/session/queries';
import { lateComponent } from '@/lib/late-component';
import { useTyping } from '@/lib/realtime/typing';
import { useAttention } from '@/lib/use-attention';
import { Announcer } from './announcer';
import { picturesOf } from './pictures';
import { ThreadSceneProvider } from './thread-context';
import { type Edges, type ListRow, type Opening, ThreadList } from './thread-list';
import { type ThreadMessage, threadRows } from './thread-rows';
import { TimesProvider } from './times';
import { useArrivals } from './use-arrivals';
import { useLatestFailure } from './use-latest-failure';
import { useOutboxOverlay } from './use-outbox-overlay';
import { useThreadActions } from './use-thread-actions';

/** Only who looks closer needs it. */
const PictureViewer = lateComponent(() => import('./picture-viewer').then((module) => module.PictureViewer));

interface LoadedThreadProps extends Edges {
  conversation: ConversationDetails;
  /** Oldest first. */
  server: readonly Message[];
  /** When it was opened. */
  unread: number;
  /** Opened around this message. */
  around: string | null;
  linked: { messageId: string; nonce: number } | null;
  onJump: (messageId: string) => void;
}

/** A thread whose first messages are here: what is on its way, who types, what is new, what one can do. */
export function LoadedThread({ conversation, server, unread, around, linked, onJump, ...edges }: LoadedThreadProps) {
  const me = useMe();
  const account = useAccount(conversation.accountId);
  const [viewed, setViewed] = useState<string | null>(null);
  const [memberId, name] = [me?.memberId ?? null, me?.user.name ?? ''];
  const { actions, retrying } = useThreadActions({
    conversationId: conversation.id,
    account,
    jumpTo: onJump,
    view: setViewed,
    unreadFrom: useUnreadFrom(conversation, server, edges.hasNewer),
  });
  const { messages, lastWritten } = useOutboxOverlay(conversation.id, server, { memberId, name }, !edges.hasNewer);
  const group = conversation.kind === 'group';
  const scene = useMemo(
    () => ({ me: { memberId, name }, group, account: account ?? null, actions }),
    [memberId, name, group, account, actions],
  );

  const [atEnd, setAtEnd] = useState(false);
  const { line, missed, latest } = useArrivals(server, unread, useAttention() && atEnd);
  useReadMark(conversation, atEnd);
  const typist = useCustomerTyping(conversation);
  const toEnd = useOwnSends(lastWritten, edges);
  const failed = useLatestFailure(messages);

  const { hasOlder, hasNewer } = edges;
  const rows = useMemo((): ListRow[] => {
    const current =
      retrying.size === 0
        ? messages
        : messages.map((message) => (retrying.has(message.id) ? sendingAgain(message) : message));
    const cut: ListRow[] = threadRows(current, { hasOlder, unread: line });
    if (typist && !hasNewer) cut.push({ type: 'typing', key: 'typing', name: typist.name });
    return cut;
  }, [messages, retrying, hasOlder, hasNewer, line, typist]);
  const [opening] = useState((): Opening =>
    around ? { at: 'message', messageId: around } : line ? { at: 'new' } : { at: 'end' },
  );

  if (messages.length === 0) return <NoMessages />;
  return (
    <TimesProvider>
      <ThreadSceneProvider value={scene}>
        <ThreadList
          {...edges}
          rows={rows}
          opening={opening}
          linked={linked}
          toEnd={toEnd}
          onAtEnd={setAtEnd}
          latestId={latestOwn(messages)}
          missed={missed}
        />
        <Announcer incoming={latest} failed={failed} />
        {viewed !== null && (
          <Suspense>
            <PictureViewer
              pictures={picturesOf(messages)}
              fileId={viewed}
              onView={setViewed}
              onClose={() => setViewed(null)}
            />
          </Suspense>
        )}
      </ThreadSceneProvider>
    </TimesProvider>
  );
}

function NoMessages() {
  const t = useTranslations('messages');
  return (
    <div className="grid min-h-0 flex-1 place-items-center">
      <Empty icon={MessageSquare} title={t('empty')}>
        {t('emptyHint')}
      </Empty>
    </div>
  );
}

/** Counts back from the last that arrived. Null where newer messages are not loaded, for they would have to be counted too. */
function useUnreadFrom(conversation: ConversationDetails, server: readonly Message[], hasNewer: boolean) {
  const client = useQueryClient();
  const t = useTranslations('messages');
  const now = useRef({ conversation, server });
  useEffect(() => {
    now.current = { conversation, server };
  }, [conversation, server]);
  return useMemo(
    () =>
      hasNewer
        ? null
        : ({ position }: ThreadMessage) => {
            const { conversation: current, server: thread } = now.current;
            const after = thread.filter((each) => each.direction === 'inbound' && each.position > position).length;
            markUnread(client, current, current.received - after).catch((error: Error) =>
              complain(t('notUnread', { reason: error.message })),
            );
          },
    [client, hasNewer, t],
  );
}

/** Who of the customer's side types. A direct chat has only one who could. */
function useCustomerTyping({ id, kind, title }: ConversationDetails): { name: string | null } | null {
  const typist = useTyping(id).find(({ memberId }) => memberId === null);
  const name = typist?.name ?? (kind === 'direct' ? title : null);
  const typing = typist !== undefined;
  return useMemo(() => (typing ? { name } : null), [typing, name]);
}

/** Who writes wants to see it: every send of one's own counts up, and goes to the newest page first. */
function useOwnSends(lastWritten: string | null, { hasNewer, onLatest }: Pick<Edges, 'hasNewer' | 'onLatest'>): number {
  const [toEnd, setToEnd] = useState(0);
  const before = useRef(lastWritten);
  useEffect(() => {
    if (lastWritten === null || lastWritten === before.current) return;
    before.current = lastWritten;
    if (hasNewer) onLatest();
    else setToEnd((count) => count + 1);
  }, [lastWritten, hasNewer, onLatest]);
  return toEnd;
}

/** Its clock shows as soon as one asked, not only when the server has answered. */
function sendingAgain(message: ThreadMessage): ThreadMessage {
  const { delivery } = message;
  return delivery ? { ...message, delivery: { ...delivery, status: 'queued', reason: null, detail: null } } : message;
}

/** Our last message says how far it got, until somebody answers it. */
function latestOwn(messages: readonly ThreadMessage[]): string | null {
  const last = messages.findLast(({ direction }) => direction !== 'system');
  return last?.direction === 'outbound' ? last.id : null;
}
