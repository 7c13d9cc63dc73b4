import { providerOf, registry } from '@parley/channels/registry';
import { ConnectError } from '@parley/channels/provider';
import { Bells } from '@parley/platform/bells';
import { CLOCK, type Clock } from '@parley/platform/clock';
import { CredentialBox } from '@parley/platform/credentials';
import { ENV, type Env } from '@parley/platform/env';
import { HTTP, PLATFORM, REDIS } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { AccountRenewals } from '../accounts/account-renewals';
import { openConfig } from '../accounts/account-secrets';
import type { AskedAccount } from '../accounts/asked-account';
import { installAppOf } from '../accounts/install-app';
import { withDeadline } from '../sending/call';
import { findRenewable, listRenewable } from './renewals.queries';

/** Longer than a renewal may take, so that nobody else begins one meanwhile. */
const LOCK_MS = 30_000;
type Config = Record<string, unknown>;

/** Accounts that are looked through at a time. */
const PAGE = 200;

/**
 * Renews access before it runs out. What renews it counts once: two who ask at a time lose it for good. So one worker has
 * the account's lock, reads it again under that, and keeps the new pair before anybody uses it. Without Redis nobody
 * renews: it is early enough to wait.
 */
@Injectable()
export class RenewalsService {
  private readonly log = new Logger('renewals');
  private readonly providers = Object.values(registry).filter((provider) => 'renew' in provider);

  constructor(
    private readonly worker: SteadyPool,
    private readonly renewals: AccountRenewals,
    private readonly box: CredentialBox,
    private readonly bells: Bells,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(HTTP) private readonly http: typeof fetch,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Every account whose time has come. Called each minute by a timer. */
  async turn(): Promise<void> {
    for await (const account of this.list()) {
      if (!this.isDue(account)) continue;
      await this.renewAlone(account).catch((err: unknown) =>
        this.log.warn({ err, accountId: account.id }, 'access could not be renewed; it is tried again'),
      );
    }
  }

  /** Renews one account, unless another worker is at it or it is not due. */
  async renewAlone(key: Pick<AskedAccount, 'tenantId' | 'id'>): Promise<void> {
    const lock = `${this.env.REDIS_PREFIX}:renewing:${key.id}`;
    if ((await this.redis.set(lock, '1', 'PX', LOCK_MS, 'NX')) !== 'OK') return;
    try {
      const account = await this.worker.transaction([key.tenantId], (tx) => findRenewable(tx, key));
      if (account && this.isDue(account)) await this.renew(account);
    } finally {
      await this.redis.del(lock).catch(() => 0); // it ends by itself
    }
  }

  private async renew(account: AskedAccount): Promise<void> {
    const provider = providerOf(account.provider);
    const { renew } = provider;
    const app = installAppOf(provider, this.env);
    if (!renew || !app) return;
    const before = openConfig(this.box, account) as Config; // a config is an object
    const asked = { ...account, provider, before };
    try {
      const renewed = await withDeadline(this.http, (http) => renew(app, before, http, this.clock.now()));
      if (await this.renewals.keep(asked, renewed as Config)) this.bells.ringAccounts([account.id]);
    } catch (error) {
      if (!(error instanceof ConnectError) || error.field === undefined) throw error;
      await this.renewals.giveUp(asked, error.message);
    }
  }

  private isDue(account: AskedAccount): boolean {
    const at = providerOf(account.provider).renewAt?.(openConfig(this.box, account));
    return at != null && at.getTime() <= this.clock.now();
  }

  private async *list(): AsyncGenerator<AskedAccount> {
    const rows = await this.platform.query((sql) => run<{ id: string }>(sql, 'select id from tenants'));
    const tenants = rows.map(({ id }) => id);
    const providers = this.providers.map(({ name }) => name);
    let after: string | null = null;
    do {
      const page: AskedAccount[] = await this.worker.transaction(tenants, (tx) =>
        listRenewable(tx, { providers, after, limit: PAGE }),
      );
      yield* page;
      after = page.length === PAGE ? (page.at(-1)?.id ?? null) : null;
    } while (after !== null);
  }
}
