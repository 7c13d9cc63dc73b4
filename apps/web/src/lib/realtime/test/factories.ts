import type { Account } from '@parley/contracts/accounts';
import type { Conversation } from '@parley/contracts/conversations';
import type { Delivery, DeliveryStatus, Message } from '@parley/contracts/messages';

/** Ids that name their kind and number. */
export const ids = {
  conversation: (n: number) => id(1, n),
  message: (n: number) => id(2, n),
  member: (n: number) => id(3, n),
  label: (n: number) => id(4, n),
  account: (n: number) => id(5, n),
  contact: (n: number) => id(6, n),
  team: (n: number) => id(8, n),
};

export const T0 = '2026-01-01T00:00:00.000Z';

export function aConversation(n: number, change: Partial<Conversation> = {}): Conversation {
  return {
    id: ids.conversation(n),
    kind: 'direct',
    accountId: ids.account(0),
    chatId: id(7, n),
    title: `Contact ${n}`,
    contactId: ids.contact(n),
    status: 'open',
    assigneeId: null,
    teamId: null,
    labelIds: [],
    lastMessage: null,
    lastMessageAt: T0,
    waitingSince: null,
    window: null,
    received: 0,
    answered: 0,
    createdAt: T0,
    me: { seen: null, can: [] },
    ...change,
  };
}

export function aMessage(n: number, change: Partial<Message> = {}): Message {
  return {
    id: ids.message(n),
    conversationId: ids.conversation(0),
    chatId: id(7, 0),
    direction: 'inbound',
    content: { type: 'text', text: `Message ${n}` },
    sender: { contactId: ids.contact(0), memberId: null, name: 'Contact 0' },
    origin: null,
    quote: null,
    forwarded: false,
    reactions: [],
    delivery: null,
    sentAt: T0,
    createdAt: T0,
    editedAt: null,
    deletedAt: null,
    late: false,
    can: ['reply', 'react'],
    position: n * 1_000,
    ...change,
  };
}

export function aDelivery(status: DeliveryStatus): Delivery {
  return { status, reason: null, detail: null, at: T0, canRetry: false, canCheck: false };
}

export function anAccount(n: number, change: Partial<Account> = {}): Account {
  return {
    id: ids.account(n),
    name: `Account ${n}`,
    provider: 'evolution',
    channel: 'whatsapp',
    state: 'connected',
    stateDetail: null,
    doubt: null,
    paused: false,
    address: null,
    unreadable: 0,
    capabilities: {
      maxTextLength: 4096,
      quote: true,
      react: true,
      edit: false,
      delete: false,
      typing: true,
      seesTyping: true,
      receipts: 'read',
      windowHours: null,
      templates: false,
      lookUp: false,
      writeFirst: true,
      files: [],
    },
    ...change,
  };
}

function id(kind: number, n: number): string {
  return `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;
}
