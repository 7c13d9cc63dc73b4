import { jobs, type JobName } from '@parley/platform/jobs';
import type { Fleet } from '@parley/testing/rig/fleet';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

export const jobNames = Object.keys(jobs) as JobName[];

/** BullMQ's keys of an install, past the door. Close it. */
export function newBells({ redis: { url }, app }: Fleet) {
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const lanes = new Queue('drain-lane', { connection: redis, prefix: app.env.REDIS_PREFIX });
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
    /** Two bells of one lane that BullMQ takes for different ones: two workers may have them at once. */
    async ringTwice(lane: number): Promise<void> {
      const options = { removeOnComplete: true, removeOnFail: true };
      await Promise.all([1, 2].map(() => lanes.add('drain-lane', { lane }, options)));
    },
    async close(): Promise<void> {
      await lanes.close();
      redis.disconnect();
    },
  };
}
