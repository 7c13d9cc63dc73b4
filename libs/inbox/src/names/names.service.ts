import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Item } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { HTTP } from '@parley/platform/platform.module';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { openConfig } from '../accounts/account-secrets';
import type { AskedAccount } from '../accounts/asked-account';
import { IntakeService } from '../intake/intake.service';
import { MEMBERS_MS, type Nameless } from '../lanes/nameless';
import { withDeadline } from '../sending/call';
import { findAsked } from './names.queries';

/** Who, or what group, was asked for is not asked for again so soon, also when it failed. */
const REST_MS = 600_000;
const MOST = 10_000;
/** Kept together; who writes meanwhile comes into the next. */
const AT_ONCE = 50;
const LAST_MS = 2_000;

/**
 * Asks providers that tell names only when asked. What they say goes through the same intake as all that they tell, after
 * the messages that it is about. Whom one failure left unasked is asked for with their next message.
 */
@Injectable()
export class NamesService implements BeforeApplicationShutdown {
  private readonly log = new Logger('names');
  private readonly asked = new Map<string, number>();
  private readonly waiting = new Map<string, { tenantId: string; list: Nameless[] }>();
  private readonly running = new Map<string, Promise<void>>();
  private closing = false;

  constructor(
    private readonly worker: SteadyPool,
    private readonly box: CredentialBox,
    private readonly intake: IntakeService,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Returns at once. */
  ask(list: Nameless[]): void {
    for (const one of list) {
      if (!this.isNew(one)) continue;
      const { tenantId, accountId } = one;
      const own = this.waiting.get(accountId) ?? { tenantId, list: [] };
      this.waiting.set(accountId, { tenantId, list: [...own.list, one] });
      if (!this.running.has(accountId)) this.running.set(accountId, this.work(accountId));
    }
  }

  /** Nobody is being asked for. */
  async settled(): Promise<void> {
    while (this.running.size) await Promise.allSettled([...this.running.values()]);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.closing = true;
    this.waiting.clear();
    await Promise.race([this.settled(), new Promise((resolve) => setTimeout(resolve, LAST_MS).unref())]);
  }

  private isNew(one: Nameless): boolean {
    const key = keyOf(one);
    const nowMs = this.clock.now();
    if ((this.asked.get(key) ?? 0) > nowMs) return false;
    if (this.asked.size >= MOST) this.asked.clear();
    this.asked.set(key, nowMs + REST_MS);
    return true;
  }

  private async work(accountId: string): Promise<void> {
    for (let own = this.waiting.get(accountId); own; own = this.waiting.get(accountId)) {
      const { tenantId, list } = own;
      this.waiting.delete(accountId);
      for (let from = 0; from < list.length && !this.closing; from += AT_ONCE)
        await this.look(tenantId, accountId, list.slice(from, from + AT_ONCE)).catch((err: unknown) =>
          this.log.warn({ err, accountId }, 'names could not be asked for'),
        );
    }
    this.running.delete(accountId);
  }

  private async look(tenantId: string, accountId: string, list: Nameless[]): Promise<void> {
    const account = await this.worker.transaction([tenantId], (tx) => findAsked(tx, tenantId, accountId));
    const provider = account && providerOf(account.provider);
    if (!account || !provider?.names) return;
    const config = openConfig(this.box, account);
    const items: Item[] = [];
    const unasked = [...list];
    try {
      for (let one = unasked.shift(); one && !this.closing; one = unasked.shift()) {
        const asked = { people: one.person ? [one.person] : [], groups: one.group === undefined ? [] : [one.group] };
        items.push(...(await withDeadline(this.http, (http) => provider.names?.(asked, config, http) ?? NONE)));
        if (one.group === undefined) continue;
        this.asked.set(keyOf(one), this.clock.now() + MEMBERS_MS); // whatever the answer told: too many, or nothing
        if (!provider.namesEveryMs) continue;
        await this.keep(account, items.splice(0)); // the next comes later
        await pause(provider.namesEveryMs, undefined, { ref: false });
      }
    } finally {
      for (const one of unasked) this.asked.delete(keyOf(one)); // of one that failed the others know nothing
      await this.keep(account, items);
    }
  }

  /** What is asked for is as of now: in the same words as an hour ago it is no repeat. */
  private async keep({ tenantId, id }: AskedAccount, items: Item[]): Promise<void> {
    if (!items.length) return;
    const asked = randomUUID();
    const own = items.map((item) => ({ ...item, key: `${item.key} ${asked}` }));
    await this.intake.keep({ tenantId, accountId: id }, own, asked);
  }
}

const NONE = Promise.resolve<Item[]>([]);

const keyOf = ({ accountId, person, group }: Nameless) => `${accountId} ${person?.address.address ?? group}`;
