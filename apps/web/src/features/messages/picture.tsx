'use client';

import { Play } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createContext, use } from 'react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import type { MediaContent } from './media';
import { ratioOf } from './picture-size';
import { lengthWords } from './times';

/** In an album: a picture fills its cell, whatever its own shape. */
export const InGrid = createContext(false);

/** Where a picture is or will be. Its size is known before it comes, so that nothing moves. */
export function PictureBox({ content, children }: { content: MediaContent; children: React.ReactNode }) {
  const sticker = content.kind === 'sticker';
  if (use(InGrid)) return <span className="block size-full">{children}</span>;
  return (
    <span
      style={sticker ? undefined : { aspectRatio: ratioOf(content) }}
      className={cx(
        '-mx-2 mt-[-3px] mb-1.5 block max-w-[calc(100%+16px)] overflow-hidden rounded-[9px]',
        sticker ? 'size-32' : 'w-[232px] bg-press',
      )}
    >
      {children}
    </span>
  );
}

interface PictureProps {
  content: MediaContent & { kind: 'image' | 'video' | 'sticker' };
  name: string;
  /** Undefined while it is asked for. */
  url: string | undefined;
  /** There is a small one of it. */
  small: boolean;
  /** It is to be seen large. */
  onView: () => void;
  onError: () => void;
}

/** A photo opens large over the inbox, and a video of an album too; any other plays in place. */
export function Picture({ content, name, url, small, onView, onError }: PictureProps) {
  const t = useTranslations('messages.content.file');
  const fills = 'block size-full';
  const inGrid = use(InGrid);
  return (
    <PictureBox content={content}>
      {url === undefined ? null : content.kind === 'video' && !inGrid ? (
        <video
          src={url}
          aria-label={name}
          controls
          playsInline
          preload="metadata"
          onError={onError}
          className={fills}
        />
      ) : content.kind === 'sticker' ? (
        <img src={url} alt={name} draggable={false} onError={onError} className={cx(fills, 'object-contain')} />
      ) : (
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer"
          aria-label={t('open', { name })}
          aria-haspopup="dialog"
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return; // beside the inbox, or kept
            event.preventDefault();
            onView();
          }}
          className="relative block size-full focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
        >
          {content.kind === 'video' ? (
            <FirstFrame {...{ url, onError }} durationMs={content.durationMs} />
          ) : (
            <img
              src={small ? `${url}/small` : url}
              alt=""
              draggable={false}
              onError={onError}
              className={cx(fills, 'object-cover')}
            />
          )}
        </a>
      )}
    </PictureBox>
  );
}

/** Of a video: how it begins, how long it is. */
function FirstFrame({ url, durationMs, onError }: { url: string; durationMs: number | null; onError: () => void }) {
  return (
    <>
      <video
        src={`${url}#t=0.1`} // without a place some browsers show nothing
        aria-hidden
        tabIndex={-1}
        muted
        playsInline
        preload="metadata"
        onError={onError}
        className="block size-full object-cover"
      />
      <span className="absolute inset-0 m-auto grid size-10 place-items-center rounded-full bg-sheet/90 text-ink">
        <Icon of={Play} />
      </span>
      {durationMs !== null && (
        <span className="num absolute start-1 bottom-1 rounded-2 bg-sheet/90 px-1 text-micro text-ink">
          {lengthWords(durationMs)}
        </span>
      )}
    </>
  );
}
