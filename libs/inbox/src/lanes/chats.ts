import { columns, run } from '@parley/platform/statements';
import { uuid7 } from '@parley/db/uuid';
import type { Sql } from '@parley/db/sql';
import { searchTextOf } from '../conversations/search-text';
import { Retry, uniqueBy, type ChatState, type ConversationState } from './batch';
import type { People } from './people';
import { chatAddressesOf, chatOf, externalOf, isTold, type Told } from './told';

/**
 * The mutexes of a batch, in id order: conversations of the chats, of the messages that statuses and changes name, and of
 * the attempts that statuses refer to. Sorting an array would not order locks. What is looked up by provider's ids is fenced
 * (`offset 0`), or a plan from a new table goes through all of them.
 */
const LOCK = `with t as materialized (
    select ca.tenant_id, ca.chat_id, ca.account_id, ca.address, null::uuid reference, null::uuid message_id
      from unnest($1::uuid[], $2::uuid[], $3::text[]) u(t, a, d)
      join chat_addresses ca on ca.tenant_id = t and ca.account_id = a and ca.address = d
    union all
    select t, m.chat_id, a, null, null, null from unnest($4::uuid[], $5::uuid[], $6::text[]) u(t, a, e)
      cross join lateral (select x.message_id from externals x where x.tenant_id = t and x.account_id = a and x.scope = '' and x.external_id = e offset 0) x
      cross join lateral (select m.chat_id from messages m where m.tenant_id = t and m.id = x.message_id offset 0) m
    union all
    select d.tenant_id, d.chat_id, d.account_id, null, at.id, case when d.kind = 'message' then d.message_id end
      from unnest($7::uuid[], $8::uuid[]) u(t, r)
      join attempts at on at.tenant_id = t and at.id = r
      join deliveries d on d.tenant_id = t and d.id = at.delivery_id)
  select t.tenant_id, t.chat_id, t.account_id chat_account_id, t.address, t.reference, t.message_id, ch.kind chat_kind,
    ch.contact_id chat_contact_id, extract(epoch from ch.members_at) * 1000 members_ms, c.id, c.kind, c.account_id,
    c.chat_id last_chat_id, c.contact_id, c.title, c.search_text, c.status,
    c.assignee_id, c.team_id, exists (select from members mb where mb.tenant_id = c.tenant_id and mb.id = c.assignee_id and mb.active) assignee_active,
    c.received, c.answered, extract(epoch from c.waiting_since) * 1000 waiting_ms, extract(epoch from c.last_inbound_at) * 1000 inbound_ms,
    c.newest, c.dated, extract(epoch from c.last_message_at) * 1000 last_ms, extract(epoch from c.created_at) * 1000 created_ms
  from t join chats ch on ch.tenant_id = t.tenant_id and ch.id = t.chat_id
  join conversations c on c.tenant_id = t.tenant_id and c.id = ch.conversation_id
  order by c.id for no key update of c`;

interface LockedRow {
  tenant_id: string;
  chat_id: string;
  chat_account_id: string;
  address: string | null;
  reference: string | null;
  message_id: string | null;
  chat_kind: ChatState['kind'];
  chat_contact_id: string | null;
  members_ms: number | null;
  id: string;
  kind: ConversationState['kind'];
  account_id: string;
  last_chat_id: string;
  contact_id: string | null;
  title: string;
  search_text: string;
  status: ConversationState['status'];
  assignee_id: string | null;
  assignee_active: boolean;
  team_id: string | null;
  received: number;
  answered: number;
  waiting_ms: number | null;
  inbound_ms: number | null;
  newest: number;
  dated: number;
  last_ms: number;
  created_ms: number;
}

export function lockChats(sql: Sql, told: Told[]): Promise<LockedRow[]> {
  const addresses = uniqueBy(
    told.flatMap((one) =>
      namesOf(one).map((address) => ({ tenantId: one.tenantId, accountId: one.accountId, address })),
    ),
    (a) => a.accountId + a.address,
  );
  const externals = uniqueBy(
    told.flatMap((one) => {
      const externalId = externalOf(one);
      return externalId === undefined ? [] : [{ tenantId: one.tenantId, accountId: one.accountId, externalId }];
    }),
    (x) => x.accountId + x.externalId,
  );
  const references = told.filter(isTold('delivery.updated')).filter((s) => isUuid(s.event.reference));
  return run<LockedRow>(sql, LOCK, [
    ...columns(
      addresses,
      (a) => a.tenantId,
      (a) => a.accountId,
      (a) => a.address,
    ),
    ...columns(
      externals,
      (x) => x.tenantId,
      (x) => x.accountId,
      (x) => x.externalId,
    ),
    ...columns(
      references,
      (s) => s.tenantId,
      (s) => s.event.reference ?? null,
    ),
  ]);
}

