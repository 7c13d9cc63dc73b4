import { peek } from '../json-body';
import { pollWith } from '../poll-tally';
import type { ChannelEvent, DeliveryWord, Own, Quote, Refusal, Sender } from '../provider';
import { addressesOf, addressOf, isGroup, isNobody } from '../whatsapp-jid';
import { contentAfterEdit, contentOf, quotedWords, votesIn } from './content';
import { handleOf } from './files';
import { Call, inside, isTrue, Message, PAST, Status, Target } from './green-api.payloads';
import { chatOf, externalIdOf } from './identity';

/** A message, or what happened to one; `own` where our side wrote it. An edit and a deletion have ids of their own. */
export function toMessage(call: object, own?: Own): ChannelEvent[] {
  const chatId = peek(call, 'senderData', 'chatId');
  if (typeof chatId === 'string' && isNobody(chatId)) return [];
  const message = Message.parse(call);
  switch (message.messageData.typeMessage) {
    case 'reactionMessage':
      return [toReaction(message, own)];
    case 'editedMessage':
      return [toEdit(message, own)];
    case 'deletedMessage':
      return [toDeletion(message, own)];
    case 'pollUpdateMessage':
      return [...toBubble(message, own), toTally(message, own)];
    default:
      return toBubble(message, own);
  }
}

function toBubble(message: Message, own?: Own): ChannelEvent[] {
  const { senderData, messageData, idMessage, timestamp } = message;
  const content = contentOf(messageData, senderData.sender);
  if (!content) return [];
  const quote = quoteIn(message);
  const file = inside(
    messageData,
    'fileMessageData',
    'stickerMessageData',
    'extendedTextMessageData',
    'messageData', // of several contacts
    `${messageData.typeMessage}Data`,
  );
  const handle = content.type === 'media' ? handleOf(message, file) : undefined;
  return [
    {
      type: 'message.received',
      chat: chatIn(message, own),
      externalId: externalIdOf(senderData.chatId, idMessage),
      from: senderOf(message, own),
      content,
      sentAt: timestamp,
      ...(own && { own }),
      ...(quote && { quote }),
      ...(isTrue(peek(file, 'isForwarded')) && { forwarded: true }),
      ...(handle && { file: handle }),
      ...(peek(message, PAST) === true && { history: true }),
    },
  ];
}

function chatIn({ senderData: { chatId, chatName, sender } }: Message, own?: Own) {
  return chatOf(chatId, { title: chatName, ...(!own && sender !== undefined && { sender }) });
}

/** Names of our own messages are ours. In a direct chat `chatId` and `sender` may be two addresses of the one person. */
function senderOf({ senderData }: Message, own?: Own): Sender {
  if (own) return { addresses: [] };
  const { chatId, sender, senderContactName, senderName } = senderData;
  const name = senderContactName ?? senderName;
  const who = isGroup(chatId) ? [sender] : [chatId, sender];
  return { addresses: addressesOf(who), ...(name && { name }) };
}

/** The message that this one answers, reacts to, or was tapped in. */
function targetIn({ messageData: data }: Message) {
  const places = [
    data.quotedMessage,
    data.extendedTextMessageData,
    ...['pollMessageData', 'buttonsResponseMessage', 'templateButtonReplyMessage', 'listResponseMessage'].map((name) =>
      peek(data, name),
    ),
  ];
  for (const place of places) {
    const target = Target.safeParse(place).data;
    if (target) return target;
  }
  return undefined;
}

function quoteIn(message: Message): Quote | undefined {
  const target = targetIn(message);
  if (!target) return undefined;
  const author = target.participant ? addressOf(target.participant) : undefined;
  const words = quotedWords(message.messageData.quotedMessage);
  return {
    externalId: externalIdOf(message.senderData.chatId, target.stanzaId),
    ...(author && { author }),
    ...(words !== undefined && { text: words }),
  };
}

