import type { Conversation } from '@parley/contracts/conversations';
import { CURSOR_HEADER, type RealtimeEvent, type RealtimeEventType } from '@parley/contracts/realtime';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { accountsQuery } from '@/features/accounts/queries';
import { conversationQueries } from '@/features/conversations/queries';
import { labelsQuery } from '@/features/labels/queries';
import { membersQuery } from '@/features/members/queries';
import { teamsQuery } from '@/features/teams/queries';
import { applyEvent, receiveEvent } from './apply-event';
import { messagesOf, threadQuery } from './message-cache';
import { syncOf } from './sync';
import { aConversation, aDelivery, aMessage, anAccount, ids, T0 } from './test/factories';

const [ME, OTHER] = [ids.member(0), ids.member(1)];
const id = ids.conversation(0);

/** What the server holds; its answers say which head they saw. */
let server: { seq: number; conversations: Conversation[]; messages: ReturnType<typeof aMessage>[] };
let client: QueryClient;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = {
    seq: 10,
    conversations: [aConversation(0, { received: 2, lastMessage: lastOf(2), assigneeId: ME })],
    messages: [aMessage(2, { direction: 'outbound', delivery: aDelivery('sent') }), aMessage(1)],
  };
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    return Promise.resolve(
      Response.json(answer(new URL(url, 'http://inbox.test').pathname), {
        headers: { [CURSOR_HEADER]: String(server.seq) },
      }),
    );
  });
  client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity, retry: false } } });
  syncOf(client).memberId = ME;
  syncOf(client).begin(10);
  await Promise.all([
    client.fetchInfiniteQuery(conversationQueries.list({ status: 'open' })),
    client.fetchInfiniteQuery(threadQuery(id)),
    client.fetchQuery(conversationQueries.details(id)),
    client.fetchQuery(conversationQueries.counts()),
    client.fetchQuery(accountsQuery),
    client.fetchQuery(labelsQuery),
    client.fetchQuery(membersQuery),
    client.fetchQuery(teamsQuery),
  ]);
});
afterEach(() => {
  client.clear();
  vi.unstubAllGlobals();
});

function answer(path: string): unknown {
  const page = (items: unknown[]) => ({ items, nextCursor: null });
  if (path === '/api/inbox/conversations') return page(server.conversations);
  if (path.endsWith('/messages')) return { ...page(server.messages), prevCursor: null };
  if (path === '/api/inbox/counts') return { mine: 1, unassigned: 0, all: 1, unread: 1 };
  if (path === '/api/accounts') return page([anAccount(0)]);
  if (path === '/api/inbox/labels') return page([{ id: ids.label(0), name: 'Returns', hue: 60 }]);
  if (path === '/api/inbox/teams') return page([{ id: ids.team(0), name: 'Sales', me: { can: ['change'] } }]);
  if (path === '/api/inbox/members') return page([{ id: ME, name: 'Ana', role: 'agent', active: true }]);
  return {
    ...server.conversations[0],
    contact: { id: ids.contact(0), name: 'Contact 0', identities: [], me: { can: ['rename'] } },
    participants: [],
  };
}
function lastOf(n: number): Conversation['lastMessage'] {
  return {
    id: ids.message(n),
    direction: 'outbound',
    type: 'text',
    preview: 'Hello',
    senderName: null,
    deliveryStatus: 'sent',
  };
}
const teams = () => client.getQueryData(teamsQuery.queryKey)?.items;
const list = () =>
  client.getQueryData(conversationQueries.list({ status: 'open' }).queryKey)?.pages.flatMap((page) => page.items) ?? [];
const details = () => client.getQueryData(conversationQueries.details(id).queryKey)?.details;
const thread = () => messagesOf(client.getQueryData(threadQuery(id).queryKey));
const counts = () => client.getQueryData(conversationQueries.counts().queryKey)?.counts;

const at = T0;
const later = '2026-01-01T01:00:00.000Z';

