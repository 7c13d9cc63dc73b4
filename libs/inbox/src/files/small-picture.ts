import { Readable } from 'node:stream';
import type { FileStore } from '@parley/platform/file-store';
import { readWhole } from '@parley/platform/read-whole';
import sharp from 'sharp';
import { smallKey, storageKey } from './file-links';
import { inTurn } from './in-turn';

/** What is opened at all: a hostile picture is a few bytes that become billions. */
const MAX_BYTES = 32 * 2 ** 20;
/** What phones take. Of the worst kinds, as they are decoded: 260 MB (a PNG, interlaced, 16 bit), 150 MB (a JPEG, progressive). */
const MAX_PIXELS = 25_000_000;
/** A picture with fewer bytes is small as it is. */
const SMALL_FROM_BYTES = 64 * 2 ** 10;
/** Of its longer side: twice what a bubble shows. */
const SIDE_PX = 480;

/** Of every small picture. */
export const SMALL_TYPE = 'image/webp';

/** Types that are opened. */
export const pictures: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);

sharp.cache(false); // no picture is looked at twice
sharp.concurrency(1);

/** A picture as one sees it, upright. `small`: a smaller one lies beside it. */
export interface Picture {
  width: number;
  height: number;
  small: boolean;
}

/** Measures a picture that is kept, and keeps a small one beside it. Null: it is none, or cannot be read, and goes without. */
export async function keepSmall(
  files: FileStore,
  file: { tenantId: string; id: string },
  { mimeType, sizeBytes }: { mimeType: string | null; sizeBytes: number },
): Promise<Picture | null> {
  if (mimeType === null || !pictures.has(mimeType) || sizeBytes > MAX_BYTES) return null;
  const seen = await inTurn(async () => lookAt(await readWhole(() => files.read(storageKey(file)))));
  if (!seen) return null;
  if (seen.small) await files.put(smallKey(file), Readable.from([seen.small]));
  return { width: seen.width, height: seen.height, small: seen.small !== null };
}

async function lookAt(bytes: Buffer): Promise<{ width: number; height: number; small: Buffer | null } | null> {
  try {
    const picture = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' });
    const { autoOrient, pages = 1 } = await picture.metadata();
    const moves = pages > 1;
    if (moves || bytes.byteLength < SMALL_FROM_BYTES) return { ...autoOrient, small: null };
    const inside = { fit: 'inside', withoutEnlargement: true } as const;
    const small = await picture.autoOrient().resize(SIDE_PX, SIDE_PX, inside).webp({ quality: 78 }).toBuffer(); // and nothing of who took it where
    return { ...autoOrient, small };
  } catch {
    return null; // broken, too large, or only called a picture
  }
}
