import type { Multipart } from '../world/bodies';
import type { Content, MediaKind } from '../world/content';
import { fetchFile } from '../world/fetch-file';
import { badRequest } from './errors';
import type { Server } from './server';

interface Source {
  /** An address, or base64 without its `data:` prefix. */
  source: unknown;
  upload?: Multipart['files'][string];
  mimeType?: unknown;
  fileName?: unknown;
  caption?: unknown;
}

const likelyTypes: Record<MediaKind, string> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  audio: 'audio/mpeg',
  voice: 'audio/ogg; codecs=opus',
  document: 'application/octet-stream',
  sticker: 'image/webp',
};

/** The file of a call, fetched or decoded and kept. Throws the server's 400 when there is none. */
export async function keepMedia(server: Server, kind: MediaKind, source: Source): Promise<Content> {
  const { bytes, mimeType, fileName } = await bytesOf(source);
  const named = text(source.fileName) ?? fileName;
  const file = server.world.media.keep(bytes, {
    mimeType: text(source.mimeType) ?? mimeType ?? likelyTypes[kind],
    fileName: named ?? 'file',
  });
  return { kind, media: file.id, text: text(source.caption), fileName: kind === 'document' ? named : undefined };
}

async function bytesOf({
  source,
  upload,
}: Source): Promise<{ bytes: Uint8Array; mimeType?: string; fileName?: string }> {
  if (upload) return upload;
  if (typeof source !== 'string' || !source) throw badRequest('Owned media must be a url or base64');
  if (/^https?:\/\//.test(source)) return fetched(source);
  const bytes = Buffer.from(source, 'base64');
  if (source.startsWith('data:') || bytes.length === 0) throw badRequest('Owned media must be a url or base64');
  return { bytes };
}

async function fetched(url: string) {
  try {
    return await fetchFile(url);
  } catch (error) {
    throw badRequest(`Error: ${error instanceof Error ? error.message : 'could not fetch the media'}`);
  }
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined);