/** One test for each type: leaving one out does not compile. */
const cases: Record<RealtimeEventType, () => void> = {
  'message.created': () => {
    const conversation = aConversation(0, {
      received: 3,
      lastMessageAt: later,
      assigneeId: ME,
      lastMessage: lastOf(3),
    });
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'message.created',
      message: aMessage(3),
      conversation,
      me: { seen: 1, can: [] },
    });
    expect(thread().map((message) => message.id)).toEqual([3, 2, 1].map(ids.message));
    expect(list()[0]).toMatchObject({ received: 3, lastMessageAt: later, me: { seen: 1, can: [] } });
    expect(details()).toMatchObject({ received: 3, contact: { name: 'Contact 0' } });
  },
  'message.updated': () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'message.updated',
      message: aMessage(1, { position: 9_000, editedAt: later }),
    });
    expect(thread()[0]).toMatchObject({ id: ids.message(1), editedAt: later }); // queued anew: at the end of the thread
    expect(thread()).toHaveLength(2);
  },
  'message.removed': () => {
    receiveEvent(client, { seq: 11, at, type: 'message.removed', messageId: ids.message(1), conversationId: id });
    expect(thread().map((message) => message.id)).toEqual([ids.message(2)]);
  },
  'delivery.updated': () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'delivery.updated',
      messageId: ids.message(2),
      conversationId: id,
      delivery: aDelivery('read'),
    });
    expect(thread()[0]?.delivery?.status).toBe('read');
    expect(list()[0]?.lastMessage?.deliveryStatus).toBe('read');
  },
  'conversation.created': () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'conversation.created',
      conversation: aConversation(1, { lastMessageAt: later }),
      me: { seen: null, can: [] },
    });
    expect(list().map((each) => each.id)).toEqual([ids.conversation(1), id]);
    expect(counts()).toEqual({ mine: 1, unassigned: 1, all: 2, unread: 1 });
  },
  'conversation.updated': () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'conversation.updated',
      conversation: aConversation(0, { status: 'resolved', assigneeId: ME }),
      me: { seen: 2, can: [] },
    });
    expect(list()).toEqual([]); // the list shows open ones
    expect(details()).toMatchObject({ status: 'resolved', me: { seen: 2, can: [] } });
    expect(counts()).toEqual({ mine: 0, unassigned: 0, all: 0, unread: 0 });
  },
  'conversation.removed': () => {
    receiveEvent(client, { seq: 11, at, type: 'conversation.removed', conversationId: id });
    expect([list(), details(), thread()]).toEqual([[], null, []]);
  },
  'conversation.read': () => {
    receiveEvent(client, { seq: 11, at, type: 'conversation.read', conversationId: id, seen: 2 });
    expect(list()[0]?.me.seen).toBe(2);
    expect(details()?.me.seen).toBe(2);
    expect(counts()?.unread).toBe(0);
  },
  'account.updated': () => {
    receiveEvent(client, { seq: 11, at, type: 'account.updated', account: anAccount(0, { state: 'needs_reauth' }) });
    expect(client.getQueryData(accountsQuery.queryKey)?.items).toMatchObject([{ state: 'needs_reauth' }]);
    receiveEvent(client, { seq: 12, at, type: 'account.updated', account: anAccount(0, { state: 'deleted' }) });
    expect(client.getQueryData(accountsQuery.queryKey)?.items).toEqual([]);
  },
  'contact.updated': () => {
    const contact = {
      id: ids.contact(0),
      name: 'Marta',
      identities: [{ kind: 'phone' as const, address: '+15550100' }],
    };
    receiveEvent(client, { seq: 11, at, type: 'contact.updated', conversationId: id, contact });
    expect(list()[0]?.title).toBe('Marta');
    expect(details()).toMatchObject({ title: 'Marta', contact: { ...contact, me: { can: ['rename'] } } });
    expect(thread()[1]?.sender.name).toBe('Contact 0'); // as it was when they wrote
  },
  'label.updated': () => {
    receiveEvent(client, { seq: 11, at, type: 'label.updated', label: { id: ids.label(1), name: 'Parts', hue: 150 } });
    expect(client.getQueryData(labelsQuery.queryKey)?.items.map(({ name }) => name)).toEqual(['Parts', 'Returns']);
  },
  'member.updated': () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'member.updated',
      member: { id: OTHER, name: 'Zoe', role: 'manager', active: true, availability: 'online', teamIds: [] },
    });
    expect(client.getQueryData(membersQuery.queryKey)?.items.map(({ name }) => name)).toEqual(['Ana', 'Zoe']);
  },
  'team.updated': () => {
    receiveEvent(client, { seq: 11, at, type: 'team.updated', team: { id: ids.team(0), name: 'Buyers' } });
    receiveEvent(client, { seq: 12, at, type: 'team.updated', team: { id: ids.team(1), name: 'Apples' } });
    expect(teams()).toMatchObject([{ name: 'Apples' }, { name: 'Buyers', me: { can: ['change'] } }]);
  },
  'team.removed': () => {
    receiveEvent(client, { seq: 11, at, type: 'team.removed', teamId: ids.team(0) });
    expect(teams()).toEqual([]);
  },
};

