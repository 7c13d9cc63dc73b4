import { fileStates, mediaKinds, type Content } from '@parley/contracts/content';
import { directions, refusals } from '@parley/contracts/messages';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  foreignKey,
  index,
  integer,
  jsonb,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at, id, micros } from '../columns';
import { tenantTable } from '../tenant-table';
import { accounts } from './accounts';
import { chats, conversations } from './conversations';

export const messages = tenantTable(
  'messages',
  {
    id: id(),
    conversationId: uuid().notNull(),
    chatId: uuid().notNull(),
    direction: text({ enum: directions }).notNull(),
    content: jsonb().$type<Content>().notNull(),
    senderContactId: uuid(),
    senderMemberId: uuid(),
    senderName: text(),
    origin: text({ enum: ['agent', 'phone', 'elsewhere'] }),
    quote: jsonb().$type<{
      messageId: string | null;
      externalId: string;
      author: string | null;
      text: string | null;
    }>(),
    forwarded: boolean().notNull().default(false),
    /** Orders the thread. µs. */
    position: micros().notNull(),
    /** The provider's date, µs; null: ours. */
    dated: micros(),
    late: boolean().notNull().default(false),
    createdAt: at().notNull().defaultNow(),
    editedAt: at(),
    deletedAt: at(),
    /** What people see of its way out, as a rank (delivery-rank.ts); null: it has none. */
    delivery: smallint(),
    deliveryReason: text({ enum: refusals }),
    deliveryDetail: text(),
    deliveryAt: at(),
    /** The webhook's key, of one that could not be read: a replay fills this place. */
    webhookKey: uuid(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.conversationId], foreignColumns: [conversations.tenantId, conversations.id] }),
    foreignKey({ columns: [t.tenantId, t.chatId], foreignColumns: [chats.tenantId, chats.id] }),
    index('messages_thread').on(t.tenantId, t.conversationId, t.position.desc(), t.id.desc()), // a page of the thread
    index('messages_chat').on(t.tenantId, t.chatId, t.dated), // the place of a late one; whether a chat that goes is empty
    index('messages_unreadable')
      .on(t.tenantId, t.webhookKey)
      .where(sql`webhook_key is not null`), // replay
  ],
);

/** The file of a message: its row is the work of fetching or taking it up, and tells where its bytes are. */
export const attachments = tenantTable(
  'attachments',
  {
    id: id(),
    /** Both null before it is sent, and once it is removed: then the row stands for the bytes alone, until they are gone too. */
    messageId: uuid(),
    accountId: uuid(),
    kind: text({ enum: mediaKinds }).notNull(),
    /** A member's is `uploading`, `uploaded`, and with its message `ready`. */
    state: text({ enum: [...fileStates, 'uploading', 'uploaded', 'removed'] })
      .notNull()
      .default('pending'),
    /** What the adapter needs to fetch it; null once it is here. */
    handle: jsonb().$type<Record<string, string>>(),
    /** The sender's words. */
    declaredType: text(),
    fileName: text(),
    /** By its first bytes; null: they tell nothing. */
    mimeType: text(),
    sizeBytes: bigint({ mode: 'number' }),
    /** Of a member's: so many of them are here. Null: a customer's. */
    receivedBytes: bigint({ mode: 'number' }),
    suspicious: boolean().notNull().default(false),
    /** Of a member's picture, in pixels, upright; until its message shows them. `small`: a small one lies beside it. */
    width: integer(),
    height: integer(),
    small: boolean().notNull().default(false),
    /** Not before is it fetched, removed, or taken up further; while one does, when that may be taken for lost. By the injected clock. */
    dueAt: at().notNull(),
    tries: smallint().notNull().default(0),
    /** Given up then. */
    expiresAt: at().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.messageId], foreignColumns: [messages.tenantId, messages.id] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    index('attachments_message').on(t.tenantId, t.messageId), // its foreign key: a message that is removed
    index('attachments_due_of_account')
      .on(t.accountId, t.dueAt)
      .where(sql`state = 'pending'`), // what to fetch next, of each account
    index('attachments_removed')
      .on(t.dueAt)
      .where(sql`state = 'removed'`), // whose bytes are to go
    index('attachments_unsent')
      .on(t.tenantId, t.expiresAt)
      .where(sql`state in ('uploading', 'uploaded')`), // how much of a tenant's waits to be sent, and what never was
  ],
  'all',
);

/** What a message said before it was edited. */
export const messageEdits = tenantTable(
  'message_edits',
  { messageId: uuid().notNull(), at: at().notNull(), content: jsonb().$type<Content>().notNull() },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.messageId, t.at] }),
    foreignKey({ columns: [t.tenantId, t.messageId], foreignColumns: [messages.tenantId, messages.id] }),
  ],
);

/** The last reaction of each: the provider knows one a person, and one for our whole side. */
export const reactions = tenantTable(
  'reactions',
  {
    messageId: uuid().notNull(),
    /** A contact's id, or `us`. */
    actor: text().notNull(),
    name: text(),
    /** Null: taken back. */
    emoji: text(),
    /** Of one taken back: which, where the provider says so. Any other that was given stands. */
    was: text(),
    at: at().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.messageId, t.actor] }),
    foreignKey({ columns: [t.tenantId, t.messageId], foreignColumns: [messages.tenantId, messages.id] }),
  ],
);

