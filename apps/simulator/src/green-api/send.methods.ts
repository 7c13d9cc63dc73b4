import { z } from 'zod';
import { Multipart } from '../world/bodies';
import type { Chat } from '../world/chats';
import type { Content, MediaKind } from '../world/content';
import { fetchFile } from '../world/fetch-file';
import { newApiId, type Cloud } from './cloud';
import { bad, GreenApiError, invalid } from './errors';
import type { Instance } from './instance';
import { parsed, type Called, type Methods } from './methods';
import type { Sends } from './sends';

const ChatId = z.string().regex(/^(\d{7,16}@c\.us|[\d-]{10,}@g\.us|\d{5,}@lid)$/, 'must be a chat id');
const To = z.object({ chatId: ChatId, quotedMessageId: z.string().optional() });
const Text = To.extend({ message: z.string().min(1).max(20_000) });
const ByUrl = To.extend({ urlFile: z.url(), fileName: z.string().regex(/\.\w+$/), caption: z.string().optional() });
const Location = To.extend({
  latitude: z.number(),
  longitude: z.number(),
  nameLocation: z.string().optional(),
  address: z.string().optional(),
});
const Contact = To.extend({
  contact: z.object({
    phoneContact: z.int(),
    firstName: z.string().optional(),
    middleName: z.string().optional(),
    lastName: z.string().optional(),
    company: z.string().optional(),
  }),
});
const Poll = To.extend({
  message: z.string().max(255),
  options: z
    .array(z.object({ optionName: z.string().max(100) }))
    .min(2)
    .max(12),
  multipleAnswers: z.boolean().optional(),
});
const Forward = z.object({ chatId: ChatId, chatIdFrom: ChatId, messages: z.array(z.string()).min(1) });

const MAX_FILE_BYTES = 100 * 1024 * 1024;

/** Everything that puts a message into the instance's queue (contract §4). */
export function sendMethods(cloud: Cloud, sends: Sends): Methods {
  const { media } = cloud.world;

  async function send(called: Called, { chatId, quotedMessageId }: z.infer<typeof To>, content: Content) {
    const answer = await sends.send(called.instance, chatFor(called.instance, chatId), content, quotedMessageId);
    called.reply.externalId = answer.idMessage;
    return answer;
  }

  function chatFor(instance: Instance, chatId: string): Chat {
    const chat = cloud.chatOf(instance, chatId);
    if (!chat) throw bad('bad request data');
    return chat;
  }

  const method = (run: (called: Called) => unknown) => ({ verb: 'POST', perSecond: 50, run }) as const;

  return {
    sendMessage: method((called) => {
      const body = parsed(Text, called.body);
      return send(called, body, { kind: 'text', text: body.message });
    }),
    sendFileByUrl: method(async (called) => {
      const body = parsed(ByUrl, called.body);
      const { bytes, mimeType } = await fetchFile(body.urlFile).catch(() => {
        throw bad('bad request data');
      });
      if (bytes.byteLength > MAX_FILE_BYTES) throw new GreenApiError(500, 'File from url exceeded max upload size');
      const file = media.keep(bytes, {
        mimeType: typeOf(body.fileName) ?? mimeType ?? 'application/octet-stream',
        fileName: body.fileName,
      });
      return send(called, body, fileContent(file.id, file.mimeType, body.fileName, body.caption));
    }),
    sendFileByUpload: method(async (called) => {
      const form = called.body;
      if (!(form instanceof Multipart) || !form.files.file) throw invalid('"file" is required');
      const to = parsed(To, form.fields);
      const { bytes, mimeType, fileName: given } = form.files.file;
      const fileName = form.fields.fileName ?? given;
      const file = media.keep(bytes, { mimeType: typeOf(fileName) ?? mimeType, fileName });
      const content = fileContent(file.id, file.mimeType, fileName, form.fields.caption);
      const urlFile = cloud.fileUrl(called.instance, { content });
      return { ...(await send(called, to, content)), urlFile };
    }),
    uploadFile: method(({ instance, body, request }) => {
      const fileName = String(request.headers['ga-filename'] ?? 'file');
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const mimeType = request.headers['content-type'] ?? typeOf(fileName) ?? 'application/octet-stream';
      const file = media.keep(bytes, { mimeType, fileName });
      return { urlFile: cloud.fileUrl(instance, { content: fileContent(file.id, mimeType, fileName) }) };
    }),
    sendLocation: method((called) => {
      const { latitude, longitude, nameLocation: title, address, ...to } = parsed(Location, called.body);
      return send(called, to, { kind: 'location', latitude, longitude, title, address });
    }),
    sendContact: method((called) => {
      const { contact, ...to } = parsed(Contact, called.body);
      const name = [contact.firstName, contact.middleName, contact.lastName].filter(Boolean).join(' ');
      const card = {
        name: name || (contact.company ?? ''),
        phone: `+${contact.phoneContact}`,
        organisation: contact.company,
      };
      return send(called, to, { kind: 'contacts', contacts: [card] });
    }),
    sendPoll: method((called) => {
      const { message: text, options, multipleAnswers, ...to } = parsed(Poll, called.body);
      const names = options.map(({ optionName }) => optionName);
      if (new Set(names).size < names.length) throw invalid('"options" contains a duplicate value');
      return send(called, to, { kind: 'poll', text, options: names, selectable: multipleAnswers ? 0 : 1 });
    }),
    forwardMessages: method(async (called) => {
      const { chatId, messages } = parsed(Forward, called.body);
      const forwarded: string[] = [];
      for (const id of messages) {
        const message = cloud.world.chats.message(called.instance, id);
        if (message) forwarded.push((await send(called, { chatId }, message.content)).idMessage);
      }
      return { messages: forwarded.length > 0 ? forwarded : [newApiId()] };
    }),
  };
}

/** The name decides what it is sent as. Sound is never a plain file. */
function fileContent(media: string, mimeType: string, fileName: string, text?: string): Content {
  const kind: MediaKind = /^audio\/ogg/.test(mimeType)
    ? 'voice'
    : ((['image', 'video', 'audio'] as const).find((one) => mimeType.startsWith(`${one}/`)) ?? 'document');
  return { kind, media, fileName, ...(text && { text }) };
}

const types: Record<string, string> = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', gif: 'image/gif', mp4: 'video/mp4',
  ogg: 'audio/ogg', oga: 'audio/ogg', mp3: 'audio/mpeg', m4a: 'audio/mp4', pdf: 'application/pdf', txt: 'text/plain',
}; // prettier-ignore

function typeOf(fileName: string): string | undefined {
  const extension = /\.(\w+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(types, extension) ? types[extension] : undefined;
}
