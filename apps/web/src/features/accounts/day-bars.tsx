import { useTranslations } from 'next-intl';
import { cx } from '@/components/cx';
import type { AccountDay } from './account-queries';

const WIDTH = 4;
const HEIGHT = 20;

/** The last day, an hour a bar: so silence is seen. Undefined: it is still read. */
export function DayBars({ day, className }: { day: AccountDay | undefined; className?: string }) {
  const words = useTranslations('accounts');
  if (!day) return <span className={className} />;
  const most = Math.max(...day.hours);
  const total = day.hours.reduce((sum, count) => sum + count, 0);
  return (
    <svg
      role="img"
      aria-label={words('day', { count: total })}
      viewBox={`0 0 ${day.hours.length * WIDTH} ${HEIGHT}`}
      className={cx('h-5 w-24 fill-ink-3', className)}
    >
      {day.hours.map((count, hour) => {
        const height = count === 0 ? 1 : Math.max(2, Math.round((count / most) * HEIGHT));
        return <rect key={hour} x={hour * WIDTH + 1} y={HEIGHT - height} width={2} height={height} />;
      })}
    </svg>
  );
}
