import type { mediaKinds } from '@parley/contracts/content';
import { usualType } from '@parley/contracts/outbound-files';
import { crashPoint } from '@parley/platform/crash-points';
import { fileTypeFromBuffer } from 'file-type';

type Kind = (typeof mediaKinds)[number];
const MB = 2 ** 20;

/** What is fetched at most, in bytes: no provider's own limit is larger. */
const largest: Record<Kind, number> = {
  image: 32 * MB,
  sticker: 4 * MB,
  audio: 64 * MB,
  voice: 64 * MB,
  video: 100 * MB,
  document: 100 * MB,
};
/** What a type is told by. */
export const HEAD_BYTES = 4_100;

export class FileTooLarge extends Error {
  override name = 'FileTooLarge';
}

/** Watches the bytes of a file on their way: counts them, and keeps the first, which tell their type. */
export class Inspection {
  private head = Buffer.alloc(0);
  private bytes = 0;

  constructor(private readonly kind: Kind) {}

  /** The same bytes. Throws `FileTooLarge`, and where nothing comes at all. */
  async *watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of body) {
      this.bytes += piece.byteLength;
      if (this.bytes > largest[this.kind])
        throw new FileTooLarge(`This file is larger than ${largest[this.kind] / MB} MB.`);
      if (this.head.byteLength < HEAD_BYTES)
        this.head = Buffer.concat([this.head, piece.subarray(0, HEAD_BYTES - this.head.byteLength)]);
      yield piece;
      crashPoint('media.M2');
    }
    if (this.bytes === 0) throw new Error('the file is empty');
  }

  /** By its first bytes; null: they tell nothing. */
  type(): Promise<string | null> {
    return typeOf(this.head);
  }
}

/** What a file is by its first `HEAD_BYTES`; null: they tell nothing. */
export async function typeOf(head: Uint8Array): Promise<string | null> {
  return bare((await fileTypeFromBuffer(head))?.mime ?? null);
}

/** Types that say nothing of what is in a file. */
const vague = new Set(['application/octet-stream', 'binary/octet-stream', 'application/x-binary']);
/** It says nothing of what is in the file. */
export function isVague(declared: string | null): boolean {
  const word = bare(declared);
  return word === null || vague.has(word);
}

/** Types with signatures: a file that declares one of them and does not bear it is another. */
const SIGNED = /^(image\/(?!svg)|audio\/|video\/|application\/(pdf|zip|vnd\.openxmlformats))/;

/** Types that lie in a container of another, which is all that the first bytes may show. */
const contained: [RegExp, container: string][] = [
  [/^application\/(vnd\.openxmlformats|vnd\.oasis\.opendocument|epub)/, 'application/zip'],
  [/^application\/(msword|vnd\.ms-)/, 'application/x-cfb'],
];

/** Whether what a sender declared is not what came. Sounds and films share their containers, so their kind is enough. */
export function isSuspicious(declared: string | null, found: string | null): boolean {
  const word = bare(declared);
  if (word === null || isVague(word)) return false;
  if (found === null) return SIGNED.test(word);
  if (isTimed(word) && isTimed(found)) return false;
  if (contained.some(([types, container]) => types.test(word) && found === container)) return false;
  return usualType(word) !== usualType(found);
}

/** What a file is sent as, in the usual word: what its sender declared, where the bytes bear that out. */
export function typeToSend(declared: string, found: string | null): string {
  const isBorneOut = !isVague(declared) && !isSuspicious(declared, found);
  return usualType(isBorneOut ? declared : (found ?? 'application/octet-stream'));
}

const isTimed = (type: string) => /^(audio|video)\//.test(type) || type === 'application/ogg';

/** Without its parameters, in small letters. */
function bare(type: string | null): string | null {
  return type?.split(';')[0]?.trim().toLowerCase() || null;
}
