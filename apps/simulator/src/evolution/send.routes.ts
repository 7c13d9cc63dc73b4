import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Multipart } from '../world/bodies';
import type { Content, MediaKind } from '../world/content';
import { keepMedia } from './files';
import { instanceRoute } from './guard';
import type { Instance } from './instance';
import type { Outgoing, Sends } from './sends';
import type { Server } from './server';
import { validate } from './validate';
import { badRequest } from './errors';

const MessageKey = z.looseObject({
  id: z.string(),
  remoteJid: z.string(),
  fromMe: z.boolean().default(false),
  participant: z.string().optional(),
});
const Common = z.looseObject({
  number: z.string(),
  delay: z.int().optional(),
  quoted: z
    .looseObject({ key: z.looseObject({ id: z.string() }), message: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});
type Common = z.infer<typeof Common>;

const Text = Common.extend({ text: z.string().min(1) });
const MediaBody = Common.extend({
  mediatype: z.enum(['image', 'video', 'document', 'audio']),
  media: z.string().optional(),
  mimetype: z.string().optional(),
  caption: z.string().optional(),
  fileName: z.string().optional(),
});
const Location = Common.extend({ latitude: z.number(), longitude: z.number(), name: z.string(), address: z.string() });
const Contact = Common.extend({
  contact: z
    .array(
      z.looseObject({
        fullName: z.string(),
        wuid: z.string().optional(),
        phoneNumber: z.string().min(10),
        organization: z.string().optional(),
        email: z.string().optional(),
      }),
    )
    .min(1),
});
const Poll = Common.extend({
  name: z.string(),
  selectableCount: z.int().min(0).max(10),
  values: z.array(z.string()).min(2).max(10),
});
const Reaction = z.looseObject({ key: MessageKey, reaction: z.string() });

/** Everything that can be sent (contract §4.1), save lists and buttons, which nobody should. */
export function sendRoutes(scope: FastifyInstance, server: Server, sends: Sends): void {
  const route = <T extends Common>(
    method: string,
    schema: z.ZodType<T>,
    content: (body: T, file: Multipart['files'][string] | undefined) => Promise<Content> | Content,
  ) =>
    instanceRoute(scope, server, ['POST', `/message/${method}`], async (instance, call) => {
      const form = call.request.body instanceof Multipart ? call.request.body : undefined;
      const body = validate(schema, form ? unquoted(form.fields) : call.request.body);
      const chat = sends.resolve(instance, body.number);
      const outgoing = { content: await content(body, form?.files.file), quoted: quotedOf(server, instance, body) };
      if (body.delay) await server.world.clock.sleep(body.delay);
      return sends.send(instance, chat, outgoing, call);
    });
  const file =
    (kind: MediaKind, source: 'media' | 'audio' | 'video' | 'sticker') =>
    async (body: Common, upload: Multipart['files'][string] | undefined): Promise<Content> =>
      keepMedia(server, kind, {
        source: body[source],
        upload,
        mimeType: body.mimetype,
        fileName: body.fileName,
        caption: body.caption,
      });

  route('sendText', Text, ({ text }) => ({ kind: 'text', text }));
  route('sendMedia', MediaBody, (body, upload) => {
    if (body.mediatype === 'document' && body.media && !/^https?:/.test(body.media) && !body.fileName)
      throw badRequest('For base64 the file name must be informed.');
    return file(body.mediatype, 'media')(body, upload);
  });
  route('sendWhatsAppAudio', Common, file('voice', 'audio'));
  route('sendPtv', Common, async (body, upload) => ({ ...(await file('video', 'video')(body, upload)), round: true }));
  route('sendSticker', Common, file('sticker', 'sticker'));
  route('sendLocation', Location, ({ latitude, longitude, name, address }) => ({
    kind: 'location',
    latitude,
    longitude,
    title: name,
    address,
  }));
  route('sendContact', Contact, ({ contact }) => ({
    kind: 'contacts',
    contacts: contact.map((card) => ({
      name: card.fullName,
      phone: card.phoneNumber,
      organisation: card.organization || undefined,
      email: card.email || undefined,
    })),
  }));
  route('sendPoll', Poll, ({ name, values, selectableCount }) => ({
    kind: 'poll',
    text: name,
    options: values,
    selectable: selectableCount,
  }));

  instanceRoute(scope, server, ['POST', '/message/sendReaction'], async (instance, call) => {
    const { key, reaction } = validate(Reaction, call.request.body);
    if ([...new Intl.Segmenter().segment(reaction)].length > 1) throw badRequest('"reaction" must be an emoji');
    const outgoing: Outgoing = { content: { kind: 'reaction', text: reaction, target: key.id } };
    return sends.send(instance, sends.resolve(instance, key.remoteJid), outgoing, call);
  });
}

/** A quote needs the quoted message in the call or in the server's database; without either it is silently left out. */
function quotedOf(server: Server, instance: Instance, body: Common): string | undefined {
  const id = body.quoted?.key.id;
  if (!id) return undefined;
  return body.quoted?.message || server.world.chats.message(instance, id) ? id : undefined;
}

/** Numbers and JSON of a form arrive as text. */
function unquoted(fields: Record<string, string>): Record<string, unknown> {
  const { quoted, delay, ...rest } = fields;
  return { ...rest, ...(quoted && { quoted: JSON.parse(quoted) }), ...(delay && { delay: Number(delay) }) };
}
