import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** So many in a window; then none until it ends. */
export interface Quota {
  limit: number;
  windowMs: number;
}
/** So many failures for nothing, then a wait that doubles with each further one, forgotten after `forgetMs` without any. */
export interface Patience {
  free: number;
  /** Tries that may be under way together; one alone once the free failures are used up. */
  atOnce: number;
  firstMs: number;
  longestMs: number;
  forgetMs: number;
}

export interface Taken {
  allowed: boolean;
  remaining: number;
  /** Until the window ends, or the wait is over. */
  resetMs: number;
}

/** Longest time that Redis may take: then this process counts for itself. */
const CAP_MS = 100;
const MOST = 50_000;

const TAKE = `local n = redis.call('incr', KEYS[1])
  local left = redis.call('pttl', KEYS[1])
  if left < 0 then redis.call('pexpire', KEYS[1], ARGV[1]) left = tonumber(ARGV[1]) end
  return {n, left}`;

/** A try under way that nobody ended by then was lost with its process. */
const LOST_MS = 30_000;
/** How soon to come again when too many tries are under way. */
const BUSY_MS = 1_000;

/** What is under way counts too, so that a hundred at once cannot all pass. */
const TRY = `local t = redis.call('time')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local function get(field) return tonumber(redis.call('hget', KEYS[1], field) or '0') end
  local till = get('till')
  if till > now then return {0, till - now} end
  local open = get('lost') > now and get('open') or 0
  local most = get('n') < tonumber(ARGV[1]) and tonumber(ARGV[2]) or 1
  if open >= most then return {0, ${BUSY_MS}} end
  redis.call('hset', KEYS[1], 'open', open + 1, 'lost', now + ${LOST_MS})
  redis.call('pexpire', KEYS[1], ARGV[3])
  return {1, 0}`;

const END = `local open = tonumber(redis.call('hget', KEYS[1], 'open') or '0')
  if open > 0 then redis.call('hincrby', KEYS[1], 'open', -1) end`;

const TAKE_BACK = `${END}
  return {open, 0}`;

const SUCCEED = `${END}
  redis.call('hdel', KEYS[1], 'n', 'till')
  return {open, 0}`;

const FAIL = `${END}
  local t = redis.call('time')
  local now = t[1] * 1000 + math.floor(t[2] / 1000)
  local over = redis.call('hincrby', KEYS[1], 'n', 1) - tonumber(ARGV[1])
  if over > 0 then redis.call('hset', KEYS[1], 'till', now + math.min(ARGV[2] * 2 ^ math.min(over - 1, 30), tonumber(ARGV[3]))) end
  redis.call('pexpire', KEYS[1], ARGV[4])
  return {over, 0}`;

/**
 * Counts over all processes, in Redis. Each process also counts what itself has seen, and goes by that where Redis is away
 * or late. Keys are hashed: they name people.
 */
export class RateLimits {
  private readonly counts = new Map<string, { n: number; open: number; till: number; forget: number }>();

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly now = () => performance.now(),
  ) {}

  /** One of `quota` for this key. */
  async take(name: string, key: string, { limit, windowMs }: Quota): Promise<Taken> {
    const id = this.idOf(name, key);
    const here = this.takeHere(id, windowMs);
    const [n, resetMs] = (await this.inRedis(TAKE, id, windowMs)) ?? here;
    return { allowed: n <= limit, remaining: Math.max(0, limit - n), resetMs };
  }

  /**
   * Begins a try that may fail. Refused while the wait after the last failure lasts, or too many are under way. One that
   * is allowed ends with `fail`, `succeed` or `takeBack`.
   */
  async attempt(name: string, key: string, patience: Patience): Promise<Taken> {
    const id = this.idOf(name, key);
    const { free, atOnce, forgetMs } = patience;
    const [allowed, resetMs] = (await this.inRedis(TRY, id, free, atOnce, forgetMs)) ?? this.mayTryHere(id, patience);
    if (allowed === 1) this.beginHere(id, patience);
    return { allowed: allowed === 1, remaining: 0, resetMs };
  }

  /** The try failed, and counts. */
  async fail(name: string, key: string, patience: Patience): Promise<void> {
    const id = this.idOf(name, key);
    const { free, firstMs, longestMs, forgetMs } = patience;
    this.endHere(id);
    this.failHere(id, patience);
    await this.inRedis(FAIL, id, free, firstMs, longestMs, forgetMs);
  }

  /** Forgets every failure for this key: whoever made them is who they said. */
  async succeed(name: string, key: string): Promise<void> {
    const id = this.idOf(name, key);
    const here = this.endHere(id);
    if (here) Object.assign(here, { n: 0, till: 0 });
    await this.inRedis(SUCCEED, id); // else it runs out by itself
  }

  /** The try did not fail, but earlier ones for this key, which others share, stay counted. */
  async takeBack(name: string, key: string): Promise<void> {
    const id = this.idOf(name, key);
    this.endHere(id);
    await this.inRedis(TAKE_BACK, id);
  }

  private async inRedis(script: string, id: string, ...args: number[]): Promise<[number, number] | null> {
    if (this.redis.status !== 'ready') return null;
    const answer = this.redis.eval(script, 1, id, ...args) as Promise<[number, number]>; // every script here answers so
    answer.catch(() => {});
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, CAP_MS, null)));
    try {
      return await Promise.race([answer, late]);
    } catch {
      return null; // Redis is away
    } finally {
      clearTimeout(timer);
    }
  }

  private takeHere(id: string, windowMs: number): [number, number] {
    const now = this.now();
    const entry = this.entry(id, now, windowMs);
    entry.n++;
    return [entry.n, entry.forget - now];
  }

  private mayTryHere(id: string, { free, atOnce, forgetMs }: Patience): [number, number] {
    const now = this.now();
    const { till, open, n } = this.entry(id, now, forgetMs);
    if (till > now) return [0, till - now];
    return open < (n < free ? atOnce : 1) ? [1, 0] : [0, BUSY_MS];
  }

  private beginHere(id: string, { forgetMs }: Patience): void {
    const now = this.now();
    const entry = this.entry(id, now, forgetMs);
    entry.open++;
    entry.forget = now + forgetMs;
  }

  private failHere(id: string, { free, firstMs, longestMs, forgetMs }: Patience): void {
    const now = this.now();
    const entry = this.entry(id, now, forgetMs);
    const over = ++entry.n - free;
    if (over > 0) entry.till = now + Math.min(firstMs * 2 ** Math.min(over - 1, 30), longestMs);
    entry.forget = now + forgetMs;
  }

  private endHere(id: string) {
    const entry = this.counts.get(id);
    if (entry && entry.open > 0) entry.open--;
    return entry;
  }

  private entry(id: string, now: number, forgetMs: number) {
    const known = this.counts.get(id);
    if (known && known.forget > now) return known;
    if (this.counts.size >= MOST) this.counts.clear();
    const fresh = { n: 0, open: 0, till: 0, forget: now + forgetMs };
    this.counts.set(id, fresh);
    return fresh;
  }

  private idOf(name: string, key: string): string {
    return `${this.prefix}:limit:${name}:${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`;
  }
}
