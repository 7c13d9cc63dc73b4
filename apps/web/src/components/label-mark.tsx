import { cx } from './cx';
import { hueStyle } from './hue';

/** A label: its hue as a dot, its name as a word. */
export function LabelMark({ name, hue, small = false, className }: { name: string; hue: number; small?: boolean; className?: string }) {
  return (
    <span className={cx('inline-flex min-w-0 items-center gap-[5px] leading-4', small ? 'text-[11px] text-ink-3' : 'text-[12px] text-ink-2', className)} style={hueStyle(hue)}>
      <span aria-hidden className="label-dot size-[7px] flex-none rounded-[2px]" />
      <span className="truncate">{name}</span>
    </span>
  );
}
