'use client';

import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { DayChip } from './day-chip';
import type { ListRow } from './thread-list';
import { dayKey } from './thread-rows';
import { useTimes } from './times';

const TOP = 10;
const CHIP = 22;
/** Where the chip stands inside its own row. */
const INSET = 12;

/** The day one reads in, at the top; the next day's chip pushes it away. */
export function StickyDay({
  virtualizer,
  rows,
}: {
  virtualizer: Virtualizer<HTMLDivElement, Element>;
  rows: readonly ListRow[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const times = useTimes();

  useEffect(() => {
    const scroller = virtualizer.scrollElement;
    if (!scroller) return;
    const place = () => {
      const { day, shift } = stuckDay(virtualizer, rows, scroller.scrollTop);
      setAt((before) => (before !== null && day !== null && dayKey(before) === dayKey(day) ? before : day));
      if (box.current) box.current.style.transform = `translateY(${shift}px)`;
      hidePassed(virtualizer, rows, scroller);
    };
    place();
    scroller.addEventListener('scroll', place, { passive: true });
    return () => scroller.removeEventListener('scroll', place);
  }, [virtualizer, rows]);

  return (
    <div ref={box} aria-hidden className="pointer-events-none absolute inset-x-0 top-2.5 z-2 flex justify-center">
      {at !== null && <DayChip>{times.day(at)}</DayChip>}
    </div>
  );
}

/** The chip in its row gives way to the one at the top as soon as that has taken its place. Readers still find it. */
function hidePassed(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  rows: readonly ListRow[],
  scroller: HTMLDivElement,
): void {
  for (const { index, start } of virtualizer.getVirtualItems()) {
    if (rows[index]?.type !== 'day') continue;
    const own = scroller.querySelector<HTMLElement>(`[data-index="${index}"]`);
    if (own) own.style.opacity = start + INSET < scroller.scrollTop + TOP ? '0' : '';
  }
}

/** Null while the day's own chip stands where it belongs. */
function stuckDay(
  virtualizer: Virtualizer<HTMLDivElement, Element>,
  rows: readonly ListRow[],
  scrollTop: number,
): { day: number | null; shift: number } {
  const topItem = virtualizer.getVirtualItemForOffset(scrollTop + TOP);
  const row = topItem && rows[topItem.index];
  if (!topItem || !row) return { day: null, shift: 0 };
  if (row.type === 'day' && topItem.start + INSET >= scrollTop + TOP) return { day: null, shift: 0 };
  const next = virtualizer
    .getVirtualItems()
    .find((item) => item.index > topItem.index && rows[item.index]?.type === 'day');
  const room = next ? next.start + INSET - scrollTop - TOP - CHIP - 4 : 0;
  return { day: dayOf(rows, topItem.index), shift: Math.min(0, room) };
}

function dayOf(rows: readonly ListRow[], index: number): number | null {
  for (let place = index; place < rows.length; place += 1) {
    const row = rows[place];
    if (row?.type === 'day') return row.at;
    if (row?.type === 'message' || row?.type === 'system') return row.message.position / 1_000;
  }
  return null;
}
