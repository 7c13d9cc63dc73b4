import type { ChannelEvent } from '../provider';
import { Revoked } from './slack.payloads';

export const INSTALL_AGAIN = 'Install it again from the accounts page.';

/** `app_uninstalled`. The token is dead from now on. */
export function toUninstalled(at: Date | undefined): ChannelEvent[] {
  return lost(`The app was removed from this workspace. ${INSTALL_AGAIN}`, at);
}

/** `tokens_revoked`: names users, not tokens. Only the bot's is ours (contract, "Seen in real payloads"). */
export function toRevoked(data: unknown, at: Date | undefined): ChannelEvent[] {
  if (!Revoked.parse(data).tokens.bot?.length) return [];
  return lost(`Slack revoked the access to this workspace. ${INSTALL_AGAIN}`, at);
}

/** The two come in any order, so both end in the same state. */
function lost(detail: string, at: Date | undefined): ChannelEvent[] {
  return [{ type: 'account.changed', state: 'needs_reauth', detail, ...(at && { at }) }];
}
