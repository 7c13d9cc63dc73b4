import { AppError, notFound } from '@parley/platform/app-error';
import type { TenantContext, TenantTx } from '@parley/platform/tenant-db';
import { isOfOthers, type Sight } from '../conversations/sight';
import { loadAccounts } from './account.view';
import { findAccount, type WholeAccount } from './accounts.queries';

/** Whoever asks; without a sight it is one of ours, who sees every account. */
export type Asker = TenantContext & { sight?: Pick<Sight, 'within' | 'all'> };

/** `lock`: it will be changed. Throws `not_found`, also for who is kept to other accounts. */
export async function getAccount(tx: TenantTx<Asker>, id: string, options?: { lock: boolean }): Promise<WholeAccount> {
  const { sight } = tx.ctx;
  if (sight && isOfOthers(sight, id)) throw notFound('account');
  const row = await findAccount(tx, id, options);
  if (!row) throw notFound('account');
  return row;
}

/** Who sees a part of the account decides of no part what others see. Throws `forbidden`. */
export function assertMayShow({ sight }: Asker): void {
  if (sight && !sight.all)
    throw new AppError('forbidden', 'Your role does not show all of this account, which this takes.');
}

/** Throws `account_unavailable`. */
export function assertAlive({ state }: WholeAccount): void {
  if (state === 'deleted')
    throw new AppError('account_unavailable', 'This account was disconnected for good. Connect a new one.');
}

/** Tells the tenant how the accounts are now. */
export async function announce(tx: TenantTx, ...ids: string[]): Promise<void> {
  const accounts = await loadAccounts(
    tx.raw,
    ids.map((id) => ({ tenantId: tx.tenantId, id })),
  );
  for (const account of accounts)
    tx.emit({ type: 'account.updated', audience: { to: 'tenant', accountId: account.id }, account });
}
