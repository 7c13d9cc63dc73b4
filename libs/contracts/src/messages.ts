import { z } from 'zod';
import { actions } from './can';
import { Content, OutboundContent } from './content';
import { At, Id, IdParams, PageQuery } from './primitives';
import { route } from './route';

/** What people see of a way out; `queued` also while a call to the provider runs. */
export const deliveryStatuses = ['queued', 'unknown', 'accepted', 'sent', 'failed', 'delivered', 'read'] as const;
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** Why a provider refused. The first three pass and are retried; `auth` and `plan` pause the account; the rest are final. */
export const refusals = [
  'throttled',
  'disconnected',
  'provider',
  'auth',
  'plan',
  'recipient',
  'window',
  'content',
  'template',
  'expired',
] as const;
export type Refusal = (typeof refusals)[number];

export const Delivery = z
  .object({
    status: z.enum(deliveryStatuses),
    reason: z.enum(refusals).nullable(),
    /** In plain words: what happened and what to do. Only with `failed`, `unknown`, or a wait. */
    detail: z.string().nullable(),
    at: At,
    /** "Try again" can work, and whoever asks may. */
    canRetry: z.boolean(),
    /** The provider can be asked whether it went out, and whoever asks may. */
    canCheck: z.boolean(),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof Delivery>;

export const directions = ['inbound', 'outbound', 'note', 'system'] as const;

export const Message = z
  .object({
    id: Id,
    conversationId: Id,
    chatId: Id,
    direction: z.enum(directions),
    content: Content,
    /** Who wrote it: a contact, a member, or neither (from the phone, sent elsewhere, system). */
    sender: z.object({ contactId: Id.nullable(), memberId: Id.nullable(), name: z.string().nullable() }),
    /** Of outbound ones: an agent here, the phone itself, or another program on the same account. */
    origin: z.enum(['agent', 'phone', 'elsewhere']).nullable(),
    /** `messageId` is null when the original is not here. */
    quote: z
      .object({ messageId: Id.nullable(), author: z.string().nullable(), text: z.string().nullable() })
      .nullable(),
    forwarded: z.boolean(),
    reactions: z.array(z.object({ emoji: z.string(), by: z.string().nullable(), own: z.boolean() })),
    delivery: Delivery.nullable(),
    /** The provider's time, or ours for what was written here. */
    sentAt: At,
    createdAt: At,
    editedAt: At.nullable(),
    /** Deleted by its writer; the content stays readable on request. */
    deletedAt: At.nullable(),
    /** Arrived after messages that are older: it was put where it belongs. */
    late: z.boolean(),
    /** What whoever asks may do with it; whether the channel can as well stands in the account's capabilities. Absent in events from before it was said. */
    can: z.array(z.enum(actions.message)).optional(),
    /** Orders the thread, with `id` as the tie-break. Microseconds. */
    position: z.int(),
  })
  .meta({ id: 'Message' });
export type Message = z.infer<typeof Message>;

/** Newest first. `around`: that message in the middle, and `prevCursor` leads to newer ones. */
export const MessagePage = z.object({
  items: z.array(Message),
  nextCursor: z.string().nullable(),
  prevCursor: z.string().nullable(),
});

export const listMessages = route('GET', '/inbox/conversations/:id/messages', {
  summary: 'Messages of a conversation, newest first. `around` opens at one message.',
  access: 'inbox.read',
  reach: 'sight',
  params: IdParams,
  query: PageQuery.extend({ around: Id.optional() }),
  response: MessagePage,
});

export const listEdits = route('GET', '/inbox/messages/:id/edits', {
  summary: 'What a message said before it was edited, oldest first; what it says now is in the message itself.',
  access: 'inbox.read',
  reach: 'sight',
  params: IdParams,
  response: z.object({
    items: z.array(
      z.object({
        content: Content,
        /** Since when it said that: as it was written, or by the edit before. */
        at: At,
      }),
    ),
  }),
});

/** Answer to a send. For a reaction `messageId` names the delivery, for it makes no message. */
export const Accepted = z.object({ messageId: Id, status: z.enum(deliveryStatuses) });

export const sendMessage = route('POST', '/inbox/send_message', {
  summary: 'Sends into a conversation. The same `messageId` is sent once; with another body it is a conflict.',
  access: 'inbox.write',
  reach: 'sight',
  body: z.object({
    messageId: Id.optional(),
    conversationId: Id,
    /** Which chat it leaves through; the one last written in, unless said. */
    chatId: Id.optional(),
    replyTo: Id.optional(),
    content: OutboundContent,
  }),
  response: Accepted,
  status: 202,
  refuses: [
    'not_found',
    'message_id_taken',
    'window_closed',
    'channel_cannot',
    'account_unavailable',
    'provider_unavailable',
  ],
});

export const sendTyping = route('POST', '/inbox/send_typing', {
  summary: 'Shows the customer that somebody is typing, where the channel can. At most once every 3 s.',
  access: 'inbox.write',
  reach: 'sight',
  body: z.object({ conversationId: Id }),
  refuses: ['not_found'],
});

export const retryMessage = route('POST', '/inbox/messages/:id/retry', {
  summary: 'Queues a failed or unknown message again and moves it to the end of the thread.',
  access: 'inbox.write',
  reach: 'sight',
  params: IdParams,
  response: Accepted,
  status: 202,
  refuses: ['conflict', 'window_closed', 'channel_cannot', 'account_unavailable'],
});

export const checkMessage = route('POST', '/inbox/messages/:id/check', {
  summary: 'Asks the provider now whether a message of unknown outcome went out, where it can be asked.',
  access: 'inbox.write',
  reach: 'sight',
  params: IdParams,
  response: Accepted,
  status: 202,
  refuses: ['conflict', 'channel_cannot'],
});
