import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobName, JobPayload } from './jobs';
import { laneBellsKey } from './lane-bells';
import { REDIS_SILENCE_MS } from './redis-silence';

const CAP_MS = 250;

/** Rings bells. Fire and forget, capped, so that trouble with Redis delays nobody: the sweeper hears what is lost here. */
export class Bells {
  private readonly redis: Redis;
  private readonly queues = new Map<JobName, Queue>();

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

  /** One command, however many lanes: they ring with every flush, and a job of each would cost more than its messages. */
  ringLanes(lanes: Iterable<number>): void {
    const now = Date.now();
    const scored = [...new Set(lanes)].flatMap((lane) => [now, lane]);
    if (!scored.length || this.redis.status !== 'ready') return;
    this.redis.zadd(laneBellsKey(this.prefix), 'NX', ...scored).catch(this.failed); // the sweeper rings within half a second
  }

  ringAccounts(accountIds: Iterable<string>): void {
    for (const accountId of new Set(accountIds)) this.ring('send-heads', accountId, { accountId });
  }

  private ring<Name extends JobName>(name: Name, id: string, payload: JobPayload<Name>): void {
    if (this.redis.status !== 'ready') return; // calls would pile up until it is; the sweeper rings within half a second
    // Plain deduplication loses the bell that rings while its job runs; `keepLastIfActive` runs it again afterwards.
    const options = { deduplication: { id, keepLastIfActive: true }, removeOnComplete: true, removeOnFail: true };
    this.queue(name).add(name, payload, options).catch(this.failed); // the sweeper rings within half a second
  }

  private queue(name: JobName): Queue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: this.redis, prefix: this.prefix });
    queue.on('error', () => {});
    this.queues.set(name, queue);
    return queue;
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.queues.values()].map((queue) => queue.close()));
    this.redis.disconnect();
  }
}
