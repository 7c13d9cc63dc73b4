import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Answers the parent's question how late this process' timers ran since the last one: p99 in ms. */
export function tellLag(): void {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  process.on('message', () => {
    process.send?.({ lag: delay.percentile(99) / 1e6 });
    delay.reset();
  });
}
