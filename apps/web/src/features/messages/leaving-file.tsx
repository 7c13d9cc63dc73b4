'use client';

import { useTranslations } from 'next-intl';
import { use, useEffect, useState } from 'react';
import { LinkButton } from '@/components/button';
import { heldFile } from '../composer/held-files';
import { useUploadProgress } from '../composer/upload-progress';
import { useObjectUrl } from '../composer/use-object-url';
import { ContentTile } from './content-tile';
import { icons, useName, type MediaContent } from './media';
import { useMediaDetails } from './media-details';
import { InGrid, PictureBox } from './picture';
import type { ThreadMessage } from './thread-rows';
import { Caption } from './words';

interface LeavingFileProps {
  message: ThreadMessage;
  content: MediaContent;
  onCancel: () => void;
  meta: React.ReactNode;
}

/** A file on its way out of this browser: what it is, how much of it has left, and a way to take it back. */
export function LeavingFile({ message, content, onCancel, meta }: LeavingFileProps) {
  const { kind, caption } = content;
  const inGrid = use(InGrid);
  return (
    <>
      {kind === 'image' || inGrid ? (
        <LeavingPicture {...{ message, content, onCancel }} />
      ) : (
        <LeavingTile {...{ message, content, onCancel }} />
      )}
      <Caption text={caption} meta={meta} />
    </>
  );
}

type PartProps = Omit<LeavingFileProps, 'meta'>;

function LeavingTile({ message, content, onCancel }: PartProps) {
  const details = useMediaDetails(content);
  const name = useName(content);
  const words = useWords(message);
  const detail = [details, words].filter(Boolean).join(' · ');
  return (
    <ContentTile
      icon={icons[content.kind]}
      name={name}
      detail={detail}
      action={message.local?.state === 'waiting' && <Cancel onCancel={onCancel} />}
    />
  );
}

function LeavingPicture({ message, content, onCancel }: PartProps) {
  const url = useObjectUrl(useHeldFile(message.id));
  const name = useName(content);
  const words = useWords(message);
  const fills = 'block size-full object-cover';
  return (
    <PictureBox content={content}>
      <span className="relative block size-full">
        {url &&
          (content.kind === 'video' ? (
            <video src={url} aria-label={name} muted playsInline preload="metadata" className={fills} />
          ) : (
            <img src={url} alt={name} draggable={false} className={fills} />
          ))}
        {words && (
          <span className="num absolute inset-x-0 bottom-0 flex flex-wrap justify-between gap-x-2 bg-sheet/90 px-2.5 py-1 text-meta text-ink-2">
            <span>{words}</span>
            <Cancel onCancel={onCancel} />
          </span>
        )}
      </span>
    </PictureBox>
  );
}

function Cancel({ onCancel }: Pick<PartProps, 'onCancel'>) {
  const t = useTranslations('messages.content.file');
  return <LinkButton onClick={onCancel}>{t('cancel')}</LinkButton>;
}

/** Null: what became of it is said below. */
function useWords({ id, local }: ThreadMessage): string | null {
  const t = useTranslations('messages.content.file');
  const share = useUploadProgress(id);
  if (local?.state !== 'waiting') return null;
  return share === null ? t('waiting') : t('leaving', { percent: Math.floor(share * 100) });
}

function useHeldFile(messageId: string): Blob | null {
  const [bytes, setBytes] = useState<Blob | null>(null);
  useEffect(() => {
    let here = true;
    void heldFile(messageId).then((found) => here && setBytes(found));
    return () => {
      here = false;
    };
  }, [messageId]);
  return bytes;
}
