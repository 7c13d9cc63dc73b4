import { hues } from '@/lib/contract-values';

/** The hue that a person keeps everywhere, in degrees, by the id of the contact or member. */
export function hueOf(id: string): number {
  let hash = 0;
  for (let at = 0; at < id.length; at += 1) hash = (Math.imul(hash, 31) + id.charCodeAt(at)) | 0;
  return hues[Math.abs(hash) % hues.length] ?? 240;
}

/** For `style`: tinted things read their hue from `--h`. */
export function hueStyle(hue: number): React.CSSProperties {
  return { '--h': hue } as React.CSSProperties;
}
