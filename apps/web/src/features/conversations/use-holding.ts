'use client';

import { useEffect, useState } from 'react';

/** Scrolled further than this, something moving in above would push away what is being read. */
const SCROLLED_PX = 48;
const still = { pointed: false, focused: false, scrolled: false };

/** Whether a list must stand still: the pointer or the focus is in it, or it is scrolled. */
export function useHolding(scroller: HTMLElement | null) {
  const [hands, setHands] = useState(still);
  const set = (change: Partial<typeof still>) => setHands((before) => merged(before, change));
  useEffect(() => () => setHands(still), [scroller]); // what goes away under the pointer hears of no leave
  return {
    holding: hands.pointed || hands.focused || hands.scrolled,
    holdProps: {
      onPointerEnter: (event: React.PointerEvent) => set({ pointed: event.pointerType === 'mouse' }),
      onPointerLeave: () => set({ pointed: false }),
      onFocus: () => set({ focused: true }),
      onBlur: (event: React.FocusEvent) => set({ focused: event.currentTarget.contains(event.relatedTarget) }),
      onScroll: (event: React.UIEvent) => set({ scrolled: event.currentTarget.scrollTop > SCROLLED_PX }),
    },
  };
}

/** The same object where nothing changed: a list that scrolls says the same a hundred times a second. */
function merged<Values extends object>(before: Values, change: Partial<Values>): Values {
  const next = { ...before, ...change };
  return Object.keys(next).every((key) => next[key as keyof Values] === before[key as keyof Values]) ? before : next;
}
