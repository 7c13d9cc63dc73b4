import { Metrics } from '@parley/platform/metrics';
import { PLATFORM } from '@parley/platform/platform.module';
import { run } from '@parley/platform/statements';
import { SteadyPool } from '@parley/platform/steady-pool';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Sql } from '@parley/db/sql';
import { ACCOUNTS_BY_STATE, OPEN_THREADS, SILENT, STATUSES_WAITING, type SilentAccount } from './backlog.queries';

/**
 * What row-level security shows only tenant by tenant, and what changes slowly: once a minute, in one transaction that
 * sees all tenants. Accounts are counted by provider; which one is silent stands in the log, or each would be a series.
 */
@Injectable()
export class CensusService {
  private readonly log = new Logger('census');
  private silent = new Set<string>();

  constructor(
    private readonly metrics: Metrics,
    private readonly worker: SteadyPool,
    @Inject(PLATFORM) private readonly platform: SteadyPool,
  ) {}

  async measure(): Promise<void> {
    const tenants = await this.platform.query((sql) => run<{ id: string }>(sql, 'select id from tenants'));
    const ids = tenants.map((tenant) => tenant.id);
    const found = await this.worker.transaction(ids, (tx) => look(tx, ids));
    this.metrics.activeThreads.set(found.open);
    this.metrics.statusesWaiting.set(found.waiting);
    this.metrics.accounts.reset();
    for (const { provider, state, n } of found.accounts) this.metrics.accounts.set({ provider, state }, n);
    this.tellSilent(found.silent, new Set(found.accounts.map(({ provider }) => provider)));
  }

  private tellSilent(silent: SilentAccount[], providers: Set<string>): void {
    for (const provider of providers) {
      const own = silent.filter((account) => account.provider === provider);
      this.metrics.accountsSilent.set({ provider }, own.length);
      this.metrics.accountSilence.set({ provider }, Math.max(0, ...own.map(({ seconds }) => seconds)));
    }
    for (const { id: accountId, provider, seconds } of silent)
      if (!this.silent.has(accountId))
        this.log.warn(
          { accountId, provider, silentS: Math.round(seconds) },
          'an account that is busy at this hour is silent',
        );
    this.silent = new Set(silent.map(({ id }) => id));
  }
}

async function look(tx: Sql, tenantIds: string[]) {
  const [[threads], accounts, [statuses], silent] = await Promise.all([
    run<{ open: number }>(tx, OPEN_THREADS, [tenantIds]),
    run<{ provider: string; state: string; n: number }>(tx, ACCOUNTS_BY_STATE),
    run<{ waiting: number }>(tx, STATUSES_WAITING),
    run<SilentAccount>(tx, SILENT),
  ]);
  return { open: threads?.open ?? 0, accounts, waiting: statuses?.waiting ?? 0, silent };
}
