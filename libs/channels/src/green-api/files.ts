import { z } from 'zod';
import { openFile } from '../file-answer';
import { peek } from '../json-body';
import { FileGone, type FileHandle } from '../provider';
import type { GreenApiConfig } from './green-api.config';
import { failure } from './errors';
import { post } from './green-api-http';
import type { Message } from './green-api.payloads';

const Address = z.url({ protocol: /^https?$/ }).max(2_000);

/** Where the file is, and what asks for a new address once that is over. */
export function handleOf({ senderData: { chatId }, idMessage }: Message, file: unknown): FileHandle | undefined {
  const url = Address.safeParse(peek(file, 'downloadUrl')).data;
  return url === undefined ? undefined : { url, chatId, idMessage };
}

/** The address is open to everybody, for about 15 days; after that the vendor makes another (contract §5). */
export async function fetchFile(handle: FileHandle, config: GreenApiConfig, http: typeof fetch) {
  try {
    return await openFile(http, Address.parse(handle.url));
  } catch (error) {
    if (!(error instanceof FileGone)) throw error;
  }
  const { chatId, idMessage } = handle;
  const answer = await post(http, config, 'downloadFile', { chatId, idMessage });
  if (answer.status === 404) throw new FileGone('WhatsApp has this file no more.');
  if (!answer.ok) throw failure(answer);
  return openFile(http, Address.parse(peek(answer.json, 'downloadUrl')));
}
