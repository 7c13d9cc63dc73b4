import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const PROBE_EVERY_MS = 500;
const PROBE_MS = 1_000;

/** The load balancer that an operator has in front. */
export interface Entry {
  url: string;
  port: number;
  /** Origin of the api that the next request would go to; empty while there is none at all. */
  next(): string;
  close(): Promise<void>;
}

/**
 * Requests go round those apis that are ready, each on a connection of its own, and to one of the others while none is.
 * None is sent twice: who got no answer, or a bad one, is told so.
 */
export async function startEntry(urls: () => string[]): Promise<Entry> {
  const ready = new Set<string>();
  let turn = 0;
  const next = () => {
    const all = urls();
    const able = all.filter((url) => ready.has(url));
    const choice = able.length ? able : all;
    return choice[turn++ % choice.length] ?? '';
  };
  const server = createServer((request, response) => {
    const url = next();
    if (!url) return void response.writeHead(503).end();
    pass(url, request, response, () => ready.delete(url));
  });
  server.keepAliveTimeout = 75_000; // longer than any client keeps one
  server.requestTimeout = 0;
  const probe = async (url: string) => {
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PROBE_MS) }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) ready.add(url);
    else ready.delete(url);
  };
  const probes = setInterval(() => urls().forEach((url) => void probe(url)), PROBE_EVERY_MS);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', 4096, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    next,
    url: `http://127.0.0.1:${port}`,
    async close() {
      clearInterval(probes);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** `refused` hears that nobody listens there. */
function pass(url: string, request: IncomingMessage, response: ServerResponse, refused: () => void): void {
  const { method, headers } = request;
  const forwarded = { ...headers, connection: 'close', 'x-forwarded-for': request.socket.remoteAddress ?? '' };
  const upstream = ask(new URL(request.url ?? '/', url), { method, headers: forwarded, agent: false });
  upstream.on('response', (answer) => {
    const { connection: _hop, 'keep-alive': _too, ...kept } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, kept);
    response.flushHeaders(); // a stream's first words may take a while
    answer.pipe(response);
    answer.on('error', () => response.destroy()); // cut in the middle
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNREFUSED') refused();
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.on('error', () => upstream.destroy());
  request.pipe(upstream);
}
