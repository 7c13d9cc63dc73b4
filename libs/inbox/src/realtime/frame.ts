import { sseEvents, type EphemeralEvent, type RealtimeEvent, type RealtimeEventType } from '@parley/contracts/realtime';
import type { Audience } from '@parley/platform/events';
import { readOnly } from '../people/can';
import type { Standing } from '../conversations/sight';
import type { PastEvent } from './event-log';
import type { SeenBy } from './marks';

/** Events that carry their conversation, and with it what differs by member. */
const withMe: ReadonlySet<string> = new Set<RealtimeEventType>([
  'message.created',
  'conversation.created',
  'conversation.updated',
]);

/** What of a reader stands in their copies. `can`: what they may do with conversations, as JSON. */
export interface Viewer {
  memberId: string | null;
  can: string;
  /** May write: else what is shown offers nothing. */
  writes: boolean;
}

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
  /** The conversation whose read mark each member's copy carries, … */
  readonly marks: string | null;
  /** … and what the members had seen of it then. */
  seenBy: SeenBy = new Map();
  /** What a member's own read mark became, of an event that says so. */
  readonly read: { memberId: string; conversationId: string; seen: number } | null;
  private readonly data: string;
  /** By what stands in it for its reader alone: nothing, where it carries no mark. */
  private readonly copies = new Map<string, Buffer>();
  private readonly readOnlyCopies = new Map<string, Buffer>();
  private copyForTheRest: Buffer | undefined;

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
    this.read = type === 'conversation.read' ? this.readMark() : null;
  }

  get conversationId(): string | null {
    return this.audience.to === 'tenant' ? null : (this.audience.conversationId ?? null);
  }

  /** As this reader is shown it. The same bytes for all who have seen as much and may do the same. */
  shownTo(reader: Viewer): Buffer {
    const copies = reader.writes ? this.copies : this.readOnlyCopies;
    const me = this.meOf(reader);
    const known = copies.get(me);
    if (known) return known;
    const copy = Buffer.from(`${head(this.seq)},${me}${this.dataFor(reader)}}\n\n`);
    copies.set(me, copy);
    return copy;
  }

  /** The event, for who asks page by page. */
  toEvent(reader: Viewer): RealtimeEvent {
    return JSON.parse(`{"seq":${this.seq},${this.meOf(reader)}${this.dataFor(reader)}}`) as RealtimeEvent;
  }

  private dataFor({ writes }: Viewer): string {
    if (writes) return this.data;
    return JSON.stringify(readOnly(JSON.parse(`{${this.data}}`) as object)).slice(1, -1);
  }

  private meOf({ memberId, can }: Viewer): string {
    if (!this.marks) return '';
    const seen = memberId === null ? null : (this.seenBy.get(memberId) ?? null);
    return `"me":{"seen":${seen},"can":${can}},`;
  }

  /** What a member is told who does not see the conversation any more. */
  toRemoved(): RealtimeEvent {
    return { seq: this.seq, at: this.at, type: 'conversation.removed', conversationId: this.conversationId ?? '' };
  }

  removed(): Buffer {
    const { seq, ...rest } = this.toRemoved();
    return (this.copyForTheRest ??= Buffer.from(`${head(seq)},${JSON.stringify(rest).slice(1)}\n\n`));
  }

  private readMark(): Frame['read'] {
    const { audience, conversationId } = this;
    if (audience.to !== 'member' || !conversationId) return null;
    return { memberId: audience.memberId, conversationId, seen: Number(/"seen":(\d+)/.exec(this.data)?.[1]) };
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
