'use client';

import { CircleAlert, CircleHelp, Clock, MonitorSmartphone, Smartphone } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { LucideIcon } from 'lucide-react';
import { cx } from '@/components/cx';
import { Icon } from '@/components/icon';
import { useThreadScene } from './thread-context';
import type { ThreadMessage } from './thread-rows';
import { useTimes } from './times';

/** It did not go out, here or at the provider. */
export function isFailed({ delivery, local }: ThreadMessage): boolean {
  return local?.state === 'refused' || (!local && delivery?.status === 'failed');
}

/** It did not go out, or nobody knows. */
export function isTroubled(message: ThreadMessage): boolean {
  return isFailed(message) || message.delivery?.status === 'unknown';
}

interface MessageStatusProps {
  message: ThreadMessage;
  latest: boolean;
  last: boolean;
  /** What went wrong is said over the picture it is about. */
  inAlbum: boolean;
}

/** The lines under a bubble of ours: what went wrong and what one can do, where it was typed, how far the last one got. */
export function MessageStatus({ message, latest, last, inAlbum }: MessageStatusProps) {
  if (message.direction !== 'outbound') return null;
  return (
    <div className={cx('flex max-w-full flex-col items-end', !last && 'not-empty:pb-1.5')}>
      <Origin message={message} />
      {!isTroubled(message) ? (
        <Progress message={message} latest={latest} />
      ) : (
        !inAlbum && <Trouble message={message} />
      )}
    </div>
  );
}

/** What went wrong, and what one can do. */
export function Trouble({ message }: { message: ThreadMessage }) {
  return isFailed(message) ? <NotSent message={message} /> : <Unknown message={message} />;
}

function NotSent({ message }: { message: ThreadMessage }) {
  const t = useTranslations('messages.status');
  const { actions } = useThreadScene();
  const { local, delivery, content } = message;
  const reason = local ? local.reason : delivery?.detail;
  return (
    <StatusLine
      icon={CircleAlert}
      size={14}
      tone="danger"
      words={reason ? t('notSentBecause', { reason }) : t('notSent')}
    >
      {(local || delivery?.canRetry) && (
        <Act tone="danger" onClick={() => actions.sendAgain(message)}>
          {t('tryAgain')}
        </Act>
      )}
      {content.type === 'text' && (
        <Act tone="danger" onClick={() => actions.edit(message)}>
          {t('edit')}
        </Act>
      )}
      {local && (
        <Act tone="danger" onClick={() => actions.discard(message)}>
          {t('delete')}
        </Act>
      )}
    </StatusLine>
  );
}

function Unknown({ message }: { message: ThreadMessage }) {
  const t = useTranslations('messages.status');
  const { actions } = useThreadScene();
  const { delivery } = message;
  return (
    <StatusLine icon={CircleHelp} tone="warn" words={t('unknown')}>
      {delivery?.canCheck && <Act onClick={() => actions.askAgain(message)}>{t('askAgain')}</Act>}
      {delivery?.canRetry && <Act onClick={() => actions.sendAgain(message)}>{t('sendAgain')}</Act>}
    </StatusLine>
  );
}

function Origin({ message: { origin } }: { message: ThreadMessage }) {
  const t = useTranslations('messages.status');
  if (origin === 'phone') return <StatusLine icon={Smartphone} words={t('fromPhone')} />;
  if (origin === 'elsewhere') return <StatusLine icon={MonitorSmartphone} words={t('elsewhere')} />;
  return null;
}

/** Why it waits; and of the last message how far it got, with the channel's limits said. */
function Progress({ message, latest }: { message: ThreadMessage; latest: boolean }) {
  const t = useTranslations('messages.status');
  const channel = useTranslations('common.channel');
  const times = useTimes();
  const { account } = useThreadScene();
  const { delivery } = message;
  if (delivery?.status === 'queued' && delivery.detail) return <StatusLine icon={Clock} words={delivery.detail} />;
  if (!latest || !delivery) return null;
  const time = times.clock(delivery.at);
  if (delivery.status === 'read') return <StatusLine words={t('read', { time })} />;
  const limit = account?.capabilities.receipts;
  if (!account || limit === 'read' || delivery.status === 'queued') return null;
  if (delivery.status === 'delivered')
    return <StatusLine words={t('deliveredOnly', { channel: channel(account.channel) })} />;
  return limit === 'none' ? <StatusLine words={t('sentOnly', { channel: channel(account.channel) })} /> : null;
}

const tones = { quiet: 'text-ink-3', warn: 'text-warn-ink', danger: 'text-danger-ink' } as const;

interface StatusLineProps {
  icon?: LucideIcon;
  size?: 12 | 14;
  tone?: keyof typeof tones;
  words: string;
  children?: React.ReactNode;
}

function StatusLine({ icon, size = 12, tone = 'quiet', words, children }: StatusLineProps) {
  return (
    <div
      className={cx(
        'mt-1 flex flex-wrap items-center justify-end gap-x-2.5 gap-y-1 text-meta max-md:leading-6',
        tones[tone],
      )}
    >
      <span className="inline-flex items-start gap-[5px]">
        {icon && <Icon of={icon} size={size} className="mt-[calc((1lh-12px)/2)]" />}
        <span className="text-pretty">{words}</span>
      </span>
      {children && <span className="inline-flex flex-wrap justify-end gap-x-2.5 max-md:gap-x-5">{children}</span>}
    </div>
  );
}

function Act({ tone = 'accent', ...rest }: React.ComponentPropsWithRef<'button'> & { tone?: 'accent' | 'danger' }) {
  const look =
    tone === 'danger'
      ? 'underline decoration-danger-line underline-offset-2'
      : 'text-accent-ink underline-offset-2 hover:underline';
  return <button type="button" className={cx('reach rounded-1 font-semibold', look)} {...rest} />;
}
