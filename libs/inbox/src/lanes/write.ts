import { columns, textColumn, textList, run } from '@parley/platform/statements';
import type { FileHandle } from '@parley/channels/provider';
import type { Content } from '@parley/contracts/content';
import type { Sql } from '@parley/db/sql';
import type { ConversationState } from './batch';
import type { PendingRow } from './lanes.queries';
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
  delivery: number | null;
  deliveryAtMs: number | null;
  deletedAtMs: number | null;
  webhookKey: string | null;
  correlationId: string;
  /** How to fetch the file of its content. */
  handle: FileHandle | null;
}

/**
 * What a batch writes at least, in one statement: its messages, their conversations, and the rows that leave the queue.
 * It says the tenants once more: on a connection that came back without its transaction the setting is empty, and no row
 * leaves.
 */
const WRITE = `with m as (
    insert into messages (tenant_id, id, conversation_id, chat_id, direction, content, sender_contact_id, sender_name,
      origin, quote, forwarded, position, dated, late, delivery, delivery_at, deleted_at, webhook_key)
    select t, i, cv, ch, dir, c::jsonb, sc, sn, o, q::jsonb, f, p, d, l, dl, to_timestamp(da / 1000), to_timestamp(de / 1000), w
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::text[], $8::text[], $9::text[],
      $10::boolean[], $11::bigint[], $12::bigint[], $13::boolean[], $14::smallint[], $15::float8[], $16::float8[], $17::uuid[],
      ${textList('$18')})
      u(t, i, cv, ch, dir, sc, sn, o, q, f, p, d, l, dl, da, de, w, c)),
  c as (
    update conversations c set account_id = u.a, chat_id = u.ch, title = u.ti, search_text = u.st, status = u.s,
      assignee_id = u.asg, received = u.r, answered = u.an, waiting_since = to_timestamp(u.w / 1000), last_inbound_at = to_timestamp(u.li / 1000),
      newest = u.n, dated = u.d, last_message_at = to_timestamp(u.la / 1000),
      last_message_id = coalesce(u.lm, c.last_message_id), last_direction = coalesce(u.ld, c.last_direction),
      last_type = coalesce(u.lt, c.last_type), preview = coalesce(u.lp, c.preview),
      last_sender = case when u.lm is null then c.last_sender else u.ls end
    from unnest($19::uuid[], $20::uuid[], $21::uuid[], $22::uuid[], $23::text[], $24::text[], $25::text[], $26::uuid[], $27::bigint[], $28::bigint[],
      $29::float8[], $30::float8[], $31::bigint[], $32::bigint[], $33::float8[], $34::uuid[], $35::text[], $36::text[], $37::text[], $38::text[])
      u(t, i, a, ch, ti, st, s, asg, r, an, w, li, n, d, la, lm, ld, lt, lp, ls)
    where c.tenant_id = u.t and c.id = u.i)
  delete from pending q using unnest($39::uuid[], $40::date[], $41::uuid[]) u(t, d, k)
  where q.tenant_id = u.t and q.received_on = u.d and q.key = u.k
    and u.t = any((select nullif(current_setting('app.tenant_ids', true), '')::uuid[])::uuid[])`;

/** New messages in their places, conversations as they stand now, and rows that are done. */
export interface Writes {
  messages: NewMessage[];
  conversations: ConversationState[];
  done: Pick<PendingRow, 'tenant_id' | 'received_on' | 'key'>[];
}

export function write(sql: Sql, { messages, conversations, done }: Writes) {
  const contents = textColumn(messages.map((m) => JSON.stringify(m.content)));
  return run(sql, WRITE, [
    ...messageColumns(messages),
    contents,
    ...conversationColumns(conversations),
    ...columns(
      done,
      (r) => r.tenant_id,
      (r) => r.received_on,
      (r) => r.key,
    ),
  ]);
}

function messageColumns(messages: NewMessage[]) {
  return columns(
    messages,
    (m) => m.chat.tenantId,
    (m) => m.id,
    (m) => m.chat.conversation.id,
    (m) => m.chat.id,
    (m) => m.direction,
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
  );
}

function conversationColumns(conversations: ConversationState[]) {
  return columns(
    conversations,
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
  );
}
