import { percentile } from '@parley/testing/rig/verdict';
import { delaysOf } from '@parley/testing/rig/watchers';
import { Redis } from 'ioredis';
import type { ChaosCase, Figure, Scene } from '../case';
import { against } from './against';
import { metricOf } from './metrics';

const BUSY_REDIS_BYTES = 5 * 2 ** 20;

export const redisCases: ChaosCase[] = [
  {
    name: 'F9',
    title: 'Redis started again with an empty memory',
    random: true,
    quick: true,
    async inject({ fleet }) {
      await fleet.redis.stop('kill');
      await fleet.redis.start();
    },
    clear: async () => {},
    async figures({ watchers, marks: { injectedAt, clearedAt } }) {
      const delay = percentile(delaysOf(watchers, injectedAt, clearedAt), 0.99);
      return [{ what: 'SSE delay p99', value: delay, unit: 'ms', gate: { atMost: 1_500 } }];
    },
  },
  {
    name: 'F10',
    title: 'Redis gone for 15 s',
    random: true,
    inject: ({ fleet }) => fleet.redis.stop('kill'),
    clear: ({ fleet }) => fleet.redis.start(),
    async figures({ watchers, marks: { injectedAt, clearedAt } }, { ackP99Ms }) {
      const delay = percentile(delaysOf(watchers, injectedAt, clearedAt), 0.99);
      return [
        ...acks(ackP99Ms),
        { what: 'SSE delay p99 by the poll of every second', value: delay, unit: 'ms', gate: { atMost: 2_500 } },
      ];
    },
  },
  memoryFull(),
  {
    name: 'F12',
    title: 'every answer of Redis 200 ms late',
    random: true,
    inject: async ({ fleet }) => fleet.doors.redis.delay(200),
    clear: async ({ fleet }) => fleet.doors.redis.open(),
    figures: async (_scene, { ackP99Ms }) => acks(ackP99Ms),
  },
];

/** It takes nothing more: no bell rings and no bucket fills, but what is published still arrives. */
function memoryFull(): ChaosCase {
  let refused = 0;
  return {
    name: 'F11',
    title: 'Redis at its maxmemory, which evicts nothing',
    random: true,
    async inject({ fleet }) {
      await command(fleet, async (redis) => {
        await redis.set('ballast', Buffer.alloc(BUSY_REDIS_BYTES));
        await redis.config('SET', 'maxmemory', String(BUSY_REDIS_BYTES));
      });
    },
    async clear({ fleet }) {
      refused = await command(fleet, async (redis) => {
        const stats = await redis.info('errorstats');
        await redis.config('SET', 'maxmemory', '0');
        await redis.del('ballast');
        return Number(/errorstat_OOM:count=(\d+)/.exec(stats)?.[1] ?? 0);
      });
    },
    async figures({ fleet }, { ackP99Ms }): Promise<Figure[]> {
      const seen = await troublesOf(fleet);
      return [
        ...acks(ackP99Ms),
        { what: 'commands that Redis refused', value: refused, gate: { atLeast: 1 } },
        { what: 'of those, seen in metrics', value: seen, gate: { atLeast: 1 } },
      ];
    },
  };
}

/** Acks do not touch Redis. */
function acks({ before, during }: { before: number; during: number }): Figure[] {
  return against('ack p99', { without: before, within: during }, { ratio: 2, unnoticedMs: 100 });
}

async function command<T>({ redis: { url } }: Scene['fleet'], work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** What the processes counted of their troubles with Redis since they started. */
async function troublesOf(fleet: Scene['fleet']): Promise<number> {
  const all = [...fleet.apis, ...fleet.workers];
  const counts = await Promise.all(all.map((one) => metricOf(fleet, one, 'redis_errors_total')));
  return counts.reduce((sum, count) => sum + count, 0);
}
