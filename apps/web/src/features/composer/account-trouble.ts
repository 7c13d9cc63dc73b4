import type { Account, AccountDoubt } from '@parley/contracts/accounts';

/** Why nothing goes out through an account now, or perhaps nothing does. */
export type Trouble =
  'deleted' | 'needs_reauth' | 'restricted' | 'needs_qr' | 'disconnected' | 'connecting' | 'paused' | AccountDoubt;

/** The worst that is the matter with an account; null: it sends. `account` undefined: it is no longer there. */
export function troubleOf(account: Account | undefined): Trouble | null {
  if (!account) return 'deleted';
  if (account.state !== 'connected' && account.state !== 'connecting') return account.state;
  if (account.paused) return 'paused';
  return account.state === 'connecting' ? 'connecting' : (account.doubt?.kind ?? null);
}

/** Nothing can be written at all; else what is written waits. */
export function isFinal(trouble: Trouble | null): boolean {
  return trouble === 'deleted';
}
