import type { Address } from '@parley/channels/provider';
import type { Channel } from '@parley/contracts/accounts';
import { AppError } from '@parley/platform/app-error';

/** The address that a person typed, as the channel's chats are known by. Throws `invalid`, `channel_cannot`. */
export function recipientOf(channel: Channel, to: string): Address {
  switch (channel) {
    case 'whatsapp':
    case 'sms':
      return { kind: 'phone', address: phoneOf(to) };
    case 'slack':
    case 'telegram':
    case 'instagram':
      throw new AppError('channel_cannot', 'On this channel the customer writes first.');
  }
}

/** E.164. A number without its country could be anybody's. */
function phoneOf(to: string): string {
  const phone = to.replace(/[\s().\-\u2010-\u2015]/g, '').replace(/^00/, '+');
  if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone;
  const message = 'Write the phone number with its country code, like +1 555 010 7788.';
  throw new AppError('invalid', message, { errors: [{ path: 'to', message }] });
}
