import type { Capabilities } from '@parley/contracts/accounts';
import type { Content } from '@parley/contracts/content';
import { asSent } from '@parley/contracts/outbound-files';
import { AppError } from '@parley/platform/app-error';

export type MediaContent = Extract<Content, { type: 'media' }>;

/** As what a channel takes a file of ours, whose type and size are known. Throws `channel_cannot`. */
export function acceptedAs(
  { files }: Pick<Capabilities, 'files'>,
  { mimeType, sizeBytes, caption }: Pick<MediaContent, 'mimeType' | 'sizeBytes' | 'caption'>,
): MediaContent['kind'] {
  const sent = asSent(files, { mimeType: mimeType ?? 'application/octet-stream', sizeBytes: sizeBytes ?? 0, caption });
  if ('refusal' in sent) throw new AppError('channel_cannot', sent.refusal);
  return sent.kind;
}
