import { call, posted, type Answer } from '../http-answer';
import type { GreenApiConfig } from './green-api.config';

/** The token stands in the path, so an address of a call must never be shown or logged. */
const url = ({ apiUrl, idInstance, apiTokenInstance }: GreenApiConfig, method: string) =>
  `${apiUrl}/waInstance${idInstance}/${method}/${apiTokenInstance}`;

export const post = async (http: typeof fetch, config: GreenApiConfig, method: string, body: unknown) =>
  redacted(await call(http, url(config, method), posted(body, {})), config);

export const get = async (http: typeof fetch, config: GreenApiConfig, method: string) =>
  redacted(await call(http, url(config, method)), config);

/** Something on the way may repeat the address that it was asked for. */
function redacted(answer: Answer, { apiTokenInstance }: GreenApiConfig): Answer {
  return { ...answer, excerpt: answer.excerpt.replaceAll(apiTokenInstance, '***') };
}
