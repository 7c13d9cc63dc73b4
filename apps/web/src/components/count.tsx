import { cx } from './cx';

/** A number that waits; "9+" past nine. `label` says what it counts. */
export function Count({
  value,
  label,
  small = false,
  quiet = false,
  className,
}: {
  value: number;
  label: string;
  small?: boolean;
  quiet?: boolean;
  className?: string;
}) {
  if (value <= 0) return null;
  return (
    <span
      role="img"
      aria-label={label}
      className={cx(
        'num flex-none rounded-full text-center font-semibold',
        quiet ? 'bg-fill text-ink-2' : 'bg-accent text-on-accent',
        small ? 'h-4 min-w-4 px-1 text-[10px] leading-4' : 'h-[18px] min-w-[18px] px-[5px] text-[11px] leading-[18px]',
        className,
      )}
    >
      {value > 9 ? '9+' : value}
    </span>
  );
}
