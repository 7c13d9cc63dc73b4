import { peek } from '../json-body';
import type { ChannelEvent } from '../provider';
import { UnixSeconds } from '../shapes';
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

/** `app_rate_limited`, which has no inner event: beyond 30,000 an hour Slack tells no more, and not later either. */
export function toHeldBack(call: unknown): ChannelEvent[] {
  const minute = UnixSeconds.parse(peek(call, 'minute_rate_limited')).toISOString().slice(0, 16).replace('T', ' ');
  const detail = `So much happened in this workspace that Slack left out what came after ${minute} UTC. Take the app out of channels that it need not hear.`;
  return [{ type: 'account.noted', detail }];
}

/** The two come in any order, so both end in the same state. */
function lost(detail: string, at: Date | undefined): ChannelEvent[] {
  return [{ type: 'account.changed', state: 'needs_reauth', detail, ...(at && { at }) }];
}
