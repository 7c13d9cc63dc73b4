'use client';

import { Forward, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { hueOf, hueStyle } from '@/components/hue';
import { Icon } from '@/components/icon';
import { AlbumGrid } from './album-grid';
import { BubbleContent, KindLine } from './bubble-content';
import { LeavingFile } from './late-leaving-file';
import { MessageMeta } from './message-meta';
import { isFailed } from './message-status';
import { messageText } from './message-text';
import { QuoteBlock } from './quote-block';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';
import { useSenderName } from './use-message-label';
import { Caption, Words } from './words';

interface MessageBubbleProps {
  message: ThreadMessage;
  /** Pictures shown as one, of which the message is the last. */
  album?: readonly ThreadMessage[];
  /** Of its run: inside one, the corners on the sender's side are small. */
  first: boolean;
  last: boolean;
  /** Looked at: its details are a hover away. */
  active: boolean;
  /** It came while one watched. */
  arriving: boolean;
  /** Of the album the picture that somebody was led to. */
  lit?: string | null;
}

/** The words of one message and what belongs to them. */
export function MessageBubble({ message, album, first, last, active, arriving, lit = null }: MessageBubbleProps) {
  const t = useTranslations('messages.content');
  const { group, actions } = useThreadScene();
  const { content, quote, forwarded, deletedAt, direction, sender } = message;
  const ours = direction === 'outbound';
  const bare = content.type === 'media' && content.kind === 'sticker' && !deletedAt;
  const fetchAgain = message.can?.includes('fetch') ? () => actions.fetchFile(message) : null;
  const meta = <MessageMeta message={message} detailed={active} />;
  return (
    <div
      className={cx(
        'relative flow-root max-w-full rounded-4 px-3 py-[7px] text-body text-pretty [overflow-wrap:anywhere] max-md:text-touch',
        !album && isFailed(message)
          ? 'bg-danger-soft'
          : ours
            ? 'bg-bubble-out'
            : bare
              ? 'bg-transparent'
              : 'bg-bubble-in',
        ours ? !first && 'rounded-se-1' : !first && 'rounded-ss-1',
        ours ? !last && 'rounded-ee-1' : !last && 'rounded-es-1',
        arriving && 'animate-rise',
        'group-focus-visible/message:outline-2 group-focus-visible/message:outline-offset-2 group-focus-visible/message:outline-focus',
      )}
    >
      {group && !ours && first && (
        <p
          className="mb-0.5 truncate text-[12px] leading-4 font-semibold text-tint"
          style={hueStyle(hueOf(senderId(message)))}
          title={sender.name ?? undefined}
          dir="auto"
        >
          {sender.name ?? t('unknownSender')}
        </p>
      )}
      {forwarded && <KindLine icon={Forward}>{t('forwarded')}</KindLine>}
      {quote && <QuoteBlock quote={quote} onJump={actions.jumpTo} />}
      {album ? (
        <AlbumGrid messages={album} lit={lit} meta={meta} />
      ) : deletedAt ? (
        <Deleted message={message} meta={meta} />
      ) : message.local && content.type === 'media' ? (
        <Suspense fallback={<Caption text={content.caption} meta={meta} />}>
          <LeavingFile message={message} content={content} onCancel={() => actions.cancel(message)} meta={meta} />
        </Suspense>
      ) : (
        content.type !== 'system' && <BubbleContent content={content} fetchAgain={fetchAgain} meta={meta} />
      )}
    </div>
  );
}

/** The hue of a person in a group: that of the contact, or of the name where there is none. */
export function senderId({ sender }: ThreadMessage): string {
  return sender.contactId ?? sender.memberId ?? sender.name ?? '';
}

function Deleted({ message, meta }: { message: ThreadMessage; meta: React.ReactNode }) {
  const t = useTranslations('messages.content');
  const name = useSenderName()(message);
  const [shown, setShown] = useState(false);
  const text = messageText(message.content);
  return (
    <div className="text-ink-2">
      <Icon of={Trash2} size={14} className="me-1.5 inline align-[-2px]" />
      {t('deleted', { name })}
      {text && (
        <LinkButton className="ms-2 text-meta" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {t(shown ? 'hideText' : 'showText')}
        </LinkButton>
      )}
      {shown && (
        <div className="mt-1 border-s-2 border-line-strong ps-2">
          <Words text={text} />
        </div>
      )}
      {meta}
    </div>
  );
}
