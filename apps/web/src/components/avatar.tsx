import type { Channel } from '@parley/contracts/accounts';
import { ChannelMark } from './channel-mark';
import { cx } from './cx';
import { hueOf, hueStyle } from './hue';

const sizes = {
  18: 'size-[18px] text-[8px]',
  20: 'size-5 text-[9px]',
  24: 'size-6 text-[10px]',
  28: 'size-7 text-[11px]',
  32: 'size-8 text-[12px]',
  36: 'size-9 text-[13px]',
  /** In rows: 36, on a phone 44. */
  row: 'size-9 text-[13px] max-md:size-11 max-md:text-[15px]',
  44: 'size-11 text-[15px]',
  56: 'size-14 text-[19px]',
} as const;

interface AvatarProps {
  /** Of the contact or member: it decides the hue. */
  id: string;
  name: string;
  size?: keyof typeof sizes;
  /** Groups are rounded squares. */
  group?: boolean;
  channel?: Channel;
  /** Ground of the mark's ring: the surface it stands on. */
  ring?: string;
  children?: React.ReactNode;
}

/** Initials on the person's hue. Decoration: the name always stands beside it. */
export function Avatar({ id, name, size = 36, group = false, channel, ring = 'border-pane', children }: AvatarProps) {
  return (
    <span
      aria-hidden
      style={hueStyle(hueOf(id))}
      className={cx(
        'relative grid flex-none place-items-center font-semibold leading-none tracking-[0.01em] tinted select-none',
        group ? 'rounded-group' : 'rounded-full',
        sizes[size],
      )}
    >
      {initialsOf(name)}
      {channel && (
        <ChannelMark channel={channel} size={18} className={cx('absolute -end-1 -bottom-1 border-2', ring)} />
      )}
      {children}
    </span>
  );
}

/** Two letters of a name ("Marta Oliveira" → MO), or the first two digits after the country code's plus. */
export function initialsOf(name: string): string {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  const letters = words.filter((word) => /\p{L}/u.test(word));
  const [first, last] = [letters[0], letters.length > 1 ? letters.at(-1) : undefined];
  if (first) return (firstOf(first) + (last ? firstOf(last) : (Array.from(first)[1] ?? ''))).toLocaleUpperCase();
  return words.join('').slice(-2) || '?';
}

function firstOf(word: string): string {
  return Array.from(word)[0] ?? '';
}
