import { columns, run } from '@parley/platform/statements';
import type { Content } from '@parley/contracts/content';
import type { TransactionSql } from 'postgres';
import type { ConversationState } from './batch';
import type { Placed } from './place';

/** A message as it is about to stand in its thread. */
export interface NewMessage extends Placed {
  id: string;
  direction: 'inbound' | 'outbound' | 'system';
  content: Content;
  senderContactId: string | null;
  senderName: string | null;
  origin: 'phone' | 'elsewhere' | null;
  quote: { externalId: string; messageId: null; author: string | null; text: string | null } | null;
  forwarded: boolean;
  /** A system line has no date of a provider. */
  hasDate: boolean;
  delivery: number | null;
  deliveryAtMs: number | null;
  deletedAtMs: number | null;
  webhookKey: string | null;
  correlationId: string;
}

const INSERT_MESSAGES = `insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_contact_id, sender_name,
    origin, quote, forwarded, position, dated, late, delivery, delivery_at, deleted_at, webhook_key)
  select t, i, cv, ch, dir, c::jsonb, sc, sn, o, q::jsonb, f, p, d, l, dl, to_timestamp(da / 1000), to_timestamp(de / 1000), w
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[],
    $11::boolean[], $12::bigint[], $13::bigint[], $14::boolean[], $15::smallint[], $16::float8[], $17::float8[], $18::uuid[])
    u(t, i, cv, ch, dir, c, sc, sn, o, q, f, p, d, l, dl, da, de, w)`;

export function insertMessages(sql: TransactionSql, news: NewMessage[]) {
  return run(
    sql,
    INSERT_MESSAGES,
    columns(
      news,
      (m) => m.chat.tenantId,
      (m) => m.id,
      (m) => m.chat.conversation.id,
      (m) => m.chat.id,
      (m) => m.direction,
      (m) => JSON.stringify(m.content),
      (m) => m.senderContactId,
      (m) => m.senderName,
      (m) => m.origin,
      (m) => m.quote && JSON.stringify(m.quote),
      (m) => m.forwarded,
      (m) => m.position,
      (m) => (m.hasDate ? m.dated : null),
      (m) => m.late,
      (m) => m.delivery,
      (m) => m.deliveryAtMs,
      (m) => m.deletedAtMs,
      (m) => m.webhookKey,
    ),
  );
}

const UPDATE_CONVERSATIONS = `update conversations c set account_id = u.a, chat_id = u.ch, title = u.ti, search_text = u.st, status = u.s,
    assignee_id = u.asg, received = u.r, answered = u.an, waiting_since = to_timestamp(u.w / 1000), last_inbound_at = to_timestamp(u.li / 1000),
    newest = u.n, dated = u.d, last_message_at = to_timestamp(u.la / 1000),
    last_message_id = coalesce(u.lm, c.last_message_id), last_direction = coalesce(u.ld, c.last_direction),
    last_type = coalesce(u.lt, c.last_type), preview = coalesce(u.lp, c.preview),
    last_sender = case when u.lm is null then c.last_sender else u.ls end
  from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::bigint[], $10::bigint[],
    $11::float8[], $12::float8[], $13::bigint[], $14::bigint[], $15::float8[], $16::uuid[], $17::text[], $18::text[], $19::text[], $20::text[])
    u(t, i, a, ch, ti, st, s, asg, r, an, w, li, n, d, la, lm, ld, lt, lp, ls)
  where c.tenant_id = u.t and c.id = u.i`;

export function updateConversations(sql: TransactionSql, touched: ConversationState[]) {
  return run(
    sql,
    UPDATE_CONVERSATIONS,
    columns(
      touched,
      (c) => c.tenantId,
      (c) => c.id,
      (c) => c.accountId,
      (c) => c.chatId,
      (c) => c.title,
      (c) => c.searchText,
      (c) => c.status,
      (c) => c.assigneeId,
      (c) => c.received,
      (c) => c.answered,
      (c) => c.waitingMs,
      (c) => c.inboundMs,
      (c) => c.newest,
      (c) => c.dated,
      (c) => c.lastMs,
      (c) => c.last?.id ?? null,
      (c) => c.last?.direction ?? null,
      (c) => c.last?.type ?? null,
      (c) => c.last?.preview ?? null,
      (c) => c.last?.sender ?? null,
    ),
  );
}
