import { z } from 'zod';
import { peek } from '../json-body';
import { pollWith } from '../poll-tally';
import type { ChannelEvent, DeliveryWord, InboundContent, Own, Quote } from '../provider';
import { ExternalId, UnixMs } from '../shapes';
import { addressOf, isNobody, isGroup } from '../whatsapp-jid';
import { contentOf, heldIn, wordsOf, type Held } from './content';
import {
  Call,
  ContextInfo,
  Deletion,
  Edit,
  isStub,
  PAST,
  ProtocolMessage,
  StatusUpdate,
  WaMessage,
  type Key,
} from './evolution.payloads';
import { chatOf, direct, senderOf } from './identity';

/** The account's own JID, as the envelope names it. */
type OwnJid = string | null | undefined;

/** `messages.upsert` and, with `api`, `send.message`. */
export function toMessage(data: unknown, sender: OwnJid, api?: 'api'): ChannelEvent[] {
  const jid = peek(data, 'key', 'remoteJid');
  if ((typeof jid === 'string' && isNobody(jid)) || isStub(data)) return [];
  const read = WaMessage.parse(data);
  const message = api ? { ...read, key: { ...read.key, fromMe: true } } : read;
  const held = heldIn(message.message);
  if (!held) return [];
  switch (held.kind) {
    case 'reactionMessage':
      return [toReaction(held.body, message, sender)];
    case 'protocolMessage':
      return toProtocol(held.body);
    case 'pollUpdateMessage':
      return [...toBubble(held, message, sender, api), ...toTally(held, message, sender)];
    default:
      return toBubble(held, message, sender, api);
  }
}

function toBubble(held: Held, message: WaMessage, sender: OwnJid, api?: 'api'): ChannelEvent[] {
  const content = contentOf(held);
  if (!content) return [];
  const { key } = message;
  const chat = chatOf(key, sender);
  return [
    {
      type: 'message.received',
      chat,
      externalId: key.id,
      // The name on our own messages is ours, or the literal "Você".
      from: key.fromMe ? { addresses: [] } : senderOf(key, chat, message.pushName),
      content,
      sentAt: message.messageTimestamp,
      ...(key.fromMe && { own: api ?? ownOf(key) }),
      ...contextOf(held, message.contextInfo),
      ...(content.type === 'media' && { file: { messageId: key.id } }),
      ...(peek(message, PAST) === true && { history: true }),
    },
  ];
}

/**
 * Who of us wrote it. An upsert is a phone's or another linked device's, for what goes through the API comes as
 * `send.message`; only some older versions echo that as an upsert too (issue 1340). Such an echo bears the kind of id that
 * Evolution makes, which WhatsApp Web makes as well: then nobody can tell.
 */
function ownOf({ id }: Key): Own {
  return /^3EB0[0-9A-F]{16,28}$/.test(id) || id.startsWith('wamid.') ? 'unknown' : 'device';
}

/** Evolution moves the context out of a text, but leaves it inside a document or a button. */
function contextOf(held: Held, outer: unknown): { quote?: Quote; forwarded?: boolean } {
  const vote = held.kind === 'pollUpdateMessage' ? peek(held.body, 'pollCreationMessageKey', 'id') : undefined;
  if (typeof vote === 'string' && vote !== '') return { quote: { externalId: vote } };
  const found = ContextInfo.safeParse(outer ?? peek(held.body, 'contextInfo')).data;
  if (!found) return {};
  const forwarded = found.isForwarded === true || (found.forwardingScore ?? 0) > 0;
  return { ...(found.stanzaId && { quote: quoteOf(found.stanzaId, found) }), ...(forwarded && { forwarded }) };
}

function quoteOf(externalId: string, context: z.infer<typeof ContextInfo>): Quote {
  const author = context.participant ? addressOf(context.participant) : undefined;
  const text = wordsOf(context.quotedMessage);
  return { externalId, ...(author && { author }), ...(text !== undefined && { text }) };
}

const Tally = z
  .array(z.looseObject({ name: z.string(), voters: z.array(z.unknown()) }))
  .min(1)
  .max(1_000);

/** All votes of the poll, where the server has it. */
function toTally({ body }: Held, message: WaMessage, sender: OwnJid): ChannelEvent[] {
  const poll = ExternalId.safeParse(peek(body, 'pollCreationMessageKey', 'id')).data;
  const tally = Tally.safeParse(peek(message, 'pollUpdates')).data;
  if (poll === undefined || !tally) return [];
  const content = pollWith(tally.map(({ name, voters }) => ({ option: name, count: voters.length })));
  const [chat, at] = [chatOf(message.key, sender), message.messageTimestamp];
  return [{ type: 'message.edited', chat, externalId: poll, content, at }];
}

