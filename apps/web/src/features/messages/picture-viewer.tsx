'use client';

import { Dialog } from '@base-ui/react/dialog';
import { ChevronLeft, ChevronRight, Download, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { LinkButton } from '@/components/button';
import { cx } from '@/components/cx';
import { type Glyph, Icon } from '@/components/icon';
import { captionOf } from './album';
import { useName } from './media';
import { pictureAt, type Pictured } from './pictures';
import { useTimes } from './times';
import { useFileLink } from './use-file-link';
import { useSenderName } from './use-message-label';

interface PictureViewerProps {
  /** Oldest first. */
  pictures: readonly Pictured[];
  fileId: string;
  onView: (fileId: string) => void;
  onClose: () => void;
}

const act =
  'grid size-8 flex-none place-items-center rounded-2 text-ink-2 hover:bg-hover hover:text-ink focus-inside pointer-coarse:size-11';

/** One picture of a thread as large as the window lets it be, and the way to those before and after it. */
export function PictureViewer({ pictures, fileId, onView, onClose }: PictureViewerProps) {
  const words = useTranslations('messages.viewer');
  const common = useTranslations('common');
  const times = useTimes();
  const senderName = useSenderName();
  const at = pictureAt(pictures, fileId);
  if (!at) return null;
  const { picture, index, previous, next } = at;
  const caption = captionOf(picture);
  const view = (to: Pictured | undefined) => to && onView(to.content.file.id);
  const onKeyDown = (event: React.KeyboardEvent) => {
    const to = { ArrowLeft: previous, ArrowRight: next }[event.key];
    if (!to || event.target instanceof HTMLVideoElement) return; // there they wind
    event.preventDefault();
    view(to);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Popup
          onKeyDown={onKeyDown}
          className="fixed inset-0 z-40 flex flex-col bg-canvas pb-[env(safe-area-inset-bottom)] outline-none transition-opacity duration-[140ms] data-starting-style:opacity-0"
        >
          <div className="flex h-14 flex-none items-center gap-1 ps-4 pe-2">
            <div className="min-w-0 flex-1">
              <Dialog.Title className="truncate text-body font-semibold" dir="auto">
                {senderName(picture)}
              </Dialog.Title>
              <Dialog.Description className="num truncate text-meta text-ink-2">
                {times.full(picture.sentAt)}
              </Dialog.Description>
            </div>
            <span role="status" className="num px-2 text-meta text-ink-2">
              {words('at', { at: index + 1, count: pictures.length })}
            </span>
            <Save picture={picture} />
            {/* No tooltip: the first Escape would close that, not the viewer. */}
            <Dialog.Close aria-label={common('close')} className={act}>
              <Icon of={X} size={18} />
            </Dialog.Close>
          </div>
          <div className="relative min-h-0 flex-1">
            <Large key={fileId} picture={picture} />
            {pictures.length > 1 && (
              <>
                <Step of={ChevronLeft} label={words('previous')} side="start-2" to={previous} onStep={view} />
                <Step of={ChevronRight} label={words('next')} side="end-2" to={next} onStep={view} />
              </>
            )}
          </div>
          <p
            className="mx-auto max-h-[25dvh] max-w-[70ch] flex-none overflow-y-auto px-4 py-3 text-center text-body text-pretty [overflow-wrap:anywhere] empty:p-2"
            dir="auto"
          >
            {caption}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Large({ picture: { content } }: { picture: Pictured }) {
  const t = useTranslations('messages.content.file');
  const common = useTranslations('common');
  const { url, inline, broken, onError, tryAgain } = useFileLink(content.file.id);
  const name = useName(content);
  if (broken)
    return (
      <p role="alert" className="grid size-full place-content-center justify-items-center gap-1 text-ui text-ink-2">
        {t(content.kind)}
        <LinkButton onClick={tryAgain}>{common('tryAgain')}</LinkButton>
      </p>
    );
  if (url === undefined) return null;
  if (!inline) return <p className="grid size-full place-content-center text-ui text-ink-2">{name}</p>;
  const whole = 'absolute inset-0 size-full object-scale-down';
  return content.kind === 'video' ? (
    <video src={url} aria-label={name} controls playsInline onError={onError} className={whole} />
  ) : (
    <img src={url} alt={name} draggable={false} onError={onError} className={whole} />
  );
}

function Save({ picture: { content } }: { picture: Pictured }) {
  const t = useTranslations('messages.content.file');
  const { url } = useFileLink(content.file.id);
  return (
    <a href={url} download={content.fileName ?? ''} aria-label={t('save')} className={act}>
      <Icon of={Download} size={18} />
    </a>
  );
}

interface StepProps {
  of: Glyph;
  label: string;
  side: 'start-2' | 'end-2';
  /** Undefined: there is none. */
  to: Pictured | undefined;
  onStep: (to: Pictured | undefined) => void;
}

/** Stays where it is at either end, and keeps the focus: the arrow keys go on from there. */
function Step({ of, label, side, to, onStep }: StepProps) {
  return (
    <button
      type="button"
      aria-label={label}
      aria-disabled={!to}
      onClick={() => onStep(to)}
      className={cx(
        'absolute top-1/2 grid size-11 -translate-y-1/2 place-items-center rounded-full bg-raised text-ink shadow-menu aria-disabled:opacity-50',
        side,
      )}
    >
      <Icon of={of} size={20} />
    </button>
  );
}
