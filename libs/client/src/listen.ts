import type { EphemeralEvent, RealtimeEvent } from '@parley/contracts/realtime';
import { refusal } from './api-error';
import { readFrames, type SseFrame } from './sse';
import { sseEvents } from './wire';

/** What one connection to the stream of events tells. */
export type Heard =
  | { type: 'open' }
  | { type: 'event'; event: RealtimeEvent }
  | { type: 'ephemeral'; event: EphemeralEvent }
  /** The stream stands at `seq`, though nothing was to be seen on the way. */
  | { type: 'head'; seq: number }
  /** Everything must be fetched again; the events go on after `seq`. The last word. */
  | { type: 'reset'; seq: number };

/** The server pings every 15 s; a line silent for longer than two of them is dead, whatever the system thinks. */
const SILENCE_MS = 35_000;

/** Hears one connection until it is lost, or `stop`. Throws `ApiError` where it is refused, and what `open` and its body throw. */
export async function* listen(
  open: (signal: AbortSignal) => Promise<Response>,
  stop: AbortSignal,
): AsyncGenerator<Heard, void, undefined> {
  const line = new AbortController();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const watch = () => void (watchdog = setTimeout(() => line.abort(), SILENCE_MS));
  try {
    watch();
    const response = await open(AbortSignal.any([line.signal, stop]));
    if (!response.ok || !response.body) throw await refusal(response);
    yield { type: 'open' };
    for await (const frame of readFrames(response.body)) {
      clearTimeout(watchdog); // whoever hears takes their time
      const heard = heardIn(frame);
      if (heard) yield heard;
      if (heard?.type === 'reset') return;
      watch();
    }
  } finally {
    clearTimeout(watchdog);
    line.abort();
  }
}

/** The server checks what it sends against the same contract. */
function heardIn({ event, id, data }: SseFrame): Heard | null {
  if (event === sseEvents.reset) return { type: 'reset', seq: Number(id) };
  if (event === sseEvents.ephemeral)
    return data ? { type: 'ephemeral', event: JSON.parse(data) as EphemeralEvent } : null;
  if (data) return { type: 'event', event: JSON.parse(data) as RealtimeEvent };
  return id ? { type: 'head', seq: Number(id) } : null;
}
