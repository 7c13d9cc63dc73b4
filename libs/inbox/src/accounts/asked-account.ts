import type { AccountState, ProviderName } from '@parley/contracts/accounts';
import type { ConfigRow } from './account-secrets';

/** An account as somebody needs it who asks its provider for something. */
export interface AskedAccount extends ConfigRow {
  provider: ProviderName;
  state: AccountState;
}

export const selectAsked = `select tenant_id "tenantId", id, provider, state, config, credentials from accounts`;
