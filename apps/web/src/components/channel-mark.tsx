import type { Channel } from '@parley/contracts/accounts';
import { cx } from './cx';

/** Our own glyphs (handset, hash, plane, camera, bubble): no brand logos. */
const glyphs: Record<Channel, React.ReactNode> = {
  whatsapp: (
    <path
      d="M6.5 4h3l1.5 4-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4z"
      fill="currentColor"
    />
  ),
  slack: <path d="M9.5 4L8 20M16 4l-1.5 16M4.5 9h16M3.5 15h16" />,
  telegram: <path d="M21.5 3L2.5 10.5l6.2 2.6L18 6.5l-7 8.200V20l3-3.4 3.6 2.6z" fill="currentColor" stroke="none" />,
  instagram: (
    <>
      <rect x="4" y="4" width="16" height="16" rx="5" />
      <circle cx="12" cy="12" r="3.6" />
      <path d="M16.8 7.2h.01" />
    </>
  ),
  sms: <path d="M4 5h16v11h-9l-4.5 4v-4H4z" fill="currentColor" />,
};

const grounds: Record<Channel, string> = {
  whatsapp: 'bg-whatsapp',
  slack: 'bg-slack',
  telegram: 'bg-telegram',
  instagram: 'bg-instagram',
  sms: 'bg-sms',
};

/** The channel's mark. Give `label` where no word beside it names the channel. */
export function ChannelMark({
  channel,
  size = 16,
  label,
  className,
}: {
  channel: Channel;
  size?: 16 | 18 | 32;
  label?: string;
  className?: string;
}) {
  return (
    <span
      className={cx(
        'grid flex-none place-items-center text-on-channel',
        grounds[channel],
        size === 32 ? 'size-8 rounded-3' : 'rounded-full',
        size === 16 && 'size-4',
        size === 18 && 'size-[18px]',
        className,
      )}
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <svg
        viewBox="0 0 24 24"
        className={size === 32 ? 'size-[18px]' : 'size-2.5'}
        fill="none"
        stroke="currentColor"
        strokeWidth={size === 32 ? 2 : 2.6}
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {glyphs[channel]}
      </svg>
    </span>
  );
}
