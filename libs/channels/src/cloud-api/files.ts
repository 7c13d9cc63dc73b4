import type { Capabilities } from '@parley/contracts/accounts';
import { z } from 'zod';
import { openFile } from '../file-answer';
import { peekName } from '../json-body';
import { beforehand, certain, postForm } from '../post-file';
import { FileGone, type FileHandle, type OutboundFile, type SendResult } from '../provider';
import type { CloudApiConfig } from './cloud-api.config';
import { errorIn, failure, isHidden, notSent } from './errors';
import { authorization, get, urlOf } from './graph';

const MB = 2 ** 20;
const WORDS = 1024;
const office = 'application/vnd.openxmlformats-officedocument';

/** What WhatsApp takes, and as what it shows it (contract §4.2). */
export const FILES: Capabilities['files'] = [
  { kind: 'image', types: ['image/jpeg', 'image/png'], maxBytes: 5 * MB, maxCaption: WORDS },
  { kind: 'video', types: ['video/mp4', 'video/3gpp'], maxBytes: 16 * MB, maxCaption: WORDS },
  {
    kind: 'audio',
    types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'],
    maxBytes: 16 * MB,
    maxCaption: 0,
  },
  {
    kind: 'document',
    types: [
      ...['text/plain', 'application/pdf'],
      ...['application/msword', 'application/vnd.ms-excel', 'application/vnd.ms-powerpoint'],
      ...['wordprocessingml.document', 'spreadsheetml.sheet', 'presentationml.presentation'].map(
        (one) => `${office}.${one}`,
      ),
    ],
    maxBytes: 100 * MB,
    maxCaption: WORDS,
  },
];

/** Hands a file over, which shows it to nobody; Meta keeps it for 30 days. Answers its id, or why there is none. */
export async function upload(
  file: OutboundFile,
  config: CloudApiConfig,
  http: typeof fetch,
): Promise<string | SendResult> {
  const form = {
    headers: authorization(config),
    fields: { messaging_product: 'whatsapp', type: file.mimeType },
    file,
  };
  const answer = await beforehand(() => postForm(http, urlOf(config, `${config.phoneNumberId}/media`), form));
  if ('outcome' in answer) return answer;
  const id = answer.ok ? peekName(answer.json, 'id') : undefined;
  return id ?? certain(notSent(answer));
}

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
