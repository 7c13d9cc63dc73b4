import { Logger, type INestApplicationContext } from '@nestjs/common';

/** Past this, from the first signal on, what still hangs is cut, so that a supervisor need not. */
const DEADLINE_MS = 10_000;

/** Whether this process is about to end: it answers what it is asked, and wants to be asked no more. */
export class Departure {
  hasBegun = false;

  begin(): void {
    this.hasBegun = true;
  }
}

/**
 * Ends the process when it is told to: readiness says no at once; after `delayMs`, in which a load balancer notices,
 * nothing new is accepted, and what runs is finished. A second signal ends it where it stands. Exit codes: 0 when all
 * was finished, else 1.
 */
export function departOnSignal(app: INestApplicationContext, delayMs = 0): void {
  const logger = new Logger('departure');
  const departure = app.get(Departure);
  const depart = async (signal: NodeJS.Signals) => {
    if (departure.hasBegun) {
      logger.warn({ signal }, 'told to stop a second time: stopping as it stands');
      return process.exit(1);
    }
    logger.log({ signal }, 'stopping');
    departure.begin();
    setTimeout(() => {
      logger.error('could not finish in time');
      process.exit(1);
    }, DEADLINE_MS).unref();
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await app.close();
    process.exit(0);
  };
  const stop = (signal: NodeJS.Signals) =>
    depart(signal).catch((error: unknown) => {
      logger.error({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
