'use client';

import type { Conversation } from '@parley/contracts/conversations';
import { useMemo, useRef, useSyncExternalStore } from 'react';
import { listKeyOf } from '@/lib/realtime/conversation-lists';
import { compare } from '@/lib/realtime/pages';

/** A stretch of the list; another object once anything in it changed. */
interface Stretch {
  items: Conversation[];
}

interface HeldList {
  /** What to show: the held order with what is new in each row. */
  shown: readonly Conversation[];
  /** How many entered, left or moved meanwhile. */
  waiting: number;
}

/**
 * Keeps rows where they are while somebody points at them or walks through them. Their contents stay live; what enters,
 * leaves or moves waits. Older pages are added as they load. An act of one's own lets go for a moment (`letGo`).
 */
export function useHeldList(pages: readonly Stretch[], holding: boolean): HeldList {
  const epoch = useSyncExternalStore(
    subscribe,
    () => current,
    () => 0,
  );
  const held = useRef<{ epoch: number; rows: HeldRows } | null>(null);

  return useMemo(() => {
    if (!holding || held.current?.epoch !== epoch) held.current = null;
    if (!holding) return { shown: pages.flatMap(({ items }) => items), waiting: 0 };
    held.current ??= { epoch, rows: new HeldRows(pages) };
    return held.current.rows.take(pages);
  }, [pages, holding, epoch]);
}

/** A list as it stood when somebody put the pointer or the focus into it. An event costs what it changes, not what there is. */
export class HeldRows {
  /** Each as it was when it took its place. */
  private readonly then: Conversation[] = [];
  private readonly places = new Map<string, number>();
  private now: Conversation[] = [];
  private readonly entered = new Set<string>();
  private readonly left = new Set<string>();
  private pages: readonly Stretch[] = [];

  constructor(pages: readonly Stretch[]) {
    this.take(pages);
  }

  /** The list as it is now: the same rows in their places, older ones below. */
  take(pages: readonly Stretch[]): HeldList {
    const before = this.pages;
    this.pages = pages;
    this.now = this.now.slice();
    const here = itemsOf(pages, before);
    for (const { id } of itemsOf(before, pages)) this.goes(id);
    for (const each of here) this.stands(each);
    return { shown: this.now, waiting: this.entered.size + this.left.size + this.moved() };
  }

  private goes(id: string): void {
    if (this.places.has(id)) this.left.add(id);
    else this.entered.delete(id);
  }

  private stands(each: Conversation): void {
    const place = this.places.get(each.id);
    const last = this.then.at(-1);
    if (place !== undefined) {
      this.left.delete(each.id);
      this.now[place] = each;
    } else if (!last || compare(listKeyOf(each), listKeyOf(last)) < 0) {
      this.entered.delete(each.id);
      this.places.set(each.id, this.then.push(each) - 1);
      this.now.push(each);
    } else this.entered.add(each.id);
  }

  /** Rows whose rank has grown past that of a row above them. */
  private moved(): number {
    let above: Conversation | undefined;
    let moved = 0;
    this.now.forEach((each, place) => {
      if (this.left.size > 0 && this.left.has(each.id)) return;
      if (this.then[place]?.lastMessageAt === each.lastMessageAt) above = each;
      else if (above && compare(listKeyOf(each), listKeyOf(above)) > 0) moved += 1;
    });
    return moved;
  }
}

/** What stands in those of the pages that the others do not have. */
function itemsOf(pages: readonly Stretch[], others: readonly Stretch[]): Conversation[] {
  const known = new Set(others);
  return pages.flatMap((page) => (known.has(page) ? [] : page.items));
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
