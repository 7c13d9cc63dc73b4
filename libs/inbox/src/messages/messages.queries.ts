import type { Content } from '@parley/contracts/content';
import type { Message } from '@parley/contracts/messages';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import { selectPage, toMessage, type MessageRow } from './message.view';

/** Where a message stands in its thread: µs, then id. */
export type Place = [position: number, id: string];

/** Above every message. */
export const END: Place = [Number.MAX_SAFE_INTEGER, 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

// The index has its nulls last, and only an order that says the same walks along it.
const OLDER =
  selectPage(`select * from messages where tenant_id = $1 and conversation_id = $2 and (position, id) < ($3::bigint, $4::uuid)
    order by position desc nulls last, id desc nulls last limit $5`);
const NEWER =
  selectPage(`select * from messages where tenant_id = $1 and conversation_id = $2 and (position, id) > ($3::bigint, $4::uuid)
    order by position nulls first, id nulls first limit $5`);

/** Messages before a place, newest first. */
export async function listOlder(tx: TenantTx, conversationId: string, place: Place, limit: number): Promise<Message[]> {
  const rows = await run<MessageRow>(tx.raw, OLDER, [tx.tenantId, conversationId, ...place, limit]);
  return rows.map(toMessage);
}

/** Messages after a place, those next to it, newest first. */
export async function listNewer(tx: TenantTx, conversationId: string, place: Place, limit: number): Promise<Message[]> {
  const rows = await run<MessageRow>(tx.raw, NEWER, [tx.tenantId, conversationId, ...place, limit]);
  return rows.map(toMessage);
}

/** A conversation by its thread: who may see it, and the chat last written in. */
export interface ThreadRow {
  id: string;
  chatId: string;
  accountId: string;
  assigneeId: string | null;
  teamId: string | null;
}

export async function findThread(tx: TenantTx, conversationId: string): Promise<ThreadRow | undefined> {
  const [row] = await run<ThreadRow>(
    tx.raw,
    `select id, chat_id "chatId", account_id "accountId", assignee_id "assigneeId", team_id "teamId"
     from conversations where tenant_id = $1 and id = $2`,
    [tx.tenantId, conversationId],
  );
  return row;
}

/** The thread that a message stands in. */
export async function findThreadOf(tx: TenantTx, messageId: string): Promise<ThreadRow | undefined> {
  const [row] = await run<ThreadRow>(
    tx.raw,
    `select c.id, c.chat_id "chatId", c.account_id "accountId", c.assignee_id "assigneeId", c.team_id "teamId" from messages m
     join conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id where m.tenant_id = $1 and m.id = $2`,
    [tx.tenantId, messageId],
  );
  return row;
}

/** How a message was, until the next of them or until now. */
export interface Edit {
  content: Content;
  at: string;
}

/** Oldest first, at most 100: channels allow edits for minutes. */
export async function listEdits(tx: TenantTx, messageId: string): Promise<Edit[]> {
  const rows = await run<{ content: Content; ms: number }>(
    tx.raw,
    `select content, extract(epoch from at) * 1000 ms from message_edits where tenant_id = $1 and message_id = $2 order by at limit 100`,
    [tx.tenantId, messageId],
  );
  return rows.map(({ content, ms }) => ({ content, at: new Date(Number(ms)).toISOString() }));
}

/** A message that something else points to: an answer, a reaction. */
export interface Target {
  id: string;
  chatId: string;
  direction: Message['direction'];
  content: Content;
  senderName: string | null;
  deleted: boolean;
  /** The provider's id; null while it is on its way. */
  externalId: string | null;
}

/** A message of this conversation, else undefined. */
export async function findTarget(tx: TenantTx, conversationId: string, id: string): Promise<Target | undefined> {
  const [row] = await run<Target>(
    tx.raw,
    `select m.id, m.chat_id "chatId", m.direction, m.content, m.sender_name "senderName", m.deleted_at is not null deleted,
       (select x.external_id from externals x where x.tenant_id = m.tenant_id and x.message_id = m.id order by x.seen_at desc limit 1) "externalId"
     from messages m where m.tenant_id = $1 and m.conversation_id = $2 and m.id = $3`,
    [tx.tenantId, conversationId, id],
  );
  return row;
}

/** What was sent under an id: a message, or a reaction with the message it is about. */
export interface Sent {
  conversationId: string;
  chatId: string;
  memberId: string | null;
  content: Content | null;
  replyTo: string | null;
  reaction: { messageId: string; emoji: string } | null;
}

export async function findSent(tx: TenantTx, id: string): Promise<Sent | undefined> {
  const [row] = await run<Sent>(
    tx.raw,
    `select m.conversation_id "conversationId", m.chat_id "chatId", m.sender_member_id "memberId", m.content,
       m.quote->>'messageId' "replyTo", null::json reaction from messages m where m.tenant_id = $1 and m.id = $2
     union all
     select d.conversation_id, d.chat_id, d.member_id, null, null, json_build_object('messageId', d.message_id, 'emoji', coalesce(d.emoji, ''))
     from deliveries d where d.tenant_id = $1 and d.id = $2 and d.kind = 'reaction' limit 1`,
    [tx.tenantId, id],
  );
  return row;
}
