import type { INestApplication } from '@nestjs/common';
import { Logger } from 'nestjs-pino';

/** Past this what still hangs is cut, so that a supervisor need not. */
const DEADLINE_MS = 10_000;

/**
 * Ends the process when it is asked to: readiness fails, nothing new is accepted, calls in flight get their answer,
 * streams are told to come back, then the connections go.
 */
export function stopOnSignal(app: INestApplication): void {
  const logger = app.get(Logger);
  const stop = (signal: NodeJS.Signals) => {
    logger.log({ signal }, 'stopping');
    setTimeout(() => process.exit(1), DEADLINE_MS).unref();
    app.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
