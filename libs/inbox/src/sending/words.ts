import { providerOf } from '@parley/channels/registry';
import { channelNames, explainRefusal, explainUnknown, explainWait } from '@parley/channels/refusals';
import type { AccountState, ProviderName } from '@parley/contracts/accounts';
import type { Refusal } from '@parley/contracts/messages';
import { deliveryRank as rank } from '@parley/db/delivery-rank';

/** Whose way out it is. */
export interface AboutAccount {
  provider: ProviderName;
  accountName: string;
  accountState?: AccountState;
  /** A send of unknown outcome can be looked up. */
  canAsk?: boolean;
}

/** What a message says of its way out: what happened, and what to do. Null: nothing needs saying. */
export function wordsFor(
  account: AboutAccount,
  { status, head, reason }: { status: number; head: boolean; reason: Refusal | null },
): string | null {
  const about = { channel: providerOf(account.provider).channel, accountName: account.accountName };
  if (status === rank.failed && account.accountState === 'deleted')
    return `${account.accountName} is no longer connected here. Send this through another account.`;
  if (status === rank.failed) return explainRefusal(reason, about);
  if (status === rank.unknown)
    return head
      ? 'We do not know yet if this arrived. We are finding out.'
      : explainUnknown({ canAsk: account.canAsk === true });
  const passes = reason === 'throttled' || reason === 'disconnected' || reason === 'provider';
  return status === rank.queued && passes ? explainWait(reason, about) : null;
}

/** What an account says once its plan is used up. */
export const wordsForPlan = ({ accountName }: AboutAccount) =>
  `The plan of ${accountName} is used up. Choose a larger one at the provider, then check the connection here; what waits goes out then.`;

/** What an account says once its credentials were refused. */
export function wordsForReauth({ provider, accountName }: AboutAccount): string {
  const channel = channelNames[providerOf(provider).channel];
  return `${channel} refused the access of ${accountName}. Enter new credentials; what waits goes out then.`;
}
