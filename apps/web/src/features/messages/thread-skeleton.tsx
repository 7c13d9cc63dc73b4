import { cx } from '@/components/cx';

const bubbles = ['w-2/5', 'w-1/4', 'ms-auto w-1/2', 'w-1/3', 'ms-auto w-1/4', 'ms-auto w-2/5', 'w-1/2'];

/** Bubbles to come; shown only when they take longer than one notices. */
export function ThreadSkeleton() {
  return (
    <div
      aria-busy
      className="flex min-h-0 flex-1 flex-col justify-end gap-2.5 overflow-hidden px-6 pb-2.5 opacity-100 transition-opacity delay-150 duration-[90ms] starting:opacity-0 max-md:px-3"
    >
      {bubbles.map((shape, index) => (
        <span key={index} className={cx('h-[34px] flex-none rounded-4 bg-fill', shape)} />
      ))}
    </div>
  );
}
