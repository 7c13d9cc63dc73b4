import type { Account, AccountState } from '@parley/contracts/accounts';

/** Whether somebody must do something about it. */
export function needsSomeone({ state, unreadable }: Account): boolean {
  return (
    state === 'needs_qr' ||
    state === 'needs_reauth' ||
    state === 'restricted' ||
    state === 'disconnected' ||
    unreadable > 0
  );
}

/** How an account is, in one word. A pause is told only where nothing is worse. */
export type Shown = AccountState | 'paused';

export function shownState({ state, paused }: Account): Shown {
  return paused && (state === 'connected' || state === 'connecting') ? 'paused' : state;
}
