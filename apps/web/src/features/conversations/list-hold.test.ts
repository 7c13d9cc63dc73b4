import type { Conversation } from '@parley/contracts/conversations';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listKeyOf } from '@/lib/realtime/conversation-lists';
import { compare } from '@/lib/realtime/pages';
import { aConversation, ids } from '@/lib/realtime/test/factories';
import { HeldRows } from './list-hold';

const at = (n: number, minute: number) =>
  aConversation(n, { lastMessageAt: new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString() });
const pages = (...items: Conversation[][]) => items.map((each) => ({ items: each }));
const order = (list: readonly { id: string }[]) => list.map(({ id }) => id);

it('keeps the order, with what is new in each row, and counts what waits', () => {
  const rows = new HeldRows(pages([at(1, 30), at(2, 20), at(3, 10)]));
  const moved = { ...at(3, 40), received: 1 };
  const { shown, waiting } = rows.take(pages([at(4, 50), moved, at(1, 30)]));
  expect(order(shown)).toEqual([1, 2, 3].map(ids.conversation));
  expect(shown[2]).toBe(moved);
  expect(waiting).toBe(3); // 4 entered, 3 moved, 2 left
});

it('waits for nothing when nothing changed place', () => {
  const rows = new HeldRows(pages([at(1, 30), at(2, 20)]));
  expect(rows.take(pages([at(1, 35), at(2, 20)])).waiting).toBe(0);
});

it('takes older pages as they load', () => {
  const [first, second] = pages([at(1, 30), at(2, 20)], [at(3, 10), at(4, 5)]);
  if (!first || !second) throw new Error('two pages');
  const rows = new HeldRows([first]);
  const { shown, waiting } = rows.take([first, second]);
  expect([order(shown), waiting]).toEqual([[1, 2, 3, 4].map(ids.conversation), 0]);
});

it('shows after any changes what looking at all of it would show', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('write' as const), n: fc.nat(11), minute: fc.integer({ min: 0, max: 59 }) }),
    fc.record({ kind: fc.constant('leave' as const), n: fc.nat(11), minute: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      let now = [at(0, 30), at(1, 28), at(2, 26), at(3, 24), at(4, 22), at(5, 20)];
      const cut = (before: { items: Conversation[] }[]) => inTwo(now).map((items) => keptIfSame(items, before));
      let cuts = cut([]);
      const then = new Map(now.map((each) => [each.id, each]));
      const known = new Map(then);
      const rows = new HeldRows(cuts);
      for (const { kind, n, minute } of changes) {
        now = now.filter(({ id }) => id !== ids.conversation(n));
        if (kind === 'write') now = [...now, at(n, minute)].sort((a, b) => compare(listKeyOf(b), listKeyOf(a)));
        cuts = cut(cuts);
        for (const each of now) known.set(each.id, each);
        expect(rows.take(cuts)).toEqual(heldInWhole(now, then, known));
      }
    }),
  );
});

/** As pages are: what lies above a minute, and the rest. */
function inTwo(all: Conversation[]): Conversation[][] {
  const border = Date.parse(at(0, 25).lastMessageAt);
  return [all.filter((each) => listKeyOf(each).rank > border), all.filter((each) => listKeyOf(each).rank <= border)];
}

function keptIfSame(items: Conversation[], before: { items: Conversation[] }[]): { items: Conversation[] } {
  const isSame = (other: Conversation[]) =>
    other.length === items.length && other.every((each, index) => each === items[index]);
  return before.find((page) => isSame(page.items)) ?? { items };
}

/** The same by looking at every row each time. `known`: each as it was last heard of, also once it left. */
function heldInWhole(live: Conversation[], then: Map<string, Conversation>, known: Map<string, Conversation>) {
  const now = new Map(live.map((each) => [each.id, each]));
  for (const each of live) {
    const last = [...then.values()].at(-1);
    if (!then.has(each.id) && (!last || compare(listKeyOf(each), listKeyOf(last)) < 0)) then.set(each.id, each);
  }
  const shown = [...then.values()].map((each) => known.get(each.id) ?? each);
  const still = shown.filter(({ id }) => now.has(id));
  const isMoved = (each: Conversation) => then.get(each.id)?.lastMessageAt !== each.lastMessageAt;
  const moved = still.filter((each, index) => {
    const above = still.slice(0, index).findLast((other) => !isMoved(other));
    return isMoved(each) && above && compare(listKeyOf(each), listKeyOf(above)) > 0;
  });
  const entered = live.filter(({ id }) => !then.has(id)).length;
  return { shown, waiting: entered + (shown.length - still.length) + moved.length };
}
