import type { Channel } from '@parley/contracts/accounts';
import type { Refusal } from '@parley/contracts/messages';

/** What a sentence about a send may name. */
export interface About {
  channel: Channel;
  /** As the tenant named it: "Sales". */
  accountName: string;
  /** Whom it was for. */
  contactName?: string;
  /** Whole hours since free replies ended, where that is why. */
  closedHoursAgo?: number;
}

/** A channel's name as people write it. */
export const channelNames: Record<Channel, string> = {
  whatsapp: 'WhatsApp',
  slack: 'Slack',
  telegram: 'Telegram',
  instagram: 'Instagram',
  sms: 'SMS',
};

/** Why a message was not sent, and what to do: for good. It does not say that it was not sent: whoever shows it does. `null`: the provider gave no reason. */
export function explainRefusal(reason: Refusal | null, about: About): string {
  const { channel, accountName } = about;
  const name = channelNames[channel];
  switch (reason) {
    case 'throttled':
      return `${name} takes no more messages from ${accountName} for now. Send it again later.`;
    case 'disconnected':
      return `${accountName} has no connection to ${name}. Have it connected again, then send this again.`;
    case 'provider':
      return `${name} had trouble of its own. Send it again.`;
    case 'auth':
      return `${name} refused the access of ${accountName}. An admin has to renew it; then send this again.`;
    case 'plan':
      return `The plan of ${accountName} is used up. An admin has to choose a larger one; then send this again.`;
    case 'recipient':
      return `${name} cannot reach this ${channel === 'whatsapp' || channel === 'sms' ? 'number' : 'person'}. Check it or call.`;
    case 'window':
      return closedWindow(about);
    case 'content':
      return `${name} does not take this message as it is. Change it and send it again.`;
    case 'template':
      return `${name} does not take this template with these values. Check them, or choose another template.`;
    case 'expired':
      return `${name} could not be reached for a day, so we gave up. Send it again if it still matters.`;
    case null:
      return `${name} did not deliver this and does not say why. Send it again, or reach the customer another way.`;
  }
}

/** Why only a template can be sent. */
export function closedWindow({ channel, contactName, closedHoursAgo }: About): string {
  const ago = closedHoursAgo === undefined || closedHoursAgo < 1 ? 'here' : `${closedHoursAgo} h ago`;
  const answer = `when ${contactName ?? 'the customer'} answers, you can write freely`;
  return `${channelNames[channel]} closed free replies ${ago}. Send a template; ${answer}.`;
}

/** Why a message still waits. It goes out by itself: only these reasons pass. */
export function explainWait(
  reason: 'throttled' | 'disconnected' | 'provider',
  { channel, accountName }: About,
): string {
  const name = channelNames[channel];
  switch (reason) {
    case 'throttled':
      return `${name} takes messages from ${accountName} more slowly just now. This one waits and goes out by itself.`;
    case 'disconnected':
      return `${accountName} has no connection to ${name}. This waits and goes out when it is back.`;
    case 'provider':
      return `${name} has trouble of its own just now. This waits and goes out by itself.`;
  }
}

/** A send whose outcome nobody told. `canAsk`: the provider can be asked again. */
export function explainUnknown({ canAsk }: { canAsk: boolean }): string {
  return `We do not know if this arrived. ${canAsk ? 'Ask again, or send it again.' : 'Send it again, or ask the customer.'}`;
}
