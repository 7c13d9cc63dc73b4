'use client';

import { useRef, useState } from 'react';

const LONG_PRESS_MS = 450;
const SLOP_PX = 10;
const REPLY_PX = 56;
const MAX_PX = 72;

interface Gestures {
  /** How far the bubble follows the finger, in px. */
  offset: number;
  /** Past the point from which letting go replies. */
  armed: boolean;
  handlers: Pick<
    React.DOMAttributes<HTMLElement>,
    'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onContextMenu'
  >;
}

/** A finger's ways: a long press opens what can be done, a swipe toward the end replies. Both are also in the menu. */
export function useTouchGestures({
  onLongPress,
  onReply,
}: {
  onLongPress: () => void;
  onReply: (() => void) | null;
}): Gestures {
  const start = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout>; swiping: boolean } | null>(null);
  const [offset, setOffset] = useState(0);

  const end = () => {
    if (start.current) clearTimeout(start.current.timer);
    start.current = null;
    setOffset(0);
  };
  const forward = (event: React.PointerEvent, x: number) =>
    (getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1) * (event.clientX - x);

  return {
    offset,
    armed: offset >= REPLY_PX,
    handlers: {
      onPointerDown(event) {
        if (event.pointerType !== 'touch') return;
        const timer = setTimeout(() => {
          start.current = null;
          onLongPress();
        }, LONG_PRESS_MS);
        start.current = { x: event.clientX, y: event.clientY, timer, swiping: false };
      },
      onPointerMove(event) {
        const from = start.current;
        if (!from) return;
        const [along, across] = [forward(event, from.x), Math.abs(event.clientY - from.y)];
        if (Math.abs(along) > SLOP_PX || across > SLOP_PX) clearTimeout(from.timer);
        if (!from.swiping && (across > SLOP_PX || !onReply)) return end(); // a scroll
        from.swiping ||= along > SLOP_PX;
        if (from.swiping) setOffset(Math.max(0, Math.min(MAX_PX, along)));
      },
      onPointerUp() {
        if (offset >= REPLY_PX) onReply?.();
        end();
      },
      onPointerCancel: end,
      onContextMenu(event) {
        if (start.current) event.preventDefault(); // the long press is ours
      },
    },
  };
}