/** What may reach us of a message before the message itself. */
export interface Waiting {
  status?: { reason: string | null; detail: string | null };
  edit?: { at: string; content: Content };
  reactions?: Record<string, { name: string | null; emoji: string | null; at: string }>;
}

/** Where a provider's id meets our message: whoever comes second sees the first. */
export const externals = tenantTable(
  'externals',
  {
    accountId: uuid().notNull(),
    /** The chat, where ids are unique only there; else empty. */
    scope: text().notNull().default(''),
    externalId: text().notNull(),
    /** Its key is checked at COMMIT, because the external is written before its message. Null: nothing but statuses came yet. */
    messageId: uuid(),
    /** The attempt whose id this is. */
    attemptId: uuid(),
    /** Greatest status seen, as a rank. */
    status: smallint(),
    statusAt: at(),
    deletedAt: at(),
    waiting: jsonb().$type<Waiting>(),
    seenAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.accountId, t.scope, t.externalId] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    index('externals_message').on(t.tenantId, t.messageId), // quote, react, read marks
    index('externals_waiting')
      .on(t.seenAt)
      .where(sql`message_id is null`), // dropped after 8 days
    index('externals_told')
      .on(t.tenantId, t.accountId, t.scope, t.externalId)
      .where(sql`waiting is not null or message_id is null`), // what was told too early of a contact who is erased
  ],
);

export const deliveryKinds = ['message', 'reaction'] as const;

/** One way out. For a message its id is the message's, so that the client's id is ours. */
export const deliveries = tenantTable(
  'deliveries',
  {
    id: id(),
    accountId: uuid().notNull(),
    chatId: uuid().notNull(),
    conversationId: uuid().notNull(),
    /** Of a reaction: the message it is about. */
    messageId: uuid().notNull(),
    kind: text({ enum: deliveryKinds }).notNull().default('message'),
    /** A reaction's emoji. */
    emoji: text(),
    /** Its call hands over a file, and may take minutes. */
    file: boolean().notNull().default(false),
    memberId: uuid(),
    status: smallint().notNull().default(0),
    reason: text({ enum: refusals }),
    detail: text(),
    /** The one of its chat that may be sent now. */
    head: boolean().notNull().default(false),
    /** Order inside the chat. µs. */
    place: micros().notNull(),
    /** Not before; also when to look again at one of unknown outcome. By the injected clock. */
    dueAt: at().notNull(),
    /** The current try, or the last. */
    attemptId: uuid(),
    tries: smallint().notNull().default(0),
    /** Until when the try may be running. */
    leaseUntil: at(),
    /** Given up then; pushed back while it waits for a breaker or a pause. */
    expiresAt: at().notNull(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.chatId], foreignColumns: [chats.tenantId, chats.id] }),
    foreignKey({ columns: [t.tenantId, t.accountId], foreignColumns: [accounts.tenantId, accounts.id] }),
    foreignKey({ columns: [t.tenantId, t.messageId], foreignColumns: [messages.tenantId, messages.id] }),
    uniqueIndex('deliveries_head')
      .on(t.tenantId, t.chatId)
      .where(sql`head`), // Postgres itself refuses a second head
    index('deliveries_due')
      .on(t.accountId, t.dueAt)
      .where(sql`head`), // claim, sweeper
    index('deliveries_due_beside_files')
      .on(t.accountId, t.dueAt)
      .where(sql`head and (not file or status <> 0)`), // claim, while no more files may go
    index('deliveries_queue')
      .on(t.tenantId, t.chatId, t.place)
      .where(sql`status = 0 and not head`), // the next head
    index('deliveries_chat').on(t.tenantId, t.chatId), // whether a chat that goes is empty
    index('deliveries_message').on(t.tenantId, t.messageId), // an echo or status settles its delivery
    index('deliveries_unknown')
      .on(t.dueAt)
      .where(sql`status = 2`), // how many nobody knows of
  ],
  'all',
);

/** One call to the provider. */
export const attempts = tenantTable(
  'attempts',
  {
    id: id(),
    deliveryId: uuid().notNull(),
    chatId: uuid().notNull(),
    status: smallint().notNull().default(1),
    startedAt: at().notNull(),
    finishedAt: at(),
    externalId: text(),
    reason: text({ enum: refusals }),
    /** The provider's word, for forensics; never shown as it is. */
    detail: text(),
  },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    foreignKey({ columns: [t.tenantId, t.deliveryId], foreignColumns: [deliveries.tenantId, deliveries.id] }),
    index('attempts_delivery').on(t.tenantId, t.deliveryId, t.startedAt), // what went out before, forensics
    index('attempts_unknown')
      .on(t.tenantId, t.chatId, t.startedAt)
      .where(sql`status = 2`), // whose echo may this be
  ],
);

/** An answer that was given, kept 24 h, so that a repeated write gets it again. */
export const idempotencyKeys = tenantTable(
  'idempotency_keys',
  {
    memberId: uuid().notNull(),
    key: text().notNull(),
    /** Hash of method, path and body. */
    fingerprint: text().notNull(),
    /** Null while the first is running. */
    response: jsonb().$type<{ status: number; body: unknown }>(),
    createdAt: at().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.tenantId, t.memberId, t.key] }), index('idempotency_keys_age').on(t.createdAt)],
);
