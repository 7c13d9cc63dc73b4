import type { Address, ChatRef, Sender } from '../provider';
import type { Key } from './evolution.payloads';
import { Unreadable } from '../unreadable';
import { addressesOf, addressOf, isGroup } from '../whatsapp-jid';

/**
 * Who is meant by a JID. Each version of Evolution names a customer differently (phone JID, `@lid`, or both, in fields that
 * trade places), so all candidates are gathered and the phone wins. Source: contract §3.2, read from 2.2 to 2.4.
 */

type Jids = readonly (string | null | undefined)[];
type ChatKey = Pick<Key, 'remoteJid' | 'fromMe' | 'remoteJidAlt' | 'previousRemoteJid' | 'senderPn' | 'senderLid'>;

/** The chat that a message stands in. `own` is the account's JID. Throws for an address of a kind that we do not know. */
export function chatOf(key: ChatKey, own: string | null | undefined): ChatRef {
  if (isGroup(key.remoteJid)) return { kind: 'group', externalId: key.remoteJid };
  return direct(chatJids(key), own);
}

/** A direct chat with the person whom these JIDs name, us aside. Throws when they name nobody. */
export function direct(jids: Jids, own: string | null | undefined): ChatRef {
  const all = addressesOf(jids);
  const ours = own ? addressOf(own)?.address : undefined;
  // A chat with oneself has no other name than our own.
  const [first, ...rest] = all.some((one) => one.address !== ours) ? all.filter((one) => one.address !== ours) : all;
  if (!first) throw new Unreadable('The chat has an address of a kind that is not known');
  return { kind: 'direct', addresses: [first, ...rest] };
}

/** Who wrote an inbound message. */
export function senderOf(key: Key, chat: ChatRef, name: string | null): Sender {
  const addresses =
    chat.kind === 'direct'
      ? chat.addresses
      : addressesOf([key.participant, key.participantAlt, key.participantPn, key.participantLid]);
  return { addresses, ...(name !== null && { name }) };
}

/** How Evolution writes an address; a phone is better than a `@lid`, which not every version can send to. */
export function jidOf(address: Address): string | undefined {
  if (address.kind === 'phone') return `${address.address.replace('+', '')}@s.whatsapp.net`;
  return address.kind === 'lid' ? address.address : undefined;
}

/** In our own messages `senderPn` and `senderLid` are ours, not the customer's. */
function chatJids(key: ChatKey): Jids {
  const both = [key.remoteJid, key.remoteJidAlt, key.previousRemoteJid];
  return key.fromMe ? both : [...both, key.senderPn, key.senderLid];
}
