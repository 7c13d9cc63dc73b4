import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { ApiError } from '@parley/client/api-error';
import { backoffMs } from '@parley/client/backoff';
import { type Heard, listen } from '@parley/client/listen';
import { send } from '@/lib/api';
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
      const ended = await this.follow().catch(endOf);
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

  private async follow(): Promise<'lost' | 'reset'> {
    this.connection = new AbortController();
    for await (const heard of listen((signal) => this.open(signal), this.connection.signal)) {
      if (this.stopped.signal.aborted) return 'lost';
      if (heard.type === 'reset') return 'reset';
      this.take(heard);
    }
    return 'lost';
  }

  private open(signal: AbortSignal): Promise<Response> {
    return send(`/api${routes.listEvents.path}?after=${this.cursor}`, {
      headers: { accept: 'text/event-stream', 'last-event-id': String(this.cursor) },
      signal,
      cache: 'no-store',
    });
  }

  private take(heard: Exclude<Heard, { type: 'reset' }>): void {
    switch (heard.type) {
      case 'open':
        this.failures = 0;
        return this.listener.onOpen();
      case 'ephemeral':
        return this.listener.onEphemeral(heard.event);
      case 'event':
        this.listener.onEvent(heard.event);
        this.cursor = Math.max(this.cursor, heard.event.seq);
        return;
      case 'head':
        if (heard.seq <= this.cursor) return;
        this.cursor = heard.seq;
        this.listener.onHead(heard.seq);
    }
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
    return new Promise((resolve) => {
      const timer = setTimeout(done, backoffMs(this.failures));
      this.failures += 1;
      this.wake = done;
      function done() {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}

function endOf(error: unknown): 'lost' | 'reset' | 'signed-out' {
  const status = error instanceof ApiError ? error.status : 0;
  return status === 401 ? 'signed-out' : status === 410 ? 'reset' : 'lost';
}
