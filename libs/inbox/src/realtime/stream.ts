import type { ServerResponse } from 'node:http';
import type { EphemeralEvent } from '@parley/contracts/realtime';
import type { Audience } from '@parley/platform/events';
import type { Credential } from '../people/credential';
import { canSee, visibleTo, type Sight } from '../conversations/sight';
import { ephemeralFrame, resetFrame, type Frame } from './frame';
import { Joined } from './joined';

/** What a slow reader may leave unread. It is cut off, and goes on where it was when it comes back. */
const MOST_UNREAD_BYTES = 2 ** 20;
const DRAIN_MS = 30_000;
const LEAVE_MS = 2_000;
/** Live events that are kept for a stream while it is told what it missed; of more of them it is read for again. */
const MOST_HELD = 200;

/** Whose stream it is, and what they see: a change of rights ends it. */
export interface Reader {
  tenantId: string;
  /** Null: a key. */
  memberId: string | null;
  credential: Credential;
  /** What they may do with conversations, as JSON. */
  can: string;
  /** May write: else what is shown offers nothing. */
  writes: boolean;
  sight: Sight;
  rightsSeq: number;
}

/** One open connection. It has been told everything up to `pos` that its member may see. */
export class Stream {
  /** `behind`: it waits to be told what it missed. `holding`: it is told that, and what came live since follows. */
  private state: 'live' | 'behind' | 'holding' = 'live';
  private held: Frame[] = [];

  constructor(
    readonly reader: Reader,
    public pos: number,
    private readonly response: ServerResponse,
  ) {}

  get isOpen(): boolean {
    return !this.response.destroyed && !this.response.writableEnded;
  }

  get isLive(): boolean {
    return this.state === 'live';
  }

  /** It missed something, and waits to be told. */
  fallBehind(): void {
    [this.state, this.held] = ['behind', []];
  }

  /** What it missed is being asked for: what comes live from now on may not be in the answer. */
  beginHolding(): void {
    [this.state, this.held] = ['holding', []];
  }

  /** It was told what it missed, or that failed. What was held follows, unless something is still missing between. */
  endHolding(): void {
    const { held } = this;
    [this.state, this.held] = ['live', []];
    if (held[0] && held[0].seq <= this.pos + 1) this.tell(held);
  }

  /** Whether live events, of which this is the first, follow what it was told or holds. */
  takes(seq: number): boolean {
    switch (this.state) {
      case 'live':
        return this.pos >= seq - 1;
      case 'holding':
        return (this.held.at(-1)?.seq ?? seq - 1) === seq - 1;
      case 'behind':
        return false;
    }
  }

  /** Live events. Those that do not follow are read again. */
  receive(frames: readonly Frame[], joined: Joined): void {
    if (!frames[0] || !this.takes(frames[0].seq)) return;
    if (this.isLive) this.tell(frames, joined);
    else this.hold(frames);
  }

  /** Not for a slow reader, nor without bound: what is held of a tenant stays in memory with everybody's copies. */
  private hold(frames: readonly Frame[]): void {
    if (this.response.writableNeedDrain || this.held.length + frames.length > MOST_HELD) this.fallBehind();
    else this.held.push(...frames);
  }

  /** Tells of events in order; those that were told are skipped. False: the reader was too slow, and is gone. */
  tell(frames: readonly Frame[], joined = new Joined()): boolean {
    const news = frames.filter((frame) => frame.seq > this.pos);
    const last = news.at(-1);
    if (!last) return true;
    const pieces = news.flatMap((frame) => this.copyOf(frame));
    this.pos = last.seq;
    return this.write(joined.of(pieces));
  }

  tellEphemeral(audience: Audience, event: EphemeralEvent): void {
    const own = event.memberId !== null && event.memberId === this.reader.memberId;
    if (own || audience.to !== 'conversation') return;
    if (canSee(this.reader.sight, audience)) this.write(ephemeralFrame(event));
  }

  /** Carries the number it stands at, so that who saw nothing for long does not come back with an old one. */
  ping(): void {
    this.write(Buffer.from(`: ping\nid: ${this.pos}\n\n`));
  }

  /** Waits until the reader has taken what was written; false when it never does. */
  async drained(): Promise<boolean> {
    const { response } = this;
    if (!response.writableNeedDrain) return this.isOpen;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => (this.cut(), done()), DRAIN_MS);
      const done = () => {
        clearTimeout(timer);
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
    return this.isOpen;
  }

  /** Tells to fetch everything again, and ends. */
  reset(head: number): void {
    this.end(resetFrame(head));
  }

  end(lastWords = ''): void {
    if (this.isOpen) this.response.end(lastWords);
  }

  /** Ends it for the process's own sake, which must not wait for a reader that takes nothing. */
  leave(lastWords: string): void {
    this.end(lastWords);
    setTimeout(() => this.cut(), LEAVE_MS).unref();
  }

  private copyOf(frame: Frame): Buffer[] {
    const { sight } = this.reader;
    switch (visibleTo(sight, frame.audience, frame.now)) {
      case 'hide':
        return [];
      case 'remove':
        return [frame.removed()];
      case 'show':
        return [frame.shownTo(this.reader)];
    }
  }

  /** In one piece: many small packets cost more than their bytes. */
  private write(bytes: Buffer): boolean {
    if (!bytes.length || !this.isOpen) return this.isOpen;
    if (this.response.writableLength > MOST_UNREAD_BYTES) return this.cut();
    this.response.write(bytes);
    return true;
  }

  private cut(): false {
    this.response.destroy();
    return false;
  }
}
