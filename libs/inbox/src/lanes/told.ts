import type { Address, ChannelEvent, ChatRef } from '@parley/channels/provider';
import { providerOf } from '@parley/channels/registry';
import type { ProviderName } from '@parley/contracts/accounts';
import type { PendingRow } from './lanes.queries';

/** One thing that a row tells, with where it came from. */
export interface Told<Event = ChannelEvent | Unreadable> {
  tenantId: string;
  accountId: string;
  correlationId: string;
  row: PendingRow;
  event: Event;
}

/** A row that could not be read, in its place in the thread. */
export interface Unreadable {
  type: 'unreadable';
  /** Its chat's address, as `split` saw it. */
  chat: string;
}

export type ToldOf<T extends ChannelEvent['type']> = Told<Extract<ChannelEvent, { type: T }>>;

export function isTold<T extends ChannelEvent['type']>(type: T) {
  return (told: Told): told is ToldOf<T> => told.event.type === type;
}

/** Clocks of providers are believed between ten years ago and five minutes ahead. */
const PAST_US = 10 * 365 * 86_400e6;
const AHEAD_US = 300e6;

/** A provider's time in µs, clamped around ours. */
export function datedUs(at: Date | null, nowUs: number): number {
  const us = at ? at.getTime() * 1000 : nowUs;
  return Math.min(Math.max(us, nowUs - PAST_US), nowUs + AHEAD_US);
}

/** What a row tells. Throws what the adapter throws on a body it cannot read. */
export function readRow(row: PendingRow, provider: ProviderName): Told[] {
  const { tenant_id: tenantId, account_id: accountId, correlation_id: correlationId } = row;
  return providerOf(provider)
    .parse({ body: Buffer.from(row.body, 'base64') })
    .map((event) => ({ tenantId, accountId, correlationId, row, event }));
}

/** All names under which a chat may be known, best first; the first is the one that `split` gives too. */
export function chatAddressesOf(chat: ChatRef): string[] {
  return chat.kind === 'group' ? [chat.externalId] : chat.addresses.map((a) => a.address);
}

/** The chat that an event speaks of, where it does. Of an unreadable one only a phone number tells what it is. */
export function chatOf({ event }: Told): ChatRef | undefined {
  if (event.type === 'unreadable') {
    return event.chat.startsWith('+')
      ? { kind: 'direct', addresses: [{ kind: 'phone', address: event.chat }] }
      : undefined;
  }
  return 'chat' in event && typeof event.chat === 'object' ? event.chat : undefined;
}

/** The message, by the provider's id, that an event speaks of. */
export function externalOf({ event }: Told): string | undefined {
  return 'externalId' in event ? event.externalId : undefined;
}

/** One person of a tenant by one address. */
export function personKey(tenantId: string, { kind, address }: Address): string {
  return `${tenantId} ${kind} ${address}`;
}
