import type { mediaKinds } from '@parley/contracts/content';
import { z } from 'zod';
import { peek } from '../json-body';
import type { InboundContent } from '../provider';
import { Numeric, OptionalText } from '../shapes';
import { readVcard } from '../vcard';
import { FileData, inside, type MessageData } from './green-api.payloads';

/** WhatsApp gave the linked device nothing to show: not delivered to it, too large, or not to be decrypted (contract §3.2). */
const WITHHELD = /\{\{SWE00[123]\}\}/;
const withheld: InboundContent = { type: 'unsupported', kind: 'placeholder' };

/** What a message says; `voter` is who sent it. `null`: nothing that is shown. Throws ZodError on a known kind of another shape. */
export function contentOf(data: MessageData, voter: string | undefined): InboundContent | null {
  switch (data.typeMessage) {
    case 'textMessage':
    case 'extendedTextMessage':
    case 'quotedMessage': // how older instances call a reply
      return text(wordsOf(data));
    case 'imageMessage':
      return media('image', data);
    case 'videoMessage':
      return media('video', data);
    case 'audioMessage':
      return media('audio', data);
    case 'documentMessage':
      return media('document', data);
    case 'stickerMessage':
      return media('sticker', data);
    case 'locationMessage':
    case 'liveLocationMessage':
      return location(data);
    case 'contactMessage':
      return { type: 'contacts', contacts: [card(data.contactMessageData)] };
    case 'contactsArrayMessage':
      return {
        type: 'contacts',
        contacts: Cards.parse(inside(data, 'messageData', 'contactsArrayMessageData')).contacts.map(card),
      };
    case 'pollMessage':
      return poll(data);
    case 'pollUpdateMessage':
      return vote(data, voter);
    case 'buttonsResponseMessage':
    case 'templateButtonsReplyMessage':
    case 'listResponseMessage':
      return tapped(data);
    default:
      return offered(data) ?? { type: 'unsupported', kind: data.typeMessage.replace(/Message$/, '').slice(0, 64) };
  }
}

/** What an edit leaves: the new words, of a text or below a file. */
export function contentAfterEdit(data: MessageData): InboundContent {
  const edited = z.looseObject({ textMessage: OptionalText, caption: OptionalText }).parse(data.editedMessageData);
  return text(edited.textMessage ?? edited.caption ?? '');
}

const Plain = z.looseObject({ textMessage: z.string() });
const Extended = z.looseObject({ text: z.string() });

/** Either of the two, whatever the type says: links, replies and ads stand in the second. */
function wordsOf(data: MessageData): string {
  const plain = Plain.safeParse(data.textMessageData).data;
  return plain ? plain.textMessage : Extended.parse(data.extendedTextMessageData).text;
}

function text(words: string): InboundContent {
  return WITHHELD.test(words) ? withheld : { type: 'text', text: words };
}

type MediaKind = (typeof mediaKinds)[number];

function media(declared: MediaKind, data: MessageData): InboundContent {
  const file = FileData.parse(inside(data, 'fileMessageData', `${data.typeMessage}Data`));
  if (WITHHELD.test(file.downloadUrl)) return withheld;
  return {
    type: 'media',
    kind: kindOf(declared, file.mimeType),
    mimeType: file.mimeType,
    fileName: file.fileName,
    sizeBytes: file.fileSize,
    durationMs: null,
    width: null,
    height: null,
    caption: file.caption,
  };
}

/** Nothing says that it is a voice note but its encoding; music comes as a document (seen in real payloads). */
function kindOf(declared: MediaKind, mimeType: string | null): MediaKind {
  if (declared === 'audio') return /^audio\/ogg\b.*opus/i.test(mimeType ?? '') ? 'voice' : 'audio';
  return declared === 'document' && mimeType?.startsWith('audio/') ? 'audio' : declared;
}

const Location = z.looseObject({
  latitude: Numeric,
  longitude: Numeric,
  nameLocation: OptionalText,
  address: OptionalText,
});

