import { expect, it } from 'vitest';
import { readFrames, type SseFrame } from './sse';

/** The bytes, cut where the network pleases. */
async function read(text: string, cutAt: number[]): Promise<SseFrame[]> {
  const bytes = new TextEncoder().encode(text);
  const ends = [...cutAt, bytes.length];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      ends.forEach((end, at) => controller.enqueue(bytes.slice(ends[at - 1] ?? 0, end)));
      controller.close();
    },
  });
  const frames: SseFrame[] = [];
  for await (const frame of readFrames(body)) frames.push(frame);
  return frames;
}

const text =
  ': hello\n\nid: 7\ndata: {"a":"ț"}\n\nevent: ephemeral\r\ndata: one\r\ndata: two\r\n\r\nid: 9\n\ndata: half';
const frames = [
  { id: null, event: 'message', data: null },
  { id: '7', event: 'message', data: '{"a":"ț"}' },
  { id: null, event: 'ephemeral', data: 'one\ntwo' },
  { id: '9', event: 'message', data: null },
];

it('reads events, comments and heartbeats, and leaves out what was cut off', async () => {
  expect(await read(text, [])).toEqual(frames);
});

it('reads the same wherever the bytes are cut', async () => {
  const length = new TextEncoder().encode(text).length;
  for (let cut = 1; cut < length; cut += 1) expect(await read(text, [cut])).toEqual(frames);
});

it('lets others have their turn while a long night comes in at once', async () => {
  const [busyMs, count] = [5, 12];
  const body = new Blob([Array.from({ length: count }, (_, at) => `id: ${at}\n\n`).join('')]).stream();
  let turns = 0;
  const others = setInterval(() => (turns += 1), 0);
  const seen: (string | null)[] = [];
  for await (const { id } of readFrames(body)) {
    seen.push(id);
    for (const until = performance.now() + busyMs; performance.now() < until;);
    if (seen.length === 1) turns = 0; // not those before the bytes came
    if (seen.length === count) break;
  }
  clearInterval(others);
  expect(seen).toEqual(Array.from({ length: count }, (_, at) => String(at)));
  expect(turns).toBeGreaterThanOrEqual(3);
});
