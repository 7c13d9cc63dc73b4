import { jobs, LANES, type JobName } from '@parley/platform/jobs';
import { laneBellsKey } from '@parley/platform/lane-bells';
import type { Fleet } from '@parley/testing/rig/fleet';
import { Redis } from 'ioredis';

export const jobNames = Object.keys(jobs) as JobName[];

/** The bells of an install, as Redis has them, past the door. Close it. */
export function newBells({ redis: { url }, app }: Fleet) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const key = (name: JobName, rest: string) => `${app.env.REDIS_PREFIX}:${name}:${rest}`;
  return {
    /** Jobs that BullMQ gave up. */
    failed: (name: JobName): Promise<number> => redis.zcard(key(name, 'failed')),
    /** Takes every lock that a worker holds on a job; answers how many. */
    async stealLocks(): Promise<number> {
      let stolen = 0;
      for (const name of jobNames) {
        const active = await redis.lrange(key(name, 'active'), 0, -1);
        if (active.length) stolen += await redis.del(...active.map((id) => key(name, `${id}:lock`)));
      }
      return stolen;
    },
    /** Every lane rings, also those that a worker has in hand: whoever comes next has them as well. */
    async ringAll(): Promise<void> {
      const lanes = Array.from({ length: LANES }, (_, lane) => [Date.now(), lane]).flat();
      await redis.zadd(laneBellsKey(app.env.REDIS_PREFIX), 'NX', ...lanes);
    },
    close: () => redis.disconnect(),
  };
}
