/** One JSON object a line, as they come. Throws what the body throws, and where the last line is cut off. */
export async function* readLines<Line>(body: ReadableStream<Uint8Array>): AsyncGenerator<Line, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      const lines = (rest + decoder.decode(value, { stream: !done })).split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) if (line) yield JSON.parse(line) as Line; // the server writes what the contract says
      if (done) return;
    }
  } finally {
    reader.cancel().catch(() => undefined); // the body may have broken already
  }
}
