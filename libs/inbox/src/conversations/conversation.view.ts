import { providerOf } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import type { ConversationBase, ConversationStatus } from '@parley/contracts/conversations';
import type { Message } from '@parley/contracts/messages';
import { deliveryStatus } from '@parley/db/delivery-rank';
import type { Audience } from '@parley/platform/events';
import { columns, run } from '@parley/platform/statements';
import type { Sql } from '@parley/db/sql';

/** What the API shows of `c` and its account `a`: lists, events and answers all read it here. Each knows how it comes by the rest. */
export const conversationColumns = (parts: {
  labels: string;
  ticks: string;
}) => `c.tenant_id, c.id, c.kind, c.account_id, c.chat_id, c.title, c.contact_id, c.status, c.assignee_id, c.team_id, c.received, c.answered,
    c.last_message_id, c.last_direction, c.last_type, c.preview, c.last_sender, ${parts.ticks} last_delivery,
    extract(epoch from c.waiting_since) * 1000 waiting_ms, extract(epoch from c.last_inbound_at) * 1000 inbound_ms,
    extract(epoch from c.last_message_at) * 1000 last_ms, extract(epoch from c.created_at) * 1000 created_ms, a.provider, a.config,
    ${parts.labels} label_ids`;

/** The labels of `c`. */
export const LABELS = `array(select l.label_id from conversation_labels l where l.tenant_id = c.tenant_id and l.conversation_id = c.id order by 1)`;

const BY_KEYS = `select ${conversationColumns({
  labels: LABELS,
  ticks: 'm.delivery',
})} from unnest($1::uuid[], $2::uuid[]) u(t, i) join conversations c on c.tenant_id = u.t and c.id = u.i
  join accounts a on a.tenant_id = c.tenant_id and a.id = c.account_id
  left join messages m on m.tenant_id = c.tenant_id and m.id = case c.last_direction when 'outbound' then c.last_message_id end`;

export interface ConversationRow {
  tenant_id: string;
  id: string;
  kind: ConversationBase['kind'];
  account_id: string;
  chat_id: string;
  title: string;
  contact_id: string | null;
  status: ConversationStatus;
  assignee_id: string | null;
  team_id: string | null;
  received: number;
  answered: number;
  last_message_id: string | null;
  last_direction: Message['direction'] | null;
  last_type: string | null;
  preview: string | null;
  last_sender: string | null;
  last_delivery: number | null;
  waiting_ms: number | null;
  inbound_ms: number | null;
  last_ms: number;
  created_ms: number;
  provider: ProviderName;
  config: Record<string, unknown>;
  label_ids: string[];
}

export function toConversation(row: ConversationRow): ConversationBase {
  return {
    id: row.id,
    kind: row.kind,
    accountId: row.account_id,
    chatId: row.chat_id,
    title: row.title,
    contactId: row.contact_id,
    status: row.status,
    assigneeId: row.assignee_id,
    teamId: row.team_id,
    labelIds: row.label_ids,
    lastMessage: lastMessageOf(row),
    lastMessageAt: iso(row.last_ms),
    waitingSince: row.waiting_ms === null ? null : iso(row.waiting_ms),
    window: windowOf(row),
    received: Number(row.received),
    answered: Number(row.answered),
    createdAt: iso(row.created_ms),
  };
}

function lastMessageOf(row: ConversationRow): ConversationBase['lastMessage'] {
  if (!row.last_message_id || !row.last_direction) return null;
  return {
    id: row.last_message_id,
    direction: row.last_direction,
    type: row.last_type ?? 'text',
    preview: row.preview ?? '',
    senderName: row.last_sender,
    deliveryStatus: row.last_delivery === null ? null : deliveryStatus(row.last_delivery),
  };
}

function windowOf(row: ConversationRow): ConversationBase['window'] {
  const { windowHours } = providerOf(row.provider).capabilities(row.config);
  if (windowHours === null) return null;
  return { closesAt: row.inbound_ms === null ? null : iso(Number(row.inbound_ms) + windowHours * 3_600_000) };
}

/** Conversations as the API shows them, of one or several tenants, in no particular order. */
export async function loadConversations(
  sql: Sql,
  keys: { tenantId: string; id: string }[],
): Promise<ConversationBase[]> {
  if (!keys.length) return [];
  const rows = await sql.unsafe<ConversationRow[]>(BY_KEYS, [keys.map((k) => k.tenantId), keys.map((k) => k.id)], {
    prepare: true,
  });
  return rows.map(toConversation);
}

/** What a conversation shows besides its own row. */
export interface Surroundings {
  labelIds: Map<string, string[]>;
  accounts: Map<string, Pick<ConversationRow, 'provider' | 'config'>>;
}

interface Key {
  tenantId: string;
  id: string;
}

const SURROUNDINGS = `select l.conversation_id id, l.label_id, null provider, null::jsonb config from unnest($1::uuid[], $2::uuid[]) u(t, i)
    join conversation_labels l on l.tenant_id = u.t and l.conversation_id = u.i
  union all select a.id, null, a.provider, a.config from unnest($3::uuid[], $4::uuid[]) u(t, i)
    join accounts a on a.tenant_id = u.t and a.id = u.i
  order by 1, 2`;

/** For who holds conversations locked and knows their rows: the rest of what `toConversation` takes. */
export async function loadSurroundings(sql: Sql, conversations: Key[], accounts: Key[]): Promise<Surroundings> {
  const keys = (list: Key[]) =>
    columns(
      list,
      (k) => k.tenantId,
      (k) => k.id,
    );
  const rows = await run<Pick<ConversationRow, 'provider' | 'config'> & { id: string; label_id: string | null }>(
    sql,
    SURROUNDINGS,
    [...keys(conversations), ...keys(accounts)],
  );
  const found: Surroundings = { labelIds: new Map(), accounts: new Map() };
  for (const { id, label_id: label, provider, config } of rows) {
    if (label === null) found.accounts.set(id, { provider, config });
    else found.labelIds.set(id, [...(found.labelIds.get(id) ?? []), label]);
  }
  return found;
}

/** Who has a conversation, and who had it. */
export type Holders = Pick<ConversationBase, 'assigneeId' | 'teamId'>;

/** Who may see what happens in a conversation. `was`: where it has just been handed on. */
export function audienceOfConversation(
  conversation: Pick<ConversationBase, 'id' | 'accountId'> & Holders,
  was: Holders = conversation,
): Audience {
  const { id, accountId, assigneeId, teamId } = conversation;
  const before = { wasAssigneeId: was.assigneeId, wasTeamId: was.teamId };
  return { to: 'conversation', conversationId: id, accountId, assigneeId, teamId, ...before };
}

function iso(ms: number): string {
  return new Date(Number(ms)).toISOString();
}
