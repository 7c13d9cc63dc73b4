import { randomUUID } from 'node:crypto';
import type { TestAccount } from '@parley/testing/account';
import type { Fleet } from '@parley/testing/rig/fleet';
import { proofOf } from '@parley/testing/system/provider-calls';

/** One call: when it was made (epoch ms), how long its answer took, and what that was; 0: none came. */
export interface Knock {
  at: number;
  ms: number;
  status: number;
}

/**
 * Calls of a provider beside the load, at a steady pace: when is somebody there, and how long does it take? They tell of
 * nothing, unless it is said what the n-th says.
 */
export class Knocks {
  readonly all: Knock[] = [];
  private readonly open = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly account: TestAccount = anyOf(fleet),
    private readonly bodyOf: (n: number) => string = () => labelOf(account),
  ) {}

  begin(everyMs = 100): this {
    this.timer = setInterval(() => {
      const knock = this.knock().finally(() => this.open.delete(knock));
      this.open.add(knock);
    }, everyMs);
    return this;
  }

  /** Resolves once every call has its answer. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.open);
  }

  /** The longest time between two answers 2xx. */
  get silenceMs(): number {
    const taken = this.all.filter((k) => k.status >= 200 && k.status < 300).map((k) => k.at + k.ms);
    const gaps = taken.sort((a, b) => a - b).map((at, i) => at - (taken[i - 1] ?? at));
    return Math.max(0, ...gaps);
  }

  get slowestMs(): number {
    return Math.max(0, ...this.all.map((knock) => knock.ms));
  }

  private async knock(): Promise<void> {
    const started = performance.now();
    const knock: Knock = { at: Date.now(), ms: 0, status: 0 };
    const body = this.bodyOf(this.all.length + this.open.size);
    try {
      const response = await fetch(this.fleet.entry + this.account.webhookPath, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...proofOf(this.fleet, this.account, Buffer.from(body)) },
        body,
        signal: AbortSignal.timeout(30_000),
      });
      await response.body?.cancel();
      knock.status = response.status;
    } catch {
      // Nobody answered: 0 says so.
    }
    knock.ms = performance.now() - started;
    this.all.push(knock);
  }
}

function anyOf({ tenants }: Fleet): TestAccount {
  const account = tenants.flatMap((one) => one.accounts).find((one) => one.provider === 'evolution');
  if (!account) throw new Error('no account to knock at');
  return account;
}

const labelOf = ({ config }: TestAccount) =>
  JSON.stringify({ event: 'labels.edit', instance: config.instance, data: { id: randomUUID() } });
