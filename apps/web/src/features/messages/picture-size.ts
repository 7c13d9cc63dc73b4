import type { MediaContent } from './media';

const [WIDTH, STICKER, AROUND] = [232, 128, 3];

/** Of an album's two rows in a bubble, in px. */
export const ALBUM_HEIGHT = WIDTH + AROUND;

/** Width by height, held between 1:2 and 2:1. One that nobody told is 4:3. */
export function ratioOf({ width, height }: Pick<MediaContent, 'width' | 'height'>): number {
  return width && height ? Math.min(2, Math.max(0.5, width / height)) : 4 / 3;
}

/** How much of a bubble's height its picture takes, in px; 0: it has none. */
export function pictureHeight(content: MediaContent): number {
  if (content.kind === 'sticker') return STICKER + AROUND;
  return content.kind === 'image' || content.kind === 'video' ? WIDTH / ratioOf(content) + AROUND : 0;
}
