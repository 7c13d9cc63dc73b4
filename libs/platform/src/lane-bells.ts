import { Redis } from 'ioredis';
import { LANES } from './jobs';
import { REDIS_SILENCE_MS } from './redis-silence';

/** Longest wait for the first lane. */
const WAIT_S = 1;

/** A sorted set: a lane stands in it once, whoever rings and however often, so it never grows past the lanes. */
export const laneBellsKey = (prefix: string) => `${prefix}:bells:drain-lane`;

/** The workers' side of the lanes' bells, on a connection of its own because it waits. */
export class LaneBells {
  private readonly redis: Redis;
  private readonly key: string;

  constructor(redisUrl: string, prefix: string) {
    this.key = laneBellsKey(prefix);
    this.redis = new Redis(redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      socketTimeout: REDIS_SILENCE_MS,
      retryStrategy: (times) => Math.min(1000, 100 * times),
    });
    this.redis.on('error', () => {}); // told by the health check
  }

  /**
   * Takes the lanes that rang, longest ago first; waits up to a second for one, then answers none. Whoever takes a lane
   * has it alone; one that rings afterwards stands here again. Throws while Redis is away.
   */
  async take(): Promise<number[]> {
    const replies = await this.redis.pipeline().bzpopmin(this.key, WAIT_S).zpopmin(this.key, LANES).exec();
    const [[lost, first] = [null, null], [, rest] = [null, null]] = replies ?? [];
    if (lost) throw lost;
    const [, member] = (first ?? []) as string[];
    const others = ((rest ?? []) as string[]).filter((_, i) => i % 2 === 0); // members and scores take turns
    return (member === undefined ? others : [member, ...others]).map(Number);
  }

  close(): void {
    this.redis.disconnect();
  }
}
