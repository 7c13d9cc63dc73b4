import { setImmediate } from 'node:timers/promises';
import type { EphemeralEvent } from '@parley/contracts/realtime';
import { crashPoint } from '@parley/platform/crash-points';
import type { Audience, StoredEvent } from '@parley/platform/events';
import type { Metrics } from '@parley/platform/metrics';
import type { Tracing } from '@parley/platform/tracing';
import { Logger } from '@nestjs/common';
import type { Credential } from '../people/credential';
import type { EventLog } from './event-log';
import { Frame } from './frame';
import { Joined } from './joined';
import { Marks } from './marks';
import type { Stream } from './stream';

/** Two processes may publish in another order than they committed; what is missing mostly comes within this. */
const WAIT_MS = 30;
const GAP_PAGE = 500;
/** Told in one go; between two of them the sockets get their turn. */
const SLICE = 100;
/** A stream that catches up is told fewer at once, and waits until its reader has taken them. */
const PAGE = 200;
const GROUP = 20;
/** Whoever falls behind meanwhile is told from the same reading, if it missed about as much. */
const GATHER_MS = 50;
/** The first who comes back may be one of many. */
const FIRST_MS = 250;
/** A herd comes back over some seconds: whoever comes so soon after others were told waits for the rest of it. */
const HERD_MS = 1000;

