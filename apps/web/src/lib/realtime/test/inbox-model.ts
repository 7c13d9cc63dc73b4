import type { Conversation, ConversationFilter } from '@parley/contracts/conversations';
import { unreadOf } from '@parley/contracts/conversations';
import { CURSOR_HEADER, type RealtimeEvent } from '@parley/contracts/realtime';
import { aConversation, aDelivery, aMessage, ids } from './factories';

/** What a test lets happen. Every act is committed at once and adds its events. */
export type Act =
  | { act: 'inbound' | 'reply' | 'remove' | 'read' | 'create' | 'fail' | 'rename'; of: number }
  | { act: 'assign'; of: number; to: 0 | 1 | null }
  | { act: 'status'; of: number; to: Conversation['status'] }
  | { act: 'team'; of: number; to: number | null }
  | { act: 'label'; of: number; to: number };

/**
 * The smallest truthful server: conversations, and the events that tell of them. It answers over `fetch`, so the code
 * under test is the whole way from the query to the cache.
 */
export class InboxModel {
  readonly events: RealtimeEvent[] = [];
  private readonly conversations = new Map<string, Conversation>();
  private readonly hidden = new Set<string>();
  private clock = Date.parse('2026-01-01T00:00:00.000Z');

  constructor(
    size: number,
    readonly memberId: string,
  ) {
    for (let n = 0; n < size; n += 1) this.put(this.born(n));
  }

  get head(): number {
    return this.events.at(-1)?.seq ?? 0;
  }

  /** All that match, newest first. */
  list(filter: ConversationFilter): Conversation[] {
    const assignee = filter.assignee === 'me' ? this.memberId : filter.assignee === 'none' ? null : filter.assignee;
    return [...this.conversations.values()]
      .filter((each) => !this.hidden.has(each.id))
      .filter((each) => filter.status === undefined || each.status === filter.status)
      .filter((each) => assignee === undefined || each.assigneeId === assignee)
      .filter((each) => filter.account === undefined || each.accountId === filter.account)
      .filter((each) => filter.team === undefined || each.teamId === filter.team)
      .filter((each) => filter.label === undefined || each.labelIds.includes(filter.label))
      .sort((a, b) => b.lastMessageAt.localeCompare(a.lastMessageAt) || b.id.localeCompare(a.id));
  }

  counts() {
    const open = this.list({ status: 'open' });
    const mine = open.filter((each) => each.assigneeId === this.memberId);
    return {
      mine: mine.length,
      unassigned: open.filter((each) => each.assigneeId === null).length,
      all: open.length,
      unread: mine.filter((each) => unreadOf(each) > 0).length,
    };
  }

  /** Answers as the API would, from what is true now. */
  answer(url: URL): Response {
    const headers = { [CURSOR_HEADER]: String(this.head) };
    if (url.pathname === '/api/inbox/counts') return Response.json(this.counts(), { headers });
    const query = Object.fromEntries(url.searchParams);
    const [limit, cursor] = [4, query['cursor']]; // small pages meet more borders
    const filter = { ...query, cursor: undefined, limit: undefined } as ConversationFilter;
    const all = this.list(filter);
    const rest = cursor ? all.filter((each) => `${each.lastMessageAt} ${each.id}` < cursor) : all;
    const items = rest.slice(0, limit);
    const last = items.at(-1);
    return Response.json(
      { items, nextCursor: rest.length > limit && last ? `${last.lastMessageAt} ${last.id}` : null },
      { headers },
    );
  }

