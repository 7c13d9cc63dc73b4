import type { LucideIcon } from 'lucide-react';
import { cx } from './cx';
import { Icon } from './icon';

const tones = {
  neutral: 'bg-fill text-ink-2',
  accent: 'bg-accent-soft text-accent-ink',
  warn: 'bg-warn-soft text-warn-ink',
  danger: 'bg-danger-soft text-danger-ink',
  ok: 'bg-ok-soft text-ok-ink',
} as const;

export type ChipTone = keyof typeof tones;

interface ChipProps extends React.ComponentPropsWithRef<'span'> {
  tone?: ChipTone;
  /** Colour alone says nothing: a chip with a tone has an icon or a word for it. */
  icon?: LucideIcon;
  small?: boolean;
}

export function Chip({ tone = 'neutral', icon, small = false, className, children, ...rest }: ChipProps) {
  return (
    <span
      className={cx(
        'num inline-flex flex-none items-center rounded-1 font-medium whitespace-nowrap',
        small ? 'h-[18px] gap-[3px] px-[5px] text-micro' : 'h-5 gap-1 px-1.5 text-meta',
        tones[tone],
        className,
      )}
      {...rest}
    >
      {icon && <Icon of={icon} size={12} />}
      {children}
    </span>
  );
}
