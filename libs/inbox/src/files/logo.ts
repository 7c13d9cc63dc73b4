import { MAX_LOGO_BYTES } from '@parley/contracts/logo';
import { AppError } from '@parley/platform/app-error';
import sharp from 'sharp';
import { HEAD_BYTES, typeOf } from './inspect';
import { inTurn } from './in-turn';
import { pictures } from './small-picture';

/** What is opened at all: a hostile picture is a few bytes that become billions. */
const MAX_PIXELS = 16_000_000;
/** Three times what the rail shows. */
const SIDE_PX = 96;
/** Of one that shows what lies behind it: its corners would be cut by the mark's. */
const INNER_PX = 80;
const [WHITE, INK] = ['#ffffff', '#1d2027'];
/** It comes with the page, so it is a few kB at most; what is hard to draw is drawn worse. */
const MAX_DRAWN_BYTES = 4 * 2 ** 10;
const QUALITIES = [85, 60, 30, 5, 1];

/** A picture that somebody chose, as it is kept: small, square, still, and without a word of its camera. Throws `too_large`, `invalid`. */
export async function drawLogo(url: string): Promise<string> {
  const bytes = Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  if (bytes.byteLength > MAX_LOGO_BYTES) throw new AppError('too_large', 'This picture is larger than 1 MB.');
  const type = await typeOf(bytes.subarray(0, HEAD_BYTES)); // whatever the URL says
  if (type === null || !pictures.has(type)) throw new AppError('invalid', 'A logo is a PNG, JPEG or WebP picture.');
  const drawn = await inTurn(() => draw(bytes));
  return `data:image/webp;base64,${drawn.toString('base64')}`;
}

async function draw(bytes: Buffer): Promise<Buffer> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata(); // reads its head alone
    if (width * height > MAX_PIXELS)
      throw new AppError('invalid', 'This picture has more than 16 million pixels. Make it smaller first.');
    const fitted = await sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' })
      .autoOrient()
      .resize(SIDE_PX, SIDE_PX, { fit: 'inside' })
      .png()
      .toBuffer();
    const { isOpaque } = await sharp(fitted).stats();
    const isSeenOnWhite = isOpaque || (await contrast(fitted, WHITE)) * 2 > (await contrast(fitted, INK));
    return await square(fitted, isOpaque ? SIDE_PX : INNER_PX, isSeenOnWhite ? WHITE : INK);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('invalid', 'This picture cannot be read. Save it anew, and try again.', { cause });
  }
}

/** How much of it is seen on this ground: nothing of a white one on white. */
async function contrast(picture: Buffer, background: string): Promise<number> {
  const { channels } = await sharp(await sharp(picture).flatten({ background }).png().toBuffer()).stats();
  return channels.reduce((sum, { stdev }) => sum + stdev, 0);
}

/** On a ground of its own, so that it looks the same by day and by night. */
async function square(picture: Buffer, inner: number, background: string): Promise<Buffer> {
  const edge = (SIDE_PX - inner) / 2;
  const whole = await sharp(picture)
    .flatten({ background })
    .resize(inner, inner, { fit: 'contain', background })
    .extend({ top: edge, bottom: edge, left: edge, right: edge, background })
    .png()
    .toBuffer();
  let drawn = whole;
  for (const quality of QUALITIES) {
    drawn = await sharp(whole).webp({ quality, smartSubsample: true }).toBuffer();
    if (drawn.byteLength <= MAX_DRAWN_BYTES) break;
  }
  return drawn;
}
