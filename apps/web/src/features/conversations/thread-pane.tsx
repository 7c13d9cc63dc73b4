'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert, MessageSquareText, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { Kbd } from '@/components/kbd';
import { Skeleton } from '@/components/skeleton';
import { Composer } from '@/features/composer/composer';
import { MessageThread } from '@/features/messages/message-thread';
import { openConversation } from '@/features/shell/use-open-conversation';
import { ApiError } from '@/lib/api';
import { keyWords } from '@/lib/keyboard/key-words';
import { shortcuts } from '@/lib/keyboard/shortcuts';
import { isMac } from '@/lib/keyboard/use-shortcuts';
import { conversationQueries, type useConversation } from './queries';
import { ThreadHeader } from './thread-header';
import { useDelayed } from './use-delayed';

interface ThreadPaneProps {
  id: string;
  state: ReturnType<typeof useConversation>;
  /** Whether the screen is behind. */
  connection: React.ReactNode;
  panelOpen: boolean;
  onPanel: () => void;
  onResolved: () => void;
}

/** The open conversation: who, what was said, and where one answers. */
export function ThreadPane({ id, state, connection, ...header }: ThreadPaneProps) {
  const { conversation, gone, error, refetch } = state;
  if (gone) return <Gone />;
  if (conversation) {
    return (
      <>
        <ThreadHeader key={id} conversation={conversation} {...header} />
        {connection}
        <div data-pane="thread" id="thread" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
          <MessageThread key={id} conversationId={id} />
        </div>
        <div data-pane="composer" data-conversation={id} className="flex-none">
          <Composer conversation={conversation} onResolved={header.onResolved} />
        </div>
      </>
    );
  }
  return error ? <Failed error={error} retry={() => void refetch()} /> : <HeaderSkeleton />;
}

/** Nothing is open. */
export function NoThread() {
  const words = useTranslations('conversation.choose');
  const chord = shortcuts.nextWaiting.chords[0];
  const open = useQuery(conversationQueries.counts()).data?.counts.all ?? 0;
  if (open === 0) return null; // the list says what there is to say
  return (
    <div className="grid flex-1 place-items-center">
      <Empty icon={MessageSquareText} title={words('title')}>
        {words.rich('body', {
          key: () => (
            <span className="inline-flex gap-1 align-middle">
              {(chord ? keyWords(chord, isMac()) : []).map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </span>
          ),
        })}
      </Empty>
    </div>
  );
}

function HeaderSkeleton() {
  const shown = useDelayed(true, 150);
  return (
    <div aria-busy className="flex h-14 flex-none items-center gap-2.5 border-b border-line px-5">
      {shown && (
        <>
          <Skeleton className="size-8 !rounded-full" />
          <div className="grid gap-2">
            <Skeleton className="h-2.5 w-32" />
            <Skeleton className="h-2 w-44" />
          </div>
        </>
      )}
    </div>
  );
}

function Gone() {
  const words = useTranslations('conversation.gone');
  return (
    <div role="status" className="grid flex-1 place-items-center">
      <Empty icon={SearchX} title={words('title')} action={<Back label={words('back')} />}>
        {words('body')}
      </Empty>
    </div>
  );
}

function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const words = useTranslations();
  const missing = error instanceof ApiError && (error.code === 'not_found' || error.code === 'invalid');
  const offline = error instanceof ApiError && error.code === 'network';
  if (missing) {
    return (
      <div role="alert" className="grid flex-1 place-items-center">
        <Empty
          icon={SearchX}
          title={words('conversation.failed.notFoundTitle')}
          action={<Back label={words('conversation.back')} />}
        >
          {words('conversation.failed.notFound')}
        </Empty>
      </div>
    );
  }
  return (
    <div role="alert" className="grid flex-1 place-items-center">
      <Empty
        icon={CircleAlert}
        title={words('conversation.failed.title')}
        action={
          <Button variant="line" onClick={retry}>
            {words('common.tryAgain')}
          </Button>
        }
      >
        {words(offline ? 'errors.network' : 'errors.internal')}{' '}
        <CorrelationId id={error instanceof ApiError ? error.correlationId : null} />
      </Empty>
    </div>
  );
}

function Back({ label }: { label: string }) {
  return (
    <Button variant="line" onClick={() => openConversation(null)}>
      {label}
    </Button>
  );
}
