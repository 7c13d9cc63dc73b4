import { base64Field } from '../base64-field';
import { openFile } from '../file-answer';
import { posted } from '../http-answer';
import type { FileHandle } from '../provider';
import type { EvolutionConfig } from './evolution.config';
import { addressOf } from './evolution-http';

/**
 * The server decrypts WhatsApp's copy, and hands it over inside of JSON (contract §4.4). That it does not know the message, or
 * WhatsApp not the file, may pass: it stores after it tells, and asks phones for what is gone.
 */
export async function fetchFile({ messageId }: FileHandle, config: EvolutionConfig, http: typeof fetch) {
  const question = posted({ message: { key: { id: messageId } }, convertToMp4: false }, { apikey: config.apiKey });
  return base64Field(await openFile(http, addressOf(config, 'chat/getBase64FromMediaMessage'), question));
}
