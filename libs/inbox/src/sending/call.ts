import type { AnyProvider, Outbound, SendResult } from '@parley/channels/provider';
import { FILE_MS, notConnected } from '@parley/platform/egress';

/** Longest that a call may take. */
export const CALL_MS = 10_000;
/** One that hands over a file, by its size: even over a line of 2 Mbit/s. Less than `FILE_MS`. */
export const fileCallMs = (sizeBytes: number) => Math.min(FILE_MS - 10_000, 60_000 + Math.ceil(sizeBytes / 250));

/** What was cut off says at once what it had done until then; who is silent for longer is heard no more. */
const LAST_WORD_MS = 500;

/** Sends once. What is thrown may have been sent all the same, unless no connection was made. */
export async function callProvider(
  provider: AnyProvider,
  outbound: Outbound,
  config: unknown,
  { http, ...limits }: { http: typeof fetch; ms: number; ending?: AbortSignal },
): Promise<SendResult> {
  try {
    return await withDeadline(http, (limited) => provider.send(outbound, config, limited), limits);
  } catch (error) {
    if (notConnected(error))
      return { outcome: 'refused', reason: 'provider', detail: `no connection: ${messageOf(error)}` };
    return { outcome: 'unknown', detail: messageOf(error) };
  }
}

/**
 * Gives `work` a fetch that ends after `ms`, or with `ending`. What `work` makes of that counts: a step that shows nothing to
 * anybody is certain also when it was cut off. It ends itself a moment later, whatever `work` still does.
 */
export async function withDeadline<T>(
  http: typeof fetch,
  work: (http: typeof fetch) => Promise<T>,
  { ms = CALL_MS, ending }: { ms?: number; ending?: AbortSignal } = {},
): Promise<T> {
  const deadline = new AbortController();
  const over = Promise.withResolvers<never>();
  const timers = [setTimeout(() => end(new Error(`no answer within ${ms} ms`)), ms)];
  const end = (error: unknown) => {
    deadline.abort(error);
    timers.push(setTimeout(() => over.reject(error), LAST_WORD_MS));
  };
  const endNow = () => end(ending?.reason);
  ending?.addEventListener('abort', endNow);
  const limited: typeof fetch = (input, init) => {
    const signals = init?.signal ? [init.signal, deadline.signal] : [deadline.signal];
    return http(input, { ...init, signal: AbortSignal.any(signals) });
  };
  try {
    return await Promise.race([work(limited), over.promise]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    ending?.removeEventListener('abort', endNow);
  }
}

/** The whole chain of causes: undici says "fetch failed" and keeps the reason below. */
function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let e = error; e instanceof Error; e = e.cause) parts.push(e.message);
  return parts.join(': ') || String(error);
}
