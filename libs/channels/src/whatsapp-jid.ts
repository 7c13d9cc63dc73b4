import { e164 } from './phone';
import type { Address } from './provider';

/**
 * WhatsApp's own addresses, as its unofficial providers pass them on: "15550107788@s.whatsapp.net" or "…@c.us",
 * "88213004455667@lid", "120363041234567890@g.us"; in some places with a device after a colon.
 */
const JID = /^([^@:/]+)(?::\d+)?@([a-z.]+)$/i;

/** `undefined` for what is no person: a group, a list, a bot. The digits of a lid are no phone number. */
export function addressOf(jid: string): Address | undefined {
  const [, user, server] = JID.exec(jid) ?? [];
  if (user === undefined || server === undefined) return undefined;
  if (server === 'lid') return { kind: 'lid', address: `${user}@lid` };
  const phone = server === 's.whatsapp.net' || server === 'c.us' ? e164(user) : undefined;
  return phone === undefined ? undefined : { kind: 'phone', address: phone };
}

/** All that these name, phones first, each once. */
export function addressesOf(jids: readonly (string | null | undefined)[]): Address[] {
  const found = new Map<string, Address>();
  for (const jid of jids) {
    const address = jid ? addressOf(jid) : undefined;
    if (address) found.set(address.address, address);
  }
  return [...found.values()].toSorted((one, other) => Number(other.kind === 'phone') - Number(one.kind === 'phone'));
}

export const isGroup = (jid: string) => jid.endsWith('@g.us');

/** Status posts, channels, broadcast lists, and WhatsApp's own assistant (observed): no person's chat. */
export const isNobody = (jid: string) => /@(broadcast|newsletter|bot)$/.test(jid);
