'use client';

import type { Content, StoredFile } from '@parley/contracts/content';
import { FileText, Image, Mic, Music, Sticker, TriangleAlert, Video } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Suspense, use, useState } from 'react';
import { LinkButton } from '@/components/button';
import { Icon } from '@/components/icon';
import { lateComponent } from '@/lib/late-component';
import { ContentTile, TileLink } from './content-tile';
import { useMediaDetails } from './media-details';
import { InGrid, Picture, PictureBox } from './picture';
import { useThreadScene } from './thread-context';
import { useFileLink } from './use-file-link';
import { Caption } from './words';

const Player = lateComponent(() => import('./player').then((module) => module.Player));

export type MediaContent = Extract<Content, { type: 'media' }>;
/** False: it was refused. */
export type FetchAgain = () => Promise<boolean>;

export const icons = {
  image: Image,
  video: Video,
  audio: Music,
  voice: Mic,
  document: FileText,
  sticker: Sticker,
} as const;
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
      <Caption text={caption} meta={meta} />
    </>
  );
}

/** What it is called: its own name where that says something. */
export function useName({ kind, fileName }: MediaContent): string {
  const t = useTranslations('messages.content');
  return kind === 'document' && fileName ? fileName : t(`media.${kind}`);
}

/** On its way, failed, or never to come. */
function NotHere({ content, fetchAgain }: Omit<MediaProps, 'meta'>) {
  const t = useTranslations('messages.content.file');
  const details = useMediaDetails(content);
  const [asked, setAsked] = useState(false);
  const { kind, file } = content;
  if (file?.state !== 'failed') {
    const words = [details, t(file ? 'pending' : 'absent')].filter(Boolean).join(' · ');
    return <InItsPlace content={content} words={words} />;
  }
  const ask = async () => {
    setAsked(true);
    setAsked((await fetchAgain?.()) === true);
  };
  const again = fetchAgain && <TryAgain disabled={asked} onClick={() => void ask()} />;
  return <InItsPlace content={content} words={t(kind)} action={again} />;
}

function Ready({ content, file }: { content: MediaContent; file: StoredFile }) {
  const t = useTranslations('messages.content.file');
  const { url, inline, broken, onError, tryAgain } = useFileLink(file.id);
  const name = useName(content);
  const details = useMediaDetails(content);
  const inGrid = use(InGrid);
  const { view } = useThreadScene().actions;
  const { kind, fileName, mimeType, durationMs } = content;
  const isSound = kind === 'voice' || kind === 'audio';
  const save = url && (
    <TileLink href={url} save={fileName ?? ''}>
      {t('save')}
    </TileLink>
  );
  if (broken) {
    const orSave = isSound && save; // another program may play it
    const action = (
      <>
        <TryAgain onClick={tryAgain} />
        {orSave && ' · '}
        {orSave}
      </>
    );
    return <InItsPlace content={content} words={t(kind)} action={action} />;
  }
  if (kind === 'document' || inline === false) {
    return inGrid ? (
      <InItsPlace content={content} words={details} action={save} />
    ) : (
      <ContentTile icon={icons[kind]} name={name} detail={details} action={save} />
    );
  }
  if (isSound)
    return (
      <Suspense fallback={<span className="block h-12" />}>
        <Player {...{ url, mimeType, name, durationMs, onError }} />
      </Suspense>
    );
  return (
    <Picture
      content={{ ...content, kind }}
      small={file.small === true}
      onView={() => view(file.id)}
      {...{ name, url, onError }}
    />
  );
}

/** What stands where a file would be shown; a picture's place is held. */
function InItsPlace({ content, words, action }: { content: MediaContent; words: string; action?: React.ReactNode }) {
  const name = useName(content);
  const { kind, file } = content;
  const why = file?.detail ?? undefined;
  if (!pictured.has(kind))
    return <ContentTile icon={icons[kind]} name={name} detail={words} action={action} title={why} />;
  return (
    <PictureBox content={content}>
      <span
        className="num grid h-full place-content-center justify-items-center gap-1 px-3 text-center text-meta text-ink-2"
        title={why}
      >
        <Icon of={icons[kind]} size={20} />
        <span>{words}</span>
        {action}
      </span>
    </PictureBox>
  );
}

function TryAgain(props: { onClick: () => void; disabled?: boolean }) {
  const t = useTranslations('common');
  return <LinkButton {...props}>{t('tryAgain')}</LinkButton>;
}
