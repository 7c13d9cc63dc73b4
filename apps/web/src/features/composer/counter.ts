import { MAX_TEXT } from '@/lib/contract-values';

const SHOWN_FROM = 50;

/** How much a channel still takes; null while there is room enough to say nothing. Below zero it is too long. */
export function charactersLeft(text: string, maxTextLength: number): number | null {
  // Surrounding space is not sent; the rest is counted in UTF-16 units, as the channel counts it.
  const left = Math.min(maxTextLength, MAX_TEXT) - text.trim().length;
  return left <= SHOWN_FROM ? left : null;
}
