'use client';

import type { Content, StoredFile } from '@parley/contracts/content';
import { FileText, Image, Mic, Music, Sticker, TriangleAlert, Video } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { LinkButton } from '@/components/button';
import { Icon } from '@/components/icon';
import { ContentTile, TileLink } from './content-tile';
import { useMediaDetails } from './media-details';
import { Picture, PictureBox } from './picture';
import { Player } from './player';
import { useFileLink } from './use-file-link';
import { MetaBelow, Words } from './words';

export type MediaContent = Extract<Content, { type: 'media' }>;
/** False: it was refused. */
export type FetchAgain = () => Promise<boolean>;

const icons = { image: Image, video: Video, audio: Music, voice: Mic, document: FileText, sticker: Sticker } as const;
const pictured = new Set<MediaContent['kind']>(['image', 'video', 'sticker']);

interface MediaProps {
  content: MediaContent;
  fetchAgain: FetchAgain | null;
  meta: React.ReactNode;
}

/** A file as far as it has come, and the words under it. */
export function Media({ content, fetchAgain, meta }: MediaProps) {
  const t = useTranslations('messages.content.file');
  const { file, caption } = content;
  return (
    <>
      {file?.state === 'ready' ? (
        <Ready key={file.id} content={content} file={file} />
      ) : (
        <NotHere content={content} fetchAgain={fetchAgain} />
      )}
      {file?.suspicious && (
        <span className="flex items-center gap-1.5 text-meta text-warn-ink">
          <Icon of={TriangleAlert} size={14} />
          {t('suspicious')}
        </span>
      )}
      {caption ? <Words text={caption} meta={meta} /> : <MetaBelow>{meta}</MetaBelow>}
    </>
  );
}

/** What it is called: its own name where that says something. */
function useName({ kind, fileName }: MediaContent): string {
  const t = useTranslations('messages.content');
  return kind === 'document' && fileName ? fileName : t(`media.${kind}`);
}

/** On its way, failed, or never to come. A picture's place is held. */
function NotHere({ content, fetchAgain }: Omit<MediaProps, 'meta'>) {
  const t = useTranslations('messages.content.file');
  const [asked, setAsked] = useState(false);
  const name = useName(content);
  const details = useMediaDetails(content);
  const { kind, file } = content;
  const failed = file?.state === 'failed';
  const words = failed ? t(kind) : t(file ? 'pending' : 'absent');
  const again = failed && fetchAgain && (
    <TryAgain
      disabled={asked}
      onClick={() => {
        setAsked(true);
        void fetchAgain().then((taken) => setAsked(taken));
      }}
    />
  );
  if (!pictured.has(kind)) {
    const detail = [failed ? null : details, words].filter(Boolean).join(' · ');
    return <ContentTile icon={icons[kind]} name={name} detail={detail} action={again} title={file?.detail} />;
  }
  return (
    <PictureBox content={content}>
      <Held icon={icons[kind]} title={file?.detail}>
        {failed ? words : [name, details].filter(Boolean).join(' · ')}
        <br />
        {failed ? again : words}
      </Held>
    </PictureBox>
  );
}

function Ready({ content, file }: { content: MediaContent; file: StoredFile }) {
  const t = useTranslations('messages.content.file');
  const link = useFileLink(file.id);
  const name = useName(content);
  const details = useMediaDetails(content);
  const { kind } = content;
  const { url, inline, broken } = link;
  if (broken && kind !== 'document') {
    const again = <TryAgain onClick={link.tryAgain} />;
    if (!pictured.has(kind)) return <ContentTile icon={icons[kind]} name={name} detail={t(kind)} action={again} />;
    return (
      <PictureBox content={content}>
        <Held icon={icons[kind]}>
          {t(kind)}
          <br />
          {again}
        </Held>
      </PictureBox>
    );
  }
  if (kind === 'document' || inline === false) {
    const action = broken ? (
      <TryAgain onClick={link.tryAgain} />
    ) : (
      url && (
        <TileLink href={url} save={content.fileName ?? ''}>
          {t('save')}
        </TileLink>
      )
    );
    return <ContentTile icon={icons[kind]} name={name} detail={broken ? t(kind) : details} action={action} />;
  }
  if (kind === 'voice' || kind === 'audio')
    return <Player url={url} name={name} durationMs={content.durationMs} onError={link.onError} />;
  return <Picture content={{ ...content, kind }} name={name} url={url} onError={link.onError} />;
}

/** In the place of a picture. */
function Held({
  icon,
  title,
  children,
}: {
  icon: (typeof icons)[keyof typeof icons];
  title?: string | null;
  children: React.ReactNode;
}) {
  return (
    <span
      className="num grid h-full place-content-center justify-items-center gap-1 px-3 text-center text-meta text-ink-2"
      title={title ?? undefined}
    >
      <Icon of={icon} size={20} />
      <span>{children}</span>
    </span>
  );
}

function TryAgain(props: { onClick: () => void; disabled?: boolean }) {
  const t = useTranslations('common');
  return <LinkButton {...props}>{t('tryAgain')}</LinkButton>;
}
