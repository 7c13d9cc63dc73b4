import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { buildSimulator, type Simulator } from '../app';
import { readEnv } from '../env';

interface Received {
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a provider sent; tests look into it
  json: any;
}

/** A running simulator of its own, and a receiver that stands in for Parley. */
export interface Stage {
  origin: string;
  simulator: Simulator;
  receiver: Receiver;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever the control API answered
  control(method: string, path: string, body?: unknown): Promise<any>;
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(env: Record<string, string> = {}): Promise<Stage> {
  const folder = await mkdtemp(path.join(tmpdir(), 'simulator-'));
  const receiver = await Receiver.open();
  const settings = { SIMULATOR_PORT: '0', SIMULATOR_DATA: folder, PARLEY_URL: receiver.url, ...env };
  let simulator = await buildSimulator(readEnv(settings));
  let origin = await simulator.start();
  return {
    get origin() {
      return origin;
    },
    get simulator() {
      return simulator;
    },
    receiver,
    async control(method, at, body) {
      const { status, json } = await call(method, `${origin}/control${at}`, body);
      if (status >= 400) throw new Error(`${method} ${at}: ${status} ${JSON.stringify(json)}`);
      return json;
    },
    async restart() {
      await simulator.stop();
      simulator = await buildSimulator(readEnv(settings));
      origin = await simulator.start();
    },
    async close() {
      await simulator.stop();
      await receiver.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Keeps every webhook, and answers as it is told. */
class Receiver {
  readonly received: Received[] = [];
  private planned: { containing: string; statuses: number[] } = { containing: '', statuses: [] };
  /** Answers a GET: Meta's handshake. */
  challenge: (query: Record<string, string>) => { status: number; body: string } = (query) => ({
    status: 200,
    body: query['hub.challenge'] ?? '',
  });

  private constructor(
    private readonly server: ReturnType<typeof fastify>,
    readonly url: string,
  ) {}

  static async open(): Promise<Receiver> {
    const server = fastify({ forceCloseConnections: true, bodyLimit: 1e8 });
    server.removeAllContentTypeParsers();
    server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    const holder: { receiver?: Receiver } = {};
    server.get('/*', async (request, reply) => {
      const { status, body } = holder.receiver?.challenge(request.query as Record<string, string>) ?? {
        status: 500,
        body: '',
      };
      return reply.status(status).type('text/plain').send(body);
    });
    server.post('/*', async (request, reply) => {
      const body = String(request.body);
      holder.receiver?.received.push({ url: request.url, headers: request.headers, body, json: parsed(body) });
      return reply.status(holder.receiver?.statusFor(body) ?? 200).send('');
    });
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    holder.receiver = new Receiver(server, url);
    return holder.receiver;
  }

  /** Answers webhooks with that text in them by these statuses, one after the other, and then by 200 again. */
  answer(containing: string, ...statuses: number[]): void {
    this.planned = { containing, statuses };
  }

  private statusFor(body: string): number | undefined {
    return body.includes(this.planned.containing) ? this.planned.statuses.shift() : undefined;
  }

  /** Bodies of one Evolution event. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a provider sent
  events(name: string): any[] {
    return this.received.filter(({ json }) => json?.event === name).map(({ json }) => json);
  }

  close(): Promise<void> {
    return this.server.close();
  }
}

export async function call(method: string, url: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

/** Waits until something is there, for half a minute at most. */
export async function until<T>(
  look: () => T | undefined | false | Promise<T | undefined | false>,
  what = 'it',
): Promise<T> {
  const end = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
