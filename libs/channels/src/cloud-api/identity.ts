import { peek, peekName } from '../json-body';
import { e164 } from '../phone';
import type { Address, ChatRef } from '../provider';
import type { Unit } from './units';
import { Unreadable } from '../unreadable';

/**
 * People are known by phone, by BSUID ("US.4402917758316620": one business portfolio's id of them), or by both. Phones come
 * first, for every version of the API sends to them; they vanish for people who took a username (contract §3.7).
 */
export function addressesOf(phones: (string | undefined)[], userIds: (string | undefined)[]): Address[] {
  const found = [
    ...phones.flatMap((digits) => (digits === undefined ? [] : (e164(digits) ?? []))).map(asPhone),
    ...userIds
      .filter((id) => id !== undefined && id.length <= MAX_USER_ID)
      .map((id) => ({ kind: 'bsuid', address: id ?? '' }) as const),
  ];
  return [...new Map(found.map((address) => [address.address, address])).values()];
}

const asPhone = (address: string): Address => ({ kind: 'phone', address });
const MAX_USER_ID = 160;

/** The customer of a message, echo or status, by all the names given. Empty: not told. */
export function customerOf({ kind, data, contact }: Unit): Address[] {
  const [phone, userId] =
    kind === 'echo'
      ? ['to', 'to_user_id']
      : kind === 'status'
        ? ['recipient_id', 'recipient_user_id']
        : ['from', 'from_user_id'];
  return addressesOf(
    [peekName(data, phone), peekName(contact, 'wa_id')],
    [peekName(data, userId), peekName(contact, 'user_id')],
  );
}

/** The chat that a message, echo or status belongs to. `undefined` where it is not told. */
export function findChat(unit: Unit): ChatRef | undefined {
  const group = groupOf(unit);
  if (group !== undefined) return { kind: 'group', externalId: group };
  const [first, ...others] = customerOf(unit);
  return first && { kind: 'direct', addresses: [first, ...others] };
}

export function chatOf(unit: Unit): ChatRef {
  const chat = findChat(unit);
  if (!chat) throw new Unreadable('The message does not tell whose chat it belongs to');
  return chat;
}

function groupOf({ kind, data }: Unit): string | undefined {
  if (kind === 'status') return peek(data, 'recipient_type') === 'group' ? peekName(data, 'recipient_id') : undefined;
  return peekName(data, 'group_id');
}
