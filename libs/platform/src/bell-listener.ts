import { Redis } from 'ioredis';
import { REDIS_SILENCE_MS } from './redis-silence';

/** Longest wait for the first that rings. */
const WAIT_S = 1;

/** Sorted sets: who rings stands in one once, however often, so lanes' never grows past the lanes, nor accounts' past the accounts. */
export const laneBellsKey = (prefix: string) => `${prefix}:bells:drain-lane`;
export const accountBellsKey = (prefix: string) => `${prefix}:bells:send-heads`;

/** The workers' side of one kind of bells, on a connection of its own because it waits. */
export class BellListener {
  private readonly redis: Redis;

  /** Takes so many at once, `most`. */
  constructor(
    redisUrl: string,
    private readonly key: string,
    private readonly most: number,
  ) {
    this.redis = new Redis(redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      socketTimeout: REDIS_SILENCE_MS,
      retryStrategy: (times) => Math.min(1000, 100 * times),
    });
    this.redis.on('error', () => {}); // told by the health check
  }

  /**
   * Takes those that rang, longest ago first; waits up to a second for one, then answers none. Whoever takes one has it
   * alone; one that rings afterwards stands here again. Throws while Redis is away.
   */
  async take(): Promise<string[]> {
    const replies = await this.redis
      .pipeline()
      .bzpopmin(this.key, WAIT_S)
      .zpopmin(this.key, this.most - 1)
      .exec();
    const [[lost, first] = [null, null], [, rest] = [null, null]] = replies ?? [];
    if (lost) throw lost;
    const [, member] = (first ?? []) as string[];
    const others = ((rest ?? []) as string[]).filter((_, i) => i % 2 === 0); // members and scores take turns
    return member === undefined ? others : [member, ...others];
  }

  close(): void {
    this.redis.disconnect();
  }
}