const NEW_CHATS = `with u as (
    select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[], $9::text[], $10::text[])
      u(tenant_id, id, chat_id, account_id, kind, external_id, contact_id, title, search_text, status)),
  c as (insert into conversations (tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status)
    select tenant_id, id, kind, account_id, chat_id, contact_id, title, search_text, status from u),
  ch as (insert into chats (tenant_id, id, account_id, conversation_id, kind, external_id, contact_id)
    select tenant_id, chat_id, account_id, id, kind, external_id, contact_id from u order by 1, 3, 6 on conflict do nothing returning id)
  select count(*)::int made from ch`;

const ADD_ADDRESSES = `with i as (insert into chat_addresses (tenant_id, account_id, address, chat_id)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[]) order by 1, 2, 3 on conflict do nothing returning chat_id)
  select count(*)::int made from i`;

/** Chats of a batch by any of their addresses, their conversations locked. */
export class Chats {
  readonly conversations = new Map<string, ConversationState>();
  private readonly byAddress = new Map<string, ChatState>();
  private readonly byId = new Map<string, ChatState>();
  private readonly fresh = new Set<ChatState>();
  /** Attempts that statuses referred to, with the message each is of (a reaction is of none). */
  readonly references = new Map<string, { messageId: string | null }>();

  constructor(rows: LockedRow[]) {
    for (const row of rows) {
      const chat = this.byId.get(row.chat_id) ?? this.addChat(row);
      if (row.address !== null) this.name(chat, row.address);
      if (row.reference !== null) this.references.set(row.reference, { messageId: row.message_id });
    }
  }

  find(accountId: string, addresses: string[]): ChatState | undefined {
    for (const address of addresses) {
      const chat = this.byAddress.get(`${accountId} ${address}`);
      if (chat) return chat;
    }
    return undefined;
  }

  all(): Iterable<ChatState> {
    return this.byId.values();
  }

  /** The chat that an event speaks of. */
  of(told: Told): ChatState | undefined {
    return this.find(told.accountId, namesOf(told));
  }

  knows(accountId: string, address: string): boolean {
    return this.byAddress.has(`${accountId} ${address}`);
  }

  name(chat: ChatState, address: string): void {
    this.byAddress.set(`${chat.accountId} ${address}`, chat);
  }

  add(chat: ChatState): void {
    this.byId.set(chat.id, chat);
    this.conversations.set(chat.conversation.id, chat.conversation);
  }

  /** Nobody had written in it before this batch. */
  isFresh(chat: ChatState): boolean {
    return this.fresh.has(chat);
  }

  /** Those that were there before this batch. */
  known(): ConversationState[] {
    const fresh = new Set([...this.fresh].map((chat) => chat.conversation));
    return [...this.conversations.values()].filter((conversation) => !fresh.has(conversation));
  }

  meet(chat: ChatState): void {
    this.fresh.add(chat);
    this.add(chat);
  }

  private addChat(row: LockedRow): ChatState {
    const conversation = this.conversations.get(row.id) ?? conversationOf(row);
    const {
      tenant_id: tenantId,
      chat_id: id,
      chat_account_id: accountId,
      chat_kind: kind,
      chat_contact_id: contactId,
    } = row;
    const membersMs = row.members_ms === null ? null : Number(row.members_ms);
    const chat: ChatState = { tenantId, id, accountId, kind, contactId, membersMs, conversation };
    this.add(chat);
    return chat;
  }
}

/** Makes the chats that the batch's messages need and nobody has met, and learns new names of known ones. */
export async function resolveChats(
  sql: Sql,
  told: Told[],
  rows: LockedRow[],
  people: People,
  createdMs: number,
): Promise<Chats> {
  const chats = new Chats(rows);
  const fresh: ChatState[] = [];
  const names: { chat: ChatState; address: string; fresh: boolean }[] = [];
  for (const one of told) {
    const makes = isTold('message.received')(one) || (one.event.type === 'unreadable' && chatOf(one) !== undefined);
    if (!makes && one.event.type !== 'contact.linked') continue;
    const addresses = namesOf(one);
    let chat = chats.find(one.accountId, addresses);
    const isFresh = !chat && makes;
    if (!chat && makes) {
      chat = newChat(one, people, createdMs);
      fresh.push(chat);
      chats.meet(chat);
    }
    if (!chat) continue;
    for (const address of addresses) {
      if (chats.knows(one.accountId, address)) continue;
      names.push({ chat, address, fresh: isFresh || fresh.includes(chat) });
      chats.name(chat, address);
    }
  }
  if (fresh.length) await addChats(sql, fresh, names);
  if (names.length) await addNames(sql, names);
  return chats;
}

