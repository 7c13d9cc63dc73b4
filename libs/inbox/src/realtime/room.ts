import { setImmediate } from 'node:timers/promises';
import type { EphemeralEvent } from '@parley/contracts/realtime';
import { crashPoint } from '@parley/platform/crash-points';
import type { Audience, StoredEvent } from '@parley/platform/events';
import type { Metrics } from '@parley/platform/metrics';
import type { Tracing } from '@parley/platform/tracing';
import { Logger } from '@nestjs/common';
import { markKey, type EventLog } from './event-log';
import { Frame } from './frame';
import type { Stream } from './stream';

/** Two processes may publish in another order than they committed; what is missing mostly comes within this. */
const WAIT_MS = 30;
const GAP_PAGE = 500;
/** Told in one go; between two of them the sockets get their turn. */
const SLICE = 100;
/** A stream that catches up is told fewer at once, and waits until its reader has taken them. */
const PAGE = 200;
const GROUP = 20;

/** A tenant's streams in this process. They get every event once, in order, whatever Redis does. */
export class Room {
  readonly streams = new Set<Stream>();
  private readonly log = new Logger('realtime');
  /** Came before the events that belong before them. */
  private ahead: StoredEvent[] = [];
  private queue: StoredEvent[] = [];
  private waiting: NodeJS.Timeout | null = null;
  /** What Postgres said last of the tenant's newest event. */
  private head = 0;
  private filling = false;
  private telling = false;
  /** Number of the last event that is queued or told. */
  private tip: number;

  /** `last`: number of the last event that was told to the streams. */
  constructor(
    readonly tenantId: string,
    private last: number,
    private readonly events: EventLog,
    private readonly metrics: Metrics,
    private readonly tracing: Tracing,
  ) {
    this.tip = last;
  }

  add(stream: Stream): void {
    this.streams.add(stream);
    this.catchUp(stream);
  }

  /** Live: the next is told, what was told is dropped, what is ahead waits for the gap to close. */
  receive(events: StoredEvent[]): void {
    this.ahead.push(...events);
    this.takeNext();
    this.waitForGap();
  }

  receiveEphemeral(audience: Audience, event: EphemeralEvent): void {
    for (const stream of this.streams) stream.tellEphemeral(audience, event);
  }

  /** What Postgres says, once a second: whoever is behind is brought up. What was committed just now may be on its way. */
  check(head: number): void {
    this.head = Math.max(this.head, head);
    this.waitForGap();
    for (const stream of this.streams) this.catchUp(stream);
  }

  close(): void {
    if (this.waiting) clearTimeout(this.waiting);
  }

  private takeNext(): void {
    const waiting = this.ahead.sort((a, b) => a.seq - b.seq);
    this.ahead = [];
    for (const event of waiting) {
      if (event.seq > this.tip + 1) this.ahead.push(event);
      if (event.seq !== this.tip + 1) continue; // it was told, or is queued
      this.queue.push(event);
      this.tip = event.seq;
    }
    if (this.queue.length && !this.telling) void this.tellAll();
  }

  private get isBehind(): boolean {
    return this.ahead.length > 0 || this.head > this.tip;
  }

  private waitForGap(): void {
    if (!this.isBehind || this.filling) return;
    this.waiting ??= setTimeout(() => {
      this.waiting = null;
      if (this.isBehind) void this.fill();
    }, WAIT_MS);
  }

  /** Reads what is missing, once for all streams. What fails here is tried again within a second. */
  private async fill(): Promise<void> {
    if (this.filling) return;
    this.filling = true;
    try {
      for (let read = GAP_PAGE; read === GAP_PAGE;) {
        const { events, floor } = await this.events.read(this.tenantId, this.tip, GAP_PAGE);
        read = events.length;
        if (floor > this.tip) this.tip = this.last = floor; // not kept any more: who stands before it is reset
        if (read) this.metrics.realtimeGapFills.inc();
        this.metrics.realtimeReplays.inc(read);
        // Live events are told without `now`: what changed since then has an event of its own, which follows.
        this.ahead.push(...events.map(({ now: _, ...event }) => event));
        this.takeNext();
      }
      this.filling = false;
      if (this.streams.size) this.waitForGap(); // what came meanwhile
    } catch (error) {
      this.filling = false; // the check of the next second tries again
      this.log.warn({ err: error, tenantId: this.tenantId }, 'a gap of events could not be read yet');
    }
  }

