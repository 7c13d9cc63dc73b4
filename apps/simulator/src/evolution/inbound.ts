import { compose } from '../compose';
import { ControlError } from '../provider';
import { words, type Receive } from '../receive';
import type { Chat, Message } from '../world/chats';
import type { Content } from '../world/content';
import { randomHex } from '../world/ids';
import { addressOf, phoneJid, toJid } from './addresses';
import { groupOf } from './groups';
import { addressForms, type AddressForm, type Instance } from './instance';
import { copiesFor, isNumberless } from './magic';
import { keyOfMessage, lookOf, messageData, type Look } from './messages';
import type { Server } from './server';

/** Where something happens, and how the server will word it. */
export interface Scene {
  server: Server;
  instance: Instance;
  chat: Chat;
  event: Receive;
  look: Look;
}

/** The chat that an event is about, and the form in which it goes out. Throws ControlError when it names none. */
export function sceneOf(server: Server, instance: Instance, event: Receive): Scene {
  const chat = chatOf(server, instance, event);
  const form = addressForm(event, chat);
  if (form && !chat.group) server.world.chats.change(chat, { hidden: form === 'only' });
  const look = lookOf(server, instance, chat);
  return {
    server,
    instance,
    chat,
    event,
    look: { addresses: form ?? look.addresses, bytes: event.bytes ?? look.bytes, ts: event.ts ?? look.ts },
  };
}

function chatOf(server: Server, instance: Instance, event: Receive): Chat {
  if (event.group)
    return groupOf(server, instance, event.group, event.from ? [{ phone: digits(event.from), name: event.name }] : []);
  const target = event.target ? server.world.chats.message(instance, event.target) : undefined;
  const known = target && !event.from ? server.world.chats.find(instance, target.chat) : undefined;
  if (known) return known;
  if (!event.from) throw new ControlError(422, 'Say who it is from');
  const hidden = event.from.endsWith('@lid') ? server.phoneOfLid(event.from) : undefined;
  const phone = hidden ?? digits(event.from);
  if (!phone) throw new ControlError(422, `${event.from} is no phone number`);
  return contactOf(server, instance, phone, event.name);
}

/** Whoever writes for the first time becomes a contact over there, and an event says so. */
function contactOf(server: Server, instance: Instance, phone: string, name?: string): Chat {
  const isNew = !server.world.chats.find(instance, toJid(phone).replace(/@.*$/, ''));
  const chat = server.directChat(instance, phone, name);
  if (isNew && instance.state === 'open') {
    const contact = {
      remoteJid: phoneJid(chat.key),
      pushName: chat.name,
      profilePicUrl: null,
      instanceId: instance.id,
    };
    if (!isNumberless(phone)) void server.events.emit(instance, 'contacts.upsert', [contact], { phone: chat.key });
  }
  return chat;
}

/** A message by the customer, or by the business on its own phone: messages.upsert. */
export function write(scene: Scene, externalId: string): void {
  const { server, chat, event } = scene;
  const content = compose(event, server.world.media);
  const at = event.at ?? server.world.clock.now();
  if (content.kind === 'reaction') applyReaction(scene, content);
  const message = server.world.chats.add(chat, {
    id: externalId,
    ours: event.fromMe,
    via: event.fromMe ? 'device' : 'customer',
    author: chat.group && !event.fromMe ? digits(event.from ?? '') : undefined,
    content,
    at,
    quoted: event.replyTo,
    status: 'sent',
  });
  if (!event.fromMe)
    server.world.chats.change(chat, {
      lastInboundAt: Math.max(at, chat.lastInboundAt ?? 0),
      ...(event.person && { answers: [] }),
    });
  emitMessage(scene, message);
}

function emitMessage(scene: Scene, message: Message): void {
  const { server, instance, chat, event, look } = scene;
  const data = messageData(server, instance, chat, message, look);
  const key = event.data === 'own-alt' ? { ...(data.key as object), remoteJidAlt: phoneJid(instance.phone) } : data.key;
  const about = [{ what: 'message' as const, externalId: message.id, chat: chat.key }];
  emitInLine(scene, 'messages.upsert', { ...data, key, ...wrapped(event, data), ...mentioning(scene, data) }, about);
}

/** The server unwraps only documents with captions: what disappears, or is seen once, comes wrapped. */
function wrapped({ wrap }: Receive, { message }: Record<string, unknown>) {
  return wrap && { messageType: wrap, message: { [wrap]: { message } } };
}

function mentioning({ event, look }: Scene, { contextInfo }: Record<string, unknown>) {
  const mentionedJid = event.mentions?.map((phone) => addressOf(look.addresses, digits(phone)));
  return mentionedJid && { contextInfo: { ...(contextInfo as object | null), mentionedJid } };
}

function applyReaction({ server, instance, event }: Scene, content: Extract<Content, { kind: 'reaction' }>): void {
  const target = server.world.chats.message(instance, content.target);
  if (target) server.world.chats.react(target, event.fromMe ? '' : digits(event.from ?? target.chat), content.text);
}