const Reaction = z.looseObject({
  key: z.looseObject({ id: ExternalId }),
  text: z.string().nullish(),
  senderTimestampMs: z.unknown().optional(),
});

function toReaction(body: unknown, { key, pushName, messageTimestamp }: WaMessage, sender: OwnJid): ChannelEvent {
  const reaction = Reaction.parse(body);
  const chat = chatOf(key, sender);
  return {
    type: 'message.reacted',
    chat,
    externalId: reaction.key.id,
    from: key.fromMe ? { addresses: [] } : senderOf(key, chat, pushName),
    own: key.fromMe === true,
    emoji: reaction.text || null,
    // Finer than the second of the envelope: who changes an emoji does it quickly.
    at: UnixMs.safeParse(reaction.senderTimestampMs).data ?? messageTimestamp,
  };
}

/**
 * `messages.edited`, `send.message.update`. The key is the editor's view in older versions, so only its id is used. A revoke
 * comes by this road as well; `messages.delete` is the one that tells it for certain (contract §3.5).
 */
export function toProtocol(data: unknown): ChannelEvent[] {
  const { type, editedMessage } = ProtocolMessage.parse(data);
  if ((type !== 14 && type !== 'MESSAGE_EDIT') || editedMessage == null) return [];
  const edit = Edit.parse(data);
  const content = contentAfterEdit(edit.editedMessage);
  return content ? [{ type: 'message.edited', externalId: edit.key.id, content, at: edit.timestampMs }] : [];
}

function contentAfterEdit(message: object): InboundContent | null {
  const held = heldIn(message);
  return held && contentOf(held);
}

/** `messages.delete`. */
export function toDeletion(data: unknown): ChannelEvent[] {
  return [{ type: 'message.deleted', externalId: Deletion.parse(data), at: null }];
}

/** By Baileys' number. `DELETED` is what older versions make of codes they do not know, so it is not among them. */
const acks: [name: string, word: DeliveryWord][] = [
  ['ERROR', 'failed'],
  ['PENDING', 'accepted'],
  ['SERVER_ACK', 'sent'],
  ['DELIVERY_ACK', 'delivered'],
  ['READ', 'read'],
  ['PLAYED', 'read'],
];

/**
 * `messages.update`. With a message or poll votes in it the status is made up; of the customer's messages it says what our
 * own people read on the phone.
 */
export function toDelivery(data: unknown): ChannelEvent[] {
  const update = StatusUpdate.parse(data);
  if (update.fromMe === false || update.status == null || update.message != null || update.pollUpdates != null)
    return [];
  const [, status] = acks.find(([name], number) => update.status === name || update.status === number) ?? [];
  if (!status) return [];
  const failed = status === 'failed' && { detail: 'ERROR' };
  return [{ type: 'delivery.updated', externalId: update.keyId, status, at: null, ...failed }];
}

const callOutcomes = {
  offer: 'ringing',
  ringing: 'ringing',
  accept: 'answered',
  timeout: 'missed',
  reject: 'rejected',
  terminate: 'ended',
} as const;

/** `call`: one event a transition, in any order. The first makes the line, what came of it is an edit. */
export function toCall(data: unknown, sender: OwnJid): ChannelEvent[] {
  const call = Call.parse(data);
  const outcome = Object.entries(callOutcomes).find(([status]) => status === call.status)?.[1];
  if (!outcome) return [];
  const chat = callChat(call, sender);
  const content = { type: 'call', video: call.isVideo === true, outcome } as const;
  const externalId = `call:${call.id}`; // calls and messages are numbered apart
  const from = { addresses: chat.kind === 'direct' ? chat.addresses : [] };
  const received = { type: 'message.received', chat, externalId, from, content, sentAt: call.date } as const;
  return outcome === 'ringing'
    ? [received]
    : [received, { type: 'message.edited', chat, externalId, content, at: call.date }];
}

function callChat(call: z.infer<typeof Call>, sender: OwnJid) {
  const chatId = call.chatId ?? call.from;
  return isGroup(chatId) ? ({ kind: 'group', externalId: chatId } as const) : direct([chatId, call.from], sender);
}
