'use client';

import { useEffectEvent, useLayoutEffect } from 'react';
import { leads, shortcutOf, type ShortcutId } from './shortcuts';

type Handlers = Partial<Record<ShortcutId, () => void>>;

/** How long a leading key waits for its second. */
const SEQUENCE_MS = 1_500;

const stack: ((id: ShortcutId) => boolean)[] = [];
let after: { code: string; at: number } | null = null;

/** Answers shortcuts while the component is there. The last one mounted that has a handler takes the key. */
export function useShortcuts(handlers: Handlers): void {
  const handle = useEffectEvent((id: ShortcutId): boolean => {
    const handler = handlers[id];
    handler?.();
    return handler !== undefined;
  });
  // Before anything is painted: whoever sees the screen may press its keys.
  useLayoutEffect(() => {
    const entry = (id: ShortcutId) => handle(id);
    if (stack.length === 0) window.addEventListener('keydown', onKeyDown);
    stack.push(entry);
    return () => {
      stack.splice(stack.indexOf(entry), 1);
      if (stack.length === 0) window.removeEventListener('keydown', onKeyDown);
    };
  }, []);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const situation = {
    typing: isTyping(event.target),
    onControl:
      event.target instanceof Element &&
      event.target.closest('a, button, summary, [role=option], [role=tab], [role=separator]') !== null,
    inPopup: isInPopup(event.target),
    mac: isMac(),
    after: after && Date.now() - after.at < SEQUENCE_MS ? after.code : null,
  };
  const id =
    shortcutOf(event, situation) ?? (situation.after ? shortcutOf(event, { ...situation, after: null }) : null);
  after = id === null && leads(event, situation) ? { code: event.code, at: Date.now() } : null;
  if (id === null) return;
  for (const handle of stack.toReversed()) if (handle(id)) return event.preventDefault();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))
  );
}

function isInPopup(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('[role=menu], [role=dialog], [role=alertdialog], [role=listbox][data-popup]') !== null
  );
}

/** For the words on keys, and which of them is the modifier. */
export function isMac(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
}
