'use client';

import { useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { cx } from '@/components/cx';
import { Tick } from '@/components/tick';
import { captionOf } from './album';
import { LeavingFile } from './late-leaving-file';
import { Media } from './media';
import { tickOf } from './message-meta';
import { isTroubled, Trouble } from './message-status';
import { InGrid } from './picture';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';
import { Caption } from './words';

/** Two by two; the last of them says how many more there are. */
const SHOWN = 4;

interface AlbumGridProps {
  /** Oldest first. */
  messages: readonly ThreadMessage[];
  /** The one that somebody was led to. */
  lit: string | null;
  meta: React.ReactNode;
}

/** Pictures that came together, and the words of the one that has any. None is folded away that needs somebody. */
export function AlbumGrid({ messages, lit, meta }: AlbumGridProps) {
  const [open, setOpen] = useState(false);
  const under = messages.length > SHOWN ? messages.slice(SHOWN - 1) : [];
  if (!open && under.some((message) => message.id === lit || isTroubled(message))) setOpen(true);
  const more = open ? 0 : under.length;
  const shown = more ? messages.slice(0, SHOWN) : messages;
  return (
    <InGrid value>
      <span className="-mx-2 mt-[-3px] mb-1.5 grid w-[232px] max-w-[calc(100%+16px)] grid-cols-2 gap-0.5 overflow-hidden rounded-[9px]">
        {shown.map((message, index) => (
          <span
            key={message.id}
            data-picture={message.id}
            className={cx(
              'relative block aspect-square min-w-0 overflow-hidden bg-press last:odd:col-span-2 last:odd:aspect-[2/1]',
              message.id === lit && 'z-1 outline-2 -outline-offset-2 outline-focus',
            )}
          >
            {more > 0 && index === SHOWN - 1 ? (
              <Covered message={message} count={more} onOpen={() => setOpen(true)} />
            ) : (
              <Cell message={message} />
            )}
          </span>
        ))}
      </span>
      <Caption text={messages.map(captionOf).find(Boolean) ?? null} meta={meta} />
    </InGrid>
  );
}

/** One picture as far as it has come, and over it what is the matter with it. */
function Cell({ message }: { message: ThreadMessage }) {
  const tick = useTranslations('common.tick');
  const { actions } = useThreadScene();
  if (message.content.type !== 'media') return null;
  const content = { ...message.content, caption: null };
  const fetchAgain = message.can?.includes('fetch') ? () => actions.fetchFile(message) : null;
  return (
    <>
      {message.local ? (
        <Suspense>
          <LeavingFile {...{ message, content }} onCancel={() => actions.cancel(message)} meta={null} />
        </Suspense>
      ) : (
        <Media {...{ content, fetchAgain }} meta={null} />
      )}
      {!message.local && tickOf(message) === 'queued' && (
        <span className="absolute end-1 bottom-1 rounded-full bg-sheet/90 p-1 text-ink-2">
          <Tick status="queued" label={tick('queued')} />
        </span>
      )}
      {isTroubled(message) && (
        <span
          title={message.local?.reason ?? message.delivery?.detail ?? undefined}
          className="absolute inset-0 grid place-content-center bg-sheet/90 p-1.5 *:mt-0! *:leading-4! [&_.text-pretty]:line-clamp-4"
        >
          <Trouble message={message} />
        </span>
      )}
    </>
  );
}

/** The last that is shown, behind the number of those that are not. */
function Covered({ message, count, onOpen }: { message: ThreadMessage; count: number; onOpen: () => void }) {
  const t = useTranslations('messages.content');
  return (
    <>
      <span inert className="block size-full">
        <Cell message={message} />
      </span>
      <button
        type="button"
        aria-label={t('albumMore', { count })}
        onClick={({ currentTarget }) => {
          const cell = currentTarget.parentElement;
          onOpen();
          // What it covered takes its place, also for who goes by keys.
          requestAnimationFrame(() => cell?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true }));
        }}
        className="num focus-inside absolute inset-0 bg-sheet/70 text-[20px] font-semibold text-ink hover:bg-sheet/60"
      >
        +{count}
      </button>
    </>
  );
}
