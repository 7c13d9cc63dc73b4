import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { readFrames, type SseFrame } from './sse';
import { sseEvents } from '@/lib/contract-values';
import { routes } from '@/lib/routes';

/** What a stream tells its owner. */
export interface StreamListener {
  onEvent(event: RealtimeEvent): void;
  onEphemeral(event: EphemeralEvent): void;
  /** A ping: the stream stands at `seq`, though nothing was to be seen on the way. */
  onHead(seq: number): void;
  /** Everything must be fetched again. Resolves with the cursor to go on from. */
  onReset(): Promise<number>;
  onOpen(): void;
  onLost(): void;
  /** The session ended. */
  onSignedOut(): void;
}

/** The server pings every 15 s; a line silent for longer than two of them is dead, whatever the browser thinks. */
const SILENCE_MS = 35_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 30_000;

/** Follows the tenant's events from a cursor until `stop`. Reconnects by itself, with backoff and jitter. */
export class EventStream {
  private readonly stopped = new AbortController();
  private connection = new AbortController();
  private failures = 0;
  private wake: (() => void) | null = null;

  constructor(
    private cursor: number,
    private readonly listener: StreamListener,
  ) {}

  async run(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      const ended = await this.follow().catch(() => 'lost' as const);
      if (this.stopped.signal.aborted) return;
      if (ended === 'signed-out') return this.listener.onSignedOut();
      if (ended === 'reset') {
        await this.reset();
        continue;
      }
      this.listener.onLost();
      await this.pause();
    }
  }

  stop(): void {
    this.stopped.abort();
    this.connection.abort();
    this.wake?.();
  }

  /** The network came back, or somebody looks again: no need to wait. */
  retryNow(): void {
    this.wake?.();
  }

  /** The network went away: the line is dead, though it would take long to notice by itself. */
  cut(): void {
    this.connection.abort();
  }

  private async follow(): Promise<'lost' | 'reset' | 'signed-out'> {
    this.connection = new AbortController();
    const watchdog = new Watchdog(() => this.connection.abort());
    try {
      const response = await fetch(`/api${routes.listEvents.path}?after=${this.cursor}`, {
        headers: { accept: 'text/event-stream', 'last-event-id': String(this.cursor) },
        signal: AbortSignal.any([this.connection.signal, this.stopped.signal]),
        cache: 'no-store',
      });
      if (response.status === 401) return 'signed-out';
      if (response.status === 410) return 'reset';
      if (!response.ok || !response.body) return 'lost';
      this.failures = 0;
      this.listener.onOpen();
      for await (const frame of readFrames(response.body)) {
        if (this.stopped.signal.aborted) return 'lost';
        watchdog.feed();
        if (frame.event === sseEvents.reset) return 'reset';
        this.take(frame);
      }
      return 'lost';
    } finally {
      watchdog.end();
      this.connection.abort();
    }
  }

  private take(frame: SseFrame): void {
    if (frame.event === sseEvents.ephemeral)
      return frame.data ? this.listener.onEphemeral(asEvent(frame.data)) : undefined;
    if (frame.data) this.listener.onEvent(asEvent(frame.data));
    const seq = Number(frame.id ?? NaN);
    if (!Number.isFinite(seq) || seq <= this.cursor) return;
    this.cursor = seq;
    if (!frame.data) this.listener.onHead(seq);
  }

  private async reset(): Promise<void> {
    try {
      this.cursor = await this.listener.onReset();
    } catch {
      this.listener.onLost();
      await this.pause();
    }
  }

  private pause(): Promise<void> {
    const ceiling = Math.min(FIRST_RETRY_MS * 2 ** this.failures, LAST_RETRY_MS);
    this.failures += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(done, ceiling / 2 + (Math.random() * ceiling) / 2);
      this.wake = done;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}

/** Cuts a line that has gone quiet. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout>;
  constructor(private readonly bite: () => void) {
    this.timer = setTimeout(bite, SILENCE_MS);
  }
  feed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.bite, SILENCE_MS);
  }
  end(): void {
    clearTimeout(this.timer);
  }
}

/** The server checks what it sends against the same contract. */
function asEvent<Event>(data: string): Event {
  return JSON.parse(data) as Event;
}
