import type { Answer } from '@parley/client/call';

/** Reads a short list whole, page by page. The seq is the first page's: what changed since is applied to all. */
export async function wholeList<Item>(
  read: (cursor: string | undefined) => Promise<Answer<{ items: Item[]; nextCursor: string | null }>>,
): Promise<{ items: Item[]; seq: number }> {
  const first = await read(undefined);
  const items = [...first.body.items];
  for (let cursor = first.body.nextCursor; cursor !== null;) {
    const { body } = await read(cursor);
    items.push(...body.items);
    cursor = body.nextCursor;
  }
  return { items, seq: first.stamp.seq };
}
