import type { Pacing } from '@parley/channels/provider';
import type { Clock } from '@parley/platform/clock';
import type { Redis } from 'ioredis';

/** What the pace says to one head. Waits in ms. */
export type Pace = { go: true } | { go: false; waits: 'account' | 'chat'; ms: number };

interface Rate {
  perSecond: number;
  burst: number;
}

export interface PacedAccount {
  tenantId: string;
  id: string;
  pacing: Pacing;
}

/**
 * Token buckets as the time at which each would be full again (GCRA), so that one number holds a bucket. Redis' clock
 * counts, for workers' clocks differ. Whoever finds Redis emptied starts with half a burst: a full one may just have gone.
 */
const TAKE = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local known = redis.call('MGET', unpack(KEYS))
local epoch = tonumber(known[1])
if not epoch then epoch = now; redis.call('SET', KEYS[1], string.format('%.0f', now)) end
local function full(at, step, burst) return math.max(tonumber(at) or (epoch + burst * step / 2), now) end
local function wait(at, step, burst) return math.ceil((at - (burst - 1) * step - now) / 1000) end
local function save(key, at) redis.call('SET', key, string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 60000) end
local step, burst, chatStep, chatBurst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local account = full(known[2], step, burst)
local gone = 0
local out = {}
for i = 3, #KEYS do
  local chat = chatStep > 0 and full(known[i], chatStep, chatBurst) or 0
  local held = chatStep > 0 and wait(chat, chatStep, chatBurst) or 0
  local first = wait(account, step, burst)
  if held > 0 then out[#out + 1] = held
  elseif first > 0 then out[#out + 1] = -first
  else
    account = account + step
    gone = gone + 1
    if chatStep > 0 then save(KEYS[i], chat + chatStep) end
    out[#out + 1] = 0
  end
end
if gone > 0 then save(KEYS[2], account) end
return out`;

const GIVE_BACK = `
for i = 1, #KEYS do
  local at = tonumber(redis.call('GET', KEYS[i]))
  if at then redis.call('SET', KEYS[i], string.format('%.0f', at - tonumber(ARGV[i])), 'KEEPTTL') end
end`;

const REST = `
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local at = now + tonumber(ARGV[1]) + (tonumber(ARGV[3]) - 1) * tonumber(ARGV[2])
if at > (tonumber(redis.call('GET', KEYS[1])) or 0) then
  redis.call('SET', KEYS[1], string.format('%.0f', at), 'PX', math.ceil((at - now) / 1000) + 60000)
end`;

/** How fast an account, and each of its chats, may be written to. While Redis is away each process keeps half the pace. */
export class Pacer {
  private readonly local = new Map<string, number>();

  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
    private readonly clock: Clock,
  ) {}

  /** Asks for one message to each of these chats, in order. */
  async take(account: PacedAccount, chatIds: string[]): Promise<Pace[]> {
    const { account: whole, chat } = account.pacing;
    const keys = [this.epochKey(account), this.accountKey(account), ...chatIds.map((id) => this.chatKey(account, id))];
    const rates = [stepOf(whole), whole.burst, chat ? stepOf(chat) : 0, chat?.burst ?? 0];
    try {
      const waits = (await this.redis.eval(TAKE, keys.length, ...keys, ...rates)) as number[];
      return waits.map(paceOf);
    } catch {
      return chatIds.map((id) => this.takeHere(account, id));
    }
  }

  /** For messages that were not sent after all. */
  async giveBack(account: PacedAccount, chatIds: string[]): Promise<void> {
    if (!chatIds.length) return;
    const { account: whole, chat } = account.pacing;
    const chats = chat ? chatIds.map((id) => [this.chatKey(account, id), stepOf(chat)] as const) : [];
    const all = [[this.accountKey(account), chatIds.length * stepOf(whole)] as const, ...chats];
    await this.redis
      .eval(GIVE_BACK, all.length, ...all.map(([key]) => key), ...all.map(([, step]) => step))
      .catch(() => {}); // a little too slow does no harm
  }

  /** The provider asked for a rest: nothing of the account goes out for so long, and no burst follows. */
  async rest(account: PacedAccount, ms: number): Promise<void> {
    const { account: whole } = account.pacing;
    const until = this.clock.now() + ms + ((whole.burst - 1) * stepOf(whole)) / 1000;
    this.local.set(this.accountKey(account), Math.max(until, this.local.get(this.accountKey(account)) ?? 0));
    await this.redis.eval(REST, 1, this.accountKey(account), ms * 1000, stepOf(whole), whole.burst).catch(() => {}); // kept here
  }

  private takeHere(account: PacedAccount, chatId: string): Pace {
    if (this.local.size > 10_000) this.forgetFull();
    const chat = account.pacing.chat && careful(account.pacing.chat);
    const held = chat ? this.waitHere(this.chatKey(account, chatId), chat) : 0;
    if (held > 0) return { go: false, waits: 'chat', ms: held };
    const whole = careful(account.pacing.account);
    const first = this.waitHere(this.accountKey(account), whole);
    if (first > 0) return { go: false, waits: 'account', ms: first };
    this.useHere(this.accountKey(account), whole);
    if (chat) this.useHere(this.chatKey(account, chatId), chat);
    return { go: true };
  }

  private waitHere(key: string, rate: Rate): number {
    const now = this.clock.now();
    const full = Math.max(this.local.get(key) ?? 0, now);
    return Math.ceil(full - ((rate.burst - 1) * stepOf(rate)) / 1000 - now);
  }

  private useHere(key: string, rate: Rate): void {
    this.local.set(key, Math.max(this.local.get(key) ?? 0, this.clock.now()) + stepOf(rate) / 1000);
  }

  private forgetFull(): void {
    const now = this.clock.now();
    for (const [key, full] of this.local) if (full <= now) this.local.delete(key);
  }

  // One slot of a cluster for all that a script touches.
  private epochKey({ tenantId }: PacedAccount): string {
    return `${this.prefix}:pace:{${tenantId}}:epoch`;
  }

  private accountKey({ tenantId, id }: PacedAccount): string {
    return `${this.prefix}:pace:{${tenantId}}:account:${id}`;
  }

  private chatKey({ tenantId }: PacedAccount, chatId: string): string {
    return `${this.prefix}:pace:{${tenantId}}:chat:${chatId}`;
  }
}

/** µs from one token to the next. */
function stepOf({ perSecond }: Rate): number {
  return 1e6 / perSecond;
}

/** What one process may do on its own, not knowing of the others. */
function careful({ perSecond, burst }: Rate): Rate {
  return { perSecond: perSecond / 2, burst: Math.max(1, Math.floor(burst / 4)) };
}

function paceOf(wait: number): Pace {
  if (wait === 0) return { go: true };
  return wait > 0 ? { go: false, waits: 'chat', ms: wait } : { go: false, waits: 'account', ms: -wait };
}
