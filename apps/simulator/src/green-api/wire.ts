import type { Chat, Message } from '../world/chats';
import { isMedia, textOf, type Card, type Content, type MediaContent } from '../world/content';
import { digits, type Cloud } from './cloud';
import type { Instance } from './instance';

/** How one notification looks, where versions differ. */
export interface Look {
  lid?: boolean;
  /** Timestamps as text. */
  textTime?: boolean;
}

/** What stands around every notification (contract §3.1). */
export function envelope(cloud: Cloud, instance: Instance, typeWebhook: string, more: object) {
  const wid = instance.state === 'notAuthorized' ? '' : `${instance.phone}@c.us`;
  return {
    typeWebhook,
    instanceData: { idInstance: Number(instance.idInstance), wid, typeInstance: 'whatsapp' },
    timestamp: cloud.world.clock.nowSeconds(),
    ...more,
  };
}

/** A message, or what is told in the form of one: an edit, a deletion, a vote. */
export function messageNotification(
  cloud: Cloud,
  instance: Instance,
  chat: Chat,
  message: Pick<Message, 'id' | 'ours' | 'via' | 'at' | 'author'>,
  messageData: object,
  look: Look = {},
) {
  const type = !message.ours
    ? 'incomingMessageReceived'
    : message.via === 'api'
      ? 'outgoingAPIMessageReceived'
      : 'outgoingMessageReceived';
  const seconds = Math.floor(message.at / 1000);
  return envelope(cloud, instance, type, {
    timestamp: look.textTime ? String(seconds) : seconds,
    idMessage: message.id,
    senderData: senderData(cloud, instance, chat, message, look),
    messageData,
  });
}

function senderData(
  cloud: Cloud,
  instance: Instance,
  chat: Chat,
  { ours, author }: Pick<Message, 'ours' | 'author'>,
  { lid }: Look,
) {
  const chatId = cloud.chatId(instance, chat, lid);
  const member = chat.group?.members.find(({ phone }) => phone === author);
  const sender = ours ? `${instance.phone}@c.us` : author ? cloud.personId(instance, author, lid) : chatId;
  const senderName = ours ? instance.name : (member?.name ?? chat.name);
  return { chatId, chatName: chat.name, sender, senderName, senderContactName: '' };
}

/** `messageData` of a message as it stands on the phone (contract §3.2). */
export function messageData(cloud: Cloud, instance: Instance, chat: Chat, message: Message): object {
  const quotedMessage = message.quoted ? quoted(cloud, instance, chat, message.quoted) : undefined;
  return { ...contentData(cloud, instance, message, quotedMessage), ...(quotedMessage && { quotedMessage }) };
}

interface Quoted {
  stanzaId: string;
  participant: string;
}

function quoted(cloud: Cloud, instance: Instance, chat: Chat, id: string): Quoted & Record<string, unknown> {
  const target = cloud.world.chats.message(instance, id);
  const participant = target?.ours
    ? `${instance.phone}@c.us`
    : target?.author
      ? cloud.personId(instance, target.author)
      : cloud.chatId(instance, chat);
  const words = target && textOf(target.content);
  return {
    stanzaId: id,
    participant,
    ...(target && { typeMessage: isMedia(target.content) ? typeOf(target.content) : 'textMessage' }),
    ...(words !== undefined && { textMessage: words }),
  };
}

function contentData(cloud: Cloud, instance: Instance, message: Message, quote: Quoted | undefined): object {
  const { content } = message;
  if (isMedia(content))
    return { typeMessage: typeOf(content), fileMessageData: fileData(cloud, instance, message, content) };
  switch (content.kind) {
    case 'text':
      return textData(content.text, content.forwarded, quote);
    case 'location':
      return {
        typeMessage: 'locationMessage',
        locationMessageData: {
          nameLocation: content.title ?? '',
          address: content.address ?? '',
          latitude: content.latitude,
          longitude: content.longitude,
          jpegThumbnail: '',
          ...forwardedAs(),
        },
      };
    case 'contacts':
      return contactData(content.contacts);
    case 'choice':
      return choiceData(content, quote?.stanzaId ?? 'BAE5000000000000');
    case 'poll':
      return {
        typeMessage: 'pollMessage',
        pollMessageData: {
          name: content.text,
          options: content.options.map((optionName) => ({ optionName })),
          multipleAnswers: content.selectable !== 1,
        },
      };
    case 'reaction':
      return { typeMessage: 'reactionMessage', extendedTextMessageData: { text: content.text } };
    case 'unsupported':
      return { typeMessage: `${content.text}Message` };
    default:
      return textData(textOf(content) ?? '', undefined, quote);
  }
}

