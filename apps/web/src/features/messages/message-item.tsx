'use client';

import { Reply } from 'lucide-react';
import { memo, useRef, useState } from 'react';
import { Avatar } from '@/components/avatar';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { faceOf } from './album';
import { HoverBar } from './hover-bar';
import { MessageBubble, senderId } from './message-bubble';
import { MessageStatus } from './message-status';
import { ReactionChips } from './reaction-chips';
import { isMine, useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';
import { useMessageLabel, useSenderName } from './use-message-label';
import { useTouchGestures } from './use-touch-gestures';

export interface MessageItemProps {
  message: ThreadMessage;
  /** Pictures shown as one, of which the message is the last. */
  album?: readonly ThreadMessage[];
  first: boolean;
  last: boolean;
  /** The last of ours: it says how far it got. */
  latest: boolean;
  /** It came while one watched. */
  arriving: boolean;
  /** Of the album the picture that somebody was led to. */
  lit?: string | null;
}

/** Height that the bar over a bubble takes. */
const BAR_PX = 40;

/** One message in its place: side, name, bubble, reactions, what became of it, and what one can do with it. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps) {
  const { message, album = [message], first, last, latest } = props;
  const scene = useThreadScene();
  const { group, actions } = scene;
  const article = useRef<HTMLElement>(null);
  const [bar, setBar] = useState<'above' | 'below' | null>(null);
  const [held, setHeld] = useState(false);
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const ours = message.direction === 'outbound';
  const face = faceOf(message, props.album);
  // Of an album what one points at; of any other the message.
  const spot = props.album ? pointed : null;
  const target = album.find(({ id }) => id === spot?.id) ?? face;
  const reacted = album.some(({ reactions }) => reactions.length > 0);

  const showBar = () =>
    album.some(({ local }) => !local) && !message.deletedAt && setBar(roomAbove(article.current) ? 'above' : 'below');
  const hideBar = () => setBar(null);
  const reply = actions.reply && target.can?.includes('reply') ? () => actions.reply?.(target) : null;
  const gestures = useTouchGestures({
    onLongPress() {
      article.current?.focus({ preventScroll: true }); // so that a touch elsewhere takes the bar away
      showBar();
    },
    onReply: reply,
  });

  return (
    <div className={cx('flex', first ? 'pt-2.5' : 'pt-0.5', ours ? 'justify-end' : 'justify-start')}>
      {group && !ours && (
        <span className={cx('w-9 flex-none self-end', reacted && 'mb-[19px]')} aria-hidden>
          {last && <Avatar id={senderId(message)} name={message.sender.name ?? '?'} size={28} />}
        </span>
      )}
      <article
        ref={article}
        data-message={album[0]?.id}
        tabIndex={-1}
        aria-label={useMessageLabel(face, props.album?.length)}
        // Not where it enters: a message that is drawn anew under the pointer is never entered.
        onPointerOver={(event) => {
          const over = event.target as Element;
          if (!event.currentTarget.contains(over)) return; // but in a menu of its bar
          if (!held && !over.closest('[role="toolbar"]')) setPointed(pictureAt(event)); // on the bar it is still the picture before
          if (event.pointerType === 'mouse' && bar === null) showBar();
        }}
        onPointerLeave={(event) => event.pointerType === 'mouse' && hideBar()}
        onFocus={(event) => {
          setPointed(pictureAt(event) ?? pointed);
          if (!event.target.matches(':focus-visible')) return;
          if (event.target === event.currentTarget) setPointed(null);
          showBar();
        }}
        onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && hideBar()}
        onKeyDown={(event) => onKey(event, { reply, copy: () => actions.copy(target) })}
        className={cx(
          'group/message relative flex min-w-0 touch-pan-y flex-col outline-none',
          'max-w-[min(70ch,78%)] max-md:max-w-[84%]',
          ours ? 'items-end' : 'items-start',
        )}
        style={gestures.offset > 0 ? { translate: `${gestures.offset}px 0` } : undefined}
        {...gestures.handlers}
      >
        {ours && first && <Colleague message={message} />}
        <div className="relative max-w-full">
          <MessageBubble {...props} active={bar !== null} />
          {(bar || held) && !target.local && (
            <div
              className={
                spot
                  ? 'pointer-events-none absolute *:pointer-events-auto max-md:inset-x-0! max-md:w-auto!'
                  : 'contents'
              }
              style={spot?.box}
            >
              <HoverBar
                message={target}
                side={ours ? 'end' : 'start'}
                below={bar === 'below'}
                onHold={setHeld}
                onDone={hideBar}
              />
            </div>
          )}
        </div>
        <div className="flex flex-wrap">
          {album.map((each) => (
            <ReactionChips key={each.id} message={each} />
          ))}
        </div>
        <MessageStatus message={message} latest={latest} last={last} inAlbum={props.album !== undefined} />
        {gestures.offset > 0 && (
          <span
            className={cx(
              'absolute -start-9 top-1/2 grid size-7 -translate-y-1/2 place-items-center rounded-full',
              gestures.armed ? 'bg-accent text-on-accent' : 'bg-fill text-ink-2',
            )}
          >
            <Icon of={Reply} />
          </span>
        )}
      </article>
    </div>
  );
});

/** The name above a colleague's run; one's own has none, nor has what was typed elsewhere, which says so below. */
function Colleague({ message }: { message: ThreadMessage }) {
  const scene = useThreadScene();
  const name = useSenderName()(message);
  if (isMine(message, scene) || message.sender.memberId === null) return null;
  return (
    <p className="mx-0.5 mb-1 max-w-full truncate text-meta font-medium text-ink-3" dir="auto" title={name}>
      {name}
    </p>
  );
}

/** The picture of an album that one points at, and where in its bubble it is: what can be done with it stands there. */
interface Pointed {
  id: string;
  box: Pick<React.CSSProperties, 'top' | 'left' | 'width' | 'height'>;
}

/** Null: none, or no album. */
function pictureAt({ target }: React.SyntheticEvent): Pointed | null {
  const cell = (target as Element).closest<HTMLElement>('[data-picture]');
  if (!cell) return null;
  const { offsetTop: top, offsetLeft: left, offsetWidth: width, offsetHeight: height } = cell;
  return { id: cell.dataset.picture ?? '', box: { top, left, width, height } };
}

function roomAbove(article: HTMLElement | null): boolean {
  const top = article?.closest('[role="log"]')?.getBoundingClientRect().top ?? 0;
  return (article?.getBoundingClientRect().top ?? 0) - top > BAR_PX;
}

/** Keys of the message that has the focus. By key code, so that they sit in the same place on every keyboard. */
function onKey(
  event: React.KeyboardEvent<HTMLElement>,
  { reply, copy }: { reply: (() => void) | null; copy: () => void },
): void {
  if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  const act =
    event.key === '+'
      ? () => focusReactions(event.currentTarget)
      : event.code === 'KeyR'
        ? reply
        : event.code === 'KeyC'
          ? copy
          : null;
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function focusReactions(article: HTMLElement): void {
  article.querySelector<HTMLElement>('[role="toolbar"] button')?.focus();
}
