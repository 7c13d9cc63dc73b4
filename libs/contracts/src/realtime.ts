import { z } from 'zod';
import { Account } from './accounts';
import { Contact } from './contacts';
import { ConversationBase, ConversationMe } from './conversations';
import { Label } from './labels';
import { Member } from './members';
import { Delivery, Message } from './messages';
import { At, Id, PageQuery, Seq } from './primitives';
import { route } from './route';
import { Team } from './teams';

/** `me` is what differs by member, of the event's conversation; it stands where the event carries one. */
const Frame = z.object({ seq: Seq, at: At, me: ConversationMe.optional() });

/** Committed facts, in the tenant's order. An object never takes one with an older `seq`. */
export const RealtimeEvent = z
  .discriminatedUnion('type', [
    /** Carries its conversation too, so that no second event is needed. */
    Frame.extend({ type: z.literal('message.created'), message: Message, conversation: ConversationBase }),
    Frame.extend({ type: z.literal('message.updated'), message: Message }),
    Frame.extend({ type: z.literal('message.removed'), messageId: Id, conversationId: Id }),
    Frame.extend({ type: z.literal('delivery.updated'), messageId: Id, conversationId: Id, delivery: Delivery }),
    Frame.extend({ type: z.literal('conversation.created'), conversation: ConversationBase }),
    Frame.extend({ type: z.literal('conversation.updated'), conversation: ConversationBase }),
    /** It left this member's sight. */
    Frame.extend({ type: z.literal('conversation.removed'), conversationId: Id }),
    /** This member's own read mark. */
    Frame.extend({ type: z.literal('conversation.read'), conversationId: Id, seen: z.int() }),
    Frame.extend({ type: z.literal('account.updated'), account: Account }),
    Frame.extend({ type: z.literal('contact.updated'), conversationId: Id, contact: Contact }),
    Frame.extend({ type: z.literal('label.updated'), label: Label }),
    Frame.extend({ type: z.literal('member.updated'), member: Member }),
    Frame.extend({ type: z.literal('team.updated'), team: Team }),
    Frame.extend({ type: z.literal('team.removed'), teamId: Id }),
  ])
  .meta({ id: 'RealtimeEvent' });
export type RealtimeEvent = z.infer<typeof RealtimeEvent>;
export type RealtimeEventType = RealtimeEvent['type'];

/** On the stream alone, never numbered: gone if missed. Shown for 15 s at most. */
export const EphemeralEvent = z
  .object({
    type: z.literal('typing'),
    conversationId: Id,
    name: z.string().nullable(),
    memberId: Id.nullable(),
    typing: z.boolean(),
  })
  .meta({ id: 'EphemeralEvent' });
export type EphemeralEvent = z.infer<typeof EphemeralEvent>;

/**
 * Names of the stream's SSE events: none for a numbered event, `ephemeral` for one that is not, and `reset` when
 * the cursor is too old, ahead of the head, or the member's rights changed: fetch everything again.
 */
export const sseEvents = { ephemeral: 'ephemeral', reset: 'reset' } as const;

/** Header of reads (the head they saw) and writes (their last event). */
export const CURSOR_HEADER = 'parley-cursor';

export const listEvents = route('GET', '/inbox/events', {
  summary:
    'Events after a cursor. With `Accept: text/event-stream` it streams (`Last-Event-ID` wins over `after`), else one page; `cursor_gone` when older than kept.',
  access: 'inbox.read',
  reach: 'caller',
  query: PageQuery.omit({ cursor: true }).extend({ after: z.coerce.number().int().nonnegative().optional() }),
  response: z.object({ items: z.array(RealtimeEvent), nextCursor: z.string() }),
  refuses: ['cursor_gone'],
});
