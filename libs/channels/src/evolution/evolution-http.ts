import { call, posted, type Answer } from '../http-answer';
import type { EvolutionConfig } from './evolution.config';

/** Of a call about the instance. */
export const addressOf = ({ baseUrl, instance }: EvolutionConfig, path: string, query = '') =>
  `${baseUrl}/${path}/${encodeURIComponent(instance)}${query}`;

/** A call about the instance: `path` comes before its name, as in "message/sendText". */
export function post(http: typeof fetch, config: EvolutionConfig, path: string, body?: unknown): Promise<Answer> {
  return call(http, addressOf(config, path), posted(body, { apikey: config.apiKey }));
}

export function get(http: typeof fetch, config: EvolutionConfig, path: string, query = ''): Promise<Answer> {
  return call(http, addressOf(config, path, query), { headers: { apikey: config.apiKey } });
}

export function remove(http: typeof fetch, config: EvolutionConfig, path: string): Promise<Answer> {
  return call(http, addressOf(config, path), { method: 'DELETE', headers: { apikey: config.apiKey } });
}

/** A call about the server. */
export function getServer(http: typeof fetch, config: EvolutionConfig, path: string): Promise<Answer> {
  return call(http, `${config.baseUrl}/${path}`, { headers: { apikey: config.apiKey } });
}
