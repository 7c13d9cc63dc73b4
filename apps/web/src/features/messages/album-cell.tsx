'use client';

import { useTranslations } from 'next-intl';
import { Suspense } from 'react';
import { Tick } from '@/components/tick';
import { LeavingFile } from './late-leaving-file';
import { Media } from './media';
import { tickOf } from './message-meta';
import { isTroubled, Trouble } from './message-status';
import { InGrid } from './picture';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';

interface AlbumCellProps {
  message: ThreadMessage;
  /** How many the album has from here on that are not shown; 0: it stands for itself. */
  more: number;
  /** They are to be shown. */
  onOpen: () => void;
}

/** What stands in one cell of an album: a picture, or behind a number the last that is shown. */
export function AlbumCell({ message, more, onOpen }: AlbumCellProps) {
  return (
    <InGrid value>
      {more > 0 ? <Covered message={message} count={more} onOpen={onOpen} /> : <Cell message={message} />}
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
          // The focus stays in the message, and with it what can be done with that, while this goes.
          currentTarget.closest('article')?.focus({ preventScroll: true });
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
