import type { DeliveryStatus } from '@parley/contracts/messages';
import { CircleAlert, CircleHelp, Clock } from 'lucide-react';
import { cx } from './cx';

/** How far a message got. Clock, one tick, two, two in ink-blue and heavier; `label` names it for readers. */
export function Tick({ status, label, className }: { status: DeliveryStatus; label: string; className?: string }) {
  const named = { role: 'img', 'aria-label': label } as const;
  if (status === 'queued')
    return <Clock size={12} strokeWidth={1.4} absoluteStrokeWidth className={cx('flex-none', className)} {...named} />;
  if (status === 'failed')
    return (
      <CircleAlert
        size={14}
        strokeWidth={1.4}
        absoluteStrokeWidth
        className={cx('flex-none text-danger-ink', className)}
        {...named}
      />
    );
  if (status === 'unknown')
    return (
      <CircleHelp
        size={14}
        strokeWidth={1.4}
        absoluteStrokeWidth
        className={cx('flex-none text-warn-ink', className)}
        {...named}
      />
    );
  const two = status === 'delivered' || status === 'read';
  return (
    <svg
      viewBox="0 0 16 16"
      className={cx(
        'size-4 flex-none fill-none stroke-current',
        status === 'read' ? 'stroke-2 text-accent-ink' : 'stroke-[1.6]',
        className,
      )}
      strokeLinecap="round"
      strokeLinejoin="round"
      {...named}
    >
      <path d={two ? 'M1 8.3l3 3 6-6.8M7.4 10.4l.9.9 6-6.8' : 'M3.5 8.3l3 3 6-6.8'} />
    </svg>
  );
}
