import { cx } from './cx';
import { hueStyle } from './hue';

const sizes = { micro: 'text-[11px] text-ink-3', meta: 'text-[12px] text-ink-2', ui: 'text-[13px] text-ink' } as const;

/** A label: its hue as a dot, its name as a word. */
export function LabelMark({
  name,
  hue,
  size = 'meta',
  className,
}: {
  name: string;
  hue: number;
  size?: keyof typeof sizes;
  className?: string;
}) {
  return (
    <span
      className={cx('inline-flex min-w-0 items-center gap-[5px] leading-4', sizes[size], className)}
      style={hueStyle(hue)}
    >
      <span aria-hidden className="label-dot size-[7px] flex-none rounded-[2px]" />
      <span className="truncate">{name}</span>
    </span>
  );
}
