import { Redis } from 'ioredis';
import { accountBellsKey, laneBellsKey } from './bell-listener';
import { REDIS_SILENCE_MS } from './redis-silence';

const CAP_MS = 250;

/** Rings bells. Fire and forget, capped, so that trouble with Redis delays nobody: the sweeper hears what is lost here. */
export class Bells {
  private readonly redis: Redis;

  constructor(
    redisUrl: string,
    private readonly prefix: string,
    private readonly failed: () => void = () => {},
  ) {
    this.redis = new Redis(redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: CAP_MS,
      socketTimeout: REDIS_SILENCE_MS,
      retryStrategy: (times) => Math.min(1000, 100 * times),
    });
    this.redis.on('error', this.failed); // told by the health check too
  }

  /** These lanes have something waiting. */
  ringLanes(lanes: Iterable<number>): void {
    this.ring(laneBellsKey(this.prefix), lanes);
  }

  /** These accounts have something to send. */
  ringAccounts(accountIds: Iterable<string>): void {
    this.ring(accountBellsKey(this.prefix), accountIds);
  }

  /** One command, however many ring. */
  private ring(key: string, names: Iterable<number | string>): void {
    const now = Date.now();
    const scored = [...new Set(names)].flatMap((name) => [now, name]);
    if (!scored.length || this.redis.status !== 'ready') return;
    this.redis.zadd(key, 'NX', ...scored).catch(this.failed); // the sweeper rings within half a second
  }

  async close(): Promise<void> {
    this.redis.disconnect();
  }
}
