import { AppError, notFound } from '@parley/platform/app-error';
import type { TenantTx } from '@parley/platform/tenant-db';
import { loadAccounts } from './account.view';
import { findAccount, type WholeAccount } from './accounts.queries';

/** `lock`: it will be changed. Throws `not_found`. */
export async function getAccount(tx: TenantTx, id: string, options?: { lock: boolean }): Promise<WholeAccount> {
  const row = await findAccount(tx, id, options);
  if (!row) throw notFound('account');
  return row;
}

/** Throws `account_unavailable`. */
export function assertAlive({ state }: WholeAccount): void {
  if (state === 'deleted')
    throw new AppError('account_unavailable', 'This account was disconnected for good. Connect a new one.');
}

/** Tells the tenant how the account is now. */
export async function announce(tx: TenantTx, id: string): Promise<void> {
  const [account] = await loadAccounts(tx.raw, [{ tenantId: tx.tenantId, id }]);
  if (account) tx.emit({ type: 'account.updated', audience: { to: 'tenant' }, account });
}
