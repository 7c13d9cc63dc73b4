'use client';

import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import type { MediaContent } from './media';
import { ratioOf } from './picture-size';

/** Where a picture is or will be. Its size is known before it comes, so that nothing moves. */
export function PictureBox({ content, children }: { content: MediaContent; children: React.ReactNode }) {
  const sticker = content.kind === 'sticker';
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
  onError: () => void;
}

/** A photo opens at its full size beside the inbox; a video plays in place. */
export function Picture({ content, name, url, small, onError }: PictureProps) {
  const t = useTranslations('messages.content.file');
  const fills = 'block size-full';
  return (
    <PictureBox content={content}>
      {url === undefined ? null : content.kind === 'video' ? (
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
          className="block size-full focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus"
        >
          <img
            src={small ? `${url}/small` : url}
            alt=""
            draggable={false}
            onError={onError}
            className={cx(fills, 'object-cover')}
          />
        </a>
      )}
    </PictureBox>
  );
}
