import { lookup as systemLookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, fetch as undiciFetch } from 'undici';
import { isAlwaysBlocked, isGlobal, parseAllowList, type AllowList } from './egress-addresses';

export interface EgressOptions {
  /** Private addresses that the operator lets through: `host:port` or `CIDR:port`, comma separated. */
  allow: string;
  /** Largest answer that is read, after inflating. 8 MiB unless said. */
  maxBytes?: number;
  /** A call's longest time, the reading of its answer included. 30 s unless said. */
  totalMs?: number;
  /** From the end of what is sent to the beginning of the answer. 10 s unless said. */
  headersMs?: number;
  /** All addresses of a name. Replaced in tests. */
  lookup?: (hostname: string) => Promise<LookupAddress[]>;
}

const CONNECT_MS = 3_000;
const HEADERS_MS = 10_000;
const TOTAL_MS = 30_000;
/** The longest that a file may be on its way. */
export const FILE_MS = 600_000;

/**
 * `fetch` for everything that leaves the install. Only http and https, no credentials in the URL, no redirects, only
 * global addresses and what the operator allows. A name is resolved once and that answer is connected to, so that a
 * second answer cannot lead elsewhere. 3 s to connect, `headersMs` to the headers, 30 s between two pieces, `totalMs` in all.
 */
export function createEgress({
  allow,
  maxBytes = 8 * 2 ** 20,
  totalMs = TOTAL_MS,
  headersMs = HEADERS_MS,
  lookup = resolveAll,
}: EgressOptions): typeof fetch {
  const allowed = parseAllowList(allow);
  const agent = new Agent({
    connect: guardedConnector(allowed, lookup),
    headersTimeout: headersMs,
    bodyTimeout: TOTAL_MS,
    keepAliveTimeout: 4_000, // below what usual servers keep: a reused connection must not die under a send
    keepAliveMaxTimeout: 10_000,
    pipelining: 1,
    allowH2: false,
  });
  return async (input, init) => {
    const url = checkUrl(input instanceof Request ? input.url : input, allowed);
    const signals = [AbortSignal.timeout(totalMs), ...(init?.signal ? [init.signal] : [])];
    const options = {
      ...initOf(input),
      ...init,
      signal: AbortSignal.any(signals),
      redirect: 'manual',
      dispatcher: agent,
    };
    return capped(toResponse(await undiciFetch(url, options as Parameters<typeof undiciFetch>[1])), maxBytes);
  };
}

/** No connection was made: nothing of the request has left. `message` may be shown to people. */
export class NotConnectedError extends Error {
  override name = 'NotConnectedError';
}

/** Nor will there be one: what is asked for is at no address that may be called from here. */
class ForbiddenError extends NotConnectedError {
  override name = 'ForbiddenError';
}

/** The answer is larger than we read. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** Nothing was sent: name not found, refused, TLS failed, connecting took too long, address blocked. */
export function notConnected(error: unknown): boolean {
  return isFor(NotConnectedError, error);
}

/** No address, one of another kind than http and https, or one that we do not call: trying again makes no difference. */
export function isForbidden(error: unknown): boolean {
  return isFor(ForbiddenError, error);
}

/** Whatever it was wrapped in on its way. */
function isFor(kind: typeof NotConnectedError, error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) if (e instanceof kind) return true;
  return false;
}

function checkUrl(input: string | URL, allowed: AllowList): URL {
  const url = URL.parse(String(input));
  if (!url) throw new ForbiddenError('not a valid URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new ForbiddenError('only http and https are allowed');
  if (url.username || url.password) throw new ForbiddenError('credentials in the URL are not allowed');
  const host = bare(url.hostname);
  if (isIP(host) && !mayConnect({ hostname: host, address: host, port: portOf(url) }, allowed)) throw blocked(host);
  return url;
}

/** Every failure in here happens before a byte of the request could leave. */
function guardedConnector(allowed: AllowList, lookup: NonNullable<EgressOptions['lookup']>): buildConnector.connector {
  return (options, callback) => {
    const hostname = bare(options.hostname);
    const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
    const fail = (cause: unknown) => callback(wrap(cause), null);
    permitted(hostname, port, allowed, lookup).then((addresses) => {
      const connect = buildConnector({
        timeout: CONNECT_MS,
        allowH2: false,
        lookup: (_name, { all }, answer) => {
          const [first] = addresses;
          if (all) answer(null, addresses);
          else answer(null, first?.address ?? '', first?.family);
        },
      });
      connect(options, (...[error, socket]) => (socket ? callback(null, socket) : fail(error)));
    }, fail);
  };
}

async function permitted(
  hostname: string,
  port: number,
  allowed: AllowList,
  lookup: NonNullable<EgressOptions['lookup']>,
) {
  const family = isIP(hostname);
  const answer = family ? [{ address: hostname, family }] : await withDeadline(lookup(hostname));
  const addresses = answer.filter(({ address }) => mayConnect({ hostname, address, port }, allowed));
  if (!addresses.length) throw blocked(hostname);
  return addresses;
}

function mayConnect(target: { hostname: string; address: string; port: number }, allowed: AllowList): boolean {
  if (isAlwaysBlocked(target.address)) return false;
  if (allowed(target)) return true;
  return isGlobal(target.address) && (target.port === 80 || target.port === 443 || target.port >= 1024);
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const deadline = Promise.withResolvers<never>();
  const timer = setTimeout(() => deadline.reject(new Error('the name took too long to resolve')), CONNECT_MS);
  try {
    return await Promise.race([work, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Errors while its body is read when it is longer than `maxBytes`, whatever its headers said. */
function capped(response: Response, maxBytes: number): Response {
  if (!response.body) return response;
  let bytes = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new TooLargeError(`the answer is larger than ${maxBytes} bytes`);
        controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = response;
  return new Response(counted, { status, statusText, headers });
}

const blocked = (host: string) => new ForbiddenError(`${host} is not an address that may be called from here`);
const wrap = (cause: unknown) =>
  cause instanceof NotConnectedError ? cause : new NotConnectedError('no connection could be made', { cause });
const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '');
const portOf = (url: URL) => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
const resolveAll = (hostname: string) => systemLookup(hostname, { all: true });

function initOf(input: Parameters<typeof fetch>[0]) {
  if (!(input instanceof Request)) return {};
  return {
    method: input.method,
    headers: [...input.headers],
    ...(input.body ? { body: input.body, duplex: 'half' } : {}),
  };
}

/** undici's own Response is the global one's twin: same standard, another class. */
function toResponse(response: Awaited<ReturnType<typeof undiciFetch>>): Response {
  return response as unknown as Response;
}
