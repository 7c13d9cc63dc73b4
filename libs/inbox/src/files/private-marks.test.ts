import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { describe, expect, it, test } from 'vitest';
import { only, sizeOf, withoutMarks } from './private-marks';

/** As it leaves, read in pieces of so many bytes. */
async function bareOf(bytes: Buffer, mimeType: string, size = 1_000): Promise<Buffer> {
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const kept = withoutMarks(bytes, mimeType);
  if (!kept) throw new Error('all of it is kept');
  const bare = await buffer(only(pieces(), kept));
  expect(sizeOf(kept)).toBe(bare.length);
  return bare;
}

/** As a phone writes it: turned, and with words of its own. */
function marked(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from('49492a0008000000010012010300010000000000000000000000', 'hex');
  tiff.writeUInt16LE(orientation, 18);
  const said = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from('PLANTED-place')]);
  const head = Buffer.of(0xff, 0xe1, 0, said.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, said, jpeg.subarray(2)]);
}

const draw = () => sharp({ create: { width: 40, height: 20, channels: 3, background: { r: 200, g: 20, b: 20 } } });

describe('a JPEG', () => {
  it('loses what its camera wrote, keeps every pixel, and stays upright', async () => {
    for (const orientation of [1, 6, 8]) {
      const whole = marked(await draw().jpeg({ progressive: true }).toBuffer(), orientation);
      const bare = await bareOf(whole, 'image/jpeg');
      for (const size of [1, 7, whole.length])
        expect((await bareOf(whole, 'image/jpeg', size)).equals(bare)).toBe(true);
      expect(bare.includes('PLANTED')).toBe(false);
      const [before, after] = await Promise.all([whole, bare].map((one) => sharp(one).metadata()));
      expect(before?.autoOrient).toEqual(orientation === 1 ? { width: 40, height: 20 } : { width: 20, height: 40 });
      expect(after?.autoOrient).toEqual(before?.autoOrient);
      const pixels = await Promise.all([whole, bare].map((one) => sharp(one).raw().toBuffer()));
      expect(pixels[1]?.equals(pixels[0] ?? Buffer.alloc(0))).toBe(true);
    }
  });

  it('ends where its picture does', async () => {
    const jpeg = await draw().jpeg().toBuffer();
    const followed = Buffer.concat([jpeg, Buffer.from('PLANTED-second-picture')]);
    expect((await bareOf(followed, 'image/jpeg')).equals(await bareOf(jpeg, 'image/jpeg'))).toBe(true);
  });

  // A comment, C2PA in APP11, a thumbnail, a list of pictures, what nobody has heard of.
  it.each([
    [0xfe, ''],
    [0xeb, 'JP'],
    [0xe0, 'JFXX\0'],
    [0xe2, 'MPF\0'],
    [0xe9, ''],
  ])('loses what stands under %i %s, and keeps its colours’ profile', async (marker, name) => {
    const jpeg = await draw().withIccProfile('p3').jpeg().toBuffer();
    const words = Buffer.from(`${name}PLANTED-words`);
    const said = Buffer.concat([Buffer.of(0xff, marker, 0, words.length + 2), words]);
    const size = Buffer.from('ffe000104a46494600010100000100010000', 'hex');
    const bare = await bareOf(Buffer.concat([jpeg.subarray(0, 2), size, said, jpeg.subarray(2)]), 'image/jpeg');
    expect(bare.includes('PLANTED')).toBe(false);
    expect(bare.includes(size)).toBe(true);
    expect((await sharp(bare).metadata()).icc).toBeDefined();
  });
});

it.each(['tEXt', 'caBX', 'prVt'])('takes %s out of a PNG, and leaves how it is drawn', async (type) => {
  const png = await draw().withIccProfile('p3').withMetadata({ density: 300 }).png().toBuffer();
  const data = Buffer.from('Comment\0PLANTED-words');
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8); // its checksum is of no account to who leaves it out
  const marked = Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
  const bare = await bareOf(marked, 'image/png', 30);
  expect(bare.equals(await bareOf(png, 'image/png'))).toBe(true);
  expect(bare.includes('PLANTED')).toBe(false);
  expect(await sharp(bare).metadata()).toMatchObject({ density: 300, icc: expect.any(Buffer) as Buffer });
});

test.each<[string, Buffer, string]>([
  ['nothing', Buffer.alloc(0), 'image/jpeg'],
  ['a byte', Buffer.of(0xff), 'image/jpeg'],
  ['a JPEG that ends in its head', Buffer.from('ffd8ffe000104a46', 'hex'), 'image/jpeg'],
  ['a JPEG that ends in its picture', Buffer.from('ffd8ffda0003000102', 'hex'), 'image/jpeg'],
  ['a PNG that says it is longer', Buffer.from('89504e470d0a1a0affffffff49484452', 'hex'), 'image/png'],
  ['what only says that it is one', Buffer.from('<html>'), 'image/png'],
  ['a film', Buffer.from('\0\0\0\x18ftypmp42'), 'video/mp4'],
])('leaves as it is: %s', (_name, bytes, type) => {
  expect(withoutMarks(bytes, type)).toBeNull();
});
