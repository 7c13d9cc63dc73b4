import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { QueryClient } from '@tanstack/react-query';

/** How many events are kept, to bring a page that arrives late up to date. */
const KEPT = 1_000;

/**
 * How far one cache has followed the tenant's events.
 *
 * What the stream delivered is applied to everything cached, so all of it stands at `head`, or at the later snapshot
 * it came with. Answers to our own writes may run ahead of the stream: they wait in `ahead` until it catches up, so
 * that nothing older is taken in between.
 */
export class Sync {
  /** Seq of the last event that the stream delivered; -1 before it began. */
  head = -1;
  /** The log holds every event after this one. */
  private start = -1;
  private log: RealtimeEvent[] = [];
  private readonly ahead = new Map<string, RealtimeEvent>();
  /** Of the active tenant; decides what "mine" is. */
  memberId: string | null = null;

  /** From here on the stream delivers everything after `after`. Forgets what was before. */
  begin(after: number): void {
    this.head = after;
    this.start = after;
    this.log = [];
    this.dropReached();
  }

  /** Remembers an event of the stream. False: it was there already. */
  advance(event: RealtimeEvent): boolean {
    if (event.seq <= this.head) return false;
    this.head = event.seq;
    this.log.push(event);
    if (this.log.length > KEPT * 1.25) {
      const dropped = this.log.splice(0, this.log.length - KEPT);
      this.start = dropped.at(-1)?.seq ?? this.start;
    }
    return true;
  }

  /** The stream stands at `seq`, whatever this member may not see of it. */
  advanceTo(seq: number): void {
    this.head = Math.max(this.head, seq);
    this.dropReached();
  }

  /** Remembers the answer to a write of our own. False: the stream brought it, or something newer, already. */
  admit(event: RealtimeEvent): boolean {
    if (event.seq <= this.head) return false;
    const key = objectKey(event);
    const known = this.ahead.get(key);
    if (known && known.seq > event.seq) return false;
    this.ahead.set(key, event);
    return true;
  }

  /** A newer state of the object is known, from an answer to a write of our own. */
  overtaken(key: string, seq: number): boolean {
    return (this.ahead.get(key)?.seq ?? -1) > seq;
  }

  /** Whether everything that happened after `seq` is still here. */
  covers(seq: number): boolean {
    return seq >= this.start;
  }

  /** What happened after `seq`, as far as it is known here, in order. */
  after(seq: number): RealtimeEvent[] {
    const from = this.log.findIndex((event) => event.seq > seq);
    const streamed = from < 0 ? [] : this.log.slice(from);
    const own = [...this.ahead.values()].filter((event) => event.seq > Math.max(seq, this.head));
    return [...streamed, ...own.sort((a, b) => a.seq - b.seq)];
  }

  /** The events of the stream after `seq`, for another tab; null when they do not reach back. */
  streamedAfter(seq: number): RealtimeEvent[] | null {
    return this.covers(seq) ? this.log.filter((event) => event.seq > seq) : null;
  }

  private dropReached(): void {
    for (const [key, event] of this.ahead) if (event.seq <= this.head) this.ahead.delete(key);
  }
}

const syncs = new WeakMap<QueryClient, Sync>();

/** The one `Sync` of a cache. */
export function syncOf(client: QueryClient): Sync {
  let sync = syncs.get(client);
  if (!sync) syncs.set(client, (sync = new Sync()));
  return sync;
}

/** Names the object that an event carries whole. */
export function objectKey(event: RealtimeEvent): string {
  switch (event.type) {
    case 'message.created':
    case 'conversation.created':
    case 'conversation.updated':
      return conversationKey(event.conversation.id);
    case 'conversation.removed':
    case 'conversation.read':
      return conversationKey(event.conversationId);
    case 'message.updated':
      return `message:${event.message.id}`;
    case 'message.removed':
    case 'delivery.updated':
      return `message:${event.messageId}`;
    case 'account.updated':
      return `account:${event.account.id}`;
    case 'contact.updated':
      return `contact:${event.contact.id}`;
    case 'label.updated':
      return `label:${event.label.id}`;
    case 'member.updated':
      return `member:${event.member.id}`;
    case 'team.updated':
      return `team:${event.team.id}`;
    case 'team.removed':
      return `team:${event.teamId}`;
  }
}

export function conversationKey(id: string): string {
  return `conversation:${id}`;
}
