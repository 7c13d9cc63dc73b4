'use client';

import type { LucideIcon } from 'lucide-react';
import { cx } from './cx';
import { Icon, type IconSize } from './icon';
import { Tooltip } from './tooltip';

export interface IconButtonProps extends Omit<React.ComponentPropsWithRef<'button'>, 'children'> {
  icon: LucideIcon;
  /** Its name, read aloud and shown as a tooltip. */
  label: string;
  /** Shown in the tooltip: "E". */
  shortcut?: string;
  size?: 24 | 28 | 32 | 44;
  iconSize?: IconSize;
  /** It is switched on. */
  on?: boolean;
}

const boxes = { 24: 'size-6', 28: 'size-7', 32: 'size-8', 44: 'size-11' } as const;

export function IconButton({
  icon,
  label,
  shortcut,
  size = 32,
  iconSize = 16,
  on,
  className,
  type = 'button',
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <button
        type={type}
        aria-label={label}
        aria-pressed={on}
        className={cx(
          'grid flex-none place-items-center rounded-2 transition-[background-color] duration-[90ms] hover:bg-hover hover:text-ink active:bg-press disabled:opacity-50',
          'data-popup-open:bg-hover data-popup-open:text-ink',
          on ? 'bg-hover text-ink' : 'text-ink-2',
          boxes[size],
          className,
        )}
        {...rest}
      >
        <Icon of={icon} size={iconSize} />
      </button>
    </Tooltip>
  );
}
