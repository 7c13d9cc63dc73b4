import { call, posted, type Answer } from '../http-answer';
import type { GreenApiConfig } from './green-api.config';

export function post(http: typeof fetch, config: GreenApiConfig, method: string, body: unknown): Promise<Answer> {
  return call(http, url(config, method), posted(body, {}), { secret: config.apiTokenInstance });
}

export function get(http: typeof fetch, config: GreenApiConfig, method: string, query = ''): Promise<Answer> {
  return call(http, url(config, method) + query, {}, { secret: config.apiTokenInstance });
}

/** The token stands in the path, so an address of a call must never be shown or logged. */
const url = ({ apiUrl, idInstance, apiTokenInstance }: GreenApiConfig, method: string) =>
  `${apiUrl}/waInstance${idInstance}/${method}/${apiTokenInstance}`;
