import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, it, test } from 'vitest';
import { drawLogo } from './logo';

const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
const draw = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'white', noise } });
/** Every colour of every pixel is all or nothing. */
const loudest = () =>
  sharp(
    randomBytes(96 * 96 * 3).map((byte) => (byte < 128 ? 0 : 255)),
    { raw: { width: 96, height: 96, channels: 3 } },
  );
const urlOf = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;
const bytesOf = (url: string) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');

/** A disc with nothing round it. */
const disc = (fill: string) =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><circle cx="150" cy="150" r="149" fill="${fill}"/></svg>`,
    ),
  )
    .png()
    .toBuffer();

/** Red, green and blue. */
async function pixelOf(url: string, left: number, top: number): Promise<number[]> {
  return [...(await sharp(bytesOf(url)).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())];
}
const isNear = (found: number[], wanted: number[]) =>
  found.every((value, i) => Math.abs(value - (wanted[i] ?? 0)) < 12);

test.each([
  ['a PNG', () => draw(300, 300).png().toBuffer()],
  ['a JPEG from a phone', () => draw(600, 300).withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ['a WebP', () => draw(300, 500).webp().toBuffer()],
  ['a very small one', () => draw(8, 8).png().toBuffer()],
  ['one as hard to draw as there is', () => loudest().png().toBuffer()],
])('draws %s anew: square, some kB, without a word of its camera', async (_name, make) => {
  const url = await drawLogo(urlOf(await make()));
  expect(url).toMatch(/^data:image\/webp;base64,/);
  const { format, width, height, exif, icc, xmp, hasAlpha } = await sharp(bytesOf(url)).metadata();
  expect({ format, width, height, exif, icc, xmp, hasAlpha }).toEqual({
    ...{ format: 'webp', width: 96, height: 96, hasAlpha: false },
    ...{ exif: undefined, icc: undefined, xmp: undefined },
  });
  expect(bytesOf(url).byteLength).toBeLessThanOrEqual(4_096);
});

it('keeps one that stands on its side upright', async () => {
  const side = sharp({ create: { width: 100, height: 100, channels: 3, background: '#c00000' } }).extend({
    right: 100,
    background: '#0000c0',
  });
  const url = await drawLogo(urlOf(await side.withMetadata({ orientation: 6 }).jpeg().toBuffer()));
  expect([isNear(await pixelOf(url, 48, 10), [192, 0, 0]), isNear(await pixelOf(url, 48, 85), [0, 0, 192])]).toEqual([
    true,
    true,
  ]);
});

test.each([
  ['black', [255, 255, 255]],
  ['#2266cc', [255, 255, 255]],
  ['white', [0x1d, 0x20, 0x27]],
  ['#ffffd0', [0x1d, 0x20, 0x27]],
])('puts what shows its ground, and is %s, where it is seen', async (fill, ground) => {
  const url = await drawLogo(urlOf(await disc(fill)));
  expect([fill, isNear(await pixelOf(url, 1, 1), ground)]).toEqual([fill, true]);
  expect(isNear(await pixelOf(url, 48, 48), ground)).toBe(false);
});

it('goes by the bytes, whatever the address calls them', async () => {
  const png = await draw(30, 30).png().toBuffer();
  expect(await drawLogo(urlOf(png, 'application/octet-stream'))).toBe(await drawLogo(urlOf(png)));
});

test.each<[string, () => Promise<Buffer> | Buffer, string, string]>([
  [
    'markup',
    () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    'invalid',
    'PNG, JPEG or WebP',
  ],
  ['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>'), 'invalid', 'PNG, JPEG or WebP'],
  ['a GIF', () => draw(30, 30).gif().toBuffer(), 'invalid', 'PNG, JPEG or WebP'],
  ['nothing', () => Buffer.alloc(0), 'invalid', 'PNG, JPEG or WebP'],
  [
    'half a picture',
    async () => (await draw(600, 600).jpeg().toBuffer()).subarray(0, 40_000),
    'invalid',
    'cannot be read',
  ],
  [
    'a head without a picture',
    () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    'invalid',
    'cannot be read',
  ],
  ['a few kilobytes that want gigabytes', () => bomb(50_000), 'invalid', '16 million pixels'],
  ['more than 1 MB', () => Buffer.alloc(2 ** 20 + 1), 'too_large', '1 MB'],
])('refuses %s', async (_name, make, code, words) => {
  await expect(drawLogo(urlOf(await make()))).rejects.toMatchObject({
    code,
    message: expect.stringContaining(words) as string,
  });
});

/** A PNG of so many black pixels a side. */
function bomb(side: number): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([1, 0, 0, 0, 0], 8); // a bit each
  const rows = deflateSync(Buffer.alloc((Math.ceil(side / 8) + 1) * side), { level: 9 });
  const chunks: [string, Buffer][] = [
    ['IHDR', head],
    ['IDAT', rows],
    ['IEND', Buffer.alloc(0)],
  ];
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), ...chunks.map(([type, data]) => chunk(type, data))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