/** Without words it is taken back. */
function toReaction(message: Message, own?: Own): ChannelEvent {
  const { senderData, messageData, timestamp } = message;
  const { stanzaId } = Target.parse(messageData.quotedMessage ?? messageData.extendedTextMessageData);
  const emoji = peek(messageData, 'extendedTextMessageData', 'text');
  return {
    type: 'message.reacted',
    chat: chatIn(message, own),
    externalId: externalIdOf(senderData.chatId, stanzaId),
    from: senderOf(message, own),
    own: own !== undefined,
    emoji: typeof emoji === 'string' && emoji !== '' ? emoji : null,
    at: timestamp,
  };
}

function toEdit(message: Message, own?: Own): ChannelEvent {
  const { stanzaId } = Target.parse(message.messageData.editedMessageData);
  return {
    type: 'message.edited',
    chat: chatIn(message, own),
    externalId: externalIdOf(message.senderData.chatId, stanzaId),
    content: contentAfterEdit(message.messageData),
    at: message.timestamp,
  };
}

/** All votes that the poll now has. */
function toTally(message: Message, own?: Own): ChannelEvent {
  const { stanzaId } = Target.parse(message.messageData.pollMessageData);
  return {
    type: 'message.edited',
    chat: chatIn(message, own),
    externalId: externalIdOf(message.senderData.chatId, stanzaId),
    content: pollWith(votesIn(message.messageData)),
    at: message.timestamp,
  };
}

function toDeletion(message: Message, own?: Own): ChannelEvent {
  const { stanzaId } = Target.parse(message.messageData.deletedMessageData);
  const externalId = externalIdOf(message.senderData.chatId, stanzaId);
  return { type: 'message.deleted', chat: chatIn(message, own), externalId, at: message.timestamp };
}

/** `suspended`, once `yellowCard`: WhatsApp restricts the number, and the queue holds the message for a day. */
const statuses: Record<string, { status: DeliveryWord; reason?: Refusal }> = {
  sent: { status: 'sent' },
  delivered: { status: 'delivered' },
  read: { status: 'read' },
  played: { status: 'read' },
  failed: { status: 'failed' },
  noAccount: { status: 'failed', reason: 'recipient' },
  notInGroup: { status: 'failed', reason: 'recipient' },
  yellowCard: { status: 'accepted', reason: 'throttled' },
  suspended: { status: 'accepted', reason: 'throttled' },
};

/** `outgoingMessageStatus`. The chat is missing in some (seen in real payloads). */
export function toDelivery(call: object): ChannelEvent[] {
  const { chatId, idMessage, timestamp, status, description } = Status.parse(call);
  const known = Object.hasOwn(statuses, status) ? statuses[status] : undefined;
  if (!known) return [];
  const failed = known.status === 'failed' && { detail: description ?? status };
  return [
    { type: 'delivery.updated', externalId: externalIdOf(chatId, idMessage), ...known, at: timestamp, ...failed },
  ];
}

const callOutcomes = {
  offer: 'ringing',
  pickUp: 'answered',
  hangUp: 'ended',
  hungUp: 'ended', // both spellings occur
  declined: 'rejected',
  missed: 'missed',
} as const;

/** `incomingCall`: it rings, then what came of it. The first makes the line, what came of it is an edit. */
export function toCall(call: object): ChannelEvent[] {
  const { from, idMessage, timestamp, status, isVideo } = Call.parse(call);
  const outcome = Object.entries(callOutcomes).find(([word]) => word === (status ?? 'offer'))?.[1];
  if (!outcome) return [];
  const chat = chatOf(from);
  const externalId = `call:${externalIdOf(from, idMessage)}`; // calls and messages are numbered apart
  const content = { type: 'call', video: isVideo === true, outcome } as const;
  const sender = { addresses: addressesOf([from]) };
  const received = { type: 'message.received', chat, externalId, from: sender, content, sentAt: timestamp } as const;
  return outcome === 'ringing'
    ? [received]
    : [received, { type: 'message.edited', chat, externalId, content, at: timestamp }];
}
