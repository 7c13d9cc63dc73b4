import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Message } from '../world/chats';
import { isMedia, textOf } from '../world/content';
import { isGroup, lidOf, phoneJid, toJid } from './addresses';
import { badRequest, connectionClosed } from './errors';
import { findMessages } from './find-messages';
import { instanceRoute } from './guard';
import { digits } from './inbound';
import type { Instance } from './instance';
import { copiesFor, magicOf } from './magic';
import { lookOf, messageData, sendAddress } from './messages';
import type { Sends } from './sends';
import type { Server } from './server';
import { rowId, toWire } from './wire';
import { validate } from './validate';

const Key = z.looseObject({ id: z.string(), remoteJid: z.string(), fromMe: z.boolean() });
const EDIT_WINDOW_MS = 15 * 60_000;

/** What is done to messages that were sent, and what is looked up (contract §4.2 to §4.4). */
export function chatRoutes(scope: FastifyInstance, server: Server, sends: Sends): void {
  const { world } = server;

  instanceRoute(scope, server, ['POST', '/chat/updateMessage'], (instance, { request, reply }) => {
    const { number, text, key } = validate(
      z.looseObject({ number: z.string(), text: z.string().min(1), key: Key }),
      request.body,
    );
    if (instance.state !== 'open') throw connectionClosed();
    const message = world.chats.message(instance, key.id);
    if (!message?.ours || textOf(message.content) === undefined || message.deleted)
      throw badRequest('Message not compatible');
    const chat = sends.resolve(instance, number);
    if (chat.key !== message.chat) throw badRequest('RemoteJid does not match');
    if (world.clock.now() - message.at <= EDIT_WINDOW_MS) world.chats.edit(message, text); // later WhatsApp takes it and does nothing
    reply.externalId = message.id;
    return edited(server, instance, message, text);
  });

  instanceRoute(scope, server, ['DELETE', '/chat/deleteMessageForEveryone'], (instance, { request, reply }) => {
    const { id, remoteJid } = validate(Key, request.body);
    if (instance.state !== 'open') throw connectionClosed();
    const message = world.chats.message(instance, id);
    if (message?.ours) removed(server, instance, message);
    reply.externalId = id;
    return reply.status(201).send({
      key: { remoteJid, fromMe: true, id: `3EB0${id.slice(4)}` },
      message: { protocolMessage: { key: { remoteJid, fromMe: true, id }, type: 'REVOKE' } },
      messageTimestamp: String(world.clock.nowSeconds()),
      status: 'PENDING',
    });
  });

  instanceRoute(scope, server, ['POST', '/chat/markMessageAsRead'], (instance, { request, reply }) => {
    const { readMessages } = validate(z.looseObject({ readMessages: z.array(Key) }), request.body);
    for (const key of readMessages) {
      const message = key.remoteJid.endsWith('@lid') ? undefined : world.chats.message(instance, key.id); // keys with a LID are dropped
      if (message && !message.ours) world.chats.setStatus(message, 'read');
    }
    return reply.status(201).send({ message: 'Read messages', read: 'success' });
  });

  instanceRoute(scope, server, ['POST', '/chat/sendPresence'], async (instance, { request, reply }) => {
    const body = validate(z.looseObject({ number: z.string(), presence: z.string(), delay: z.number() }), request.body);
    if (instance.state !== 'open') throw connectionClosed();
    const chat = sends.resolve(instance, body.number);
    if (!chat.watched) world.chats.change(chat, { watched: true });
    const typing = body.presence === 'composing' || body.presence === 'recording';
    world.bus.publish({ type: 'typing', account: chat.account, chat: chat.key, typing });
    await world.clock.sleep(body.delay);
    world.bus.publish({ type: 'typing', account: chat.account, chat: chat.key, typing: false });
    return reply.status(201).send({ presence: body.presence });
  });

  instanceRoute(scope, server, ['POST', '/chat/whatsappNumbers'], (instance, { request }) => {
    const { numbers } = validate(z.looseObject({ numbers: z.array(z.string()) }), request.body);
    return numbers.map((number) => lookUp(server, instance, number));
  });

  instanceRoute(scope, server, ['POST', '/chat/fetchProfilePictureUrl'], (_instance, { request }) => {
    const { number } = validate(z.looseObject({ number: z.string() }), request.body);
    return { wuid: toJid(number), profilePictureUrl: null };
  });

  instanceRoute(scope, server, ['POST', '/chat/findMessages'], (instance, { request }) =>
    findMessages(server, instance, request.body),
  );

  instanceRoute(scope, server, ['POST', '/chat/getBase64FromMediaMessage'], (instance, { request, reply }) => {
    const { message } = validate(
      z.looseObject({
        message: z.looseObject({ key: z.looseObject({ id: z.string() }), message: z.unknown().optional() }),
      }),
      request.body,
    );
    const found = world.chats.message(instance, message.key.id);
    const stored = instance.settings.storesMessages || message.message !== undefined;
    if (!found || !stored || !isMedia(found.content)) throw badRequest('Message not found');
    return reply.status(201).send(fileOf(server, instance, found));
  });
}

