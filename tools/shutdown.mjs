const cleanups = [];
let ending;

/** Runs at the end, whatever ends the launcher. What was added last goes first. */
export function onShutdown(cleanup) {
  cleanups.push(cleanup);
}

/** Cleans up and exits. The first call decides the exit code; npm and the terminal may both send the same signal. */
export function shutDown(code) {
  ending ??= (async () => {
    for (const cleanup of cleanups.reverse()) await cleanup().catch((error) => console.error(error));
    process.exit(code);
  })();
  return ending;
}

export const isShuttingDown = () => ending !== undefined;

/** Signals, a reader of our output that went away, and our own bugs: all end in order. `code` is for the first two. */
export function shutDownInOrder(code) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void shutDown(code));
  process.stdout.on('error', () => void shutDown(code));
  process.on('uncaughtException', (error) => {
    console.error(error);
    void shutDown(1);
  });
}
