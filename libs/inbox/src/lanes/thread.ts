import type { Quote } from '@parley/channels/provider';
import type { Content } from '@parley/contracts/content';
import { deliveryRank } from '@parley/db/delivery-rank';
import { uuid7 } from '@parley/db/uuid';
import { previewOf, previewType } from '../messages/preview';
import type { ChatState, ConversationState } from './batch';
import type { Chats } from './chats';
import { isNews, type Externals } from './externals';
import type { People } from './people';
import { withFile } from './arriving-files';
import { datedUs, isTold, type Told, type ToldOf } from './told';
import type { NewMessage } from './write';

/** New messages of a batch, in order of arrival, without their places yet. */
export function newMessages(
  told: Told[],
  chats: Chats,
  externals: Externals,
  people: People,
  nowUs: number,
): NewMessage[] {
  const news = new Map<string, NewMessage>();
  for (const one of told) {
    const chat = chats.of(one);
    const external = externals.of(one);
    const id = external?.newMessageId;
    if (!chat || !id || !isNews(external)) continue;
    const message = messageOf(one, chat, people, nowUs);
    const known = news.get(id);
    if (!message || (known && !isReadableAfter(known.content, message.content))) continue;
    const status = external.found?.status ?? null;
    const own = message.direction === 'outbound';
    news.set(id, {
      ...message,
      id,
      delivery: own ? Math.max(status ?? 0, deliveryRank.sent) : null,
      deliveryAtMs: own ? (external.found?.status_ms ?? nowUs / 1000) : null,
      deletedAtMs: external.found?.deleted_ms ?? null,
    });
  }
  return [...news.values()];
}

/** What could not be shown at first, because its server could not decrypt it, can be now. */
function isReadableAfter(was: Content, now: Content): boolean {
  return was.type === 'unsupported' && now.type !== 'unsupported';
}

function messageOf(one: Told, chat: ChatState, people: People, nowUs: number): NewMessage | null {
  if (isTold('message.received')(one)) return receivedMessage(one, chat, people, nowUs);
  if (one.event.type !== 'unreadable') return null;
  const arrivedUs = nowUs - one.row.age_us;
  return {
    ...blank(one, chat, { type: 'unreadable' }),
    direction: 'inbound',
    dated: arrivedUs,
    webhookKey: one.row.key,
    senderContactId: chat.contactId,
  };
}

function receivedMessage(one: ToldOf<'message.received'>, chat: ChatState, people: People, nowUs: number): NewMessage {
  const { event } = one;
  const contact = event.own ? undefined : people.find(one.tenantId, event.from.addresses);
  return {
    ...blank(one, chat, withFile(event)),
    handle: event.file ?? null,
    direction: event.own ? 'outbound' : 'inbound',
    dated: datedUs(event.sentAt, nowUs),
    hasDate: true,
    senderContactId: contact?.id ?? null,
    senderName: event.own ? null : (contact?.name ?? event.from.name ?? event.from.addresses[0]?.address ?? null),
    origin: event.own ? (event.own === 'device' ? 'phone' : 'elsewhere') : null,
    quote: quoteOf(event.quote),
    forwarded: event.forwarded === true,
    late: event.history === true,
  };
}

/** What is quoted, as it stands with the message. */
export function quoteOf(quote: Quote | undefined): NewMessage['quote'] {
  if (!quote) return null;
  const { externalId, author, text } = quote;
  return { externalId, messageId: null, author: author?.address ?? null, text: text ?? null };
}

function blank(one: Told, chat: ChatState, content: Content): NewMessage {
  return {
    id: uuid7(),
    chat,
    content,
    direction: 'system',
    dated: 0,
    position: 0,
    late: false,
    last: false,
    hasDate: false,
    senderContactId: null,
    senderName: null,
    origin: null,
    quote: null,
    forwarded: false,
    delivery: null,
    deliveryAtMs: null,
    deletedAtMs: null,
    webhookKey: null,
    handle: null,
    correlationId: one.correlationId,
  };
}

/** A line that nobody wrote, at the end of its thread. */
export function systemLine(
  one: Told,
  chat: ChatState,
  content: Content & { type: 'system' },
  nowUs: number,
): NewMessage {
  return { ...blank(one, chat, content), dated: nowUs };
}

/** What a placed message does to its conversation. Answers the line that says so, when it reopened it. */
export function summarise(message: NewMessage, one: Told, nowMs: number): NewMessage | null {
  const { conversation } = message.chat;
  touch(conversation, message, nowMs);
  if (message.direction === 'outbound') {
    if (message.late && !message.last) return null; // what came after it waits on
    conversation.answered = conversation.received;
    conversation.waitingMs = null;
    return null;
  }
  conversation.received++;
  conversation.waitingMs ??= nowMs;
  conversation.inboundMs = Math.max(conversation.inboundMs ?? 0, Math.floor(message.dated / 1000));
  return reopen(conversation, message, one);
}

/** It keeps an assignee who is still active. */
function reopen(conversation: ConversationState, message: NewMessage, one: Told): NewMessage | null {
  if (conversation.assigneeId && !conversation.assigneeActive) conversation.assigneeId = null;
  if (conversation.status === 'open') return null;
  const wasResolved = conversation.status === 'resolved';
  conversation.status = 'open';
  if (!wasResolved) return null;
  // Just above the message that reopened it: half of the room that is between any two.
  const position = message.position - 500;
  return {
    ...systemLine(one, message.chat, { type: 'system', event: 'reopened', by: null, to: [] }, message.dated),
    position,
  };
}

function touch(conversation: ConversationState, message: NewMessage, nowMs: number): void {
  conversation.touched = true;
  conversation.correlationId = message.correlationId;
  conversation.lastMs = Math.max(conversation.lastMs, nowMs);
  if (!message.last) return;
  conversation.chatId = message.chat.id;
  conversation.accountId = message.chat.accountId;
  conversation.last = {
    id: message.id,
    direction: message.direction,
    // It may have been deleted before it came.
    type: message.deletedAtMs === null ? previewType(message.content) : 'deleted',
    preview: message.deletedAtMs === null ? previewOf(message.content) : '',
    sender: message.senderName,
    delivery: message.delivery,
  };
}
