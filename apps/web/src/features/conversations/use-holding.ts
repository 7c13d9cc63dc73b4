'use client';

import { useState } from 'react';

/** Scrolled further than this, something moving in above would push away what is being read. */
const SCROLLED_PX = 48;

/** Whether a list must stand still: the pointer or the focus is in it, or it is scrolled. */
export function useHolding(scroller: React.RefObject<HTMLElement | null>) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  return {
    holding: pointed || focused || scrolled,
    holdProps: {
      onPointerEnter: (event: React.PointerEvent) => setPointed(event.pointerType === 'mouse'),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: (event: React.FocusEvent) => setFocused(scroller.current?.contains(event.relatedTarget) ?? false),
      onScroll: () => setScrolled((scroller.current?.scrollTop ?? 0) > SCROLLED_PX),
    },
  };
}
