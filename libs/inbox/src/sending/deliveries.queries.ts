import type { Address } from '@parley/channels/provider';
import type { ProviderName } from '@parley/contracts/accounts';
import { run } from '@parley/platform/statements';
import type { TenantTx } from '@parley/platform/tenant-db';
import type { Sql } from '@parley/db/sql';
import type { OutboundRow } from './claim.queries';

/** One more to send: a message, or a reaction to one, whose `emoji` is empty when it is taken back. */
export interface Queued {
  /** Of a message its own id. */
  deliveryId: string;
  kind: 'message' | 'reaction';
  messageId: string;
  conversationId: string;
  chatId: string;
  accountId: string;
  emoji?: string;
  /** Null: a program's. */
  memberId: string | null;
}

const DAY_MS = 24 * 3_600_000;

/** The place after everything that its chat still waits to send, µs. */
const LAST_PLACE = (chat: string) => `greatest(($2::float8 * 1000)::bigint, 1 + coalesce((
    select max(w.place) from deliveries w where w.tenant_id = $1 and w.chat_id = ${chat} and w.status = 0 and not w.head), 0), 1 + coalesce((
    select h.place from deliveries h where h.tenant_id = $1 and h.chat_id = ${chat} and h.head), 0))`;
const FREE = (chat: string) =>
  `not exists (select from deliveries h where h.tenant_id = $1 and h.chat_id = ${chat} and h.head)`;

const INSERT = `insert into deliveries (tenant_id, id, account_id, chat_id, conversation_id, message_id, kind, emoji, file, member_id, head, place,
    due_at, expires_at)
  select m.tenant_id, $3::uuid, $4::uuid, $5::uuid, m.conversation_id, m.id, $8, $9, $8 = 'message' and m.content->>'type' = 'media', $10::uuid, ${FREE('$5')}, ${LAST_PLACE('$5')},
    to_timestamp($2::float8 / 1000), to_timestamp($11::float8 / 1000)
  from messages m where m.tenant_id = $1 and m.id = $7 and m.conversation_id = $6`;

/** Of a message that stands in that conversation: of another's nothing is queued. */
export async function insertDelivery(tx: TenantTx, input: Queued, nowMs: number): Promise<void> {
  const { deliveryId, accountId, chatId, conversationId, messageId, kind, emoji = null, memberId } = input;
  const keys = [deliveryId, accountId, chatId, conversationId, messageId, kind, emoji, memberId];
  await run(tx.raw, INSERT, [tx.tenantId, nowMs, ...keys, nowMs + DAY_MS]);
}

/** How a message's own delivery stands, or that of a reaction by its id. */
export async function findDelivery(
  tx: Pick<TenantTx, 'raw' | 'tenantId'>,
  id: string,
): Promise<{ status: number; head: boolean } | undefined> {
  const rows = await run<{ status: number; head: boolean }>(
    tx.raw,
    'select status, head from deliveries where tenant_id = $1 and id = $2 for no key update',
    [tx.tenantId, id],
  );
  return rows[0];
}

const AGAIN = `with d as (update deliveries d set status = 0, reason = null, detail = null, tries = 0, head = ${FREE('d.chat_id')},
    place = ${LAST_PLACE('d.chat_id')}, due_at = to_timestamp($2::float8 / 1000), expires_at = to_timestamp($4::float8 / 1000)
    where d.tenant_id = $1 and d.id = $3 returning d.message_id)
  update messages m set delivery = 0, delivery_reason = null, delivery_detail = null, delivery_at = to_timestamp($2::float8 / 1000)
  from d where m.tenant_id = $1 and m.id = d.message_id`;

export async function queueAgain(tx: TenantTx, messageId: string, nowMs: number): Promise<void> {
  await run(tx.raw, AGAIN, [tx.tenantId, nowMs, messageId, nowMs + DAY_MS]);
}

/** Heads of an account that wait for a later time are due now. What they lose of their waiting they also lose of their time. */
export async function wakeHeads(tx: TenantTx, accountId: string, nowMs: number): Promise<void> {
  await run(
    tx.raw,
    `update deliveries set due_at = to_timestamp($3::float8 / 1000), expires_at = expires_at - (due_at - to_timestamp($3::float8 / 1000))
     where tenant_id = $1 and account_id = $2 and head and status = 0 and due_at > to_timestamp($3::float8 / 1000)`,
    [tx.tenantId, accountId, nowMs],
  );
}

/** How to reach the customer of a conversation, with what they wrote last. */
export interface RoadRow extends Pick<OutboundRow, 'chat_kind' | 'chat_address' | 'addresses'> {
  tenant_id: string;
  account_id: string;
  provider: ProviderName;
  config: Record<string, unknown>;
  credentials: string;
  /** Oldest first. */
  inbound: { externalId: string; author: Address | null }[] | null;
}

const ROAD = `select c.tenant_id, a.id account_id, a.provider, a.config, a.credentials, ch.kind chat_kind, ch.external_id chat_address, (
      select json_agg(json_build_object('kind', i.kind, 'address', ca.address))
      from chat_addresses ca left join identities i on i.tenant_id = ca.tenant_id and i.contact_id = ch.contact_id and i.address = ca.address
      where ca.tenant_id = ch.tenant_id and ca.chat_id = ch.id) addresses, (
      select json_agg(json_build_object('externalId', l.external_id, 'author', (
          select json_build_object('kind', i.kind, 'address', i.address) from identities i
          where i.tenant_id = c.tenant_id and i.contact_id = l.sender_contact_id order by i.kind = 'phone' desc limit 1)) order by l.position)
      from (select m.position, m.sender_contact_id, x.external_id from messages m
        join externals x on x.tenant_id = m.tenant_id and x.message_id = m.id and x.account_id = a.id
        where m.tenant_id = c.tenant_id and m.conversation_id = c.id and m.chat_id = ch.id and m.direction = 'inbound'
        order by m.position desc nulls last limit $3) l) inbound
  from conversations c
  join chats ch on ch.tenant_id = c.tenant_id and ch.id = c.chat_id
  join accounts a on a.tenant_id = ch.tenant_id and a.id = ch.account_id and a.state = 'connected'
  where c.tenant_id = $1 and c.id = $2`;

export async function findRoad(
  sql: Sql,
  { tenantId, conversationId }: { tenantId: string; conversationId: string },
  messages: number,
): Promise<RoadRow | undefined> {
  const rows = await run<RoadRow>(sql, ROAD, [tenantId, conversationId, messages]);
  return rows[0];
}
