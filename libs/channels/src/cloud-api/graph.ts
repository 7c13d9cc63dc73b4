import { z } from 'zod';
import { call, posted, type Answer } from '../http-answer';
import type { CloudApiConfig } from './cloud-api.config';
import { failure } from './errors';

/** Calls of Meta's Graph API; `path` starts with an id and holds no secret. */
export function post(http: typeof fetch, config: CloudApiConfig, path: string, body?: unknown): Promise<Answer> {
  return call(http, urlOf(config, path), posted(body, authorization(config)));
}

export function get(
  http: typeof fetch,
  config: CloudApiConfig,
  path: string,
  query: Record<string, string> = {},
): Promise<Answer> {
  return call(http, `${urlOf(config, path)}?${new URLSearchParams(query).toString()}`, {
    headers: authorization(config),
  });
}

const Page = z.looseObject({
  data: z.array(z.unknown()),
  paging: z
    .looseObject({ cursors: z.looseObject({ after: z.string().nullish() }).nullish(), next: z.string().nullish() })
    .nullish(),
});

/** 6,000 templates are the most that an account may have. */
const MAX_PAGES = 200;

/** All elements of a list. We keep the cursor and not the address of the next page: it could lead the token anywhere. */
export async function* list(
  http: typeof fetch,
  config: CloudApiConfig,
  path: string,
  query: Record<string, string>,
  asError: (answer: Answer) => Error = failure,
): AsyncGenerator<unknown> {
  let after: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await get(http, config, path, { ...query, limit: '100', ...(after !== undefined && { after }) });
    if (!answer.ok) throw asError(answer);
    const { data, paging } = Page.parse(answer.json);
    yield* data;
    const next = paging?.next ? paging.cursors?.after : undefined;
    if (!next || next === after) return;
    after = next;
  }
}

export const urlOf = ({ baseUrl, version }: CloudApiConfig, path: string) => `${baseUrl}/${version}/${path}`;
export const authorization = ({ accessToken }: CloudApiConfig) => ({ authorization: `Bearer ${accessToken}` });
