import { uuid7 } from '@parley/db/uuid';
import type { NewEvent } from '@parley/platform/events';

const TEXT =
  'Good morning, could you tell me whether my parcel has left your warehouse, and when it will be at my door?';

/** Messages that customers wrote in 200 conversations, as a worker tells of them: frames of some 1,400 bytes. */
export function sampleEvents(count: number, accountId = idOf(2, 0)): NewEvent[] {
  return Array.from({ length: count }, (_, n) => messageCreated(n % 200, accountId));
}

function messageCreated(n: number, accountId: string): NewEvent {
  const [conversationId, chatId, contactId] = [idOf(1, n), idOf(3, n), idOf(4, n)];
  const now = new Date().toISOString();
  const [id, title] = [uuid7(), `Customer ${n}`];
  return {
    type: 'message.created',
    audience: { to: 'conversation', conversationId, accountId, assigneeId: null, teamId: null },
    conversation: {
      id: conversationId,
      kind: 'direct',
      accountId,
      chatId,
      title,
      contactId,
      status: 'open',
      assigneeId: null,
      teamId: null,
      labelIds: [],
      lastMessage: { id, direction: 'inbound', type: 'text', preview: TEXT, senderName: title, deliveryStatus: null },
      lastMessageAt: now,
      waitingSince: now,
      window: { closesAt: now },
      received: 12,
      answered: 11,
      createdAt: now,
    },
    message: {
      id,
      conversationId,
      chatId,
      direction: 'inbound',
      content: { type: 'text', text: TEXT },
      sender: { contactId, memberId: null, name: title },
      origin: null,
      quote: null,
      forwarded: false,
      reactions: [],
      delivery: null,
      sentAt: now,
      createdAt: now,
      editedAt: null,
      deletedAt: null,
      late: false,
      can: ['reply', 'react'],
      position: Date.now() * 1000,
    },
  };
}

const idOf = (kind: number, n: number) => `01942e47-0968-7000-8${kind}00-${String(n).padStart(12, '0')}`;

/** The frame that the product makes of an event for a member who has seen nothing. */
export function frameOf({ audience: _, type, ...body }: NewEvent, seq: number): string {
  const data = JSON.stringify({ type, at: new Date().toISOString(), ...body }).slice(1);
  return `id: ${seq}\ndata: {"seq":${seq},"me":{"seen":null},${data}\n\n`;
}
