import { loadEnv } from '@parley/platform/env';
import { serveWorker } from './serve-worker';

/** Whatever still runs then is given up: its row says what to do next. */
const LONGEST_SHUTDOWN_MS = 10_000;

const app = await serveWorker(loadEnv());
app.enableShutdownHooks();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => setTimeout(() => process.exit(0), LONGEST_SHUTDOWN_MS).unref());
}
