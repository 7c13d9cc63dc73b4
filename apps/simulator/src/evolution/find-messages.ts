import { z } from 'zod';
import type { Chat, Message } from '../world/chats';
import { isGroup, phoneJid, toJid } from './addresses';
import type { Instance } from './instance';
import { lookOf, messageData } from './messages';
import type { Server } from './server';
import { validate } from './validate';
import { rowId } from './wire';

const Body = z.looseObject({
  where: z
    .looseObject({
      key: z
        .looseObject({ remoteJid: z.string().optional(), id: z.string().optional(), fromMe: z.boolean().optional() })
        .optional(),
      messageTimestamp: z.looseObject({ gte: z.string().optional(), lte: z.string().optional() }).optional(),
    })
    .default({}),
  page: z.int().min(1).default(1),
  /** The size of a page, whatever its name says. */
  offset: z.int().min(1).default(50),
});
type Where = z.infer<typeof Body>['where'];

const words = {
  pending: 'PENDING',
  sent: 'SERVER_ACK',
  delivered: 'DELIVERY_ACK',
  read: 'READ',
  played: 'PLAYED',
  failed: 'ERROR',
};

/** The server's stored messages, newest first (contract §4.3). */
export function findMessages(server: Server, instance: Instance, body: unknown) {
  const { where, page, offset } = validate(Body, body);
  const found = instance.settings.storesMessages ? matching(server, instance, where) : [];
  const records = found.slice((page - 1) * offset, page * offset).map((message) => recordOf(server, instance, message));
  return { messages: { total: found.length, pages: Math.ceil(found.length / offset), currentPage: page, records } };
}

function matching(server: Server, instance: Instance, where: Where): Message[] {
  const { id, remoteJid, fromMe } = where.key ?? {};
  const [from, to] = [bound(where.messageTimestamp?.gte, -Infinity), bound(where.messageTimestamp?.lte, Infinity)];
  const chat = remoteJid ? chatOf(server, instance, remoteJid) : undefined;
  if (remoteJid && !chat) return [];
  const within = chat ? [...server.world.chats.history(chat)] : [...server.world.chats.messagesOf(instance)];
  return within
    .filter(
      (message) =>
        (!id || message.id === id) &&
        (fromMe === undefined || message.ours === fromMe) &&
        message.at >= from &&
        message.at <= to,
    )
    .sort((a, b) => b.at - a.at);
}

/** Either address of a person finds the chat: stored rows hold both. */
function chatOf(server: Server, instance: Instance, remoteJid: string): Chat | undefined {
  if (isGroup(remoteJid)) return server.world.chats.find(instance, remoteJid);
  const phone = remoteJid.endsWith('@lid') ? server.phoneOfLid(remoteJid) : toJid(remoteJid).replace(/@.*$/, '');
  return phone ? server.world.chats.find(instance, phone) : undefined;
}

function recordOf(server: Server, instance: Instance, message: Message) {
  const chat = server.world.chats.find(instance, message.chat);
  if (!chat)
    return { id: rowId(message.id), key: { remoteJid: phoneJid(message.chat), fromMe: message.ours, id: message.id } };
  const {
    contextInfo,
    status: _status,
    ...data
  } = messageData(server, instance, chat, message, { ...lookOf(server, instance, chat), ts: 'number' });
  return {
    id: rowId(message.id),
    ...data,
    contextInfo,
    MessageUpdate: message.ours && message.status !== 'pending' ? [{ status: words[message.status] }] : [],
  };
}

function bound(at: string | undefined, otherwise: number): number {
  return at === undefined ? otherwise : new Date(at).getTime();
}
