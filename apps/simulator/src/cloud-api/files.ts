import type { FastifyReply, FastifyRequest } from 'fastify';
import { Multipart } from '../world/bodies';
import { hexOf, randomDigits, randomHex } from '../world/ids';
import type { MediaFile } from '../world/media';
import { sendFile } from '../world/send-file';
import { badMedia, GraphError, parameter, unknownObject } from './errors';
import type { HeldFile, Line, State } from './state';

const DAY_MS = 86_400_000;
const URL_MS = 5 * 60_000;
const MB = 1024 * 1024;

/** What may be sent, and how large (contract §4.2). */
const limits: [RegExp, number][] = [
  [/^image\/(jpeg|png)$/, 5 * MB],
  [/^image\/webp$/, 500 * 1024],
  [/^video\/(mp4|3gpp)$/, 16 * MB],
  [/^audio\/(aac|amr|mpeg|mp4|ogg)$/, 16 * MB],
  [
    /^(text\/plain|application\/(pdf|msword|vnd\.ms-(excel|powerpoint)|vnd\.openxmlformats-officedocument\..+))$/,
    100 * MB,
  ],
];
const kinds: Record<string, RegExp> = {
  image: /^image\/(jpeg|png)/,
  video: /^video\//,
  audio: /^audio\//,
  sticker: /^image\/webp/,
  document: /./,
};

/** Files that Meta holds: uploaded ones for 30 days, customers' ones for 7; each link for 5 minutes. */
export class HeldFiles {
  constructor(private readonly state: State) {}

  hold(line: Line, file: string, origin: HeldFile['origin']): HeldFile {
    const id = randomDigits(15);
    const held = {
      id,
      file,
      wabaId: line.wabaId,
      origin,
      createdAt: this.state.world.clock.now(),
      hash: randomHex(24).toLowerCase(),
    };
    return this.state.files.set(id, held);
  }

  /** The file of that id, if Meta still has it and this number's business may see it. */
  find(line: Line, id: string): HeldFile | undefined {
    const held = this.state.files.get(id);
    const days = held?.origin === 'upload' ? 30 : 7;
    const expired = held && this.state.world.clock.now() - held.createdAt > days * DAY_MS;
    return held && !expired && held.wabaId === line.wabaId ? held : undefined;
  }

  fileOf(held: HeldFile): MediaFile {
    const file = this.state.world.media.find(held.file);
    if (!file) throw unknownObject(held.id);
    return file;
  }

  /** A link that works for five minutes. */
  urlOf(held: HeldFile): string {
    const ext = Math.floor((this.state.world.clock.now() + URL_MS) / 1000);
    return `${this.state.world.origin}/cloud-api/_media/${held.id}?ext=${ext}&hash=${linkHash(held, String(ext))}`;
  }

  lookUp(line: Line, id: string) {
    const held = this.find(line, id) ?? refuse(id);
    const { mimeType, sha256, sizeBytes } = this.fileOf(held);
    return {
      messaging_product: 'whatsapp',
      url: this.urlOf(held),
      mime_type: mimeType,
      sha256: sha256.hex,
      file_size: sizeBytes,
      id,
    };
  }

  /** 404 once the link is older than five minutes, or was made up. */
  download(line: Line, id: string, request: FastifyRequest, reply: FastifyReply): unknown {
    const { ext = '', hash } = request.query as { ext?: string; hash?: string };
    const held = this.find(line, id);
    const valid = held && hash === linkHash(held, ext) && Number(ext) * 1000 >= this.state.world.clock.now();
    if (!held || !valid) return reply.status(404).type('text/plain').send('URL signature expired');
    const { world } = this.state;
    const file = { mimeType: this.fileOf(held).mimeType, bytes: world.media.read(held.file) };
    return sendFile(world, line, request, reply, file);
  }

  upload(line: Line, body: unknown): { id: string } {
    if (!(body instanceof Multipart)) throw parameter('The parameter file is required');
    if (body.fields.messaging_product !== 'whatsapp') throw parameter('The parameter messaging_product is required');
    const { file } = body.files;
    if (!file) throw parameter('The parameter file is required');
    const mimeType = file.mimeType || body.fields.type || '';
    checkFile(mimeType, file.bytes.length);
    const kept = this.state.world.media.keep(file.bytes, { mimeType, fileName: file.fileName });
    return { id: this.hold(line, kept.id, 'upload').id };
  }

  remove(line: Line, id: string): { success: true } {
    if (!this.find(line, id)) refuse(id);
    this.state.files.delete(id);
    return { success: true };
  }
}

/** Throws for a type that WhatsApp does not take, or a file that is too large. */
export function checkFile(mimeType: string, sizeBytes: number): void {
  const bare = mimeType.replace(/;.*$/, '').trim();
  const limit = limits.find(([types]) => types.test(bare));
  if (!limit)
    throw new GraphError(
      400,
      100,
      `(#100) Param file must be a file with one of the supported types: received ${bare || 'none'}`,
    );
  if (sizeBytes > limit[1]) throw badMedia(`File size is too large: ${sizeBytes} bytes, at most ${limit[1]}`);
}

/** Whether a file of that type can be sent as that kind. */
export const fits = (kind: string, mimeType: string) => kinds[kind]?.test(mimeType) ?? false;

const linkHash = (held: HeldFile, ext: string) => hexOf(`${held.hash} ${ext}`, 32);

function refuse(id: string): never {
  throw unknownObject(id);
}
