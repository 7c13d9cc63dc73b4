import type { Capabilities } from '@parley/contracts/accounts';
import { asSent } from '@parley/contracts/outbound-files';
import { uuidV7 } from '@/lib/uuid-v7';
import type { LocalFile } from './outbox';
import type { Outward } from './use-send';

type Rules = Capabilities['files'];

/** A file that somebody chose, and what is known of it. */
export interface Picked {
  id: string;
  bytes: File;
  /** Of a picture, once it was looked at. */
  width: number | null;
  height: number | null;
}

/** Who chooses more is asked to send these first. */
export const MOST_FILES = 15;

/** Why the channel does not take it, as the server would say; null: it does. */
export function refusalOf(rules: Rules, bytes: File): string | null {
  const sent = asSent(rules, known(bytes, null));
  return 'refusal' in sent ? sent.refusal : null;
}

/**
 * What leaves, in order: each file is a message. The words go with the first file that may have words, and so many; else they
 * go ahead, on their own. What is quoted is quoted by the first.
 */
export function outgoingFiles(
  rules: Rules,
  picked: readonly Picked[],
  text: string,
  quote: Outward['quote'],
): Outward[] {
  const speaker = text ? picked.find(({ bytes }) => 'kind' in asSent(rules, known(bytes, text))) : undefined;
  const ahead: Outward[] = text && !speaker ? [{ content: { type: 'text', text }, shown: text, quote: null }] : [];
  const files = picked.flatMap((one) => outward(rules, one, one === speaker ? text : null));
  return [...ahead, ...files].map((each, index) => (index === 0 ? { ...each, quote } : each));
}

function outward(rules: Rules, { bytes, width, height }: Picked, caption: string | null): Outward[] {
  const sent = asSent(rules, known(bytes, caption));
  if ('refusal' in sent) return []; // it was said before
  const { mimeType, sizeBytes } = known(bytes, caption);
  const file: LocalFile = { kind: sent.kind, mimeType, fileName: bytes.name || 'file', sizeBytes, width, height };
  const content = { type: 'media' as const, fileId: uuidV7(), caption, width, height };
  return [{ content, file, bytes, shown: caption ?? '', quote: null }];
}

/** Browsers that do not know a type say nothing. */
function known({ type, size }: File, caption: string | null) {
  return { mimeType: type || 'application/octet-stream', sizeBytes: size, caption };
}

/** For the browser's own picker; undefined: it may show all. */
export function pickable(rules: Rules): string | undefined {
  const types = rules.flatMap((rule) => rule.types);
  return types.includes('*/*') ? undefined : types.join(',');
}
