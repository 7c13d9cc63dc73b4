import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { InfiniteData } from '@tanstack/react-query';
import { settle, type Snapshot } from './snapshot';
import type { Sync } from './sync';

/** Where an item stands in its order: greater stands first. */
export interface Key {
  rank: number;
  id: string;
}

/** An end of what a page covers; `open` items beyond the key belong to it too, because nothing lies there. */
export interface Bound {
  key: Key;
  inclusive: boolean;
}

/**
 * A page of a list ordered newest first. It covers every item between its bounds (null: no end there), so an event
 * tells by itself whether an item belongs here, as a fresh fetch of the same stretch would.
 */
export interface Page<Item> extends Snapshot {
  /** Tells this fetch from others; survives what events change. */
  fetch: number;
  items: Item[];
  newest: Bound | null;
  oldest: Bound | null;
  /** Cursor to older items; null at the end. */
  nextCursor: string | null;
  /** Cursor to newer ones; null at the top. */
  prevCursor: string | null;
}

/** Which stretch to fetch. `from` is the bound where the page before it ended. */
export type PageParam = null | { around: string } | { cursor: string; toward: 'older' | 'newer'; from: Bound | null };

let fetches = 0;

/** What a query function makes of an answer: the page with the stretch that it covers. */
export function pageOf<Item>(
  answer: { items: Item[]; nextCursor: string | null; prevCursor?: string | null },
  param: PageParam,
  keyOf: (item: Item) => Key,
  snapshot: Snapshot,
): Page<Item> {
  const { items, nextCursor, prevCursor = null } = answer;
  const [first, last] = [items[0], items.at(-1)];
  const end = (item: Item | undefined, more: boolean): Bound | null =>
    more && item ? { key: keyOf(item), inclusive: true } : null;
  const toward = param && 'cursor' in param ? param.toward : null;
  return {
    ...snapshot,
    fetch: (fetches += 1),
    items,
    newest: toward === 'older' ? beyond(param) : end(first, prevCursor !== null),
    oldest: toward === 'newer' ? beyond(param) : end(last, nextCursor !== null),
    nextCursor,
    prevCursor,
  };
}

/** The neighbour's end, seen from this side of it. */
function beyond(param: PageParam): Bound | null {
  const from = param && 'from' in param ? param.from : null;
  return from && { key: from.key, inclusive: !from.inclusive };
}

/** `getNextPageParam`: older items. */
export function olderThan(page: Page<unknown>): PageParam | undefined {
  return page.nextCursor === null ? undefined : { cursor: page.nextCursor, toward: 'older', from: page.oldest };
}

/** `getPreviousPageParam`: newer items. */
export function newerThan(page: Page<unknown>): PageParam | undefined {
  return page.prevCursor === null ? undefined : { cursor: page.prevCursor, toward: 'newer', from: page.newest };
}

/** The page with the item where it belongs, or without it where it does not belong here (any more). */
export function withItem<Item extends { id: string }, P extends Page<Item>>(
  page: P,
  item: Item,
  keyOf: (item: Item) => Key,
): P {
  const key = keyOf(item);
  if (!covers(page, key)) return withoutItem(page, item.id);
  const rest = page.items.filter(({ id }) => id !== item.id);
  const place = rest.findIndex((other) => compare(key, keyOf(other)) > 0);
  return { ...page, items: place < 0 ? [...rest, item] : rest.toSpliced(place, 0, item) };
}

export function withoutItem<Item extends { id: string }, P extends Page<Item>>(page: P, id: string): P {
  return page.items.some((item) => item.id === id)
    ? { ...page, items: page.items.filter((item) => item.id !== id) }
    : page;
}

function covers(page: Page<unknown>, key: Key): boolean {
  const { newest, oldest } = page;
  if (newest && (newest.inclusive ? compare(key, newest.key) > 0 : compare(key, newest.key) >= 0)) return false;
  return !oldest || (oldest.inclusive ? compare(key, oldest.key) >= 0 : compare(key, oldest.key) > 0);
}

/** Positive: `a` stands before `b`. */
export function compare(a: Key, b: Key): number {
  return a.rank - b.rank || (a.id > b.id ? 1 : a.id < b.id ? -1 : 0);
}

/**
 * `structuralSharing` of an infinite query. A fetch gives back the pages it found when it began, so those that events
 * have changed meanwhile are taken from the cache, and what was read is brought up to date.
 */
export function settlePages<P extends Page<unknown>>(after: (page: P, event: RealtimeEvent, sync: Sync) => P) {
  return (current: unknown, incoming: unknown): unknown => {
    if (!isPages<P>(incoming) || !incoming.pages.some((page) => page.fresh)) return incoming;
    const known = new Map(isPages<P>(current) ? current.pages.map((page) => [page.fetch, page]) : []);
    const pages = incoming.pages.map((page) => (page.fresh ? settle(page, after) : (known.get(page.fetch) ?? page)));
    return { ...incoming, pages };
  };
}

/** The data after an event; the same object when no page changed. A page read later than the event knows it already. */
export function mapPages<P extends Page<unknown>>(
  data: InfiniteData<P, PageParam>,
  seq: number,
  after: (page: P) => P,
): InfiniteData<P, PageParam> {
  let changed = false;
  const pages = data.pages.map((page) => {
    const next = page.seq >= seq ? page : after(page);
    changed ||= next !== page;
    return next;
  });
  return changed ? { ...data, pages } : data;
}

/** The library hands `unknown` to `structuralSharing`; only infinite queries of ours come here. */
function isPages<P>(value: unknown): value is InfiniteData<P, PageParam> {
  return typeof value === 'object' && value !== null && 'pages' in value && Array.isArray(value.pages);
}
