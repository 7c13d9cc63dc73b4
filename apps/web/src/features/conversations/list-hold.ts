'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { useMemo, useRef, useSyncExternalStore } from 'react';
import { compare } from '@/lib/realtime/pages';
import { listKeyOf } from '@/lib/realtime/conversation-lists';

/** A list as it stood when somebody put the pointer or the focus into it. */
interface Held {
  epoch: number;
  /** Where each stood then, in order. */
  rows: Map<string, Conversation>;
}

interface HeldList {
  /** What to show: the held order with what is new in each row. */
  shown: Conversation[];
  /** How many entered, left or moved meanwhile. */
  waiting: number;
}

/**
 * Keeps rows where they are while somebody points at them or walks through them. Their contents stay live; what enters,
 * leaves or moves waits. Older pages are added as they load. An act of one's own lets go for a moment (`letGo`).
 * @param key what makes it another list: then nothing is held over
 */
export function useHeldList(live: Conversation[], holding: boolean, key: string): HeldList {
  const epoch = useSyncExternalStore(
    subscribe,
    () => current,
    () => 0,
  );
  const held = useRef<{ key: string; held: Held } | null>(null);

  return useMemo(() => {
    if (!holding || held.current?.key !== key || held.current.held.epoch !== epoch) held.current = null;
    if (!holding) return { shown: live, waiting: 0 };
    held.current ??= { key, held: { epoch, rows: new Map(live.map((each) => [each.id, each])) } };
    return heldList(live, held.current.held.rows);
  }, [live, holding, key, epoch]);
}

/** Shows the held rows with the live state of each; grows `rows` by what was loaded below them. */
export function heldList(live: Conversation[], rows: Map<string, Conversation>): HeldList {
  const now = new Map(live.map((each) => [each.id, each]));
  const last = [...rows.values()].at(-1);
  for (const each of live) {
    if (!rows.has(each.id) && (!last || compare(listKeyOf(each), listKeyOf(last)) < 0)) rows.set(each.id, each);
  }
  const shown = [...rows.values()].map((then) => now.get(then.id) ?? then);
  const entered = live.filter((each) => !rows.has(each.id)).length;
  const left = shown.filter((each) => !now.has(each.id)).length;
  return {
    shown,
    waiting:
      entered +
      left +
      movedIn(
        shown.filter((each) => now.has(each.id)),
        rows,
      ),
  };
}

/** Rows whose rank has grown past that of a row above them. */
function movedIn(shown: Conversation[], rows: Map<string, Conversation>): number {
  let above: Conversation | null = null;
  let moved = 0;
  for (const each of shown) {
    const changed = rows.get(each.id)?.lastMessageAt !== each.lastMessageAt;
    if (!changed) above = each;
    else if (above && compare(listKeyOf(each), listKeyOf(above)) > 0) moved += 1;
  }
  return moved;
}

let current = 0;
const listeners = new Set<() => void>();

/** Lets every list take its true order now: after an act of one's own, or on request. */
export function letGo(): void {
  current += 1;
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
