import { z } from 'zod';
import { openFile } from '../file-answer';
import { peekName } from '../json-body';
import { FileGone, type FileHandle } from '../provider';
import type { CloudApiConfig } from './cloud-api.config';
import { errorIn, failure, isHidden } from './errors';
import { authorization, get } from './graph';

/** It goes into a path. */
const MediaId = z.string().regex(/^[\w-]{1,128}$/);
const Found = z.looseObject({ url: z.url({ protocol: /^https?$/ }) });

/** Of a media object. What Meta could not fetch itself has no id. */
export function handleOf(media: unknown): FileHandle | undefined {
  const mediaId = MediaId.safeParse(peekName(media, 'id')).data;
  return mediaId === undefined ? undefined : { mediaId };
}

/**
 * The link that comes with a message lives five minutes, so it is always asked for anew; the id lives 7 days (contract §4.3).
 */
export async function fetchFile(handle: FileHandle, config: CloudApiConfig, http: typeof fetch) {
  const answer = await get(http, config, MediaId.parse(handle.mediaId), { phone_number_id: config.phoneNumberId });
  const error = errorIn(answer);
  if (answer.status === 404 || (error && isHidden(error))) throw new FileGone('WhatsApp has this file no more.');
  if (!answer.ok) throw failure(answer);
  const { url } = Found.parse(answer.json);
  return openFile(http, url, isMetas(url, config) ? { headers: authorization(config) } : {});
}

/** The token goes to Meta, or to who stands in for Meta, and nowhere else. */
function isMetas(url: string, { baseUrl }: CloudApiConfig): boolean {
  const { origin, hostname, protocol } = new URL(url);
  return origin === new URL(baseUrl).origin || (protocol === 'https:' && /\.(fbsbx|fbcdn)\.(com|net)$/.test(hostname));
}