/** Links, replies, what was forwarded and what the API sent come as extended text. */
function textData(text: string, forwarded: Forwarded, quote: Quoted | undefined) {
  if (!quote && !forwarded && !/https?:\/\//.test(text)) {
    return { typeMessage: 'textMessage', textMessageData: { textMessage: text, isTemplateMessage: false } };
  }
  const shown = quote
    ? { stanzaId: quote.stanzaId, participant: quote.participant }
    : { description: '', title: '', previewType: 'None', jpegThumbnail: '', ...forwardedAs(forwarded) };
  return { typeMessage: 'extendedTextMessage', extendedTextMessageData: { text, ...shown } };
}

type Forwarded = 'once' | 'often' | undefined;

/** A flag, or its name (observed); a score beside it. */
function forwardedAs(forwarded?: Forwarded) {
  if (!forwarded) return { isForwarded: false, forwardingScore: 0 };
  return forwarded === 'often'
    ? { isForwarded: 'true', forwardingScore: 5 }
    : { isForwarded: true, forwardingScore: 1 };
}

const typeOf = ({ kind }: MediaContent) => `${kind === 'voice' ? 'audio' : kind}Message`;

function fileData(cloud: Cloud, instance: Instance, message: Message, content: MediaContent) {
  const file = cloud.world.media.find(content.media);
  return {
    downloadUrl: cloud.fileUrl(instance, message) ?? '',
    caption: content.text ?? '',
    fileName: content.fileName ?? file?.fileName ?? '',
    jpegThumbnail: '',
    mimeType: file?.mimeType ?? 'application/octet-stream',
    ...(content.kind === 'video' && { videoNote: content.round === true }),
    ...(content.kind === 'sticker' && { isAnimated: false }),
    ...forwardedAs(content.forwarded),
  };
}

/** Several stand one level deeper than one. */
function contactData(contacts: Card[]) {
  const cards = contacts.map((card) => ({ displayName: card.name, vcard: vcardOf(card) }));
  const [only] = cards;
  return cards.length === 1
    ? { typeMessage: 'contactMessage', contactMessageData: { ...only, ...forwardedAs() } }
    : { typeMessage: 'contactsArrayMessage', messageData: { contacts: cards, ...forwardedAs() } };
}

function vcardOf({ name, phone, email, organisation }: Card): string {
  const lines = ['BEGIN:VCARD', 'VERSION:3.0', `FN:${name}`];
  if (phone) lines.push(`TEL;waid=${digits(phone)}:${phone}`);
  if (email) lines.push(`EMAIL:${email}`);
  if (organisation) lines.push(`ORG:${organisation}`);
  return [...lines, 'END:VCARD'].join('\n');
}

function choiceData({ style, id, text }: Extract<Content, { kind: 'choice' }>, stanzaId: string) {
  switch (style) {
    case 'list':
      return {
        typeMessage: 'listResponseMessage',
        listResponseMessage: { stanzaId, title: text, listType: 1, singleSelectReply: id },
      };
    case 'template-button':
      return {
        typeMessage: 'templateButtonsReplyMessage',
        templateButtonReplyMessage: { stanzaId, selectedIndex: 0, selectedId: id, selectedDisplayText: text },
      };
    default:
      return {
        typeMessage: 'buttonsResponseMessage',
        buttonsResponseMessage: { stanzaId, selectedButtonId: id, selectedButtonText: text },
      };
  }
}

/** A reaction names its message as a reply does. */
export function reactionData(cloud: Cloud, instance: Instance, chat: Chat, emoji: string, target: string) {
  const { stanzaId, participant } = quoted(cloud, instance, chat, target);
  return {
    typeMessage: 'reactionMessage',
    extendedTextMessageData: { text: emoji },
    quotedMessage: { stanzaId, participant },
  };
}

/** A record of the history calls: flat. */
export function record(cloud: Cloud, instance: Instance, chat: Chat, message: Message) {
  const { content } = message;
  const words = textOf(content);
  return {
    type: message.ours ? 'outgoing' : 'incoming',
    idMessage: message.id,
    timestamp: Math.floor(message.at / 1000),
    typeMessage: isMedia(content)
      ? typeOf(content)
      : content.kind === 'text'
        ? 'textMessage'
        : `${content.kind}Message`,
    chatId: cloud.chatId(instance, chat),
    ...(!message.ours && {
      senderId: message.author ? cloud.personId(instance, message.author) : cloud.chatId(instance, chat),
      senderName: chat.name,
    }),
    ...(isMedia(content)
      ? {
          downloadUrl: cloud.fileUrl(instance, message),
          caption: words ?? '',
          fileName: content.fileName ?? '',
          mimeType: cloud.world.media.find(content.media)?.mimeType,
        }
      : { textMessage: words ?? '' }),
    ...(message.ours && { statusMessage: message.status, sendByApi: message.via === 'api' }),
  };
}
