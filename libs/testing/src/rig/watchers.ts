import { listEvents } from '@parley/contracts/realtime';
import { TestStream } from '../event-stream';
import type { TestMember } from '../tenant';
import { waitFor } from '../wait-for';
import type { Fleet, FleetTenant } from './fleet';

export interface Frame {
  seq: number;
  type: string;
  /** Of the message it is about, where it is about one. */
  messageId?: string;
  /** When it happened, as the event says, and when it arrived; epoch ms. */
  happenedAt: number;
  at: number;
}

/** One client of the event stream. Comes back with Last-Event-ID whenever it is cut, as a browser does. */
export interface Watcher {
  member: TestMember;
  /** The cursor it began with: what comes after is to be seen. */
  from: number;
  /** Everything that arrived, in that order. */
  frames: Frame[];
  /** Cursors of `reset` frames: there it had to fetch everything anew. */
  resets: number[];
  /** How often it was connected. */
  connects: number;
  /** When it last had to come back, and when it was back; epoch ms. */
  lastCutAt: number;
  lastBackAt: number;
  /** Cuts the connection, as a lost network does. */
  cut(): void;
}

export interface Watchers {
  clients: Watcher[];
  stop(): Promise<void>;
}

/** What a browser waits after a connection that failed, unless the server names another time. */
const RETRY_MS = 1000;
/** The server pings every 15 s: who hears nothing for longer than two of them comes anew. */
const SILENCE_MS = 35_000;

/**
 * So many clients a tenant, each signed in as the tenant's owner. Resolves once all are connected. Clients that forget
 * send no Last-Event-ID: they come back with the cursor they began with, and see again what they saw. `from`: the cursor
 * to begin with, instead of the head.
 */
export async function startWatchers(
  fleet: Pick<Fleet, 'app' | 'entry'> & Partial<Pick<Fleet, 'nextApi'>> & { tenants: Pick<FleetTenant, 'owner'>[] },
  { perTenant = 5, forgets = false, from }: { perTenant?: number; forgets?: boolean; from?: number } = {},
): Promise<Watchers> {
  const clients: Client[] = [];
  for (const { owner } of fleet.tenants) {
    const { body } = await fleet.app.as(owner).call(listEvents); // without a cursor: the head
    const cursor = from ?? Number(body.nextCursor);
    for (let i = 0; i < perTenant; i++)
      clients.push(new Client(fleet.nextApi ?? (() => fleet.entry), owner, cursor, forgets));
  }
  const running = clients.map((client) => client.run());
  await waitFor('the clients to be connected', () => clients.every(({ connects }) => connects > 0), {
    timeoutMs: 90_000,
  });
  return {
    clients,
    async stop() {
      for (const client of clients) client.stop();
      await Promise.all(running);
    },
  };
}

class Client implements Watcher {
  readonly frames: Frame[] = [];
  readonly resets: number[] = [];
  connects = 0;
  lastCutAt = 0;
  lastBackAt = 0;
  private last: number;
  private connection = new AbortController();
  private readonly stopped = Promise.withResolvers<void>();
  private isStopped = false;

  constructor(
    private readonly nextApi: () => string,
    readonly member: TestMember,
    readonly from: number,
    private readonly forgets: boolean,
  ) {
    this.last = from;
  }

  cut(): void {
    this.connection.abort();
  }

  stop(): void {
    this.isStopped = true;
    this.stopped.resolve();
    this.cut();
  }

  async run(): Promise<void> {
    while (!this.isStopped) {
      const retryMs = await this.follow();
      this.lastCutAt = Date.now();
      await Promise.race([this.stopped.promise, new Promise((resolve) => setTimeout(resolve, retryMs))]);
    }
  }

  /** One connection, to its end. Answers how long to wait before the next. */
  private async follow(): Promise<number> {
    this.connection = new AbortController();
    const openedAt = Date.now();
    let stream: TestStream | undefined;
    const watchdog = setInterval(() => {
      if (Date.now() - (stream?.heardAt ?? openedAt) > SILENCE_MS) this.cut();
    }, 1000);
    try {
      stream = await this.open();
      if (!stream.response.ok) return RETRY_MS;
      this.connects++;
      this.lastBackAt = Date.now();
      await stream.end;
      this.resets.push(...stream.resets);
      if (stream.lastId && !this.forgets) this.last = stream.lastId;
      return stream.retries.at(-1) ?? RETRY_MS;
    } catch {
      return RETRY_MS; // nobody is there
    } finally {
      clearInterval(watchdog);
    }
  }

  private open(): Promise<TestStream> {
    return TestStream.open({
      url: this.nextApi(),
      cookie: this.member.cookie,
      ...(this.connects && !this.forgets ? { lastEventId: this.last } : { after: this.last }),
      signal: this.connection.signal,
      keep: false,
      onEvent: (event) => {
        const messageId = 'message' in event ? event.message.id : 'messageId' in event ? event.messageId : undefined;
        const happenedAt = Date.parse(event.at);
        this.frames.push({ seq: event.seq, type: event.type, messageId, happenedAt, at: Date.now() });
      },
    });
  }
}

/** How long after they happened the events of that time arrived, ms; `from` and `to` are epoch ms. */
export function delaysOf({ clients }: Watchers, from: number, to: number): number[] {
  return clients
    .flatMap(({ frames }) => frames)
    .filter(({ happenedAt }) => happenedAt >= from && happenedAt < to)
    .map(({ at, happenedAt }) => at - happenedAt);
}
