import { call, posted, type Answer } from '../http-answer';
import { peek, peekName } from '../json-body';
import type { SlackConfig } from './slack.config';

type Config = Pick<SlackConfig, 'apiUrl' | 'botToken'>;

/** A method that changes something, as JSON. Slack answers 200 to nearly everything: look at `ok` of what it says. */
export function post(http: typeof fetch, config: Config, method: string, body: object = {}): Promise<Answer> {
  const { headers, ...init } = posted(body, { authorization: `Bearer ${config.botToken}` });
  return call(http, `${config.apiUrl}/${method}`, {
    ...init,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' }, // without it Slack warns in every answer
  });
}

/** A method that reads: those take no JSON. */
export function get(
  http: typeof fetch,
  config: Config,
  method: string,
  query: Record<string, string> = {},
): Promise<Answer> {
  return call(http, `${config.apiUrl}/${method}?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${config.botToken}` },
  });
}

/** Slack did it. */
export const isOk = ({ json }: Answer) => peek(json, 'ok') === true;

/** Slack's word for why not; `undefined` where it is not Slack that answered. */
export function errorIn({ json }: Answer): string | undefined {
  const error = peek(json, 'ok') === false ? peekName(json, 'error') : undefined;
  return error !== undefined && /^[\w:-]+$/.test(error) ? error : undefined; // words of another server are not for the log
}
