import { bearerOf, type Credentials } from './bearer';
import type { Send } from './call';
import { Pace } from './pace';

/** Ways to the API, as somebody: each one try, once the rate limit lets it go. */
export interface Transport {
  /** Ends within its time. */
  send: Send;
  /** Lasts as long as there is something to read. */
  stream: Send;
}

export function transportOf(baseUrl: string, credentials: Credentials, timeoutMs: number): Transport {
  const origin = new URL(baseUrl).href.replace(/\/+$/, '');
  const pace = new Pace();
  const within = (signal?: AbortSignal | null): AbortSignal =>
    AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]);
  const bearer = bearerOf(credentials, (path, init) => fetch(origin + path, { ...init, signal: within() }));

  const fetchAs = async (token: string, path: string, init: RequestInit): Promise<Response> => {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${token}` };
    const response = await fetch(origin + path, { ...init, headers });
    pace.note(response.headers);
    return response;
  };
  const fetchKnown: Send = async (path, init) => {
    const token = await bearer.get();
    const response = await fetchAs(token, path, init);
    if (response.status !== 401 || !bearer.renew(token)) return response;
    await response.body?.cancel();
    return fetchAs(await bearer.get(), path, init);
  };
  return {
    send: async (path, init) => {
      await pace.turn(init.signal);
      return fetchKnown(path, { ...init, signal: within(init.signal) });
    },
    stream: async (path, init) => {
      await pace.turn(init.signal);
      return fetchKnown(path, init);
    },
  };
}
