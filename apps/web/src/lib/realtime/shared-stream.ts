import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import type { QueryClient } from '@tanstack/react-query';
import { receiveEvent } from './apply-event';
import { connection } from './connection';
import { startAfresh } from './reset';
import { EventStream } from './stream';
import { syncOf } from './sync';
import { typing } from './typing';
import { uuidV7 } from '../uuid-v7';

/** What the leading tab tells the others, and they ask of it. */
type TabMessage =
  | { kind: 'event'; before: number; event: RealtimeEvent }
  | { kind: 'head'; before: number; seq: number; connected: boolean }
  | { kind: 'ephemeral'; event: EphemeralEvent }
  | { kind: 'hello'; tab: string; after: number }
  | { kind: 'log'; tab: string; events: RealtimeEvent[]; seq: number; connected: boolean }
  | { kind: 'reset'; tab: string | null };

interface Options {
  client: QueryClient;
  /** Session, tenant and member: tabs with another scope are strangers. */
  scope: string;
  /** Cursor of the snapshot that everything here was read after. */
  after: number;
  /** Reads the cursor that a new start goes on from. */
  freshCursor: () => Promise<number>;
  onEvent: (event: RealtimeEvent) => void;
  onSignedOut: () => void;
}

/** A leader tells where it stands at every ping; one silent for longer is asleep, and its lock is taken. */
const LEADER_SILENCE_MS = 50_000;

/**
 * One stream per browser. Tabs of one scope elect a leader with a lock; it holds the stream and passes on what comes.
 * A tab that missed something asks for it, and starts afresh when the leader's log does not reach back.
 * Without locks (plain http beyond the loopback) each tab holds its own stream.
 */
export class SharedStream {
  private readonly tab = uuidV7();
  private readonly channel: BroadcastChannel;
  private readonly ended = new AbortController();
  private stream: EventStream | null = null;
  private heardAt = Date.now();
  private watch: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly options: Options) {
    this.channel = new BroadcastChannel(`parley:${options.scope}`);
  }

  start(): void {
    syncOf(this.options.client).begin(this.options.after);
    this.channel.onmessage = (message: MessageEvent<TabMessage>) => this.hear(message.data);
    if (!('locks' in navigator)) return void this.lead();
    this.hello();
    this.stand({});
    this.watch = setInterval(() => this.checkLeader(), 10_000);
  }

  stop(): void {
    clearInterval(this.watch);
    this.ended.abort();
    this.stream?.stop();
    this.channel.close();
  }

  /** This tab holds the stream. */
  get leading(): boolean {
    return this.stream !== null;
  }

  retryNow(): void {
    this.stream?.retryNow();
  }

  /** The network went away: the line is dead, though it would take long to notice by itself. */
  cut(): void {
    this.stream?.cut();
  }

  /** Waits for the lock and leads while it is held. */
  private stand(options: { steal?: boolean }): void {
    const signal = options.steal ? undefined : this.ended.signal; // the two exclude each other
    navigator.locks
      .request(this.options.scope, { ...options, signal }, () => this.lead())
      .catch(() => {
        // Ended, or another tab took the lock because this one seemed asleep.
        this.stream?.stop();
        this.stream = null;
        if (!this.ended.signal.aborted) this.stand({});
      });
  }

  private async lead(): Promise<void> {
    if (this.ended.signal.aborted) return;
    const { client } = this.options;
    this.stream = new EventStream(syncOf(client).head, {
      onEvent: (event) => {
        this.tell({ kind: 'event', before: syncOf(client).head, event });
        this.take(event);
      },
      onEphemeral: (event) => {
        this.tell({ kind: 'ephemeral', event });
        typing.hear(event);
      },
      onHead: (seq) => {
        this.tell({ kind: 'head', before: syncOf(client).head, seq, connected: true });
        syncOf(client).advanceTo(seq);
      },
      onOpen: () => this.connected(true),
      onLost: () => this.connected(false),
      onReset: async () => {
        const seq = await this.options.freshCursor();
        await startAfresh(client, seq);
        this.tell({ kind: 'reset', tab: null });
        return seq;
      },
      onSignedOut: () => this.options.onSignedOut(),
    });
    await this.stream.run();
  }

  private take(event: RealtimeEvent): void {
    if (!receiveEvent(this.options.client, event)) return;
    typing.notice(event);
    this.options.onEvent(event);
  }

  private connected(connected: boolean): void {
    connection.set(connected);
    const { head } = syncOf(this.options.client);
    this.tell({ kind: 'head', before: head, seq: head, connected });
  }

  private tell(message: TabMessage): void {
    if (!this.ended.signal.aborted) this.channel.postMessage(message);
  }

  private hear(message: TabMessage): void {
    if (this.leading) return this.hearAsLeader(message);
    this.heardAt = Date.now();
    const sync = syncOf(this.options.client);
    switch (message.kind) {
      case 'event':
        if (message.before > sync.head) return this.hello(); // something is missing in between
        return this.take(message.event);
      case 'head':
        connection.set(message.connected);
        return message.before > sync.head ? this.hello() : sync.advanceTo(message.seq);
      case 'ephemeral':
        return typing.hear(message.event);
      case 'log':
        if (message.tab !== this.tab) return;
        message.events.forEach((event) => this.take(event));
        sync.advanceTo(message.seq);
        return connection.set(message.connected);
      case 'reset':
        if (message.tab === this.tab || message.tab === null) void this.afresh();
        return;
      case 'hello':
        return;
    }
  }

  private hearAsLeader(message: TabMessage): void {
    if (message.kind !== 'hello') return;
    const sync = syncOf(this.options.client);
    const events = sync.streamedAfter(message.after);
    if (events)
      this.tell({
        kind: 'log',
        tab: message.tab,
        events,
        seq: sync.head,
        connected: connection.get().connected === true,
      });
    else this.tell({ kind: 'reset', tab: message.tab });
  }

  /** Asks the leader for what came after what this tab has. */
  private hello(): void {
    this.tell({ kind: 'hello', tab: this.tab, after: syncOf(this.options.client).head });
  }

  private async afresh(): Promise<void> {
    try {
      await startAfresh(this.options.client, await this.options.freshCursor());
      this.hello();
    } catch {
      // Offline: the leader's next word finds this tab behind, and it asks again.
    }
  }

  private checkLeader(): void {
    if (this.leading || document.visibilityState !== 'visible' || Date.now() - this.heardAt < LEADER_SILENCE_MS) return;
    this.heardAt = Date.now();
    this.stand({ steal: true });
  }
}