  private async tellAll(): Promise<void> {
    this.telling = true;
    try {
      while (this.queue.length) {
        await this.tell(this.queue.splice(0, SLICE).map((event) => new Frame(event)));
        if (this.queue.length) await setImmediate();
      }
    } catch (error) {
      this.log.warn({ err: error, tenantId: this.tenantId }, 'read marks could not be read yet');
      this.queue = [];
      this.tip = this.last; // the check of the next second reads these events again
    } finally {
      this.telling = false;
    }
  }

  private async tell(frames: Frame[]): Promise<void> {
    const [first, final] = [frames[0], frames.at(-1)];
    if (!first || !final) return;
    const ready = [...this.streams].filter((stream) => !stream.catchingUp && stream.pos >= first.seq - 1);
    await this.learnMarks(ready, frames);
    const beganMs = performance.now();
    for (const stream of ready) {
      stream.tell(frames);
      crashPoint('sse.S1');
    }
    this.last = final.seq;
    for (const { correlationId, seq, type } of frames) {
      this.metrics.realtimeEvents.inc({ type });
      if (correlationId) this.log.debug({ correlationId, seq, type, streams: ready.length }, 'told to streams');
    }
    if (this.tracing.isOn && ready.length) this.trace(frames, ready.length, beganMs);
    for (const stream of this.streams) this.catchUp(stream);
  }

  private trace(frames: Frame[], streams: number, beganMs: number): void {
    for (const { correlationId: of, type, seq } of frames)
      this.tracing.tell({ name: 'sse.write', of, beganMs, attributes: { type, seq, streams } });
  }

  /** One query for all streams that lack a mark; the event that changes one comes later, in its order. */
  private async learnMarks(streams: Stream[], frames: Frame[]): Promise<void> {
    const wanted = streams.flatMap((stream) =>
      stream
        .unknownMarks(frames)
        .map((conversationId) => ({ stream, memberId: stream.reader.memberId, conversationId })),
    );
    if (!wanted.length) return;
    const marks = await this.events.marks(this.tenantId, wanted);
    for (const one of wanted) one.stream.learnMark(one.conversationId, marks.get(markKey(one)) ?? null);
  }

  private catchUp(stream: Stream): void {
    if (stream.catchingUp || stream.pos >= this.last || !stream.isOpen) return;
    this.tellMissed(stream).catch((error: unknown) =>
      this.log.warn({ err: error, tenantId: this.tenantId }, 'missed events could not be read yet'),
    );
  }

  private async tellMissed(stream: Stream): Promise<void> {
    stream.catchingUp = true;
    try {
      while (stream.pos < this.last && stream.isOpen) {
        const { events, floor, head } = await this.events.read(this.tenantId, stream.pos, PAGE);
        crashPoint('sse.S2');
        if (stream.pos < floor || !events.length) {
          this.metrics.realtimeResets.inc({ reason: 'gone' });
          return stream.reset(head);
        }
        await this.tellPage(
          stream,
          events.map((event) => new Frame(event)),
        );
      }
    } finally {
      stream.catchingUp = false; // at once: the next live event is its own again
    }
  }

  private async tellPage(stream: Stream, frames: Frame[]): Promise<void> {
    await this.learnMarks([stream], frames);
    for (let i = 0; i < frames.length; i += GROUP) {
      stream.tell(frames.slice(i, i + GROUP));
      if (!(await stream.drained())) return;
    }
  }
}
