import type { Route } from '@parley/contracts/route';
import type { Address } from './address';
import { refusal } from './api-error';
import { CURSOR_HEADER } from './wire';

/** Where an answer stands among the tenant's events: the head that a read saw, the last event of a write; -1 without one. */
export interface Stamp {
  seq: number;
  at: string;
}

export interface Answer<Body> {
  body: Body;
  stamp: Stamp;
}

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [key in Name]?: undefined }
  : { [key in Name]: Value };

/** What a route asks of its caller; defaults of the query may be left out. */
export type CallInput<Params, Query, Body> = Part<'params', Params> &
  ([Query] extends [undefined] ? { query?: undefined } : { query?: Partial<Query> }) &
  Part<'body', Body> & { signal?: AbortSignal };

/** Sends a request to a path of the API, such as `/api/me`. Rejects with an `ApiError` (`network`) where nothing answers. */
export type Send = (path: string, init: RequestInit) => Promise<Response>;

/** Calls of routes, each sent by `send`. A call throws `ApiError`; aborts throw what `fetch` throws. */
export function callsBy(send: Send) {
  return async <Params, Query, Body, Response>(
    route: Route<Params, Query, Body, Response> | Address<Params, Query, Body, Response>,
    input: CallInput<Params, Query, Body>,
    headers?: Record<string, string>,
  ): Promise<Answer<Response>> => {
    const response = await send(urlOf(route, input), {
      method: route.method,
      signal: input.signal,
      headers: input.body === undefined ? headers : { 'content-type': 'application/json', ...headers },
      body: input.body === undefined ? undefined : JSON.stringify(input.body),
    });
    if (!response.ok) throw await refusal(response);
    const seq = Number(response.headers.get(CURSOR_HEADER) ?? -1);
    return { body: await answerOf<Response>(response), stamp: { seq, at: new Date().toISOString() } };
  };
}

/** Where a route is asked with these values, below the install's origin. */
export function urlOf({ path }: { path: string }, { params, query }: { params?: unknown; query?: unknown }): string {
  const values = (params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value));
  return `/api${filled}${search.size > 0 ? `?${search}` : ''}`;
}

/** The server checks what it answers against the same contract, so its caller does not check it twice. */
async function answerOf<Body>(response: Response): Promise<Body> {
  return (response.status === 204 ? undefined : await response.json()) as Body;
}
