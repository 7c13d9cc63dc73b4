import type { Capabilities } from './accounts';

/** A file as somebody would send it. */
export interface FileToSend {
  mimeType: string;
  sizeBytes: number;
  /** What is said with it. */
  caption: string | null;
}

type Rule = Capabilities['files'][number];

/**
 * As what a channel takes a file: the first of its rules that takes the type and the size decides. Else why it takes none of
 * it, in words for people. Composer and server both ask here, so they agree, and say the same.
 */
export function asSent(rules: readonly Rule[], file: FileToSend): { kind: Rule['kind'] } | { refusal: string } {
  if (rules.length === 0) return { refusal: 'This channel takes no files.' };
  if (file.sizeBytes < 1) return { refusal: 'This file is empty.' };
  const mimeType = usualType(file.mimeType);
  const ofType = rules.filter(({ types }) => types.some((type) => covers(type, mimeType)));
  if (ofType.length === 0) return { refusal: `This channel does not take files of the type ${mimeType}.` };
  const rule = ofType.find(({ maxBytes }) => file.sizeBytes <= maxBytes);
  if (!rule) return { refusal: tooLarge(Math.max(...ofType.map(({ maxBytes }) => maxBytes)), file.sizeBytes) };
  const length = file.caption?.length ?? 0;
  if (length <= rule.maxCaption) return { kind: rule.kind };
  if (rule.maxCaption === 0)
    return { refusal: 'This channel shows no words with such a file. Send them on their own.' };
  return {
    refusal: `This channel takes at most ${rule.maxCaption} characters with a file; these are ${length}. Shorten them.`,
  };
}

/** A rule names a type, or all of one family: `image/png`, `image/*`, or both stars. */
function covers(rule: string, type: string): boolean {
  return rule === '*/*' || rule === type || (rule.endsWith('/*') && type.startsWith(rule.slice(0, -1)));
}

/** Other words for the same types, as browsers and phones have them. */
const usual = new Map([
  ['image/jpg', 'image/jpeg'],
  ['image/pjpeg', 'image/jpeg'],
  ['audio/mp3', 'audio/mpeg'],
  ['audio/x-m4a', 'audio/mp4'],
  ['audio/m4a', 'audio/mp4'],
  ['application/x-pdf', 'application/pdf'],
]);

/** The usual word for a type: in small letters, without its parameters. */
export function usualType(mimeType: string): string {
  const type = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
  return usual.get(type) ?? type;
}

const MB = 2 ** 20;

/** Rounded so that what is too large never reads as what is allowed. */
function tooLarge(most: number, is: number): string {
  const shown = Math.ceil((is / MB) * 10) / 10;
  return `This channel takes such a file up to ${Math.floor((most / MB) * 10) / 10} MB; this one has ${shown} MB.`;
}
