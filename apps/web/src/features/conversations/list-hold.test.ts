import { expect, it } from 'vitest';
import { aConversation, ids } from '@/lib/realtime/test/factories';
import { heldList } from './list-hold';

const at = (n: number, minute: number) =>
  aConversation(n, { lastMessageAt: new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString() });
const hold = (list: ReturnType<typeof at>[]) => new Map(list.map((each) => [each.id, each]));
const order = (list: { id: string }[]) => list.map(({ id }) => id);

it('keeps the order, with what is new in each row, and counts what waits', () => {
  const rows = hold([at(1, 30), at(2, 20), at(3, 10)]);
  const moved = { ...at(3, 40), received: 1 };
  const { shown, waiting } = heldList([at(4, 50), moved, at(1, 30)], rows);
  expect(order(shown)).toEqual([1, 2, 3].map(ids.conversation));
  expect(shown[2]).toBe(moved);
  expect(waiting).toBe(3); // 4 entered, 3 moved, 2 left
});

it('waits for nothing when nothing changed place', () => {
  const rows = hold([at(1, 30), at(2, 20)]);
  expect(heldList([at(1, 35), at(2, 20)], rows).waiting).toBe(0);
});

it('takes older pages as they load', () => {
  const rows = hold([at(1, 30), at(2, 20)]);
  const { shown, waiting } = heldList([at(1, 30), at(2, 20), at(3, 10), at(4, 5)], rows);
  expect([order(shown), waiting]).toEqual([[1, 2, 3, 4].map(ids.conversation), 0]);
});
