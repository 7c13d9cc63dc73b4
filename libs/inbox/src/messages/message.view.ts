import { providerOf } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import type { Content } from '@parley/contracts/content';
import type { Delivery, Message, Refusal } from '@parley/contracts/messages';
import { deliveryRank, deliveryStatus } from '@parley/db/delivery-rank';
import type { Sql } from '@parley/db/sql';
import { canMessage } from '../people/can';
import { previewOf } from './preview';

/** What everybody reacted to `m`, as JSON. */
const reactionsOf = (source: string) =>
  `(select json_agg(json_build_object('emoji', r.emoji, 'by', r.name, 'own', r.actor = 'us') order by r.at, r.actor) from ${source})`;
const REACTIONS = reactionsOf(
  'reactions r where r.tenant_id = m.tenant_id and r.message_id = m.id and r.emoji is not null',
);

/**
 * What the API shows of messages: lists, events and answers all read it here. `source` yields `m`; a `where` may follow.
 * Behind fences (`offset 0`), because under row-level security no index is used for a condition with `->>` or `coalesce`,
 * which could leak, and each message would read the whole tenant; and because a fenced part whose own condition does not
 * hold reads nothing: few messages quote, and only of those that went wrong does anybody ask for the delivery.
 */
export const selectMessages = (
  source = 'messages m',
  reactions = REACTIONS,
) => `select m.tenant_id, m.id, m.conversation_id, m.chat_id, m.direction, m.content, m.sender_contact_id,
    m.sender_member_id, m.sender_name, m.origin, m.quote, m.forwarded, m.position, m.dated, m.late,
    extract(epoch from m.created_at) * 1000 created_ms, extract(epoch from m.edited_at) * 1000 edited_ms,
    extract(epoch from m.deleted_at) * 1000 deleted_ms, m.delivery, m.delivery_reason, m.delivery_detail,
    extract(epoch from m.delivery_at) * 1000 delivery_ms, o.id quoted_id, o.sender_name quoted_sender, o.content quoted_content,
    ${reactions} reactions, d.provider, d.config, d.head
  from ${source}
  left join lateral (select a.provider, a.config, x.head from deliveries x
    join accounts a on a.tenant_id = x.tenant_id and a.id = x.account_id
    where x.tenant_id = m.tenant_id and x.id = m.id and m.delivery in (${deliveryRank.unknown}, ${deliveryRank.failed}) offset 0) d on true
  cross join lateral (select (m.quote->>'messageId')::uuid id, m.quote->>'externalId' external_id offset 0) q
  cross join lateral (select coalesce(q.id, (select x.message_id from chats ch cross join lateral (select x.message_id from externals x
      where x.tenant_id = ch.tenant_id and x.account_id = ch.account_id and x.scope = '' and x.external_id = q.external_id offset 0) x
    where ch.tenant_id = m.tenant_id and ch.id = m.chat_id and q.external_id is not null)) id offset 0) quoted
  left join lateral (select o.id, o.sender_name, o.content from messages o where o.tenant_id = m.tenant_id and o.id = quoted.id offset 0) o on true`;

/** The same of one page, with its reactions read in one go. `page` yields rows of `messages`; $1 is the tenant. */
export const selectPage = (page: string) => `with p as materialized (${page}),
  given as materialized (select * from reactions where tenant_id = $1 and message_id = any(array(select id from p)) and emoji is not null)
  ${selectMessages('p m', reactionsOf('given r where r.message_id = m.id'))} order by m.position desc, m.id desc`;

export interface MessageRow {
  tenant_id: string;
  id: string;
  conversation_id: string;
  chat_id: string;
  direction: Message['direction'];
  content: Content;
  sender_contact_id: string | null;
  sender_member_id: string | null;
  sender_name: string | null;
  origin: Message['origin'];
  quote: { externalId: string | null; messageId: string | null; author: string | null; text: string | null } | null;
  forwarded: boolean;
  position: number;
  dated: number | null;
  late: boolean;
  created_ms: number;
  edited_ms: number | null;
  deleted_ms: number | null;
  delivery: number | null;
  delivery_reason: Refusal | null;
  delivery_detail: string | null;
  delivery_ms: number | null;
  quoted_id: string | null;
  quoted_sender: string | null;
  quoted_content: Content | null;
  reactions: Message['reactions'] | null;
  /** Of our own delivery, if it failed or nobody knows. */
  provider: ProviderName | null;
  config: Record<string, unknown> | null;
  head: boolean | null;
}

export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversation_id,
    chatId: row.chat_id,
    direction: row.direction,
    content: row.content,
    sender: { contactId: row.sender_contact_id, memberId: row.sender_member_id, name: row.sender_name },
    origin: row.origin,
    quote: row.quote && {
      messageId: row.quoted_id,
      author: row.quoted_sender ?? row.quote.author,
      text: row.quote.text ?? (row.quoted_content ? previewOf(row.quoted_content) : null),
    },
    forwarded: row.forwarded,
    reactions: row.reactions ?? [],
    delivery: toDelivery(row),
    sentAt: iso(row.dated === null ? row.created_ms : row.dated / 1000),
    createdAt: iso(row.created_ms),
    // What becomes of a call is no edit, nor is a vote in a poll: its time only orders what the provider tells of it.
    editedAt: row.edited_ms === null || ['call', 'poll'].includes(row.content.type) ? null : iso(row.edited_ms),
    deletedAt: row.deleted_ms === null ? null : iso(row.deleted_ms),
    late: row.late,
    can: canMessage(row, { deleted: row.deleted_ms !== null }),
    position: Number(row.position),
  };
}

function toDelivery(row: MessageRow): Delivery | null {
  if (row.delivery === null) return null;
  const unknown = row.delivery === deliveryRank.unknown;
  const { provider, config } = row;
  return {
    status: deliveryStatus(row.delivery),
    reason: row.delivery_reason,
    detail: row.delivery_detail,
    at: iso(row.delivery_ms ?? row.created_ms),
    // While it holds its chat an unknown one may still be resolved.
    canRetry: provider !== null && (row.delivery === deliveryRank.failed || (unknown && !row.head)),
    canCheck: provider !== null && unknown && providerOf(provider).capabilities(config ?? {}).lookUp,
  };
}

const BY_KEYS = selectMessages(
  'unnest($1::uuid[], $2::uuid[]) u(t, i) join messages m on m.tenant_id = u.t and m.id = u.i',
);

/** Messages as the API shows them, of one or several tenants, in no particular order. */
export async function loadMessages(sql: Sql, keys: { tenantId: string; id: string }[]): Promise<Message[]> {
  if (!keys.length) return [];
  const rows = await sql.unsafe<MessageRow[]>(BY_KEYS, [keys.map((k) => k.tenantId), keys.map((k) => k.id)], {
    prepare: true,
  });
  return rows.map(toMessage);
}

/** What a new message has not that quotes nothing, and that nobody has changed. */
const untouched = {
  sender_member_id: null,
  quote: null,
  quoted_id: null,
  quoted_sender: null,
  quoted_content: null,
  edited_ms: null,
  deleted_ms: null,
  reactions: null,
  delivery_reason: null,
  delivery_detail: null,
  provider: null,
  config: null,
  head: null,
} satisfies Partial<MessageRow>;

/** A new message as the API will show it, by those who are about to write it: it would be read back the same. */
export function newMessageView(
  row: Omit<MessageRow, keyof typeof untouched> & Partial<Pick<MessageRow, 'sender_member_id'>>,
): Message {
  return toMessage({ ...untouched, ...row });
}

function iso(ms: number): string {
  return new Date(Number(ms)).toISOString();
}
