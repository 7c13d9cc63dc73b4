import type { Message } from '@parley/contracts/messages';

/** A message with nothing special about it, for tests and the sheet of states. */
export function sampleMessage(change: Partial<Message> = {}): Message {
  const sentAt = change.sentAt ?? '2026-11-20T09:00:00.000Z';
  return {
    id: '019353a0-0000-7000-8000-000000000001',
    conversationId: '019353a0-0000-7000-8000-00000000c001',
    chatId: '019353a0-0000-7000-8000-00000000d001',
    direction: 'inbound',
    content: { type: 'text', text: 'Hello' },
    sender: { contactId: '019353a0-0000-7000-8000-00000000a001', memberId: null, name: 'Marta Oliveira' },
    origin: null,
    quote: null,
    forwarded: false,
    reactions: [],
    delivery: null,
    sentAt,
    createdAt: sentAt,
    editedAt: null,
    deletedAt: null,
    late: false,
    can: ['reply', 'react'],
    position: Date.parse(sentAt) * 1_000,
    ...change,
  };
}
