import type { Account, AccountDoubt, AccountState } from '@parley/contracts/accounts';

/** Whether somebody must do something about it. */
export function needsSomeone({ state, doubt, unreadable }: Account): boolean {
  const isOut = state !== 'connected' && state !== 'connecting' && state !== 'deleted';
  return isOut || Boolean(doubt) || unreadable > 0;
}

/** How an account is, in one word. A pause is told only where nothing is worse, a doubt only where nothing is certain. */
export type Shown = AccountState | 'paused' | AccountDoubt;

export function shownState({ state, paused, doubt }: Account): Shown {
  if (state !== 'connected' && state !== 'connecting') return state;
  if (paused) return 'paused';
  return doubt?.kind ?? state;
}
