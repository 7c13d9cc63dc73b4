'use client';

import { Suspense, useState } from 'react';
import { cx } from '@/components/cx';
import { lateComponent } from '@/lib/late-component';
import { captionOf } from './album';
import { isTroubled } from './message-status';
import type { ThreadMessage } from './thread-rows';
import { Caption } from './words';

/** Most threads have no album. The cells stand before what is in them comes, so that nothing moves. */
const AlbumCell = lateComponent(() => import('./album-cell').then((module) => module.AlbumCell));

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
    <>
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
            <Suspense>
              <AlbumCell message={message} more={index === SHOWN - 1 ? more : 0} onOpen={() => setOpen(true)} />
            </Suspense>
          </span>
        ))}
      </span>
      <Caption text={messages.map(captionOf).find(Boolean) ?? null} meta={meta} />
    </>
  );
}
