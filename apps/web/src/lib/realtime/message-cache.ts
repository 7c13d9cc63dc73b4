import type { Message } from '@parley/contracts/messages';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { call } from '../api';
import { conversationOf } from './conversation-after';
import {
  type Key,
  mapPages,
  newerThan,
  olderThan,
  type Page,
  pageOf,
  type PageParam,
  settlePages,
  withItem,
  withoutItem,
} from './pages';
import { freshFrom } from './snapshot';
import { routes } from '@/lib/routes';

export type MessagePage = Page<Message> & { conversationId: string };
export type MessageData = InfiniteData<MessagePage, PageParam>;

const LIMIT = 50;

/** Key of everything cached of a conversation's messages, or of all conversations'. */
export function messagesKey(conversationId?: string): readonly unknown[] {
  return conversationId === undefined ? ['messages'] : ['messages', conversationId];
}

/**
 * The messages of a conversation, pages newest first: `fetchNextPage` leads to older ones, `fetchPreviousPage` to newer
 * ones (only after opening `around` a message). Events keep every page true; a page is `items`, newest first, and what
 * is being sent from here stands over it, never in it.
 */
export function threadQuery(conversationId: string, around?: string) {
  return infiniteQueryOptions({
    queryKey: [...messagesKey(conversationId), around ?? 'end'] as const,
    queryFn: async ({ pageParam, signal, client, queryKey }) => {
      const at = pageParam && ('around' in pageParam ? { around: pageParam.around } : { cursor: pageParam.cursor });
      const { body, stamp } = await call(routes.listMessages, {
        params: { id: conversationId },
        query: { ...at, limit: LIMIT },
        signal,
      });
      return { ...pageOf(body, pageParam, messageKeyOf, freshFrom({ client, queryKey }, stamp.seq)), conversationId };
    },
    initialPageParam: (around === undefined ? null : { around }) as PageParam,
    getNextPageParam: olderThan,
    getPreviousPageParam: newerThan,
    structuralSharing: settlePages<MessagePage>(messagePageAfter),
  });
}

/** Newest first: position, then id. */
export function messageKeyOf(message: Message): Key {
  return { rank: message.position, id: message.id };
}

/** Every message of the pages, newest first. */
export function messagesOf(data: MessageData | undefined): Message[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** Applies an event to whatever is cached of its conversation's messages. */
export function changeMessages(client: QueryClient, conversationId: string, event: RealtimeEvent): void {
  for (const query of client.getQueryCache().findAll({ queryKey: messagesKey(conversationId) })) {
    const data = query.state.data as MessageData | undefined; // the key is ours alone
    if (!data) continue;
    const next = mapPages(data, event.seq, (page) => messagePageAfter(page, event));
    if (next !== data) client.setQueryData(query.queryKey, next);
  }
}

/** A page of messages after an event. Events of other conversations pass by. */
export function messagePageAfter(page: MessagePage, event: RealtimeEvent): MessagePage {
  if (conversationOf(event) !== page.conversationId) return page;
  switch (event.type) {
    case 'message.created':
    case 'message.updated':
      return withItem(page, event.message, messageKeyOf);
    case 'message.removed':
      return withoutItem(page, event.messageId);
    case 'delivery.updated':
      return mapItems(page, (message) =>
        message.id === event.messageId ? { ...message, delivery: event.delivery } : message,
      );
    default:
      return page;
  }
}

function mapItems(page: MessagePage, change: (message: Message) => Message): MessagePage {
  let changed = false;
  const items = page.items.map((item) => {
    const next = change(item);
    changed ||= next !== item;
    return next;
  });
  return changed ? { ...page, items } : page;
}