describe('an event of the stream', () => {
  it('counts what was read before it was known whose inbox this is', async () => {
    client.clear();
    syncOf(client).memberId = null;
    await client.fetchInfiniteQuery(conversationQueries.list({ status: 'open' }));
    await client.fetchQuery(conversationQueries.counts());
    syncOf(client).memberId = ME;
    const conversation = aConversation(0, { received: 3, lastMessage: lastOf(3), assigneeId: ME });
    receiveEvent(client, { seq: 11, at, type: 'conversation.updated', conversation, me: { seen: null, can: [] } });
    expect(counts()).toEqual({ mine: 1, unassigned: 0, all: 1, unread: 1 });
  });

  it.each(Object.entries(cases))('%s reaches whatever shows it', (_type, run) => run());

  it('is taken once, and never after a newer one', () => {
    const event = updated(12, 'pending');
    expect(receiveEvent(client, event)).toBe(true);
    expect(receiveEvent(client, event)).toBe(false);
    expect(receiveEvent(client, updated(11, 'open'))).toBe(false);
    expect(details()?.status).toBe('pending');
  });

  it('has the members of a group fetched again when somebody came, and not for what is said', async () => {
    const stop = new QueryObserver(client, conversationQueries.details(id)).subscribe(() => undefined);
    const looks = () => asked.filter((url) => url.endsWith(`/conversations/${id}`)).length;
    const conversation = aConversation(0, { kind: 'group', contactId: null });
    receiveEvent(client, { seq: 11, at, type: 'message.created', message: aMessage(3), conversation });
    const line = aMessage(4, {
      direction: 'system',
      content: { type: 'system', event: 'participants_added', by: null, to: ['Ken'] },
    });
    receiveEvent(client, { seq: 12, at, type: 'message.created', message: line, conversation });
    await vi.waitFor(() => expect(looks()).toBe(2));
    stop();
  });

  it('does not touch what was read after it happened', async () => {
    server = { ...server, seq: 15, conversations: [aConversation(0, { status: 'pending' })] };
    await client.refetchQueries({ queryKey: conversationQueries.details(id).queryKey });
    receiveEvent(client, updated(11, 'resolved'));
    expect(details()?.status).toBe('pending');
    expect(list()).toEqual([]); // the list was read at 10, so there it counts
  });
});

describe('the answer to a write of our own', () => {
  it('shows at once, and nothing older replaces it', () => {
    applyEvent(client, updated(13, 'pending'));
    expect(details()?.status).toBe('pending');
    receiveEvent(client, updated(11, 'resolved'));
    receiveEvent(client, { ...updated(12, 'open'), type: 'conversation.created' });
    expect(details()?.status).toBe('pending');
    receiveEvent(client, updated(14, 'resolved'));
    expect(details()?.status).toBe('resolved');
  });

  it('is refused when the stream has brought something newer', () => {
    receiveEvent(client, updated(14, 'resolved'));
    applyEvent(client, updated(13, 'open'));
    expect(details()?.status).toBe('resolved');
  });

  it('leaves the messages alone that the stream brings meanwhile', () => {
    applyEvent(client, updated(13, 'pending'));
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'message.created',
      message: aMessage(3),
      conversation: aConversation(0),
      me: { seen: null, can: [] },
    });
    expect(thread()[0]?.id).toBe(ids.message(3));
    expect(details()?.status).toBe('pending');
  });

  it('stands over a page that was read before it and arrives after', async () => {
    const [read, arrive] = [
      Response.json({ items: server.conversations, nextCursor: null }, { headers: { [CURSOR_HEADER]: '10' } }),
      Promise.withResolvers<Response>(),
    ];
    vi.stubGlobal('fetch', () => arrive.promise);
    const pending = client.fetchInfiniteQuery(conversationQueries.list({ status: 'pending' }));
    applyEvent(client, updated(13, 'pending'));
    arrive.resolve(read);
    expect((await pending).pages[0]?.items).toHaveLength(1);
    expect(
      client.getQueryData(conversationQueries.list({ status: 'pending' }).queryKey)?.pages[0]?.items,
    ).toMatchObject([{ id, status: 'pending' }]);
  });
});

describe('a page that arrives late', () => {
  it('is brought up to date from the events since its snapshot', async () => {
    receiveEvent(client, {
      seq: 11,
      at,
      type: 'message.created',
      message: aMessage(3),
      conversation: aConversation(0),
      me: { seen: null, can: [] },
    });
    await client.refetchQueries({ queryKey: threadQuery(id).queryKey }); // the server still answers as of 10
    expect(thread().map((message) => message.id)).toEqual([3, 2, 1].map(ids.message));
  });

  it('is read again when the events do not reach back so far', async () => {
    for (let seq = 11; seq < 1_400; seq += 1)
      receiveEvent(client, {
        seq,
        at,
        type: 'label.updated',
        label: { id: ids.label(0), name: `Label ${seq}`, hue: 60 },
      });
    const before = asked.length;
    const again = vi.waitFor(() => expect(asked.length).toBe(before + 2));
    const stop = new QueryObserver(client, labelsQuery).subscribe(() => undefined);
    await client.refetchQueries({ queryKey: labelsQuery.queryKey });
    server.seq = 1_399;
    await again;
    stop();
  });
});

function updated(
  seq: number,
  status: Conversation['status'],
): Extract<RealtimeEvent, { type: 'conversation.updated' }> {
  return {
    seq,
    at,
    type: 'conversation.updated',
    conversation: aConversation(0, { status, assigneeId: ME }),
    me: { seen: null, can: [] },
  };
}
