import type { Redis } from 'ioredis';
import type { Metrics, PostgresTrouble } from './metrics';
import { codeOf, isRetryable } from './sql-state';
import { ConnectionLost } from './steady-pool';

/** Counts what fails on a pool's connections; for `SteadyOptions.failed`. */
export function countPostgres(metrics: Metrics, pool: string): (error: unknown) => void {
  return (error) => {
    const kind = troubleOf(error);
    if (kind) metrics.postgresErrors.inc({ pool, kind });
  };
}

/** Counts the failures of a client's connection. Those of commands are told by whoever gave them. */
export function countRedis<Client extends Pick<Redis, 'on'>>(metrics: Metrics, name: string, client: Client): Client {
  client.on('error', () => metrics.redisErrors.inc({ client: name }));
  return client;
}

/** Null: an error of our own code, of which Postgres knows nothing. */
export function troubleOf(error: unknown): PostgresTrouble | null {
  if (error instanceof ConnectionLost) return 'lost';
  const code = codeOf(error);
  if (code === undefined) return null;
  if (isRetryable(error)) return 'again';
  if (/^(57014|25P0[34])$/.test(code)) return 'timeout';
  return /^(?!08|57P0)(?=.*\d)[0-9A-Z]{5}$/.test(code) ? 'refused' : 'lost';
}

/** Postgres is away, overloaded, or was asked for the same row by too many: the same request may well do in a moment. */
export function willPass(error: unknown): boolean {
  if (error instanceof ConnectionLost || isRetryable(error)) return true;
  return /^(08...|53...|57P0.|57014|25P0[34])$/.test(codeOf(error) ?? '');
}
