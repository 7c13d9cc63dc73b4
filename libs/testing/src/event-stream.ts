import { sseEvents, type EphemeralEvent, type RealtimeEvent } from '@parley/contracts/realtime';

export interface StreamOptions {
  /** Origin of the api. */
  url: string;
  cookie: string;
  after?: number;
  lastEventId?: number | string;
  onEvent?: (event: RealtimeEvent) => void;
  /** Off: events are told, and not kept in `events`. */
  keep?: boolean;
  /** Ends it, also while nobody has answered yet. */
  signal?: AbortSignal;
}

/** One connection to the event stream, as a browser has it. */
export class TestStream {
  readonly events: RealtimeEvent[] = [];
  readonly ephemeral: EphemeralEvent[] = [];
  /** Ids of `reset` frames. */
  readonly resets: number[] = [];
  /** Values of `retry:`, ms. */
  readonly retries: number[] = [];
  comments = 0;
  /** What a browser would send as Last-Event-ID. */
  lastId = 0;
  ended = false;
  /** When the last words came, a ping's included; epoch ms. */
  heardAt = Date.now();
  /** Resolves once it is over, however it ended. */
  readonly end: Promise<void>;

  private constructor(
    readonly response: Response,
    private readonly abort: AbortController,
    private readonly onEvent: (event: RealtimeEvent) => void,
  ) {
    this.end = this.follow()
      .catch(() => {})
      .then(() => void (this.ended = true));
  }

  /** Resolves with the head of the answer; frames arrive by themselves. */
  static async open(options: StreamOptions): Promise<TestStream> {
    const { url, cookie, after, lastEventId, onEvent = () => {}, keep = true, signal } = options;
    const abort = new AbortController();
    const response = await fetch(`${url}/api/inbox/events${after === undefined ? '' : `?after=${after}`}`, {
      headers: {
        accept: 'text/event-stream',
        cookie,
        ...(lastEventId === undefined ? {} : { 'last-event-id': String(lastEventId) }),
      },
      signal: signal ? AbortSignal.any([abort.signal, signal]) : abort.signal,
    });
    const stream: TestStream = new TestStream(response, abort, (event) => {
      if (keep) stream.events.push(event);
      onEvent(event);
    });
    return stream;
  }

  /** Cuts the connection, as a lost network does. */
  cut(): void {
    this.abort.abort();
  }

  private async follow(): Promise<void> {
    if (!this.response.ok || !this.response.body) return;
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of this.response.body) {
      this.heardAt = Date.now();
      const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) this.take(block);
    }
  }

  private take(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments++;
      else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart());
    }
    const [id, data, event, retry] = ['id', 'data', 'event', 'retry'].map((name) => fields.get(name));
    if (retry !== undefined) this.retries.push(Number(retry));
    if (event === sseEvents.reset) this.resets.push(Number(id));
    else if (event === sseEvents.ephemeral) this.ephemeral.push(JSON.parse(data ?? '') as EphemeralEvent);
    else if (data !== undefined) this.onEvent(JSON.parse(data) as RealtimeEvent);
    if (id !== undefined) this.lastId = Number(id);
  }
}
