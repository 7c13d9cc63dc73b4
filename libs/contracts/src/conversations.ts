import { z } from 'zod';
import { mine } from './can';
import { OutboundContent } from './content';
import { deliveryStatuses, directions } from './messages';
import { At, Id, IdParams, PageQuery, page, text } from './primitives';
import { route } from './route';

export const conversationStatuses = ['open', 'pending', 'resolved'] as const;
export type ConversationStatus = (typeof conversationStatuses)[number];

/** A conversation as everybody who sees it sees it; events carry this. */
export const ConversationBase = z.object({
  id: Id,
  kind: z.enum(['direct', 'group']),
  /** The account its last message came through. */
  accountId: Id,
  /** The chat that replies leave through. */
  chatId: Id,
  /** The contact's name, a group's subject, or the address. */
  title: z.string(),
  /** Null for a group. */
  contactId: Id.nullable(),
  status: z.enum(conversationStatuses),
  assigneeId: Id.nullable(),
  /** Of its team anybody may answer; `assigneeId` says who does. */
  teamId: Id.nullable(),
  labelIds: z.array(Id),
  lastMessage: z
    .object({
      id: Id,
      direction: z.enum(directions),
      type: z.string(),
      /** At most 120 characters. */
      preview: z.string(),
      senderName: z.string().nullable(),
      deliveryStatus: z.enum(deliveryStatuses).nullable(),
    })
    .nullable(),
  /** Our clock; lists sort by it. */
  lastMessageAt: At,
  /** Oldest unanswered message; null when nobody waits. */
  waitingSince: At.nullable(),
  /** Null: this channel has no window. `closesAt` null or past: only templates can be sent. */
  window: z.object({ closesAt: At.nullable() }).nullable(),
  /** Inbound messages so far. */
  received: z.int(),
  /** `received` at our last answer: where a member without a read mark starts. */
  answered: z.int(),
  createdAt: At,
});
export type ConversationBase = z.infer<typeof ConversationBase>;

/** What differs by who asks: how far they have read, and what they may do. Unread = `received − (seen ?? answered)`. */
export const ConversationMe = z.object({ seen: z.int().nullable(), ...mine('conversation').shape });

export const Conversation = ConversationBase.extend({ me: ConversationMe }).meta({ id: 'Conversation' });
export type Conversation = z.infer<typeof Conversation>;

/** How many of its inbound messages this member has not seen. */
export function unreadOf(conversation: Conversation): number {
  return Math.max(0, conversation.received - (conversation.me.seen ?? conversation.answered));
}

export const identityKinds = ['phone', 'lid', 'bsuid', 'username', 'slack'] as const;

/** One conversation with what its panel shows. */
export const ConversationDetails = Conversation.extend({
  contact: z
    .object({
      id: Id,
      name: z.string().nullable(),
      identities: z.array(z.object({ kind: z.enum(identityKinds), address: z.string() })),
      me: mine('contact'),
    })
    .nullable(),
  /** Who is in a group besides the account itself, as far as the provider told, admins first. */
  participants: z.array(
    z.object({
      /** Once they have written. */
      contactId: Id.nullable(),
      /** Null: nobody told it yet. */
      name: z.string().nullable(),
      address: z.string(),
      admin: z.boolean(),
    }),
  ),
}).meta({ id: 'ConversationDetails' });
export type ConversationDetails = z.infer<typeof ConversationDetails>;

export const ConversationFilter = z.object({
  status: z.enum(conversationStatuses).optional(),
  /** `me`, `none`, or a member's id. */
  assignee: z.union([z.literal('me'), z.literal('none'), Id]).optional(),
  account: Id.optional(),
  team: Id.optional(),
  label: Id.optional(),
  /** Part of the contact's name or address, or of a group's subject. */
  q: text().trim().min(1).max(100).optional(),
});
export type ConversationFilter = z.infer<typeof ConversationFilter>;

export const listConversations = route('GET', '/inbox/conversations', {
  summary: 'The inbox, newest first.',
  access: 'inbox.read',
  reach: 'filter',
  query: PageQuery.extend(ConversationFilter.shape),
  response: page(Conversation),
});

/** Open conversations that the caller sees, for the tabs. */
export const countConversations = route('GET', '/inbox/counts', {
  summary: 'How many open conversations are mine, unassigned, and in all; and how many of mine hold something unread.',
  access: 'inbox.read',
  reach: 'caller',
  response: z.object({ mine: z.int(), unassigned: z.int(), all: z.int(), unread: z.int() }),
});

export const getConversation = route('GET', '/inbox/conversations/:id', {
  summary: 'One conversation with its contact and participants.',
  access: 'inbox.read',
  reach: 'sight',
  params: IdParams,
  response: ConversationDetails,
});

export const startConversation = route('POST', '/inbox/conversations', {
  summary: 'Writes first. A chat that exists is continued; a colleague’s that the caller does not see is a conflict.',
  access: 'inbox.write',
  reach: 'tenant',
  body: z.object({
    messageId: Id.optional(),
    accountId: Id,
    /** A phone number with country code, or an address of the channel. */
    to: text().trim().min(3).max(128),
    content: OutboundContent,
  }),
  response: z.object({ conversationId: Id, messageId: Id, status: z.enum(deliveryStatuses) }),
  status: 202,
  refuses: [
    'feature_off',
    'not_found',
    'message_id_taken',
    'conversation_taken',
    'window_closed',
    'channel_cannot',
    'account_unavailable',
    'provider_unavailable',
  ],
});

export const assignConversation = route('PATCH', '/inbox/conversations/:id/assign', {
  summary: 'Gives a conversation to a member, or to nobody.',
  access: 'inbox.assign',
  reach: 'sight',
  params: IdParams,
  body: z.object({ memberId: Id.nullable() }),
  response: Conversation,
  refuses: ['member_cannot_receive'],
});

export const setConversationTeam = route('PATCH', '/inbox/conversations/:id/team', {
  summary:
    'Gives a conversation to a team, or takes it from its team (`null`). Who has it and is not of the team loses it.',
  access: 'inbox.assign',
  reach: 'sight',
  params: IdParams,
  body: z.object({ teamId: Id.nullable() }),
  response: Conversation,
});

export const setConversationLabels = route('PATCH', '/inbox/conversations/:id/tags', {
  summary: 'Sets the whole set of labels.',
  access: 'inbox.write',
  reach: 'sight',
  params: IdParams,
  body: z.object({ labelIds: z.array(Id).max(50) }),
  response: Conversation,
});

export const setConversationStatus = route('PATCH', '/inbox/conversations/:id/status', {
  summary: 'Opens, parks or resolves. The next inbound message reopens it.',
  access: 'inbox.write',
  reach: 'sight',
  params: IdParams,
  body: z.object({ status: z.enum(conversationStatuses) }),
  response: Conversation,
});

export const markConversationRead = route('POST', '/inbox/conversations/:id/read', {
  summary:
    'Remembers what this member has seen: the `received` that the screen shows. It may go back ("unread from here").',
  access: 'inbox.read',
  reach: 'sight',
  params: IdParams,
  body: z.object({ seen: z.int().nonnegative() }),
  response: Conversation,
});
