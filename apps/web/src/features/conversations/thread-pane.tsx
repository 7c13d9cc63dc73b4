'use client';

import { CircleAlert, SearchX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/button';
import { CorrelationId } from '@/components/correlation-id';
import { Empty } from '@/components/empty';
import { Composer } from '@/features/composer/composer';
import { MessageThread } from '@/features/messages/message-thread';
import { openConversation } from '@/features/shell/use-open-conversation';
import { ApiError } from '@parley/client/api-error';
import { HeaderSkeleton } from './header-skeleton';
import type { useConversation } from './queries';
import { ThreadHeader } from './thread-header';

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
        <ThreadHeader conversation={conversation} {...header} />
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
