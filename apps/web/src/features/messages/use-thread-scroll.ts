'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { holds } from './album';
import { estimateRow } from './estimate-row';
import type { ListRow, Opening } from './thread-list';

/** Nearer than this the end counts as in sight. */
const END_PX = 60;
const HIGHLIGHT_MS = 2_000;
/** How long a place that was asked for is held while pages load around it. */
const AIM_MS = 1_500;

interface ThreadScrollOptions {
  rows: readonly ListRow[];
  opening: Opening;
  /** A message to bring into sight and light up; a new nonce asks again. */
  linked: { messageId: string; nonce: number } | null;
  /** Counts up when the reader wants to see the end. */
  toEnd: number;
  hasOlder: boolean;
  hasNewer: boolean;
}

interface Aim {
  /** A message's, or a row's. */
  key: string;
  align: 'start' | 'center';
  until: number;
}

/** Where a thread stands: what is read stays in its place, whatever loads above or below; the end is followed while it is in sight. */
export function useThreadScroll({ rows, opening, linked, toEnd, hasOlder, hasNewer }: ThreadScrollOptions) {
  const scroller = useRef<HTMLDivElement>(null);
  const [openedAt] = useState(() => Date.now());
  const [highlighted, setHighlighted] = useState<string | null>(null);
  const aim = useRef<Aim | null>(null);
  // The page that ends the thread must not pull the reader down with it: only what comes after it may.
  const wasWhole = useRef(!hasNewer);

  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: useCallback((index: number) => rows[index]?.key ?? index, [rows]),
    estimateSize: (index) => estimateRow(rows[index]),
    initialOffset: () => firstOffset(rows, keyOf(opening)),
    overscan: 8,
    paddingStart: hasOlder ? 64 : 4,
    paddingEnd: 10,
    scrollPaddingStart: 44,
    anchorTo: 'end',
    followOnAppend: wasWhole.current && !hasNewer,
    scrollEndThreshold: END_PX,
  });
  const ends = useEnds(scroller, rows, () => virtualizer.scrollToEnd());

  useLayoutEffect(() => {
    wasWhole.current = !hasNewer;
  }, [hasNewer]);

  const goTo = (key: string, align: Aim['align']): ListRow | null => {
    const index = rows.findIndex((row) => holds(row, key));
    const row = rows[index];
    if (!row) return null;
    aim.current = { key, align, until: Date.now() + AIM_MS };
    virtualizer.scrollToIndex(index, { align });
    return row;
  };

  useLayoutEffect(() => {
    const key = keyOf(opening);
    if (key === null || !goTo(key, opening.at === 'message' ? 'center' : 'start')) virtualizer.scrollToEnd();
    // Who came here before the messages did, with F6 say, goes on to them.
    if (document.activeElement?.matches('[data-pane=thread]')) scroller.current?.focus({ preventScroll: true });
    // Once, where the thread opens: afterwards the reader decides.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    return () => {
      // Another thread comes in its place: who was in this one is in that one.
      if (element?.contains(document.activeElement))
        element.closest<HTMLElement>('[data-pane=thread]')?.focus({ preventScroll: true });
    };
  }, []);

  useLayoutEffect(() => {
    // A page that came meanwhile has moved the row to another index.
    const { current } = aim;
    if (current && Date.now() < current.until) goTo(current.key, current.align);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rows]);

  useEffect(() => {
    const element = scroller.current;
    const letGo = () => (aim.current = null);
    const byHand = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;
    for (const name of byHand) element?.addEventListener(name, letGo, { passive: true });
    return () => byHand.forEach((name) => element?.removeEventListener(name, letGo));
  }, []);

  useLayoutEffect(() => {
    if (toEnd > 0) virtualizer.scrollToEnd();
  }, [toEnd, virtualizer]);

  useEffect(() => {
    const row = linked && goTo(linked.messageId, 'center');
    if (!row) return;
    setHighlighted(linked.messageId);
    if (scroller.current && linked.nonce > 0) focusMessage(scroller.current, row.key);
    const timer = setTimeout(() => setHighlighted(null), HIGHLIGHT_MS);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [linked]);

  return { scroller, virtualizer, openedAt, highlighted, ...ends };
}

/** Whether the end is in sight, and whether it is more than a screen away. It stays in sight when the composer grows. */
function useEnds(scroller: React.RefObject<HTMLDivElement | null>, rows: readonly ListRow[], scrollToEnd: () => void) {
  const [atEnd, setAtEnd] = useState(false);
  const [far, setFar] = useState(false);
  const now = useRef({ atEnd, scrollToEnd });
  useLayoutEffect(() => {
    now.current = { atEnd, scrollToEnd };
  });

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      setAtEnd(left <= END_PX);
      setFar(left > element.clientHeight);
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [scroller, rows]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => now.current.atEnd && now.current.scrollToEnd());
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);

  return { atEnd, far };
}

function keyOf(opening: Opening): string | null {
  return opening.at === 'message' ? opening.messageId : opening.at === 'new' ? 'new' : null;
}

/**
 * About where to begin: at a row, or at the end. Never further down than one could scroll: the virtualizer would look for
 * that place in every frame of its first five seconds.
 */
function firstOffset(rows: readonly ListRow[], key: string | null): number {
  const at = key === null ? -1 : rows.findIndex((row) => holds(row, key));
  const height = (some: readonly ListRow[]) => some.reduce((sum, row) => sum + estimateRow(row), 0);
  const most = Math.max(0, height(rows) - window.innerHeight);
  return at < 0 ? most : Math.min(height(rows.slice(0, at)), most);
}

/** Puts the focus on a message. A row off the screen needs a moment to exist. */
export function focusMessage(scroller: HTMLElement, id: string, tries = 10): void {
  const article = scroller.querySelector<HTMLElement>(`[data-message="${CSS.escape(id)}"]`);
  if (article) article.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusMessage(scroller, id, tries - 1));
}
