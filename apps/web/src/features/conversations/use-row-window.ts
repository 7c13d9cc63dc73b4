'use client';

import { useCallback, useLayoutEffect, useState } from 'react';

/** Rows beyond the screen that exist already, so that a quick hand finds no gaps; half as many are enough to wait. */
const BEYOND = 8;
/** Space kept around a row that is brought into view, px. */
const MARGIN = 6;

interface RowWindow {
  /** Index of the first row that exists. */
  first: number;
  /** Index after the last one. */
  end: number;
  /** Scrolls no further than needed to see the whole row. */
  reveal: (index: number) => void;
}

/**
 * Which rows of a long list exist: those in view and a few around. All are of one height, so nothing is measured, and
 * the list's length costs nothing.
 */
export function useRowWindow(scroller: HTMLElement | null, count: number, rowHeight: number): RowWindow {
  const [{ from, to }, setRange] = useState(() => around(0, window.innerHeight / rowHeight));

  useLayoutEffect(() => {
    if (!scroller) return;
    const look = () => {
      const [top, bottom] = [scroller.scrollTop, scroller.scrollTop + scroller.clientHeight];
      setRange((range) =>
        suffices(range, top / rowHeight, bottom / rowHeight) ? range : around(top / rowHeight, bottom / rowHeight),
      );
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(scroller);
    scroller.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      scroller.removeEventListener('scroll', look);
    };
  }, [scroller, rowHeight]);

  const reveal = useCallback(
    (index: number) => {
      if (!scroller) return;
      const [top, bottom] = [index * rowHeight - MARGIN, (index + 1) * rowHeight + MARGIN];
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (bottom > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = bottom - scroller.clientHeight;
    },
    [scroller, rowHeight],
  );
  // A list may have become shorter than where it was scrolled to.
  const end = Math.min(to, count);
  return { first: Math.max(0, Math.min(from, end - (to - from))), end, reveal };
}

interface Range {
  from: number;
  to: number;
}

/** What should exist while the rows between two places, in rows from the top, are in view. */
function around(top: number, bottom: number): Range {
  return { from: Math.floor(top) - BEYOND, to: Math.ceil(bottom) + BEYOND };
}

/** Enough of it exists, and not much too much: nothing needs to be drawn. */
function suffices({ from, to }: Range, top: number, bottom: number): boolean {
  const ahead = BEYOND / 2;
  return from <= Math.max(0, top - ahead) && to >= bottom + ahead && to - from <= bottom - top + 4 * BEYOND;
}
