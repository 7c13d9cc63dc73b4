import type { Message } from '@parley/contracts/messages';
import { notFound } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';
import { z } from 'zod';
import type { MemberContext } from '../context';
import { canSee } from '../conversations/sight';
import { decodeCursor, encodeCursor } from '../cursor';
import { loadMessages } from './message.view';
import { END, findThread, findThreadOf, listNewer, listOlder, type Place } from './messages.queries';

type Tx = TenantTx<MemberContext>;

/** A page of a thread, newest first, and the cursors of both its neighbours. */
export interface Thread {
  items: Message[];
  nextCursor: string | null;
  prevCursor: string | null;
}

/** A cursor leads towards older messages, or towards newer ones. */
const Cursor = z.tuple([z.enum(['older', 'newer']), z.int(), z.uuid()]);

/** The newest messages, or those next to a cursor. */
export async function listPage(
  tx: Tx,
  conversationId: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<Thread> {
  const [toward, position, id] = cursor === undefined ? (['older', ...END] as const) : decodeCursor(cursor, Cursor);
  if (toward === 'older') {
    const items = await listOlder(tx, conversationId, [position, id], limit + 1);
    return threadOf(items.slice(0, limit), { older: items.length > limit, newer: cursor !== undefined });
  }
  const items = await listNewer(tx, conversationId, [position, id], limit + 1);
  return threadOf(items.slice(-limit), { older: true, newer: items.length > limit }); // the one too many is the newest
}

/** A page with that message in its middle. Throws `not_found` when it is not of this conversation. */
export async function listAround(tx: Tx, conversationId: string, messageId: string, limit: number): Promise<Thread> {
  const message = await getMessage(tx, messageId);
  if (message.conversationId !== conversationId) throw notFound('message');
  const place: Place = [message.position, message.id];
  const above = Math.floor((limit - 1) / 2);
  const below = limit - 1 - above;
  const [newer, older] = await Promise.all([
    listNewer(tx, conversationId, place, above + 1),
    listOlder(tx, conversationId, place, below + 1),
  ]);
  const items = [...newer.slice(Math.max(0, newer.length - above)), message, ...older.slice(0, below)];
  return threadOf(items, { older: older.length > below, newer: newer.length > above });
}

function threadOf(items: Message[], more: { older: boolean; newer: boolean }): Thread {
  const [first, last] = [items[0], items.at(-1)];
  return {
    items,
    nextCursor: more.older && last ? encodeCursor(['older', last.position, last.id]) : null,
    prevCursor: more.newer && first ? encodeCursor(['newer', first.position, first.id]) : null,
  };
}

/** The conversation's own facts, if the member sees it. Throws `not_found`. */
export async function getThread(tx: Tx, conversationId: string) {
  const thread = await findThread(tx, conversationId);
  if (!thread || !canSee(tx.ctx.sight, thread)) throw notFound('conversation');
  return thread;
}

/** The thread that a message stands in, if the member sees it. Throws `not_found` of the message. */
export async function getThreadOf(tx: Tx, messageId: string) {
  const thread = await findThreadOf(tx, messageId);
  if (!thread || !canSee(tx.ctx.sight, thread)) throw notFound('message');
  return thread;
}

/** A message of the tenant; that the member sees it was made sure before. */
export async function getMessage(tx: Tx, id: string): Promise<Message> {
  const [message] = await loadMessages(tx.raw, [{ tenantId: tx.tenantId, id }]);
  if (!message) throw notFound('message');
  return message;
}
