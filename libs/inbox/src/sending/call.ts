import type { AnyProvider, Outbound, SendResult } from '@parley/channels/provider';
import { FILE_MS, notConnected } from '@parley/platform/egress';

/** Longest that a call may take. */
export const CALL_MS = 10_000;
/** One that hands over a file, by its size: even over a line of 2 Mbit/s. Less than `FILE_MS`. */
export const fileCallMs = (sizeBytes: number) => Math.min(FILE_MS - 10_000, 60_000 + Math.ceil(sizeBytes / 250));

/** Sends once. What is thrown may have been sent all the same, unless no connection was made. */
export async function callProvider(
  provider: AnyProvider,
  outbound: Outbound,
  config: unknown,
  http: typeof fetch,
  ms: number = CALL_MS,
): Promise<SendResult> {
  try {
    return await withDeadline(http, (limited) => provider.send(outbound, config, limited), ms);
  } catch (error) {
    if (notConnected(error))
      return { outcome: 'refused', reason: 'provider', detail: `no connection: ${messageOf(error)}` };
    return { outcome: 'unknown', detail: messageOf(error) };
  }
}

/** Gives `work` a fetch that ends with the deadline, and ends itself then, whatever `work` still does. */
export async function withDeadline<T>(
  http: typeof fetch,
  work: (http: typeof fetch) => Promise<T>,
  ms: number = CALL_MS,
): Promise<T> {
  const deadline = new AbortController();
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`no answer within ${ms} ms`);
    deadline.abort(error);
    over.reject(error);
  }, ms);
  const limited: typeof fetch = (input, init) => {
    const signals = init?.signal ? [init.signal, deadline.signal] : [deadline.signal];
    return http(input, { ...init, signal: AbortSignal.any(signals) });
  };
  try {
    return await Promise.race([work(limited), over.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The whole chain of causes: undici says "fetch failed" and keeps the reason below. */
function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause) parts.push(e.message);
  return parts.join(': ') || String(error);
}
