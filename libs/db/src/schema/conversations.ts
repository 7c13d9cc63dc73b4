import { conversationStatuses } from '@parley/contracts/conversations';
import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, integer, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { at, count, id } from '../columns';
import { searchRole, open, tenantTable } from '../tenant-table';
import { accounts } from './accounts';
import { contacts } from './contacts';
import { members, teams } from './tenants';

export const conversations = tenantTable(
  'conversations',
  {
    id: id(),
    kind: text({ enum: ['direct', 'group'] }).notNull(),
    /** Of the chat last written in. */
    accountId: uuid().notNull(),
    chatId: uuid().notNull(),
    contactId: uuid(),
    /** What the list shows: contact's name, group's subject, or the address. */
    title: text().notNull(),
    /** Title, name and addresses, lower case and without accents. */
    searchText: text().notNull(),
    status: text({ enum: conversationStatuses }).notNull().default('open'),
    assigneeId: uuid(),
    teamId: uuid(),
    received: count(),
    answered: count(),
    waitingSince: at(),
    /** The provider's time of the customer's last message: the window counts from it. */
    lastInboundAt: at(),
    lastMessageId: uuid(),
    lastDirection: text(),
    lastType: text(),
    preview: text(),
    lastSender: text(),
    lastMessageAt: at().notNull().defaultNow(),
    /** Greatest position, and greatest provider date, in µs. Below the latter an arrival may be late. */
    newest: count(),
    dated: count(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    foreignKey({ columns: [t.tenantId, t.contactId], foreignColumns: [contacts.tenantId, contacts.id] }),
    foreignKey({ columns: [t.tenantId, t.assigneeId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.teamId], foreignColumns: [teams.tenantId, teams.id] }),
    index('conversations_status').on(t.tenantId, t.status, t.lastMessageAt.desc(), t.id.desc()), // the list; without a status, three walks merged
    index('conversations_account').on(t.tenantId, t.accountId, t.status, t.lastMessageAt.desc(), t.id.desc()), // the list of one account
    index('conversations_assigned')
      .on(t.tenantId, t.assigneeId, t.status, t.lastMessageAt.desc(), t.id.desc())
      .where(sql`assignee_id is not null`), // mine, counts
    index('conversations_free')
      .on(t.tenantId, t.status, t.lastMessageAt.desc(), t.id.desc(), t.accountId, t.teamId)
      .where(sql`assignee_id is null`), // unassigned, counts: an index that only begins with nobody gives no order
    index('conversations_team')
      .on(t.tenantId, t.teamId, t.status, t.lastMessageAt.desc(), t.id.desc(), t.accountId, t.assigneeId)
      .where(sql`team_id is not null`), // what a team has, counts
    index('conversations_waiting')
      .on(t.tenantId, t.waitingSince, t.id)
      .where(sql`status = 'open' and assignee_id is null and waiting_since is not null`), // what rules give to whom
    index('conversations_contact').on(t.tenantId, t.contactId), // a contact's change
    ...open('conversations', searchRole),
  ],
);

/**
 * `searchText` once more, where its index of trigrams stands still: every message writes its conversation anew, and with it
 * all of that row's indexes. Kept by triggers, read by the function that searches.
 */
export const searchTexts = tenantTable(
  'search_texts',
  { conversationId: uuid().notNull(), text: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.conversationId] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
    ...open('search_texts', searchRole),
  ],
);

/** The provider's side: one person or group on one account, with one conversation for life. */
export const chats = tenantTable(
  'chats',
  {
    id: id(),
    accountId: uuid().notNull(),
    conversationId: uuid().notNull(),
    kind: text({ enum: ['direct', 'group'] }).notNull(),
    /** The address that we write to. */
    externalId: text().notNull(),
    contactId: uuid(),
    /** Of a group: when the provider last told all who are in it. */
    membersAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    unique('chats_address').on(t.tenantId, t.accountId, t.externalId),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
    index('chats_conversation').on(t.tenantId, t.conversationId), // reply: the chats of a conversation
  ],
);

/** Every address under which a chat is known (phone, LID, …): aliases of one chat cannot part. */
export const chatAddresses = tenantTable(
  'chat_addresses',
  {
    accountId: uuid().notNull(),
    /** `kind:address`, or a group's external id. */
    address: text().notNull(),
    chatId: uuid().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.accountId, t.address] }),
    foreignKey({ columns: [t.tenantId, t.chatId], foreignColumns: [chats.tenantId, chats.id] }),
    index('chat_addresses_chat').on(t.tenantId, t.chatId), // sending: all names of a chat
  ],
);

/** Who is in a group. */
export const participants = tenantTable(
  'participants',
  {
    conversationId: uuid().notNull(),
    /** The first that the provider names, without its kind. */
    address: text().notNull(),
    name: text(),
    admin: boolean().notNull().default(false),
    leftAt: at(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.conversationId, t.address] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
    index('participants_address').on(t.tenantId, t.address), // the seats of a contact who is erased
  ],
);

export const labels = tenantTable(
  'labels',
  { id: id(), name: text().notNull(), nameKey: text().notNull(), hue: integer().notNull() },
  (t) => [primaryKey({ columns: [t.tenantId, t.id] }), unique('labels_name').on(t.tenantId, t.nameKey)],
);

export const conversationLabels = tenantTable(
  'conversation_labels',
  { conversationId: uuid().notNull(), labelId: uuid().notNull() },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.conversationId, t.labelId] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
    foreignKey({ columns: [t.tenantId, t.labelId], foreignColumns: [labels.tenantId, labels.id] }),
    index('conversation_labels_bearers').on(t.tenantId, t.labelId, t.conversationId), // the list by label
  ],
);

/** How far a member has seen. No row: they start at our last answer. */
export const reads = tenantTable(
  'reads',
  { memberId: uuid().notNull(), conversationId: uuid().notNull(), seen: count() },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.memberId, t.conversationId] }),
    foreignKey({ columns: [t.tenantId, t.memberId], foreignColumns: [members.tenantId, members.id] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
  ],
);
