import {
  countConversations,
  getConversation,
  listConversations,
  unreadOf,
  type Conversation,
  type ConversationDetails,
} from '@parley/contracts/conversations';
import type { Contact } from '@parley/contracts/contacts';
import { listLabels, type Label } from '@parley/contracts/labels';
import { listMembers, type Member } from '@parley/contracts/members';
import { listMessages, type Delivery, type Message } from '@parley/contracts/messages';
import { CURSOR_HEADER, type RealtimeEvent } from '@parley/contracts/realtime';
import { listTeams, type Team } from '@parley/contracts/teams';
import type { Caller } from './app';

type Me = Conversation['me'];

/** Everything a member's client has on its screen, kept true by events alone. */
export class Screen {
  private readonly conversations = new Map<string, Conversation>();
  /** Of those that were opened. What came into sight later was not. */
  private readonly threads = new Map<string, Map<string, Message>>();
  private readonly contacts = new Map<string, ConversationDetails['contact']>();
  private readonly labels = new Map<string, Label>();
  private readonly members = new Map<string, Member>();
  private readonly teams = new Map<string, Team>();

  private constructor(
    private readonly memberId: string,
    /** Number of the last event that is on it. */
    public seq: number,
  ) {}

  /** All that the member sees, page by page; while nobody writes. */
  static async fetch(caller: Caller, memberId: string): Promise<Screen> {
    const counts = await caller.call(countConversations);
    const screen = new Screen(memberId, Number(counts.headers.get(CURSOR_HEADER)));
    for await (const conversation of pages(caller)) await screen.open(caller, conversation);
    const labels = await caller.call(listLabels, { query: { limit: 100 } });
    for (const { id, name, hue } of labels.body.items) screen.labels.set(id, { id, name, hue });
    const members = await caller.call(listMembers, { query: { limit: 100 } });
    for (const member of members.body.items) screen.members.set(member.id, member);
    const teams = await caller.call(listTeams, { query: { limit: 100 } });
    for (const { id, name } of teams.body.items) screen.teams.set(id, { id, name });
    return screen;
  }

  /** Takes an event that is newer than what is shown. */
  apply(event: RealtimeEvent): void {
    if (event.seq <= this.seq)
      throw new Error(`event ${event.seq} came again, or too late: the screen stands at ${this.seq}`);
    this.seq = event.seq;
    switch (event.type) {
      case 'message.created':
        this.threads.get(event.message.conversationId)?.set(event.message.id, event.message);
        return this.setConversation(event.conversation, event.me);
      case 'conversation.created':
      case 'conversation.updated':
        return this.setConversation(event.conversation, event.me);
      case 'message.updated':
        this.threads.get(event.message.conversationId)?.set(event.message.id, event.message);
        return this.setDelivery(event.message.conversationId, event.message.id, event.message.delivery);
      case 'message.removed':
        this.threads.get(event.conversationId)?.delete(event.messageId);
        return;
      case 'delivery.updated':
        return this.setDelivery(event.conversationId, event.messageId, event.delivery);
      case 'conversation.removed':
        for (const map of [this.conversations, this.threads, this.contacts]) map.delete(event.conversationId);
        return;
      case 'conversation.read':
        return this.change(event.conversationId, (old) => ({ ...old, me: { ...old.me, seen: event.seen } }));
      case 'contact.updated':
        this.setContact(event.conversationId, event.contact);
        return this.change(event.conversationId, (old) => ({ ...old, title: event.contact.name ?? old.title }));
      case 'label.updated':
        this.labels.set(event.label.id, event.label);
        return;
      case 'member.updated':
        this.members.set(event.member.id, event.member);
        return;
      case 'team.updated':
        this.teams.set(event.team.id, event.team);
        return;
      case 'team.removed':
        this.teams.delete(event.teamId);
        return;
      case 'account.updated':
        return;
    }
  }

  /** Opens what came into sight since; while nobody writes. */
  async openAll(caller: Caller): Promise<void> {
    for (const conversation of this.conversations.values()) {
      if (!this.threads.has(conversation.id)) await this.open(caller, conversation);
    }
  }

  /** For comparison with another screen. `like`: only the threads and contacts that this one has open. */
  shown(like: Screen = this) {
    const conversations = [...this.conversations.values()].sort((a, b) => order(b, a));
    const open = <T>(map: Map<string, T>, keys: Map<string, unknown>) =>
      [...map].filter(([id]) => keys.has(id)).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      conversations,
      counts: this.counts(conversations),
      threads: open(this.threads, like.threads).map(([id, thread]) => [
        id,
        [...thread.values()].sort((a, b) => b.position - a.position || (a.id < b.id ? 1 : -1)),
      ]),
      contacts: open(this.contacts, like.contacts),
      labels: byId(this.labels),
      members: byId(this.members),
      teams: byId(this.teams),
    };
  }

  get size() {
    return {
      conversations: this.conversations.size,
      threads: this.threads.size,
      messages: [...this.threads.values()].reduce((n, t) => n + t.size, 0),
    };
  }

  private counts(all: Conversation[]) {
    const open = all.filter(({ status }) => status === 'open');
    const mine = open.filter(({ assigneeId }) => assigneeId === this.memberId);
    const unassigned = open.filter(({ assigneeId }) => assigneeId === null);
    return {
      mine: mine.length,
      unassigned: unassigned.length,
      all: open.length,
      unread: mine.filter((one) => unreadOf(one) > 0).length,
    };
  }

  private async open(caller: Caller, conversation: Conversation): Promise<void> {
    const { id } = conversation;
    this.conversations.set(id, conversation);
    this.contacts.set(id, (await caller.call(getConversation, { params: { id } })).body.contact);
    const thread = new Map<string, Message>();
    this.threads.set(id, thread);
    for (let cursor: string | null | undefined; cursor !== null;) {
      const { body } = await caller.call(listMessages, {
        params: { id },
        query: { limit: 100, ...(cursor ? { cursor } : {}) },
      });
      for (const message of body.items) thread.set(message.id, message);
      cursor = body.nextCursor;
    }
  }

  private setConversation(base: Omit<Conversation, 'me'>, me: Me | undefined): void {
    this.conversations.set(base.id, {
      ...base,
      me: me ?? this.conversations.get(base.id)?.me ?? { seen: null, can: [] },
    });
  }

  /** What one may do with it stays. */
  private setContact(conversationId: string, contact: Contact): void {
    const old = this.contacts.get(conversationId);
    if (old) this.contacts.set(conversationId, { ...old, ...contact });
  }

  private setDelivery(conversationId: string, messageId: string, delivery: Delivery | null): void {
    const thread = this.threads.get(conversationId);
    const message = thread?.get(messageId);
    if (message) thread?.set(messageId, { ...message, delivery });
    this.change(conversationId, (old) =>
      old.lastMessage?.id === messageId
        ? { ...old, lastMessage: { ...old.lastMessage, deliveryStatus: delivery?.status ?? null } }
        : old,
    );
  }

  private change(id: string, after: (old: Conversation) => Conversation): void {
    const old = this.conversations.get(id);
    if (old) this.conversations.set(id, after(old));
  }
}

async function* pages(caller: Caller): AsyncGenerator<Conversation> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const { body } = await caller.call(listConversations, { query: { limit: 100, ...(cursor ? { cursor } : {}) } });
    yield* body.items;
    cursor = body.nextCursor;
  }
}

function order(a: Conversation, b: Conversation): number {
  if (a.lastMessageAt !== b.lastMessageAt) return a.lastMessageAt < b.lastMessageAt ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function byId<T extends { id: string }>(map: Map<string, T>): T[] {
  return [...map.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
