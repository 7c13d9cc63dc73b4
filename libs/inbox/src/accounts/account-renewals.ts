import type { AnyProvider } from '@parley/channels/provider';
import { CredentialBox } from '@parley/platform/credentials';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { openConfig, secretFields } from './account-secrets';
import { AccountStore } from './account-store';
import { loadAccounts } from './account.view';
import { findAccount, setTrouble, updateConfig, type WholeAccount } from './accounts.queries';

type Config = Record<string, unknown>;

interface Asked {
  tenantId: string;
  id: string;
  provider: AnyProvider;
  /** As it was when the access was asked for. */
  before: Config;
}

/** Keeps what came of a renewal. Whoever installed the account anew meanwhile goes first; what else was saved stays. */
@Injectable()
export class AccountRenewals {
  constructor(
    private readonly db: TenantDb,
    private readonly store: AccountStore,
    private readonly box: CredentialBox,
  ) {}

  /** Answers whether it was kept. A connection that was lost for want of access is there again. */
  keep(asked: Asked, renewed: Config): Promise<boolean> {
    const granted = Object.entries(renewed).filter(([name, value]) => value !== asked.before[name]);
    return this.change(asked, async (tx, row, current) => {
      const config = { ...current, ...Object.fromEntries(granted) };
      const stored = await this.store.prepare(tx, asked.provider, config, { id: row.id, before: row, proven: false });
      const isBack = row.state === 'disconnected';
      const [state, detail] = isBack ? (['connected', null] as const) : [row.state, row.stateDetail];
      const taken = await updateConfig(tx, row.id, stored, { state, detail, address: null, qr: row.qr });
      if (taken) throw new Error(`The ${taken} of an account that was renewed is another’s`);
      return isBack;
    });
  }

  /** Of an access that nothing renews any more. */
  giveUp(asked: Asked, detail: string): Promise<boolean> {
    return this.change(asked, async (tx, row) => {
      await setTrouble(tx, row.id, 'needs_reauth', detail);
      return true;
    });
  }

  /** Where the secrets are still what they were; `work` answers whether the tenant has to be told. */
  private change(
    { tenantId, id, provider, before }: Asked,
    work: (tx: TenantTx, row: WholeAccount, current: Config) => Promise<boolean>,
  ): Promise<boolean> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      const row = await findAccount(tx, id, { lock: true });
      if (!row || row.state === 'deleted') return false;
      const current = openConfig(this.box, row) as Config; // a config is an object
      if (secretFields(provider).some((name) => current[name] !== before[name])) return false;
      if (!(await work(tx, row, current))) return true;
      const [account] = await loadAccounts(tx.raw, [{ tenantId, id }]);
      if (account) tx.emit({ type: 'account.updated', audience: { to: 'tenant', accountId: account.id }, account });
      return true;
    });
  }
}
