import type { CommonSettings } from './settings';

/** A number that some provider serves. Providers keep more of their own beside it. */
export interface Account {
  provider: string;
  ref: string;
  name: string;
  /** Digits, with country code. */
  phone: string;
  /** There from the first boot; survives a reset. */
  demo: boolean;
  settings: CommonSettings;
}

/** The account in the simulator's own tables: refs repeat across providers. */
export const keyOf = (account: { provider: string; ref: string }) => `${account.provider}/${account.ref}`;
