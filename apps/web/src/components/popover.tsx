'use client';

import { Popover as Base } from '@base-ui/react/popover';
import { cx } from './cx';
import { popupClass } from './popup-class';

interface PopoverProps {
  trigger?: React.ReactElement;
  /** Where it stands when something else opens it. */
  anchor?: React.RefObject<Element | null>;
  children: React.ReactNode;
  label: string;
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom' | 'left' | 'right';
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small panel at its trigger, for what is more than a list of acts. */
export function Popover({
  trigger,
  anchor,
  children,
  label,
  align = 'start',
  side = 'bottom',
  className,
  open,
  onOpenChange,
}: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Base.Trigger render={trigger} />}
      <Base.Portal>
        <Base.Positioner
          anchor={anchor}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-40 outline-none"
        >
          <Base.Popup aria-label={label} className={cx(popupClass, className)}>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