async function addChats(sql: Sql, fresh: ChatState[], names: { chat: ChatState; address: string }[]): Promise<void> {
  const first = new Map(names.map(({ chat, address }) => [chat, address] as const).reverse());
  const [answer] = await run<{ made: number }>(
    sql,
    NEW_CHATS,
    columns(
      fresh,
      (c) => c.tenantId,
      (c) => c.conversation.id,
      (c) => c.id,
      (c) => c.accountId,
      (c) => c.kind,
      (c) => first.get(c) ?? null,
      (c) => c.contactId,
      (c) => c.conversation.title,
      (c) => c.conversation.searchText,
      (c) => c.conversation.status,
    ),
  );
  if (answer?.made !== fresh.length) throw new Retry('somebody else made this chat first');
}

async function addNames(sql: Sql, names: { chat: ChatState; address: string; fresh: boolean }[]): Promise<void> {
  const [answer] = await run<{ made: number }>(
    sql,
    ADD_ADDRESSES,
    columns(
      names,
      (n) => n.chat.tenantId,
      (n) => n.chat.accountId,
      (n) => n.address,
      (n) => n.chat.id,
    ),
  );
  // A new chat must win all its names; a known one may meet a name that another chat has: people decide about those two.
  const made = answer?.made ?? 0;
  if (made < names.length && names.some((n) => n.fresh)) throw new Retry('somebody else made this chat first');
}

function newChat(told: Told, people: People, createdMs: number): ChatState {
  const chat = chatOf(told);
  if (!chat) throw new Error('a message without a chat');
  const { tenantId, accountId, correlationId } = told;
  const contact = chat.kind === 'direct' ? people.find(tenantId, chat.addresses) : undefined;
  const addresses = chatAddressesOf(chat);
  const title = contact?.name ?? (chat.kind === 'group' ? chat.title : undefined) ?? addresses[0] ?? '';
  const id = uuid7();
  const conversation: ConversationState = {
    tenantId,
    id: uuid7(),
    kind: chat.kind,
    accountId,
    chatId: id,
    contactId: contact?.id ?? null,
    title,
    searchText: searchTextOf([title, ...addresses]),
    status: 'open',
    assigneeId: null,
    wasAssigneeId: null,
    assigneeActive: false,
    teamId: null,
    received: 0,
    answered: 0,
    waitingMs: null,
    inboundMs: null,
    newest: 0,
    dated: 0,
    last: null,
    lastMs: 0,
    createdMs,
    touched: true,
    correlationId,
  };
  return { tenantId, id, accountId, kind: chat.kind, contactId: contact?.id ?? null, membersMs: null, conversation };
}

function conversationOf(row: LockedRow): ConversationState {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    kind: row.kind,
    accountId: row.account_id,
    chatId: row.last_chat_id,
    contactId: row.contact_id,
    title: row.title,
    searchText: row.search_text,
    status: row.status,
    assigneeId: row.assignee_id,
    wasAssigneeId: row.assignee_id,
    assigneeActive: row.assignee_active,
    teamId: row.team_id,
    received: Number(row.received),
    answered: Number(row.answered),
    waitingMs: row.waiting_ms === null ? null : Number(row.waiting_ms),
    inboundMs: row.inbound_ms === null ? null : Number(row.inbound_ms),
    newest: Number(row.newest),
    dated: Number(row.dated),
    last: null,
    lastMs: Number(row.last_ms),
    createdMs: Number(row.created_ms),
    touched: false,
    correlationId: '',
  };
}

function namesOf(told: Told): string[] {
  const { event } = told;
  if (event.type === 'unreadable') return [event.chat];
  if (event.type === 'contact.linked') return [event.known.address, ...event.now.map((a) => a.address)];
  const chat = chatOf(told);
  return chat ? chatAddressesOf(chat) : [];
}

function isUuid(text: string | undefined): boolean {
  return text !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
