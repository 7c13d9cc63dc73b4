import { accountBellsKey, laneBellsKey } from '@parley/platform/bell-listener';
import { LANES } from '@parley/platform/lane-of';
import type { Fleet } from '@parley/testing/rig/fleet';
import { Redis } from 'ioredis';

/** The bells of an install, as Redis has them, past the door. Close it. */
export function newBells({ redis: { url }, app, sql }: Fleet) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const lanes = Array.from({ length: LANES }, (_, lane) => lane);
  const accounts = sql<{ id: string }[]>`select id from accounts`.then((rows) => rows.map(({ id }) => id));
  const ring = (key: string, names: (number | string)[]) =>
    redis.zadd(key, 'NX', ...names.flatMap((name) => [Date.now(), name]));
  return {
    /** Every lane and account rings, also those that a worker has in hand: whoever comes next has them as well. */
    async ringAll(): Promise<void> {
      await ring(laneBellsKey(app.env.REDIS_PREFIX), lanes);
      await ring(accountBellsKey(app.env.REDIS_PREFIX), await accounts);
    },
    close: () => redis.disconnect(),
  };
}