function location(data: MessageData): InboundContent {
  const place = Location.parse(inside(data, 'locationMessageData', 'liveLocationMessageData'));
  const { latitude, longitude, nameLocation: name, address } = place;
  return { type: 'location', latitude, longitude, name, address, live: data.typeMessage !== 'locationMessage' };
}

const Card = z.looseObject({ displayName: OptionalText, vcard: z.string() });
const Cards = z.looseObject({ contacts: z.array(z.unknown()).max(1_000) });

function card(given: unknown) {
  const { vcard, displayName } = Card.parse(given);
  return readVcard(vcard, displayName);
}

const Option = z.looseObject({ optionName: z.string() });
const Poll = z.looseObject({
  name: z.string(),
  options: z.array(Option).max(1_000),
  multipleAnswers: z.unknown().optional(),
});

function poll(data: MessageData): InboundContent {
  const { name, options, multipleAnswers } = Poll.parse(data.pollMessageData);
  const selectable = multipleAnswers === true || multipleAnswers === 'true' ? 0 : 1; // 0: as many as there are
  return { type: 'poll', question: name, options: options.map((option) => option.optionName), selectable };
}

const Vote = z.looseObject({
  votes: z.array(Option.extend({ optionVoters: z.array(z.string()).max(5_000).nullish() })).max(1_000),
});

/** It tells all votes that the poll now has; those of the one who voted last are what is said. None left: taken back. */
function vote(data: MessageData, voter: string | undefined): InboundContent | null {
  const { votes } = Vote.parse(data.pollMessageData);
  const chosen = votes.filter(({ optionVoters }) => voter !== undefined && optionVoters?.includes(voter));
  if (chosen.length === 0) return null;
  return { type: 'choice', id: null, text: chosen.map(({ optionName }) => optionName).join(', '), description: null };
}

/** How many chose each option of the poll that was voted in. */
export function votesIn(data: MessageData): { option: string; count: number }[] {
  const { votes } = Vote.parse(data.pollMessageData);
  return votes.map(({ optionName, optionVoters }) => ({ option: optionName, count: optionVoters?.length ?? 0 }));
}

const Tapped = z.looseObject({
  selectedButtonId: OptionalText,
  selectedId: OptionalText,
  singleSelectReply: z.unknown().optional(),
  selectedButtonText: OptionalText,
  selectedDisplayText: OptionalText,
  title: OptionalText,
});

/** `templateButtonReplyMessage` is spelled without the "s" inside. */
const TAPPED = [
  'buttonsResponseMessage',
  'templateButtonReplyMessage',
  'templateButtonsReplyMessage',
  'listResponseMessage',
];

function tapped(data: MessageData): InboundContent {
  const reply = Tapped.parse(inside(data, ...TAPPED));
  const row = typeof reply.singleSelectReply === 'string' ? reply.singleSelectReply : null;
  const id = reply.selectedButtonId ?? reply.selectedId ?? row;
  const words = reply.selectedButtonText ?? reply.selectedDisplayText ?? reply.title ?? id ?? '';
  return { type: 'choice', id, text: words, description: null };
}

/** Buttons and lists that were offered: their words. */
function offered({ typeMessage, ...data }: MessageData): InboundContent | undefined {
  if (!/^(buttons|list|template)Message$|^interactiveButtons/.test(typeMessage)) return undefined;
  const body = inside(data, typeMessage, `${typeMessage}Data`) ?? data;
  const words = inside(body, 'contentText', 'text', 'body', 'message', 'textMessage');
  return typeof words === 'string' && words !== '' ? text(words) : undefined;
}

/** What a quote shows of a message; `undefined` where it has no words. */
export function quotedWords(quoted: unknown): string | undefined {
  const words =
    peek(quoted, 'textMessage') ??
    peek(quoted, 'textMessageData', 'textMessage') ??
    peek(quoted, 'extendedTextMessageData', 'text') ??
    peek(quoted, 'caption') ??
    peek(quoted, 'fileMessageData', 'caption');
  return typeof words === 'string' && words !== '' ? words : undefined;
}