function edited(server: Server, instance: Instance, message: Message, text: string) {
  const chat = server.world.chats.find(instance, message.chat);
  const remoteJid = chat ? sendAddress(chat) : phoneJid(message.chat);
  const key = { remoteJid, fromMe: true, id: message.id };
  const data = {
    key,
    message: {
      protocolMessage: {
        key,
        type: 'MESSAGE_EDIT',
        editedMessage: { conversation: text },
        timestampMs: String(server.world.clock.now()),
      },
    },
    messageType: 'protocolMessage',
    messageTimestamp: server.world.clock.nowSeconds(),
    instanceId: instance.id,
    source: 'unknown',
  };
  const about = [{ what: 'other' as const, externalId: message.id, chat: message.chat }];
  void server.events.emit(instance, 'send.message.update', data, { about, phone: message.chat });
  return data;
}

/** Deleted through the API: an event of another shape than a customer's own (contract §3.5). */
function removed(server: Server, instance: Instance, message: Message): void {
  server.world.chats.remove(message);
  const data = {
    id: rowId(message.id),
    instanceId: instance.id,
    key: { id: message.id, remoteJid: isGroup(message.chat) ? message.chat : phoneJid(message.chat), fromMe: true },
    ...toWire(message.content, server.world.media, instance.settings),
    status: 'DELETED',
    source: 'web',
    messageTimestamp: Math.floor(message.at / 1000),
    pushName: 'Você',
    participant: null,
  };
  const about = [{ what: 'other' as const, externalId: message.id, chat: message.chat }];
  void server.events.emit(instance, 'messages.delete', data, {
    about,
    phone: message.chat,
    copies: copiesFor(message.chat),
  });
}

function lookUp(server: Server, instance: Instance, number: string) {
  const jid = toJid(number);
  const phone = digits(jid);
  const exists = magicOf(phone) !== '0404' && /^\d{7,15}$/.test(phone);
  const name = server.world.chats.find(instance, phone)?.name;
  return { jid, exists, number, ...(exists && { name: name ?? '', lid: lidOf(phone) }) };
}

function fileOf(server: Server, instance: Instance, message: Message) {
  const { media, kind, text, fileName } = message.content as Extract<Message['content'], { media: string }> & {
    fileName?: string;
  };
  const file = server.world.media.find(media);
  const chat = server.world.chats.find(instance, message.chat);
  const look = chat ? lookOf(server, instance, chat) : { ...instance.settings, addresses: 'none' as const };
  const data = chat ? messageData(server, instance, chat, message, look) : undefined;
  const extension = file?.fileName.split('.').at(-1) ?? 'bin';
  return {
    mediaType: data?.messageType ?? `${kind}Message`,
    fileName: fileName ?? `${message.id}.${extension === 'jpg' ? 'jpeg' : extension}`,
    caption: text,
    size: { fileLength: String(file?.sizeBytes ?? 0), height: file?.height, width: file?.width },
    mimetype: file?.mimeType,
    base64: server.world.media.read(media).toString('base64'),
    buffer: null,
  };
}
