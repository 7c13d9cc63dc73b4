import { Check, CircleAlert, LoaderCircle, Pause, Plug, QrCode, TriangleAlert } from 'lucide-react';
import { cx } from '@/components/cx';
import { type Glyph, Icon } from '@/components/icon';
import type { Shown } from './account-state';

const marks: Record<Shown, { icon: Glyph; ink: string; spin?: true }> = {
  connected: { icon: Check, ink: 'text-ok-ink' },
  connecting: { icon: LoaderCircle, ink: 'text-accent-ink', spin: true },
  needs_qr: { icon: QrCode, ink: 'text-danger-ink' },
  needs_reauth: { icon: CircleAlert, ink: 'text-danger-ink' },
  restricted: { icon: CircleAlert, ink: 'text-danger-ink' },
  disconnected: { icon: TriangleAlert, ink: 'text-warn-ink' },
  unconfirmed: { icon: TriangleAlert, ink: 'text-warn-ink' },
  silent: { icon: TriangleAlert, ink: 'text-warn-ink' },
  paused: { icon: Pause, ink: 'text-ink-3' },
  deleted: { icon: Plug, ink: 'text-ink-3' },
};

/** Shape and colour of a state; the words stand beside it. */
export function StateMark({ state, className }: { state: Shown; className?: string }) {
  const { icon, ink, spin } = marks[state];
  return <Icon of={icon} className={cx('mt-0.5', ink, spin && 'animate-spin', className)} />;
}
