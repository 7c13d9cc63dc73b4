import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { FileMissing } from '@parley/platform/file-store';
import { LocalFiles } from '@parley/platform/local-files';
import { S3Files } from '@parley/platform/s3-files';
import { startS3 } from '@parley/testing/s3-server';
import { waitFor } from '@parley/testing/wait-for';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it, test, vi } from 'vitest';
import { smallKey, storageKey } from './file-links';
import { keepSmall } from './small-picture';

const file = { tenantId: 'tenant', id: 'file' };
let root: string;
let files: LocalFiles;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'pictures-'));
  files = new LocalFiles(root);
});
afterEach(() => rm(root, { recursive: true }));

const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
const draw = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'white', noise } });

async function keep(bytes: Buffer, mimeType: string | null = 'image/jpeg') {
  await files.put(storageKey(file), Readable.from([bytes]));
  return keepSmall(files, file, { mimeType, sizeBytes: bytes.length });
}

it('measures a photo as one sees it, and keeps a small one, upright and without a word of its camera', async () => {
  const photo = await draw(1_200, 800).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  expect(await keep(photo)).toEqual({ width: 800, height: 1_200, small: true });
  const small = await sharp(await buffer(await files.read(smallKey(file)))).metadata();
  expect([small.format, small.width, small.height, small.exif]).toEqual(['webp', 320, 480, undefined]);
});

it('looks at one after another, whatever becomes of the one before', async () => {
  const photo = await draw(1_200, 800).jpeg().toBuffer();
  await files.put(storageKey(file), Readable.from([photo]));
  const about = { mimeType: 'image/jpeg', sizeBytes: photo.length };
  const looks = ['file', 'no-file', 'file'].map((id) => keepSmall(files, { ...file, id }, about));
  expect((await Promise.allSettled(looks)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

// Without a deadline no picture of this process would be looked at again, nor leave.
it('goes on with the next where the store stands still in the midst of one', async () => {
  const s3 = await startS3();
  const onS3 = new S3Files(s3.settings);
  const photo = await draw(60, 30).jpeg().toBuffer();
  for (const id of ['first', 'second']) await onS3.put(storageKey({ ...file, id }), Readable.from([photo]));
  const asked = Promise.withResolvers<void>();
  s3.before(({ key }) => {
    if (!key.endsWith('first')) return;
    asked.resolve();
    return 'stall';
  });
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const about = { mimeType: 'image/jpeg', sizeBytes: photo.length };
    const looks = ['first', 'second'].map((id) => keepSmall(onS3, { ...file, id }, about));
    const ends = Promise.allSettled(looks);
    await asked.promise;
    vi.advanceTimersByTime(15_000);
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  } finally {
    vi.useRealTimers();
  }
  await waitFor('its connection to be let go', () => s3.stalled.size === 0);
  await s3.close();
});

it('leaves one alone that is small already', async () => {
  expect(await keep(await draw(60, 30).jpeg().toBuffer())).toEqual({ width: 60, height: 30, small: false });
  await expect(files.read(smallKey(file))).rejects.toBeInstanceOf(FileMissing);
});

test.each<[string, () => Promise<Buffer>, string | null]>([
  ['of no type', async () => draw(60, 30).jpeg().toBuffer(), null],
  ['of a type that is not looked into', async () => draw(60, 30).gif().toBuffer(), 'image/gif'],
  ['that is broken', async () => (await draw(1_200, 800).jpeg().toBuffer()).subarray(0, 90_000), 'image/jpeg'],
  ['that is none', async () => Buffer.from('<svg onload="alert(1)"/>'), 'image/png'],
  // A few kilobytes that want gigabytes.
  ['with too many pixels', async () => flat(5_100, 5_000), 'image/png'],
])('looks at nothing %s', async (_name, make, mimeType) => {
  expect(await keep(await make(), mimeType)).toBeNull();
});

function flat(width: number, height: number): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: 'white' }, limitInputPixels: false })
    .png({ compressionLevel: 1 })
    .toBuffer();
}
