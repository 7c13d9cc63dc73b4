/** One event of a stream, or its heartbeat: an id without data. */
export interface SseFrame {
  id: string | null;
  event: string;
  data: string | null;
}

/** What came at once, as after a night's sleep, is handed on in slices: keys and frames get their turn in between. */
const SLICE_MS = 8;
const breath = () => new Promise((resolve) => setTimeout(resolve));

/** Reads `text/event-stream` as it comes. Ends with the body; throws what the body throws. */
export async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<SseFrame> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .getReader(); // lib.dom wants BufferSource
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      let began = performance.now();
      for (const block of blocks) {
        yield parseFrame(block);
        if (performance.now() - began < SLICE_MS) continue;
        await breath();
        began = performance.now();
      }
    }
  } finally {
    reader.cancel().catch(() => undefined); // the body may have broken already
  }
}

function parseFrame(block: string): SseFrame {
  const frame: SseFrame = { id: null, event: 'message', data: null };
  for (const line of block.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon === 0) continue; // a comment
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'id') frame.id = value;
    else if (name === 'event') frame.event = value;
    else if (name === 'data') frame.data = frame.data === null ? value : `${frame.data}\n${value}`;
  }
  return frame;
}
