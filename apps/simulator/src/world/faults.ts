import { z } from 'zod';
import { keyOf, type Account } from './account';
import type { Store, Table } from './store';

/** What can go wrong with a call that Parley makes. */
export const callFaults = ['5xx', '429', 'timeout', 'late', 'auth', 'lying-state', 'never-ack'] as const;
/** What can go wrong with a webhook. */
const webhookFaults = ['duplicate', 'reorder', 'drop'] as const;
/** What can go wrong with a file that Parley fetches by its address. */
export const fileFaults = ['trickle', 'endless', 'cut-off', 'circle'] as const;
type FaultKind = (typeof callFaults)[number] | (typeof webhookFaults)[number] | (typeof fileFaults)[number];

export const Fault = z.object({
  kind: z.enum([...callFaults, ...webhookFaults, ...fileFaults]),
  /** Only for this customer, E.164. */
  to: z.string().optional(),
  /** How often; without it until the faults are replaced. */
  times: z.int().min(1).optional(),
  /** `timeout`, `late`: how long the answer is held; `429`: Retry-After, 0 for none; `reorder`: the longest shift. */
  ms: z.number().min(0).optional(),
  /** Which calls: those that send something (the default), or every one of the account. `auth` without `times` means every one. */
  on: z.enum(['send', 'call']).optional(),
  /** `duplicate`: how many copies arrive. */
  copies: z.int().min(2).max(20).optional(),
});
export type Fault = z.infer<typeof Fault>;

/** What was asked to go wrong, by account. */
export class Faults {
  private readonly table: Table<Fault[]>;

  constructor(store: Store) {
    this.table = store.table('faults');
  }

  of(account: Account): Fault[] {
    return this.table.get(keyOf(account)) ?? [];
  }

  replace(account: Account, faults: Fault[]): void {
    this.table.set(keyOf(account), faults);
  }

  /** The first fault of those kinds that applies, used up by one. `to` are the digits of the customer concerned. */
  take(account: string, kinds: readonly FaultKind[], to?: string, on: 'send' | 'call' = 'send'): Fault | undefined {
    const faults = this.table.get(account);
    if (!faults?.length) return undefined;
    const fault = faults.find((each) => kinds.includes(each.kind) && appliesTo(each, to) && appliesOn(each, on));
    if (fault?.times !== undefined) {
      fault.times -= 1;
      this.table.set(account, fault.times ? faults : faults.filter((each) => each !== fault));
    }
    return fault;
  }
}

const appliesTo = (fault: Fault, to?: string) => !fault.to || fault.to.replace(/\D/g, '') === to;

function appliesOn(fault: Fault, on: 'send' | 'call'): boolean {
  if (on === 'send') return true;
  return fault.on === 'call' || (fault.kind === 'auth' && fault.times === undefined && fault.on === undefined);
}
