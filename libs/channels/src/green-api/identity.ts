import type { Address, ChatRef } from '../provider';
import { Unreadable } from '../unreadable';
import { addressesOf, isGroup } from '../whatsapp-jid';

/**
 * Where a message stands; `title` is a group's subject. In a direct chat `sender` of an inbound message may be another
 * address of the same person. Throws for an address of a kind that is not known.
 */
export function chatOf(chatId: string, { title, sender }: { title?: string | null; sender?: string } = {}): ChatRef {
  if (isGroup(chatId)) return { kind: 'group', externalId: chatId, ...(title && { title }) };
  const [first, ...others] = addressesOf([chatId, sender]);
  if (!first) throw new Unreadable('The chat has an address of a kind that is not known');
  return { kind: 'direct', addresses: [first, ...others] };
}

/** How GREEN-API writes an address. */
export function chatIdOf(address: Address): string | undefined {
  if (address.kind === 'phone') return `${address.address.replace('+', '')}@c.us`;
  return address.kind === 'lid' ? address.address : undefined;
}

/**
 * Ids that the service makes for what goes out through it, by version: random, 64 bits or more. The vendor's pages show the
 * second in answers to sends, and in a status that names no chat.
 */
export const isMadeByService = (idMessage: string) => /^(BAE5|3EB0)[0-9A-F]{8,}$/i.test(idMessage);

/**
 * The id under which a message is known here. Phones number their messages per chat (one list of recipients has one id in
 * many chats), so the chat stands before it. What the service numbers is one of a kind in the account, and its statuses may
 * come without a chat, or under the other address of one.
 */
export function externalIdOf(chatId: string | undefined, idMessage: string): string {
  return chatId === undefined || isMadeByService(idMessage) ? idMessage : `${chatId}/${idMessage}`;
}

/** The id as the provider knows it. */
export const idMessageOf = (externalId: string) => externalId.replace(/^[^/@]+@[^/@]+\//, '');
