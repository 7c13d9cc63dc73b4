import type { Chat, Message } from '../world/chats';
import { directKey, groupKey, isGroup, phoneJid, type Key } from './addresses';
import type { AddressForm, Instance } from './instance';
import type { Server } from './server';
import { type Form, toTimestamp, toWire } from './wire';

export interface Look extends Form {
  addresses: AddressForm;
}

export const lookOf = (server: Server, instance: Instance, chat: Chat): Look => ({
  addresses: server.formOf(instance, chat),
  bytes: instance.settings.bytes,
  ts: instance.settings.ts,
});

export function keyOfMessage(chat: Chat, message: Pick<Message, 'id' | 'ours' | 'author'>, look: Look): Key {
  const base = { fromMe: message.ours, id: message.id };
  return chat.group
    ? groupKey(look.addresses, chat.key, message.author, base)
    : directKey(look.addresses, chat.key, base);
}

/** Address by which our own calls, and the answers to them, name a chat: the phone's wherever it is known. */
export const sendAddress = (chat: Chat) => (chat.group || isGroup(chat.key) ? chat.key : phoneJid(chat.key));

/** `data` of messages.upsert and send.message (contract §3.1). */
export function messageData(
  server: Server,
  instance: Instance,
  chat: Chat,
  message: Message,
  look: Look,
): Record<string, unknown> {
  const { messageType, message: body } = wireOf(server, instance, chat, message, look);
  return {
    key: keyOfMessage(chat, message, look),
    pushName: pushName(instance, chat, message),
    status: message.ours && message.via === 'api' ? 'PENDING' : 'DELIVERY_ACK',
    message: { ...body, ...base64Of(server, instance, message), messageContextInfo: { deviceListMetadataVersion: 2 } },
    contextInfo: contextInfo(server, instance, chat, message, look),
    messageType,
    messageTimestamp: toTimestamp(message.at, look),
    instanceId: instance.id,
    source: message.via === 'api' ? 'unknown' : message.ours ? 'ios' : 'android',
  };
}

/** What a send answers and what send.message says: the same shape with the address that was sent to. */
export function sentData(server: Server, instance: Instance, chat: Chat, message: Message) {
  const look = lookOf(server, instance, chat);
  const data = messageData(server, instance, chat, message, look);
  const { messageContextInfo: _info, ...body } = data.message as Record<string, unknown>;
  return { ...data, message: body, key: { remoteJid: sendAddress(chat), fromMe: true, id: message.id } };
}

function wireOf(server: Server, instance: Instance, chat: Chat, message: Message, look: Look) {
  if (message.content.kind !== 'reaction') return toWire(message.content, server.world.media, look);
  const target = server.world.chats.message(instance, message.content.target);
  const { participant, remoteJid, fromMe, id } = keyOfMessage(
    chat,
    target ?? { id: message.content.target, ours: true },
    look,
  );
  const key = { remoteJid, fromMe, id, ...(chat.group && participant ? { participant } : {}) };
  return {
    messageType: 'reactionMessage',
    message: { reactionMessage: { key, text: message.content.text, senderTimestampMs: String(message.at) } },
  };
}

function pushName(instance: Instance, chat: Chat, message: Message): string {
  if (message.ours) return message.via === 'api' ? 'Você' : instance.name;
  return chat.group?.members.find((member) => member.phone === message.author)?.name ?? chat.name;
}

function contextInfo(server: Server, instance: Instance, chat: Chat, message: Message, look: Look) {
  const forwarded = 'forwarded' in message.content ? message.content.forwarded : undefined;
  const marks = forwarded ? { isForwarded: true, forwardingScore: forwarded === 'often' ? 5 : 1 } : {};
  const quoted = message.quoted ? server.world.chats.message(instance, message.quoted) : undefined;
  if (!message.quoted) return forwarded ? marks : null;
  const participant = quoted?.ours === false ? authorAddress(chat, quoted) : phoneJid(instance.phone);
  const quotedMessage = quoted ? toWire(quoted.content, server.world.media, look).message : { conversation: '' };
  return { stanzaId: message.quoted, participant, quotedMessage, ...marks };
}

const authorAddress = (chat: Chat, message: Message) => phoneJid(message.author ?? chat.key);

/** `webhook_base64` of the instance puts the file itself into the event. */
function base64Of(server: Server, instance: Instance, message: Message) {
  if (!instance.webhook?.webhookBase64 || !('media' in message.content) || !message.content.media) return {};
  return { base64: server.world.media.read(message.content.media).toString('base64') };
}
