import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export interface StubCall {
  method: string;
  /** Without the query. */
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** Parsed where it is JSON, else the text. */
  body: unknown;
}
export interface StubAnswer {
  status?: number;
  headers?: Record<string, string>;
  /** Bytes are sent as they are, a stream as it comes, all else as JSON. */
  body?: unknown;
}

export interface HttpStub {
  url: string;
  /** `host:port`, for EGRESS_ALLOW. */
  host: string;
  /** What reached it, oldest first. */
  calls: StubCall[];
  /** How it answers from now on; undefined: the connection is cut. */
  answer(by: (call: StubCall) => StubAnswer | undefined | Promise<StubAnswer | undefined>): void;
  close(): Promise<void>;
}

/** A server of somebody else's: records what it is sent and answers as the test says; 404 until told. */
export async function startHttpStub(): Promise<HttpStub> {
  const calls: StubCall[] = [];
  let by: Parameters<HttpStub['answer']>[0] = () => ({ status: 404 });
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void reply(Buffer.concat(chunks).toString()));
    const reply = async (text: string) => {
      const url = new URL(request.url ?? '/', 'http://stub');
      const query = Object.fromEntries(url.searchParams);
      const call = {
        method: request.method ?? '',
        path: url.pathname,
        query,
        headers: request.headers,
        body: parsed(text),
      };
      calls.push(call);
      const answer = await by(call);
      if (!answer) return request.socket.destroy();
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
      if (answer.body instanceof Readable) answer.body.on('error', () => response.destroy()).pipe(response);
      else response.end(bytesOf(answer.body));
    };
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    calls,
    answer: (next) => void (by = next),
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function bytesOf(body: unknown): Uint8Array | string {
  if (body instanceof Uint8Array) return body;
  return body === undefined ? '' : JSON.stringify(body);
}
