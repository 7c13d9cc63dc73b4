import type { ErrorCode, Problem } from '@parley/contracts/problem';
import type { Route } from '@parley/contracts/route';
import { CURSOR_HEADER } from './contract-values';
import type { Address } from './address';

/** Where an answer stands among the tenant's events: the head that a read saw, the last event of a write. */
export interface Stamp {
  seq: number;
  at: string;
}

export interface Answer<Body> {
  body: Body;
  stamp: Stamp;
}

/** A refusal in the API's own words, or (`network`) no answer at all. `message` may be shown to people. */
export class ApiError extends Error {
  constructor(
    readonly code: ErrorCode | 'network',
    readonly status: number,
    message: string,
    readonly problem: Problem | null = null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
  /** To be quoted to an operator. */
  get correlationId(): string | null {
    return this.problem?.correlationId ?? null;
  }
}

type Part<Name extends string, Value> = [Value] extends [undefined]
  ? { [key in Name]?: undefined }
  : { [key in Name]: Value };

/** What a route asks of its caller; defaults of the query may be left out. */
export type CallInput<Params, Query, Body> = Part<'params', Params> &
  ([Query] extends [undefined] ? { query?: undefined } : { query?: Partial<Query> }) &
  Part<'body', Body> & { signal?: AbortSignal };

/**
 * Calls a route of this origin with the session's cookie. Throws `ApiError`; aborts throw what `fetch` throws.
 * The API takes writes from its own origin alone, so JSON over `fetch` needs no token.
 */
export async function call<Params, Query, Body, Response>(
  route: Route<Params, Query, Body, Response> | Address<Params, Query, Body, Response>,
  input: CallInput<Params, Query, Body>,
): Promise<Answer<Response>> {
  const response = await send(urlOf(route, input), {
    method: route.method,
    signal: input.signal,
    headers: input.body === undefined ? {} : { 'content-type': 'application/json' },
    body: input.body === undefined ? undefined : JSON.stringify(input.body),
  });
  if (!response.ok) throw await refusal(response);
  return { body: await answerOf<Response>(response), stamp: stampOf(response) };
}

/** The stamp of any answer of the API. Answers without a cursor (identity, demo) stand at -1. */
export function stampOf(response: Response): Stamp {
  return { seq: Number(response.headers.get(CURSOR_HEADER) ?? -1), at: new Date().toISOString() };
}

/** `fetch`, with a dead line told apart from a refusal. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError('network', 0, 'No answer from the server.');
  }
}

/** Reads a problem document; anything else that failed counts as ours. */
export async function refusal(response: Response): Promise<ApiError> {
  const problem = await response.json().then(asProblem, () => null);
  return new ApiError(problem?.code ?? 'internal', response.status, problem?.detail ?? response.statusText, problem);
}

/** Where a route is asked with these values, on this origin. */
export function urlOf({ path }: { path: string }, { params, query }: { params?: unknown; query?: unknown }): string {
  const values = (params ?? {}) as Record<string, string>;
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) if (value !== undefined) search.set(key, String(value));
  return `/api${filled}${search.size > 0 ? `?${search}` : ''}`;
}

/** The server checks what it answers against the same contract, so the browser does not check it twice. */
async function answerOf<Body>(response: Response): Promise<Body> {
  return (response.status === 204 ? undefined : await response.json()) as Body;
}

function asProblem(value: unknown): Problem | null {
  return typeof value === 'object' && value !== null && 'code' in value && 'correlationId' in value
    ? (value as Problem)
    : null;
}
