'use client';

import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import { Tick } from '@/components/tick';
import { Tooltip } from '@/components/tooltip';
import { EditHistory } from './edit-history';
import type { ThreadMessage } from './thread-rows';
import { useTimes } from './times';

/** How far a message of ours got; null: it came in, or its line below says it better. */
export function tickOf({ direction, delivery, local }: ThreadMessage) {
  if (direction !== 'outbound') return null;
  if (local) return local.state === 'refused' ? null : 'queued';
  const status = delivery?.status ?? null;
  return status === 'failed' || status === 'unknown' ? null : status;
}

/** At the end of the last line: edited, late, the time, how far it got. `detailed` adds the tooltip. */
export function MessageMeta({ message, detailed }: { message: ThreadMessage; detailed: boolean }) {
  const t = useTranslations('messages.meta');
  const tick = tickOf(message);
  const times = useTimes();
  const summary = useMetaSummary(message);
  const when = (
    <span className="inline-flex items-center gap-[3px]">
      {message.late && <span>{t('late')}</span>}
      <time dateTime={message.sentAt}>{times.under(message.sentAt, message.position / 1_000)}</time>
      {tick && <TickWord status={tick} />}
    </span>
  );
  return (
    <span
      className={cx(
        'num float-end ms-2.5 -me-[3px] mt-[5px] -mb-[3px] inline-flex items-center gap-[3px] text-micro whitespace-nowrap',
        message.direction === 'outbound' ? 'text-ink-2' : 'text-ink-3',
      )}
    >
      {message.editedAt && (message.deletedAt ? <span>{t('edited')}</span> : <EditHistory message={message} />)}
      {detailed ? (
        <Tooltip text={summary} side="top">
          {when}
        </Tooltip>
      ) : (
        when
      )}
    </span>
  );
}

function TickWord({ status }: { status: NonNullable<ReturnType<typeof tickOf>> }) {
  const t = useTranslations('common.tick');
  return (
    <>
      <span aria-hidden>
        <Tick status={status} label="" />
      </span>
      <span className="sr-only">{t(status)}</span>
    </>
  );
}

/** "Sent 20 November 2026, 09:31. Read 20 November 2026, 09:40." */
export function useMetaSummary({
  sentAt,
  editedAt,
  delivery,
  local,
  late,
  createdAt,
  direction,
}: ThreadMessage): string {
  const t = useTranslations('messages.meta');
  const times = useTimes();
  const parts = [t(direction === 'outbound' ? 'sentAt' : 'writtenAt', { time: times.full(sentAt) })];
  if (late) parts.push(t('arrivedAt', { time: times.full(createdAt) }));
  if (editedAt) parts.push(t('editedAt', { time: times.full(editedAt) }));
  if (delivery?.status === 'delivered') parts.push(t('deliveredAt', { time: times.full(delivery.at) }));
  if (delivery?.status === 'read') parts.push(t('readAt', { time: times.full(delivery.at) }));
  if (local?.state === 'waiting' || delivery?.status === 'queued') parts.push(t('onItsWay'));
  return parts.join(' ');
}
