import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy in front of a service: all that the network between can do wrong. Open at first. */
export interface Door {
  port: number;
  /** Everything passes again, at once; what was held back goes on. */
  open(): void;
  /** Cuts every connection, and refuses new ones until `open`. */
  shut(): void;
  /** Connections stay, and new ones are made, but nothing passes and nobody hears of an end, until `open`. */
  blackhole(): void;
  /** Opens for new connections alone. The clients of those that were held never hear another word, nor that they ended. */
  forget(): void;
  /** What the service says arrives so much later, until `open` or `delay(0)`. */
  delay(ms: number): void;
  /** Of each connection: drops what the service says from the first bytes on that `match`, and cuts it; until `open`. */
  loseReplies(match: (chunk: Buffer) => boolean): void;
  /** Clients connected now. */
  connections(): number;
  close(): Promise<void>;
}

type State = 'open' | 'shut' | 'blackhole';

export async function startDoor(target: { host: string; port: number }): Promise<Door> {
  const passages = new Set<Passage>();
  let state: State = 'open';
  let delayMs = 0;
  let isLost: (chunk: Buffer) => boolean = never;

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (state === 'shut') return void client.destroy();
    const service = connect({ ...target, allowHalfOpen: true, noDelay: true });
    const passage = new Passage(client, service, { delayMs: () => delayMs, isLost: (chunk) => isLost(chunk) });
    passages.add(passage);
    client.once('close', () => passages.delete(passage));
    if (state === 'blackhole') passage.hold();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    open() {
      [state, delayMs, isLost] = ['open', 0, never];
      for (const passage of passages) passage.release();
    },
    shut() {
      state = 'shut';
      for (const passage of passages) passage.cut();
    },
    blackhole() {
      state = 'blackhole';
      for (const passage of passages) passage.hold();
    },
    forget() {
      [state, delayMs, isLost] = ['open', 0, never];
      for (const passage of passages) passage.abandon();
    },
    delay: (ms) => void (delayMs = ms),
    loseReplies: (match) => void (isLost = match),
    connections: () => passages.size,
    async close() {
      for (const passage of passages) passage.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const never = () => false;

/** One client's connection, and the one made for it. */
class Passage {
  /** What the service did and the client is to hear of, in order. */
  private readonly late: { due: number; tell: () => void }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private held = false;
  private abandoned = false;

  constructor(
    private readonly client: Socket,
    private readonly service: Socket,
    private readonly road: { delayMs(): number; isLost(chunk: Buffer): boolean },
  ) {
    client.on('data', (chunk) => pass(client, service, chunk));
    client.on('end', () => service.end());
    client.on('close', () => service.destroy());
    client.on('drain', () => this.held || service.resume());
    service.on('data', (chunk) => this.reply(chunk));
    service.on('end', () => this.later(() => client.end()));
    service.on('close', () => this.later(() => client.destroySoon()));
    service.on('drain', () => this.held || client.resume());
    for (const socket of [client, service]) socket.on('error', () => {}); // its close follows
  }

  /** Neither side is read any more: what they say, also that they end, waits in the sockets. */
  hold(): void {
    this.held = true;
    clearTimeout(this.timer);
    this.client.pause();
    this.service.pause();
  }

  /** The service notices, the client never does. */
  abandon(): void {
    if (!this.held) return;
    this.abandoned = true;
    this.service.destroy();
  }

  release(): void {
    if (this.abandoned) return;
    this.held = false;
    this.tell(Infinity);
    this.client.resume();
    this.service.resume();
  }

  cut(): void {
    clearTimeout(this.timer);
    this.client.destroy();
    this.service.destroy();
  }

  private reply(chunk: Buffer): void {
    if (this.road.isLost(chunk)) this.cut();
    else this.later(() => pass(this.service, this.client, chunk));
  }

  private later(tell: () => void): void {
    const now = performance.now();
    this.late.push({ due: now + this.road.delayMs(), tell });
    this.tell(now);
  }

  /** All that is due by then. */
  private tell(now: number): void {
    clearTimeout(this.timer);
    if (this.held) return;
    while (this.late[0] && this.late[0].due <= now) this.late.shift()?.tell();
    const [next] = this.late;
    if (next) this.timer = setTimeout(() => this.tell(performance.now()), Math.max(1, next.due - now));
  }
}

function pass(from: Socket, to: Socket, chunk: Buffer): void {
  if (!to.destroyed && !to.write(chunk)) from.pause();
}
