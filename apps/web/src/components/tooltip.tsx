'use client';

import { cloneElement, useEffect, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { Kbd } from './kbd';

type Side = 'top' | 'bottom' | 'left' | 'right';

interface Shown {
  text: string;
  shortcut?: string;
  side: Side;
  anchor: DOMRect;
}

/** The first waits, so that a pointer passing by raises nothing; its neighbours come at once. */
const DELAY_MS = 500;
const NEIGHBOUR_MS = 300;
const GAP = 6;
const MARGIN = 8;

/** One tooltip at a time for the whole page. */
class TooltipStore {
  private shown: Shown | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private hiddenAt = 0;
  private readonly listeners = new Set<() => void>();

  get = (): Shown | null => this.shown;
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  wait(over: Element, what: Omit<Shown, 'anchor'>): void {
    clearTimeout(this.timer);
    const show = () => over.isConnected && this.set({ ...what, anchor: over.getBoundingClientRect() });
    this.timer = setTimeout(show, Date.now() - this.hiddenAt < NEIGHBOUR_MS ? 0 : DELAY_MS);
  }

  hide(): void {
    clearTimeout(this.timer);
    if (!this.shown) return;
    this.hiddenAt = Date.now();
    this.set(null);
  }

  private set(shown: Shown | null): void {
    this.shown = shown;
    this.listeners.forEach((listener) => listener());
  }
}

const tooltip = new TooltipStore();

interface TooltipProps {
  text: string;
  shortcut?: string;
  side?: Side;
  /** The one element it explains. */
  children: React.ReactElement<Handlers>;
}

type Handlers = Pick<
  React.DOMAttributes<Element>,
  'onPointerEnter' | 'onPointerLeave' | 'onPointerDown' | 'onFocus' | 'onBlur' | 'onKeyDown'
>;

/**
 * A name repeated for the eye, with its key. Never a needed fact, and no part of the accessible tree: what it says is
 * the element's own label. Our own rather than the library's, which would bring its whole positioner to every page.
 */
export function Tooltip({ text, shortcut, side = 'bottom', children }: TooltipProps) {
  const wait = (event: React.SyntheticEvent) => tooltip.wait(event.currentTarget, { text, shortcut, side });
  const hide = () => tooltip.hide();
  const own = children.props;
  return cloneElement(children, {
    onPointerEnter: (event) => (own.onPointerEnter?.(event), event.pointerType === 'mouse' && wait(event)),
    onPointerLeave: (event) => (own.onPointerLeave?.(event), hide()),
    onPointerDown: (event) => (own.onPointerDown?.(event), hide()),
    onFocus: (event) => (own.onFocus?.(event), event.currentTarget.matches(':focus-visible') && wait(event)),
    onBlur: (event) => (own.onBlur?.(event), hide()),
    onKeyDown: (event) => (own.onKeyDown?.(event), hide()),
  } satisfies Handlers);
}

/** Where the tooltip is drawn. Once on a page. */
export function TooltipLayer() {
  const shown = useSyncExternalStore(tooltip.subscribe, tooltip.get, () => null);
  useEffect(() => {
    if (!shown) return;
    // What it explains may go away by that, without a word from the pointer.
    const hide = () => tooltip.hide();
    const occasions = ['keydown', 'pointerdown', 'scroll', 'blur'] as const;
    for (const occasion of occasions) window.addEventListener(occasion, hide, true);
    return () => occasions.forEach((occasion) => window.removeEventListener(occasion, hide, true));
  }, [shown]);
  if (!shown) return null;
  return createPortal(
    <div
      aria-hidden
      ref={(element) => void (element && place(element, shown))}
      className="pointer-events-none fixed top-0 left-0 z-50 flex h-7 animate-rise items-center gap-2 rounded-2 bg-ink px-2 text-meta font-medium whitespace-nowrap text-pane"
    >
      {shown.text}
      {shown.shortcut && <Kbd inverse>{shown.shortcut}</Kbd>}
    </div>,
    document.body,
  );
}

/** Beside its anchor, on the other side where there is no room, and never beyond the window. */
function place(element: HTMLElement, { side, anchor }: Shown): void {
  const { offsetWidth: width, offsetHeight: height } = element;
  const middle = { x: anchor.left + (anchor.width - width) / 2, y: anchor.top + (anchor.height - height) / 2 };
  const below = anchor.bottom + GAP + height <= innerHeight;
  const at = {
    top: { x: middle.x, y: anchor.top - GAP - height },
    bottom: { x: middle.x, y: below ? anchor.bottom + GAP : anchor.top - GAP - height },
    left: { x: anchor.left - GAP - width, y: middle.y },
    right: { x: anchor.right + GAP, y: middle.y },
  }[side];
  const within = (value: number, size: number, room: number) => Math.max(MARGIN, Math.min(value, room - size - MARGIN));
  element.style.left = `${within(at.x, width, innerWidth)}px`;
  element.style.top = `${within(at.y, height, innerHeight)}px`;
}
