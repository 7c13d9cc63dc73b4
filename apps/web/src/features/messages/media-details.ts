'use client';

import { useFormatter } from 'next-intl';
import type { MediaContent } from './media';
import { lengthWords } from './times';

/** "PDF · 84 kB", "0:24": what is known of a file beside its name. */
export function useMediaDetails({ kind, mimeType, sizeBytes, durationMs }: MediaContent): string {
  const size = useSize();
  const format = kind === 'document' ? formatOf(mimeType) : null;
  return [format, durationMs === null ? null : lengthWords(durationMs), sizeBytes === null ? null : size(sizeBytes)]
    .filter(Boolean)
    .join(' · ');
}

const formats: [RegExp, string][] = [
  [/pdf/, 'PDF'],
  [/spreadsheet|excel/, 'Excel'],
  [/wordprocessing|msword/, 'Word'],
  [/presentation|powerpoint/, 'PowerPoint'],
  [/zip|compressed/, 'ZIP'],
  [/csv/, 'CSV'],
];

function formatOf(mimeType: string | null): string | null {
  if (!mimeType) return null;
  const known = formats.find(([pattern]) => pattern.test(mimeType))?.[1];
  return known ?? mimeType.split('/').at(-1)?.slice(0, 12).toUpperCase() ?? null;
}

/** "84 kB", "1.2 MB", "3.4 GB". */
export function useSize(): (bytes: number) => string {
  const format = useFormatter();
  return (bytes) => {
    const [value, unit] = bytes < 1_000_000_000 ? inMegabytes(bytes) : [bytes / 1_000_000_000, 'gigabyte'];
    return format.number(value, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: value < 10 && unit !== 'kilobyte' ? 1 : 0,
    });
  };
}

function inMegabytes(bytes: number): [value: number, unit: string] {
  return bytes < 1_000_000 ? [Math.max(1, bytes / 1_000), 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
}
