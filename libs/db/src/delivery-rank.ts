import type { DeliveryStatus } from '@parley/contracts/messages';

/** Statuses of one attempt as they stand in the tables: the greater wins. `sending` is shown as `queued`. */
export const deliveryRank = {
  queued: 0,
  sending: 1,
  unknown: 2,
  accepted: 3,
  sent: 4,
  failed: 5,
  delivered: 6,
  read: 7,
} as const;
export type DeliveryRank = (typeof deliveryRank)[keyof typeof deliveryRank];

const words: DeliveryStatus[] = ['queued', 'queued', 'unknown', 'accepted', 'sent', 'failed', 'delivered', 'read'];

/** What people see of a rank. */
export function deliveryStatus(rank: number): DeliveryStatus {
  const word = words[rank];
  if (!word) throw new RangeError(`no delivery status has rank ${rank}`);
  return word;
}
