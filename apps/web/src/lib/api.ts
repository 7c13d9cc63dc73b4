import { ApiError } from '@parley/client/api-error';
import { callsBy } from '@parley/client/call';

/**
 * Calls a route of this origin with the session's cookie. Throws `ApiError`; aborts throw what `fetch` throws.
 * The API takes writes from its own origin alone, so JSON over `fetch` needs no token.
 */
export const call = callsBy(send);

/** `fetch`, with a dead line told apart from a refusal. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError('network', 0, 'No answer from the server.');
  }
}