/** A tenant's streams in this process. They get every event once, in order, whatever Redis does. */
export class Room {
  readonly streams = new Set<Stream>();
  /** How many streams each session, or key, has. */
  private readonly sessions = new Map<Credential, number>();
  private readonly log = new Logger('realtime');
  private marks: Marks;
  /** Waiting to be told what they missed. */
  private behind: Stream[] = [];
  private gathering: { timer: NodeJS.Timeout; until: number } | null = null;
  /** When somebody was last told what they missed; on the monotonic clock. */
  private gatheredAt = -HERD_MS;
  /** Came before the events that belong before them. */
  private ahead: StoredEvent[] = [];
  private queue: StoredEvent[] = [];
  private waiting: NodeJS.Timeout | null = null;
  /** What Postgres said of the tenant's newest event, and until when it may come by itself; on the monotonic clock. */
  private head = { seq: 0, dueAt: 0 };
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
    this.marks = this.newMarks();
  }

  add(stream: Stream): void {
    this.streams.add(stream);
    this.sessions.set(stream.reader.credential, this.streamsOf(stream.reader.credential) + 1);
    this.catchUp(stream, Math.max(FIRST_MS, this.gatheredAt + HERD_MS - performance.now()));
  }

  /** False: it left before. */
  remove(stream: Stream): boolean {
    if (!this.streams.delete(stream)) return false;
    const left = this.streamsOf(stream.reader.credential) - 1;
    if (left) this.sessions.set(stream.reader.credential, left);
    else this.sessions.delete(stream.reader.credential);
    return true;
  }

  streamsOf(credential: Credential): number {
    return this.sessions.get(credential) ?? 0;
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

  /** What Postgres says, once a second: whoever is behind is brought up. `lateMs`: how long its events may be on their way. */
  check(head: number, lateMs: number): void {
    const dueAt = performance.now() + lateMs;
    this.head =
      this.head.seq > this.tip ? { ...this.head, dueAt: Math.min(this.head.dueAt, dueAt) } : { seq: head, dueAt };
    this.waitForGap();
    this.catchUpAll();
  }

  close(): void {
    if (this.waiting) clearTimeout(this.waiting);
    if (this.gathering) clearTimeout(this.gathering.timer);
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
    return this.ahead.length > 0 || this.head.seq > this.tip;
  }

  private waitForGap(): void {
    if (!this.isBehind || this.filling || this.waiting) return;
    const missing = this.ahead.length ? this.tip + 1 : 0;
    this.waiting = setTimeout(() => void this.fillUnlessHere(missing), WAIT_MS);
  }

  /** Reads when the event that others overtook is still missing, or what Postgres has is overdue. */
  private async fillUnlessHere(missing: number): Promise<void> {
    await setImmediate(); // what came while this process was busy is taken from the sockets first
    this.waiting = null;
    if (!this.streams.size) return;
    const isOverdue = this.tip < this.head.seq && performance.now() >= this.head.dueAt;
    if (this.tip < missing || isOverdue) await this.fill();
    else this.waitForGap();
  }

  /** Reads what is missing, once for all streams. What fails here is tried again within a second. */
  private async fill(): Promise<void> {
    if (this.filling) return;
    this.filling = true;
    try {
      for (let read = GAP_PAGE; read === GAP_PAGE;) {
        const { events, floor } = await this.events.read(this.tenantId, this.tip, { limit: GAP_PAGE, members: [] });
        read = events.length;
        if (floor > this.tip) this.leap(floor);
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

  /** Nothing before it is kept any more: who stands there is reset. */
  private leap(floor: number): void {
    this.tip = this.last = floor;
    this.queue = [];
    this.marks = this.newMarks();
    this.catchUpAll();
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
    const ready = [...this.streams].filter((stream) => stream.takes(first.seq));
    await this.marks.give(frames, membersOf(ready));
    const [beganMs, joined] = [performance.now(), new Joined()];
    for (const stream of ready) {
      stream.receive(frames, joined);
      crashPoint('sse.S1');
    }
    this.last = Math.max(this.last, final.seq);
    for (const { correlationId, seq, type } of frames) {
      this.metrics.realtimeEvents.inc({ type });
      if (correlationId) this.log.debug({ correlationId, seq, type, streams: ready.length }, 'told to streams');
    }
    if (this.tracing.isOn && ready.length) this.trace(frames, ready.length, beganMs);
    this.catchUpAll();
  }

  private trace(frames: Frame[], streams: number, beganMs: number): void {
    for (const { correlationId: of, type, seq } of frames)
      this.tracing.tell({ name: 'sse.write', of, beganMs, attributes: { type, seq, streams } });
  }

  private newMarks(): Marks {
    return new Marks((members, conversations) => this.events.marks(this.tenantId, members, conversations));
  }

  private catchUpAll(): void {
    for (const stream of this.streams) this.catchUp(stream);
  }

  private catchUp(stream: Stream, withinMs = GATHER_MS): void {
    if (!stream.isLive || stream.pos >= this.last || !stream.isOpen) return;
    stream.fallBehind();
    this.behind.push(stream);
    this.gather(performance.now() + withinMs);
  }

  /** The soonest of those who wait decides for all of them. */
  private gather(until: number): void {
    if (this.gathering && this.gathering.until <= until) return;
    if (this.gathering) clearTimeout(this.gathering.timer);
    const timer = setTimeout(() => {
      this.gathering = null;
      this.gatheredAt = performance.now();
      for (const group of alike(this.behind.splice(0))) void this.tellMissed(group);
    }, until - performance.now());
    this.gathering = { timer, until };
  }

  /** One page to all of them; each then goes on by itself, as fast as its reader takes it. */
  private async tellMissed(group: Stream[]): Promise<void> {
    const after = Math.min(...group.map((stream) => stream.pos));
    for (const stream of group) stream.beginHolding();
    try {
      const members = membersOf(group);
      const { events, floor, head, seen } = await this.events.read(this.tenantId, after, {
        limit: PAGE,
        members: [...members],
      });
      crashPoint('sse.S2');
      const frames = events.map((event) => new Frame(event));
      await new Marks(() => Promise.resolve(seen)).give(frames, members);
      const parts = partsOf(frames);
      for (const stream of group)
        if (stream.pos < floor || !events.length) this.resetGone(stream, head);
        else void this.tellPage(stream, parts);
    } catch (error) {
      for (const stream of group) stream.endHolding(); // the check of the next second tries again
      this.log.warn({ err: error, tenantId: this.tenantId }, 'missed events could not be read yet');
    }
  }

  private resetGone(stream: Stream, head: number): void {
    this.metrics.realtimeResets.inc({ reason: 'gone' });
    stream.reset(head);
  }

  private async tellPage(stream: Stream, parts: ReturnType<typeof partsOf>): Promise<void> {
    for (const { frames, joined } of parts) {
      stream.tell(frames, joined);
      if (!(await stream.drained())) return;
    }
    stream.endHolding(); // at once: the next live event is its own again
    this.catchUp(stream);
  }
}

function membersOf(streams: Stream[]): Set<string> {
  return new Set(streams.flatMap((stream) => stream.reader.memberId ?? []));
}

function partsOf(frames: Frame[]): { frames: Frame[]; joined: Joined }[] {
  const parts = Array.from({ length: Math.ceil(frames.length / GROUP) }, (_, i) =>
    frames.slice(i * GROUP, (i + 1) * GROUP),
  );
  return parts.map((part) => ({ frames: part, joined: new Joined() }));
}

/** Those of whom one page serves all: who missed much does not hold up who missed little. */
function alike(streams: Stream[]): Stream[][] {
  const groups: Stream[][] = [];
  for (const stream of streams.toSorted((a, b) => a.pos - b.pos)) {
    const group = groups.at(-1);
    if (group?.[0] && stream.pos <= group[0].pos + PAGE / 2) group.push(stream);
    else groups.push([stream]);
  }
  return groups;
}
