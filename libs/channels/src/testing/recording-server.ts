import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  /** Path with query. */
  url: string;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed where it is JSON, else text; `undefined` without one. */
  body: unknown;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Text goes out as it is, anything else as JSON. */
  body?: unknown;
  /** In place of an answer: the connection breaks, or nothing ever comes. */
  end?: 'drop' | 'never';
}

/** A provider's server for tests: records what is asked, and answers what the test says. */
export async function recordingServer() {
  const requests: Recorded[] = [];
  let answer: (request: Recorded) => Reply = () => ({ status: 404 });
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: text === '' ? undefined : jsonOr(text) };
      requests.push(request);
      const { status = 200, headers: extra = {}, body, end } = answer(request);
      if (end === 'drop') outgoing.destroy();
      if (end !== undefined) return;
      outgoing.writeHead(status, extra).end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a server that listens on TCP
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    /** From now on; forgets what was recorded. */
    answers(reply: (request: Recorded) => Reply) {
      requests.length = 0;
      answer = reply;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a form, a file
  }
}

/** An origin where nobody listens. */
export async function goneOrigin(): Promise<string> {
  const server = await recordingServer();
  await server.close();
  return server.origin;
}
