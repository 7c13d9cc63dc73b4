import { ApiError } from './api-error';
import { backoffMs } from './backoff';
import { sleep } from './sleep';

/** Nobody waits longer than this for one more try: they are told how long it would be. */
export const LONGEST_WAIT_MS = 60_000;

export interface Patience {
  /** Tries after the first. */
  retries: number;
  signal?: AbortSignal;
}

/**
 * Does what is safe to do again, until it is done, is refused for good, or has been tried often enough. Waits as the
 * API says, else with backoff. Throws `ApiError`; aborts throw the signal's reason.
 */
export async function retrying<T>(work: () => Promise<T>, { retries, signal }: Patience): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await work();
    } catch (cause) {
      signal?.throwIfAborted();
      const error = asApiError(cause);
      const pauseMs = failures < retries ? pauseOf(error, failures) : null;
      if (pauseMs === null) throw error;
      await sleep(pauseMs, signal);
    }
  }
}

/** Whether the same call may do better in a moment. */
export function passes({ code, status, problem, retryAfterMs }: ApiError): boolean {
  if (code === 'network' || status === 429 || status === 503) return true;
  if (code === 'idempotency_running') return retryAfterMs !== null; // without it the first try died, and somebody must look
  return problem === null && (status === 502 || status === 504); // a proxy's; the API's own 502 stays for its key
}

/** Null: no further try helps, or not soon. */
function pauseOf(error: ApiError, failures: number): number | null {
  if (!passes(error)) return null;
  const { retryAfterMs } = error;
  if (retryAfterMs === null) return backoffMs(failures);
  return retryAfterMs > LONGEST_WAIT_MS ? null : retryAfterMs + backoffMs(0); // all who were told so do not come at once
}

/** A line that broke, a time-out, an answer that is no JSON: none of them is the API's word. */
function asApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const words = cause instanceof Error && cause.name === 'TimeoutError' ? 'No answer in time.' : 'No answer.';
  return Object.assign(new ApiError('network', 0, words), { cause });
}
