'use client';

import { Dialog as Base } from '@base-ui/react/dialog';

interface SideSheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  label: string;
  children: React.ReactNode;
}

/** A panel that comes in from the end, where there is no room beside the rest; a whole page on a phone. */
export function SideSheet({ open, onOpenChange, label, children }: SideSheetProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-30 bg-scrim transition-opacity duration-[200ms] data-ending-style:opacity-0 data-starting-style:opacity-0" />
        <Base.Popup
          aria-label={label}
          className="fixed inset-y-0 end-0 z-30 w-full bg-pane shadow-modal outline-none transition-[translate] duration-[200ms] ease-out data-ending-style:translate-x-full rtl:data-ending-style:-translate-x-full data-ending-style:duration-[140ms] data-starting-style:translate-x-full rtl:data-starting-style:-translate-x-full md:w-[320px]"
        >
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
