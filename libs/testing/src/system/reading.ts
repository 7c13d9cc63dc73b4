import { listConversations, type Conversation } from '@parley/contracts/conversations';
import { listMessages, type Message } from '@parley/contracts/messages';
import type { Caller } from '../app';

type Filter = { account?: string; q?: string };

/** All that the caller sees, page by page, newest first. */
export async function conversationsOf(caller: Caller, filter: Filter = {}): Promise<Conversation[]> {
  const all: Conversation[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: 100, ...filter, ...(cursor ? { cursor } : {}) };
    const { body } = await caller.call(listConversations, { query });
    all.push(...body.items);
    cursor = body.nextCursor;
  }
  return all;
}

/** The whole thread, oldest first, as a person reads it. */
export async function threadOf(caller: Caller, id: string): Promise<Message[]> {
  const all: Message[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const query = { limit: 100, ...(cursor ? { cursor } : {}) };
    const { body } = await caller.call(listMessages, { params: { id }, query });
    all.unshift(...body.items.reverse());
    cursor = body.nextCursor;
  }
  return all;
}

/** Threads of all conversations that the caller sees; without the lines that nobody wrote. */
export async function bubblesOf(caller: Caller, filter: Filter = {}): Promise<Message[]> {
  const conversations = await conversationsOf(caller, filter);
  const threads = await Promise.all(conversations.map(({ id }) => threadOf(caller, id)));
  return threads.flat().filter(({ direction }) => direction !== 'system');
}

/** What somebody reads in a bubble. */
export function wordsOf({ content }: Message): string {
  return 'text' in content ? (content.text ?? '') : content.type;
}
