'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { cx } from './cx';
import { Icon } from './icon';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** `any`: Escape and a press beside it too. `button`: only a button of its own, for it shows what is shown once. `none`: work is under way. */
  closedBy?: 'any' | 'button' | 'none';
  title: string;
  /** What follows from it, with numbers. */
  description?: React.ReactNode;
  /** 640 with a form, else 440. */
  wide?: boolean;
  /** Buttons, the safe one first. */
  actions?: React.ReactNode;
  children?: React.ReactNode;
  initialFocus?: React.RefObject<HTMLElement | null> | (() => HTMLElement | null | undefined);
}

export function Dialog({
  open,
  onOpenChange,
  closedBy = 'any',
  title,
  description,
  wide = false,
  actions,
  children,
  initialFocus,
}: DialogProps) {
  const words = useTranslations('common');
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { reason, cancel }) => {
        if (next || closedBy === 'any' || (closedBy === 'button' && reason === 'close-press')) onOpenChange(next);
        else cancel();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-scrim transition-opacity duration-[200ms] data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          initialFocus={initialFocus}
          className={cx(
            'fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-32px)] w-[calc(100vw-32px)] -translate-x-1/2 -translate-y-1/2 flex-col overflow-hidden rounded-4 bg-raised shadow-modal outline-none',
            'transition-opacity duration-[200ms] ease-out data-ending-style:opacity-0 data-ending-style:duration-[140ms] data-starting-style:opacity-0',
            wide ? 'max-w-[640px]' : 'max-w-[440px]',
          )}
        >
          <div className="flex items-start gap-2 px-6 pt-5">
            <Base.Title className="min-w-0 flex-1 text-heading">{title}</Base.Title>
            {/* No tooltip: the first Escape would close that, not the dialog. */}
            <Base.Close
              aria-label={words('close')}
              disabled={closedBy === 'none'}
              className="-mt-1 -me-2 grid size-8 flex-none place-items-center rounded-2 text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-50 pointer-coarse:size-11"
            >
              <Icon of={X} />
            </Base.Close>
          </div>
          {description && <Base.Description className="px-6 pt-1.5 text-ui text-ink-2">{description}</Base.Description>}
          {children && <div className="min-h-0 overflow-y-auto px-6 pt-4">{children}</div>}
          <div className={cx('flex flex-none flex-wrap justify-end gap-2 px-6 pb-5', Boolean(actions) && 'pt-5')}>
            {actions}
          </div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
