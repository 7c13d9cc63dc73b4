import type { Address } from './address';
import { refusal } from './api-error';
import type { Credentials } from './bearer';
import { type Answer, type CallInput, callsBy, urlOf } from './call';
import { follow, type StreamEvent } from './events';
import { readLines } from './lines';
import { retrying } from './retrying';
import { routes } from './routes';
import { transportOf } from './transport';
import { upload, type FileToUpload } from './upload';

export type ClientOptions = Credentials & {
  /** Where the install is, such as `https://inbox.example.com`. */
  baseUrl: string;
  /** Of one try. 30 s unless said. */
  timeoutMs?: number;
  /** Further tries of what is safe to repeat. 4 unless said: some seconds, or as long as the API says, up to a minute each. */
  retries?: number;
};

export interface CallOptions {
  /** Of a write. One is made for each call, and kept over its tries; give your own to repeat a write after a restart. */
  idempotencyKey?: string;
}

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/** The API, as a program. Everything throws `ApiError`, and what `signal` aborts with. */
export interface Client {
  /** Calls one of `routes`. Reads and writes are tried again where that is safe: writes carry an `Idempotency-Key`. */
  call<Params, Query, Body, Response>(
    route: Address<Params, Query, Body, Response>,
    input: CallInput<Params, Query, Body>,
    options?: CallOptions,
  ): Promise<Answer<Response>>;
  /** All of a list, page by page as it is read. */
  list<Params, Query extends { cursor?: string | undefined }, Item>(
    route: Address<Params, Query, undefined, Page<Item>>,
    input: CallInput<Params, Query, undefined>,
  ): AsyncGenerator<Item, void, undefined>;
  /** The lines of an export, as they come. Not begun anew once some came: a line that breaks then throws what `fetch` throws. */
  lines<Params, Query, Line>(
    route: Address<Params, Query, undefined, Line>,
    input: CallInput<Params, Query, undefined>,
  ): AsyncGenerator<Line, void, undefined>;
  /** What happens, after `after` or from now on, over lost connections too, until `signal` ends it quietly. */
  events(input?: { after?: number; signal?: AbortSignal }): AsyncGenerator<StreamEvent, void, undefined>;
  /** Brings a file to the server; gives the id by which a message sends it. */
  upload(file: FileToUpload, input?: { signal?: AbortSignal }): Promise<string>;
}

/** A client for programs, by an API key or as a client of OAuth 2.0. One for each key: it keeps to the key's rate limit. */
export function createClient({ baseUrl, timeoutMs = 30_000, retries = 4, ...credentials }: ClientOptions): Client {
  const { send, stream } = transportOf(baseUrl, credentials, timeoutMs);
  const callOnce = callsBy(send);

  const client: Client = {
    call: (route, input, { idempotencyKey = crypto.randomUUID() } = {}) => {
      const headers = route.method === 'GET' ? undefined : { 'idempotency-key': idempotencyKey };
      return retrying(() => callOnce(route, input, headers), { retries, signal: input.signal });
    },

    async *list(route, input) {
      const query = { ...input.query } as { cursor?: string };
      for (;;) {
        const { body } = await client.call(route, { ...input, query } as typeof input);
        yield* body.items;
        if (body.nextCursor === null) return;
        query.cursor = body.nextCursor;
      }
    },

    async *lines(route, input) {
      const body = await retrying(
        async () => {
          const response = await stream(urlOf(route, input), { method: route.method, signal: input.signal });
          if (!response.ok || !response.body) throw await refusal(response);
          return response.body;
        },
        { retries, signal: input.signal },
      );
      yield* readLines(body);
    },

    events: ({ after, signal } = {}) =>
      follow({
        after,
        signal,
        open: (cursor, line) =>
          stream(urlOf(routes.listEvents, { query: { after: cursor } }), {
            headers: {
              accept: 'text/event-stream',
              ...(cursor !== undefined && { 'last-event-id': String(cursor) }),
            },
            signal: line,
          }),
      }),

    upload: (file, { signal } = {}) => upload(file, { call: client.call, send, retries, signal }),
  };
  return client;
}
