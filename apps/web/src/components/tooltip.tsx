'use client';

import { Tooltip as Base } from '@base-ui/react/tooltip';
import { Kbd } from './kbd';

/** One clock for all tooltips: the first after 500 ms, its neighbours at once. */
export function TooltipProvider({ children }: { children: React.ReactNode }) {
  return (
    <Base.Provider delay={500} closeDelay={0}>
      {children}
    </Base.Provider>
  );
}

interface TooltipProps {
  text: string;
  shortcut?: string;
  side?: 'top' | 'bottom' | 'left' | 'right';
  /** The one element it explains. */
  children: React.ReactElement;
}

/** Never holds a needed fact: it repeats a name, or adds a shortcut. */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} side={side} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-hidden
            className="flex h-7 items-center gap-2 rounded-2 bg-ink px-2 text-meta font-medium text-pane transition-opacity duration-[90ms] data-ending-style:opacity-0 data-instant:transition-none data-starting-style:opacity-0"
          >
            {text}
            {shortcut && <Kbd inverse>{shortcut}</Kbd>}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
