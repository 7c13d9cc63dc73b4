import type { Conversation, ConversationFilter } from '@parley/contracts/conversations';
import type { RealtimeEvent } from '@parley/contracts/realtime';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { conversationAfter, conversationOf } from './conversation-after';
import { type Key, mapPages, type Page, type PageParam, withItem, withoutItem } from './pages';
import { conversationKey, type Sync, syncOf } from './sync';

export type ListPage = Page<Conversation> & { filter: ConversationFilter };
export type ListData = InfiniteData<ListPage, PageParam>;

/** Key of all lists; one list adds its filter. */
export const listsKey = ['conversations', 'list'] as const;

/** Lists sort by it, the latest first. */
export function listKeyOf(conversation: Conversation): Key {
  return { rank: Date.parse(conversation.lastMessageAt), id: conversation.id };
}

/** A list's page after an event: the conversation enters, moves or leaves as a fresh fetch would show it. */
export function listPageAfter(page: ListPage, event: RealtimeEvent, sync: Sync): ListPage {
  const id = conversationOf(event);
  if (id === null || sync.overtaken(conversationKey(id), event.seq)) return page;
  const old = page.items.find((item) => item.id === id);
  const next = conversationAfter(event, old);
  if (next === old || next === undefined) return page;
  if (next === null || !matches(page.filter, next, sync.memberId)) return withoutItem(page, id);
  // Whether a name matches the search is the server's to say; what it found stays until it is asked again.
  if (!old && page.filter.q !== undefined) return page;
  return withItem(page, next, listKeyOf);
}

/** Applies an event to every cached list. A search that it may change is fetched again. */
export function changeLists(client: QueryClient, event: RealtimeEvent): void {
  const sync = syncOf(client);
  for (const query of client.getQueryCache().findAll({ queryKey: listsKey })) {
    const data = query.state.data as ListData | undefined; // the key is ours alone
    if (!data) continue;
    const next = mapPages(data, event.seq, (page) => listPageAfter(page, event, sync));
    if (next !== data) client.setQueryData(query.queryKey, next);
    if (mayChangeSearch(data, event)) searchAgain(client, query.queryKey);
  }
}

/** Whether a conversation belongs to a list, but for the search. */
export function matches(filter: ConversationFilter, conversation: Conversation, memberId: string | null): boolean {
  const { status, assignee, account, team, label } = filter;
  return (
    (status === undefined || conversation.status === status) &&
    (assignee === undefined || conversation.assigneeId === assigneeOf(assignee, memberId)) &&
    (account === undefined || conversation.accountId === account) &&
    (team === undefined || conversation.teamId === team) &&
    (label === undefined || conversation.labelIds.includes(label))
  );
}

function assigneeOf(assignee: string, memberId: string | null): string | null {
  if (assignee === 'none') return null;
  return assignee === 'me' ? (memberId ?? '') : assignee;
}

/** A conversation that the search does not show came up, or one that it shows has another name. */
function mayChangeSearch(data: ListData, event: RealtimeEvent): boolean {
  if (data.pages[0]?.filter.q === undefined) return false;
  if (event.type === 'contact.updated') return true;
  if (!('conversation' in event)) return false;
  const shown = data.pages.flatMap((page) => page.items).find(({ id }) => id === event.conversation.id);
  return shown?.title !== event.conversation.title;
}

const waiting = new Set<string>();

/** At most once a second: a burst of messages is one fetch. */
function searchAgain(client: QueryClient, queryKey: readonly unknown[]): void {
  const key = JSON.stringify(queryKey);
  if (waiting.has(key)) return;
  waiting.add(key);
  setTimeout(() => {
    waiting.delete(key);
    void client.invalidateQueries({ queryKey, exact: true });
  }, 1_000);
}
