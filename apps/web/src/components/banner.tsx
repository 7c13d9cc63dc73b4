import type { LucideIcon } from 'lucide-react';
import { cx } from './cx';
import { Icon } from './icon';

const tones = {
  neutral: ['bg-fill', ''],
  accent: ['bg-accent-soft', 'text-accent-ink'],
  warn: ['bg-warn-soft', 'text-warn-ink'],
  danger: ['bg-danger-soft', 'text-danger-ink'],
} as const;

interface BannerProps {
  tone?: keyof typeof tones;
  icon: LucideIcon;
  spin?: boolean;
  /** At most one act, at the right. */
  action?: React.ReactNode;
  children: React.ReactNode;
  className?: string;
}

/** What happened, then what to do. The live region around it belongs to whoever shows it. */
export function Banner({ tone = 'neutral', icon, spin = false, action, children, className }: BannerProps) {
  const [ground, ink] = tones[tone];
  return (
    <div className={cx('flex items-start gap-2.5 rounded-3 px-3 py-2 text-ui', ground, className)}>
      <Icon of={icon} className={cx('mt-0.5', ink, spin && 'animate-spin')} />
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  );
}
