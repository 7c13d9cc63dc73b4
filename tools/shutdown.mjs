const cleanups = new Set();
let ending;

/** Runs when the launcher ends, whatever ends it; what was added last goes first. Returns what takes it off again. */
export function onShutdown(cleanup) {
  cleanups.add(cleanup);
  return () => cleanups.delete(cleanup);
}

/**
 * Cleans up, says `lastLine` if there is one, and exits. The first call decides how; npm and the terminal may both send
 * the same signal.
 */
export function shutDown(code, lastLine) {
  ending ??= (async () => {
    while (cleanups.size) await runLast(); // one that is added meanwhile, by a start under way, counts as well
    if (lastLine) console.log(lastLine);
    process.exit(code);
  })();
  return ending;
}

async function runLast() {
  const cleanup = [...cleanups].at(-1);
  cleanups.delete(cleanup);
  try {
    await cleanup();
  } catch (error) {
    console.error(error);
  }
}

/** The end of a process that must run and cannot. */
export function giveUp(reason) {
  console.error(`\n${reason.message}`);
  void shutDown(1);
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
