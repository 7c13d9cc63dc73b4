import type { AnyProvider } from '@parley/channels/provider';
import { TenantDb, type TenantTx } from '@parley/platform/tenant-db';
import { Injectable } from '@nestjs/common';
import { AccountStore } from './account-store';
import { loadAccounts } from './account.view';
import { findAccount, setTrouble, updateConfig } from './accounts.queries';

interface Read {
  tenantId: string;
  id: string;
  /** As it was read, sealed: whoever changed it meanwhile goes first. */
  credentials: string;
}

/** Keeps what came of a renewal, unless somebody saved the account meanwhile. */
@Injectable()
export class AccountRenewals {
  constructor(
    private readonly db: TenantDb,
    private readonly store: AccountStore,
  ) {}

  /** Answers whether it was kept. A connection that was lost for want of access is there again. */
  keep(read: Read, provider: AnyProvider, config: Record<string, unknown>): Promise<boolean> {
    return this.change(read, async (tx, row) => {
      const stored = await this.store.prepare(tx, provider, config, { id: row.id, before: row, proven: true });
      const isBack = row.state === 'disconnected';
      const state = isBack ? 'connected' : row.state;
      await updateConfig(tx, row.id, stored, {
        state,
        detail: isBack ? null : row.stateDetail,
        address: null,
        qr: row.qr,
      });
      return isBack;
    });
  }

  giveUp(read: Read, detail: string): Promise<boolean> {
    return this.change(read, async (tx, row) => {
      await setTrouble(tx, row.id, 'needs_reauth', detail);
      return true;
    });
  }

  private change(
    { tenantId, id, credentials }: Read,
    work: (tx: TenantTx, row: NonNullable<Awaited<ReturnType<typeof findAccount>>>) => Promise<boolean>,
  ): Promise<boolean> {
    return this.db.transaction({ tenantId, correlationId: null }, async (tx) => {
      const row = await findAccount(tx, id, { lock: true });
      if (!row || row.state === 'deleted' || row.credentials !== credentials) return false;
      if (!(await work(tx, row))) return true;
      const [account] = await loadAccounts(tx.raw, [{ tenantId, id }]);
      if (account) tx.emit({ type: 'account.updated', audience: { to: 'tenant' }, account });
      return true;
    });
  }
}
