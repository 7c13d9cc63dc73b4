'use client';

import { useTranslations } from 'next-intl';
import { useRemembered } from '@/lib/remembered';
import { LIST_MAX, LIST_MIN, listWidth } from './layout-settings';

const STEP = 16;

/** The edge between list and thread: dragged, or moved by arrows once it has the focus. */
export function ListResizer() {
  const words = useTranslations('shell');
  const [width, setWidth] = useRemembered(listWidth);
  const to = (next: number) => setWidth(Math.round(Math.min(LIST_MAX, Math.max(LIST_MIN, next))));
  const forward = (event: { currentTarget: Element }) =>
    getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
  return (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={words('resizeList')}
      aria-valuemin={LIST_MIN}
      aria-valuemax={LIST_MAX}
      aria-valuenow={width}
      tabIndex={0}
      className="absolute inset-y-0 -end-1 z-20 w-2 cursor-col-resize touch-none outline-none after:absolute after:inset-y-0 after:start-[3px] after:w-0.5 after:bg-transparent after:transition-colors hover:after:bg-accent-line focus-visible:after:bg-focus focus-visible:after:transition-none max-lg:hidden"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) to(width + event.movementX * forward(event));
      }}
      onDoubleClick={() => setWidth(listWidth.initial)}
      onKeyDown={(event) => {
        const step = { ArrowRight: STEP, ArrowLeft: -STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        to(width + step * forward(event));
      }}
    />
  );
}
