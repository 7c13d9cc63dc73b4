/**
 * The same bytes, `head` before them, in blocks of `size`, of which the last may be shorter, and is empty where nothing comes at
 * all. All of them are one buffer: each is there until the next is asked for.
 */
export async function* blocksOf(
  body: AsyncIterable<Uint8Array>,
  size: number,
  head: Uint8Array = Buffer.alloc(0),
): AsyncGenerator<Buffer> {
  const block = Buffer.allocUnsafeSlow(size); // takes memory only as it fills
  block.set(head);
  let [used, blocks] = [head.byteLength, 0];
  for await (const piece of body) {
    for (let at = 0; at < piece.byteLength;) {
      const part = piece.subarray(at, at + size - used);
      block.set(part, used);
      used += part.byteLength;
      at += part.byteLength;
      if (used < size) continue;
      yield block;
      [used, blocks] = [0, blocks + 1];
    }
  }
  if (used > 0 || blocks === 0) yield block.subarray(0, used);
}