/** messages.edited, and what newer servers send beside it (contract §3.5). */
export function edit(scene: Scene, target: Message): void {
  const { server, instance, chat, event, look } = scene;
  server.world.chats.edit(target, event.text ?? '');
  const { remoteJid, fromMe, id } = keyOfMessage(chat, target, look);
  const editedMessage = editedBody(target, event.text ?? '');
  const at = event.at ?? server.world.clock.now();
  const data = { key: { remoteJid, fromMe, id }, type: 14, editedMessage, timestampMs: String(at) };
  const about = [{ what: 'other' as const, externalId: id, chat: chat.key }];
  server.inLine(instance, () =>
    server.events.emit(instance, 'messages.edited', data, { about, phone: phoneOf(chat), copies: copies(scene) }),
  );
  if (look.addresses !== '2.3.7' && look.addresses !== '2.4') return;
  const update = {
    keyId: id,
    remoteJid,
    fromMe,
    participant: '',
    status: 'SERVER_ACK',
    message: { editedMessage: { message: editedMessage } },
    instanceId: instance.id,
  };
  emitInLine(scene, 'messages.update', update, about);
}

function editedBody(target: Message, text: string) {
  const { kind } = target.content;
  if (kind === 'image' || kind === 'video' || kind === 'document') return { [`${kind}Message`]: { caption: text } };
  return { conversation: text };
}

/** A revoke: messages.delete, and the protocol message under the name of an edit. */
export function remove(scene: Scene, target: Message): void {
  const { server, instance, chat, look } = scene;
  server.world.chats.remove(target);
  const { remoteJid, fromMe, id, participant } = keyOfMessage(chat, target, look);
  const about = [{ what: 'other' as const, externalId: id, chat: chat.key }];
  const status = look.addresses === '2.3.7' || look.addresses === '2.4' ? { status: 'DELETED' } : {};
  emitInLine(scene, 'messages.delete', { remoteJid, fromMe, id, participant: participant ?? '', ...status }, about);
  const notice = { key: { remoteJid, fromMe, id }, type: 0, timestampMs: String(server.world.clock.now()) };
  server.inLine(instance, () =>
    server.events.emit(instance, 'messages.edited', notice, { about, phone: phoneOf(chat), copies: copies(scene) }),
  );
}

/** A vote: only servers from 2.3.7 on tell of it. */
export function vote(scene: Scene, poll: Message, externalId: string): void {
  const { instance, chat, event, look } = scene;
  if (poll.content.kind !== 'poll') throw new ControlError(422, 'The target is no poll');
  if (look.addresses !== '2.3.7' && look.addresses !== '2.4') return;
  const chosen = event.options ?? poll.content.options.slice(0, 1);
  const voter = addressOf(look.addresses, digits(event.from ?? chat.key));
  const data = {
    key: keyOfMessage(chat, { id: externalId, ours: false, author: event.from ? digits(event.from) : undefined }, look),
    pushName: chat.name,
    status: 'DELIVERY_ACK',
    messageType: 'pollUpdateMessage',
    message: {
      pollUpdateMessage: { pollCreationMessageKey: keyOfMessage(chat, poll, look), vote: { selectedOptions: chosen } },
    },
    messageTimestamp: Math.floor(scene.server.world.clock.now() / 1000),
    instanceId: instance.id,
    source: 'android',
    pollUpdates: poll.content.options.map((name) => ({ name, voters: chosen.includes(name) ? [voter] : [] })),
  };
  emitInLine(scene, 'messages.upsert', data, [{ what: 'other', externalId, chat: chat.key }]);
}

/** presence.update: told only of chats that the server has subscribed to, if the instance is that strict. */
export function typeIn(server: Server, instance: Instance, chat: Chat, how: string): void {
  if (instance.settings.presence === 'subscribed' && !chat.watched) return;
  const id = chat.group ? chat.key : addressOf(server.formOf(instance, chat), chat.key);
  const data = { id, presences: { [id]: { lastKnownPresence: how, lastSeen: server.world.clock.nowSeconds() } } };
  void server.events.emit(instance, 'presence.update', data, { phone: phoneOf(chat) });
}

/** The customer of a recorded chat answers by itself. */
export function writeAsCustomer(server: Server, instance: Instance, chat: Chat, text: string): void {
  write({ server, instance, chat, event: words(text), look: lookOf(server, instance, chat) }, newInboundId());
}

/** Ids of phones: `3A` from iPhones, and so told apart from what servers send. */
export const newInboundId = () => `3A${randomHex(18)}`;

export const digits = (address: string) => address.replace(/@.*$/, '').replace(/\D/g, '');

export function emitInLine(
  scene: Scene,
  name: string,
  data: unknown,
  about: { what: 'message' | 'other'; externalId: string | null; chat: string | null }[],
): void {
  const { server, instance, chat, event } = scene;
  const emission = { about, phone: phoneOf(chat), copies: copies(scene), unheard: event.unheard };
  server.inLine(instance, () => void server.events.emit(instance, name, data, emission));
}

const copies = ({ chat, event }: Scene) => copiesFor(phoneOf(chat), event.dup);
const phoneOf = (chat: Chat) => (chat.group ? undefined : chat.key);

function addressForm(event: Receive, chat: Chat): AddressForm | undefined {
  if (isNumberless(chat.key)) return 'only';
  if (event.lid === undefined) return undefined;
  const form = addressForms.find((each) => each === event.lid);
  if (!form) throw new ControlError(422, `lid is one of ${addressForms.join(', ')}`);
  return form;
}
