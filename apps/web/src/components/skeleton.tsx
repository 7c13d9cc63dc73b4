import { cx } from './cx';

/** A place that something will take. Fixed size, no shimmer. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx('block rounded-1 bg-fill', className)} />;
}
