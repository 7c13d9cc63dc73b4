import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy in front of a service: what the network between can do wrong. Open at first. */
export interface Door {
  port: number;
  /** Everything passes again, at once; what a black hole held back goes on. */
  open(): void;
  /** Cuts every connection, and refuses new ones until `open`. */
  shut(): void;
  /** Connections stay, and new ones are made, but nothing passes and nobody hears of an end, until `open`. */
  blackhole(): void;
  /** What the service says arrives so much later, until `open` or `delay(0)`. */
  delay(ms: number): void;
  /** Of each connection: drops what the service says from the first bytes on that `match`, and cuts it; until `open`. */
  loseReplies(match: (chunk: Buffer) => boolean): void;
  /** Clients connected now. */
  connections(): number;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  service: Socket;
}

export async function startDoor(target: { host: string; port: number }): Promise<Door> {
  const pairs = new Set<Pair>();
  let state: 'open' | 'shut' | 'blackhole' = 'open';
  let delayMs = 0;
  let isLost: ((chunk: Buffer) => boolean) | undefined;

  const cut = ({ client, service }: Pair) => {
    client.destroy();
    service.destroy();
  };
  const hold = ({ client, service }: Pair) => {
    client.pause();
    service.pause();
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (state === 'shut') return void client.destroy();
    const service = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const pair = { client, service };
    pairs.add(pair);
    const lane = (from: Socket, to: Socket, pass: (chunk: Buffer) => void, end: () => void) => {
      from.on('data', pass);
      from.on('end', end);
      from.on('drain', () => state !== 'blackhole' && to.resume());
      from.on('error', () => {}); // its close follows
      from.on('close', () => {
        pairs.delete(pair);
        if (state !== 'blackhole') to.destroy();
        else to.once('resume', () => to.destroy()); // the other side hears of it when the road is there again
      });
    };
    const write = (from: Socket, to: Socket, chunk: Buffer) => {
      if (!to.destroyed && !to.write(chunk)) from.pause();
    };
    lane(
      client,
      service,
      (chunk) => write(client, service, chunk),
      () => service.end(),
    );
    lane(
      service,
      client,
      (chunk) => {
        if (isLost?.(chunk)) return cut(pair);
        if (delayMs) setTimeout(() => write(service, client, chunk), delayMs);
        else write(service, client, chunk);
      },
      () => setTimeout(() => client.end(), delayMs),
    );
    if (state === 'blackhole') hold(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    open() {
      [state, delayMs, isLost] = ['open', 0, undefined];
      for (const { client, service } of pairs) {
        client.resume();
        service.resume();
      }
    },
    shut() {
      state = 'shut';
      pairs.forEach(cut);
    },
    blackhole() {
      state = 'blackhole';
      pairs.forEach(hold);
    },
    delay: (ms) => void (delayMs = ms),
    loseReplies: (match) => void (isLost = match),
    connections: () => pairs.size,
    async close() {
      pairs.forEach(cut);
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