  do(act: Act): RealtimeEvent | undefined {
    const id = ids.conversation(act.of);
    if (act.act === 'create')
      return this.conversations.has(id) ? undefined : this.changed('conversation.created', this.born(act.of));
    const old = this.conversations.get(id);
    if (!old || (this.hidden.has(id) && act.act !== 'assign')) return undefined;
    switch (act.act) {
      case 'inbound':
        return this.written(
          { ...old, received: old.received + 1, status: 'open', waitingSince: this.now() },
          'inbound',
        );
      case 'reply':
        return this.written(
          { ...old, answered: old.received, waitingSince: null, assigneeId: old.assigneeId ?? this.memberId },
          'outbound',
        );
      case 'read':
        this.put({ ...old, me: { ...old.me, seen: old.received } });
        return this.emit({ type: 'conversation.read', conversationId: id, seen: old.received });
      case 'remove':
        this.hidden.add(id);
        return this.emit({ type: 'conversation.removed', conversationId: id });
      case 'assign':
        this.hidden.delete(id);
        return this.changed('conversation.updated', {
          ...old,
          assigneeId: act.to === null ? null : act.to === 0 ? this.memberId : ids.member(1),
        });
      case 'status':
        return this.changed('conversation.updated', { ...old, status: act.to });
      case 'team':
        return this.changed('conversation.updated', {
          ...old,
          teamId: act.to === null ? null : ids.team(act.to),
        });
      case 'label':
        return this.changed('conversation.updated', { ...old, labelIds: [ids.label(act.to)] });
      case 'fail':
        return this.failed(old);
      case 'rename':
        return this.renamed({ ...old, title: `Renamed at ${this.head}` });
    }
  }

  conversation(n: number): Conversation | undefined {
    const id = ids.conversation(n);
    return this.hidden.has(id) ? undefined : this.conversations.get(id);
  }

  private born(n: number): Conversation {
    return aConversation(n, {
      lastMessageAt: this.now(),
      assigneeId: n % 3 === 0 ? this.memberId : n % 3 === 1 ? null : ids.member(1),
    });
  }

  private written(conversation: Conversation, direction: 'inbound' | 'outbound'): RealtimeEvent {
    const message = aMessage(this.head + 1, {
      conversationId: conversation.id,
      direction,
      delivery: direction === 'outbound' ? aDelivery('queued') : null,
    });
    const lastMessage = {
      id: message.id,
      direction,
      type: 'text',
      preview: 'Hello',
      senderName: null,
      deliveryStatus: message.delivery?.status ?? null,
    };
    const next = { ...conversation, lastMessage, lastMessageAt: this.now() };
    this.put(next);
    const { me, ...base } = next;
    return this.emit({ type: 'message.created', message, conversation: base, me });
  }

  private renamed(conversation: Conversation): RealtimeEvent {
    this.put(conversation);
    const { id: conversationId, title: name, contactId } = conversation;
    const contact = { id: contactId ?? '', name, identities: [] };
    return this.emit({ type: 'contact.updated', conversationId, contact });
  }

  private failed(old: Conversation): RealtimeEvent | undefined {
    if (old.lastMessage?.direction !== 'outbound') return undefined;
    this.put({ ...old, lastMessage: { ...old.lastMessage, deliveryStatus: 'failed' } });
    return this.emit({
      type: 'delivery.updated',
      messageId: old.lastMessage.id,
      conversationId: old.id,
      delivery: aDelivery('failed'),
    });
  }

  private changed(type: 'conversation.created' | 'conversation.updated', conversation: Conversation): RealtimeEvent {
    this.put(conversation);
    const { me, ...base } = conversation;
    return this.emit({ type, conversation: base, me });
  }

  private put(conversation: Conversation): void {
    this.conversations.set(conversation.id, conversation);
  }

  private now(): string {
    return new Date((this.clock += 1_000)).toISOString();
  }

  private emit(event: EventBody): RealtimeEvent {
    const full: RealtimeEvent = { ...event, seq: this.head + 1, at: new Date(this.clock).toISOString() };
    this.events.push(full);
    return full;
  }
}

type EventBody = RealtimeEvent extends infer Event
  ? Event extends RealtimeEvent
    ? Omit<Event, 'seq' | 'at'>
    : never
  : never;
