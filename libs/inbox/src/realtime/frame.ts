import { sseEvents, type EphemeralEvent, type RealtimeEvent, type RealtimeEventType } from '@parley/contracts/realtime';
import type { Audience } from '@parley/platform/events';
import type { PastEvent, Standing } from './event-log';

/** Events that carry their conversation, and with it what differs by member. */
const withMe: ReadonlySet<string> = new Set<RealtimeEventType>([
  'message.created',
  'conversation.created',
  'conversation.updated',
]);

/** `data` begins with these two, because whoever wrote it put them first. */
const BEGINNING = /^"type":"([\w.]+)","at":"([^"]+)"/;

/** One event as it goes over the wire, serialised once for however many streams. */
export class Frame {
  readonly seq: number;
  readonly audience: Audience;
  readonly now: Standing | undefined;
  readonly correlationId: string | null;
  readonly type: string;
  readonly at: string;
  /** The conversation whose read mark this member's copy carries. */
  readonly marks: string | null;
  /** What the member's own read mark became, of an event that says so. */
  readonly seen: number | null;
  private readonly data: string;
  private whole: Buffer | undefined;
  private tail: Buffer | undefined;

  constructor({ seq, audience, correlationId, data, now }: PastEvent) {
    const [, type = '', at = ''] = BEGINNING.exec(data) ?? [];
    this.seq = seq;
    this.audience = audience;
    this.now = now;
    this.correlationId = correlationId;
    this.data = data;
    this.type = type;
    this.at = at;
    this.marks = withMe.has(type) ? this.conversationId : null;
    this.seen = type === 'conversation.read' ? Number(/"seen":(\d+)/.exec(data)?.[1]) : null;
  }

  get conversationId(): string | null {
    return this.audience.to === 'tenant' ? null : (this.audience.conversationId ?? null);
  }

  /** The pieces to write, in order. */
  shown(): Buffer[] {
    this.whole ??= Buffer.from(`${head(this.seq)},${this.data}}\n\n`);
    return [this.whole];
  }

  shownWith(seen: number | null): Buffer[] {
    this.tail ??= Buffer.from(`,${this.data}}\n\n`);
    return [Buffer.from(`${head(this.seq)},"me":{"seen":${seen}}`), this.tail];
  }

  /** The event, for who asks page by page. */
  toEvent(me?: { seen: number | null }): RealtimeEvent {
    return JSON.parse(`{"seq":${this.seq},${me ? `"me":{"seen":${me.seen}},` : ''}${this.data}}`) as RealtimeEvent;
  }

  /** What a member is told who does not see the conversation any more. */
  toRemoved(): RealtimeEvent {
    return { seq: this.seq, at: this.at, type: 'conversation.removed', conversationId: this.conversationId ?? '' };
  }

  removed(): Buffer[] {
    const { seq, ...rest } = this.toRemoved();
    return [Buffer.from(`${head(seq)},${JSON.stringify(rest).slice(1)}\n\n`)];
  }
}

function head(seq: number): string {
  return `id: ${seq}\ndata: {"seq":${seq}`;
}

export function ephemeralFrame(event: EphemeralEvent): Buffer {
  return Buffer.from(`event: ${sseEvents.ephemeral}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** A client that does not know the word goes on from the head; the others fetch everything again. */
export function resetFrame(head: number): string {
  return `event: ${sseEvents.reset}\nid: ${head}\ndata: {}\n\n`;
}
