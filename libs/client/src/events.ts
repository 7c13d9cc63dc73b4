import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { ApiError } from './api-error';
import { backoffMs } from './backoff';
import { listen } from './listen';
import { passes } from './retrying';
import { sleep } from './sleep';

/**
 * What happens in a tenant. Numbered events have a `seq`, to go on after; `typing` is in passing and gone if missed.
 * `reset`: some were missed for good, or rights changed: fetch again what you keep; the events go on after its `seq`.
 */
export type StreamEvent = RealtimeEvent | EphemeralEvent | { type: 'reset'; seq: number };

export interface Following {
  /** The stream from a cursor on; without one from now on. */
  open(after: number | undefined, signal: AbortSignal): Promise<Response>;
  after?: number;
  signal?: AbortSignal;
}

/**
 * Follows the events, over lost connections too, until `signal` ends it, quietly. Throws `ApiError` where the API
 * refuses for good.
 */
export async function* follow({ open, after, signal }: Following): AsyncGenerator<StreamEvent, void, undefined> {
  const stop = signal ?? new AbortController().signal;
  for (let [cursor, failures] = [after, 0]; !stop.aborted; failures += 1) {
    let pauseMs = 0;
    try {
      for await (const heard of listen((line) => open(cursor, line), stop)) {
        if (stop.aborted) return;
        failures = 0;
        if (heard.type === 'head' || heard.type === 'reset') cursor = heard.seq;
        if (heard.type === 'event') cursor = heard.event.seq;
        if (heard.type === 'event' || heard.type === 'ephemeral') yield heard.event;
        if (heard.type === 'reset') yield heard;
      }
    } catch (error) {
      if (!stop.aborted && error instanceof ApiError && error.status < 500 && !passes(error)) throw error;
      pauseMs = (error instanceof ApiError && error.retryAfterMs) || 0;
    }
    await sleep(pauseMs + backoffMs(failures), stop).catch(() => undefined); // the loop sees that it was stopped
  }
}
