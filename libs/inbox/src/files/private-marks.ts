/** Types of pictures that cameras write into. */
export const marked: ReadonlySet<string> = new Set(['image/jpeg', 'image/png']);

/** A part of a file, or bytes that take the place of one. */
export type Kept = { start: number; end: number } | Buffer;

/**
 * What stays of a picture without what its camera wrote into it: where, when, with what, and words. It is not drawn anew:
 * every pixel stays, and a JPEG stays upright. Null: all of it, being of another type, or not built as it should be.
 */
export function withoutMarks(bytes: Buffer, mimeType: string): Kept[] | null {
  switch (mimeType) {
    case 'image/jpeg':
      return bareJpeg(bytes);
    case 'image/png':
      return barePng(bytes);
    default:
      return null;
  }
}

export function sizeOf(kept: Kept[]): number {
  return kept.reduce((sum, one) => sum + (Buffer.isBuffer(one) ? one.byteLength : one.end - one.start), 0);
}

/** Lets through what is kept of a file. */
export async function* only(bytes: AsyncIterable<Uint8Array>, kept: Kept[]): AsyncGenerator<Uint8Array> {
  let [at, next] = [0, 0];
  for await (const piece of bytes) {
    const end = at + piece.byteLength;
    for (let one = kept[next]; one; one = kept[++next]) {
      if (Buffer.isBuffer(one)) {
        yield one;
        continue;
      }
      if (one.start < end) yield piece.subarray(Math.max(0, one.start - at), Math.min(one.end, end) - at);
      if (one.end > end) break; // its rest is in the next piece
    }
    at = end;
  }
}

/** What goes on where the one before ended is one with it. */
function keep(kept: Kept[], start: number, end: number): void {
  const before = kept.at(-1);
  if (before && !Buffer.isBuffer(before) && before.end === start) before.end = end;
  else kept.push({ start, end });
}

const [SOI, EOI, SOS, APP0, APP1, APP2, APP14] = [0xd8, 0xd9, 0xda, 0xe0, 0xe1, 0xe2, 0xee];

/** Ends with the picture: phones put more of them behind it. */
function bareJpeg(bytes: Buffer): Kept[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  const kept: Kept[] = [];
  let orientation = 1;
  let at = 2;
  for (;;) {
    if (at + 4 > bytes.length || bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] ?? 0;
    if (marker === EOI) break;
    if (marker === 0xff) {
      at += 1; // markers may be led by more of these
      continue;
    }
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    if (marker === APP1) orientation = orientationIn(segment) ?? orientation;
    else if (draws(marker, segment)) keep(kept, at, end);
    at = end;
    if (marker !== SOS) continue;
    const scanEnd = endOfScan(bytes, at);
    if (scanEnd === null) return null;
    keep(kept, at, scanEnd);
    at = scanEnd;
    if (bytes[at + 1] === EOI) break;
  }
  const upright = orientation > 1 ? [orientationMark(orientation)] : [];
  return [Buffer.of(0xff, SOI), ...upright, ...kept, Buffer.of(0xff, EOI)];
}

/** Of what an application wrote (T.81, B.2.4.6) only this says how to draw: its size, the profile and the kind of its colours. */
const drawing = new Map([
  [APP0, 'JFIF\0'],
  [APP2, 'ICC_PROFILE\0'],
  [APP14, 'Adobe'],
]);

/** All else is left out, known or not: thumbnails, further pictures, who made it with what. */
function draws(marker: number, segment: Buffer): boolean {
  if (marker >= 0xc0 && marker <= 0xdf) return true; // T.81, table B.1
  const name = drawing.get(marker);
  return name !== undefined && segment.toString('latin1', 4, 4 + name.length) === name;
}

/** Where the next marker is: in a scan 0xff is followed by zero, by a restart, or by itself. */
function endOfScan(bytes: Buffer, start: number): number | null {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next === undefined) return null;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return null;
}

/** EXIF 2.3: 1 is upright; null: this segment does not say. */
function orientationIn(segment: Buffer): number | null {
  if (segment.toString('latin1', 4, 10) !== 'Exif\0\0') return null;
  const tiff = segment.subarray(10);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const u16 = (at: number) => (at + 2 > tiff.length ? 0 : little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (at + 4 > tiff.length ? 0 : little ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  const first = u32(4);
  for (let i = 0; i < Math.min(u16(first), 200); i++) {
    const entry = first + 2 + i * 12;
    if (u16(entry) !== 0x0112) continue;
    const value = u16(entry + 8);
    return value >= 1 && value <= 8 ? value : null;
  }
  return null;
}

/** A segment that says nothing else. */
function orientationMark(orientation: number): Buffer {
  const tiff = Buffer.from('4d4d002a00000008000101120003000000010000000000000000', 'hex');
  tiff.writeUInt16BE(orientation, 18);
  return Buffer.concat([Buffer.of(0xff, APP1, 0, 2 + 6 + tiff.length), Buffer.from('Exif\0\0', 'latin1'), tiff]);
}

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Chunks that say how to draw (PNG 3.0, 11.2 and 11.3): whatever else there is only tells something. */
const drawn = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'bKGD', 'pHYs', 'sBIT', 'acTL', 'fcTL', 'fdAT'],
  ...['cHRM', 'gAMA', 'iCCP', 'sRGB', 'cICP', 'mDCV', 'cLLI'],
]);

function barePng(bytes: Buffer): Kept[] | null {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) return null;
  const kept: Kept[] = [{ start: 0, end: 8 }];
  for (let at = 8; at < bytes.length;) {
    if (at + 12 > bytes.length) return null;
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (drawn.has(type)) keep(kept, at, end);
    if (type === 'IEND') break;
    at = end;
  }
  return kept;
}
