import { call, posted, type Answer } from '../http-answer';
import { postForm, type Form } from '../post-file';
import type { GreenApiConfig } from './green-api.config';

export function post(http: typeof fetch, config: GreenApiConfig, method: string, body: unknown): Promise<Answer> {
  return call(http, url(config, method), posted(body, {}), { secret: config.apiTokenInstance });
}

export function get(http: typeof fetch, config: GreenApiConfig, method: string, query = ''): Promise<Answer> {
  return call(http, url(config, method) + query, {}, { secret: config.apiTokenInstance });
}

/** To the servers for files. */
export function postFile(http: typeof fetch, config: GreenApiConfig, method: string, form: Form): Promise<Answer> {
  const address = url({ ...config, apiUrl: config.mediaUrl }, method);
  return postForm(http, address, form, { secret: config.apiTokenInstance });
}

/** The token stands in the path, so an address of a call must never be shown or logged. */
const url = ({ apiUrl, idInstance, apiTokenInstance }: GreenApiConfig, method: string) =>
  `${apiUrl}/waInstance${idInstance}/${method}/${apiTokenInstance}`;
