import { keyOf } from '../world/account';
import type { About } from '../world/journal';
import type { Table } from '../world/store';
import type { Outgoing, RetryPolicy } from '../world/webhooks';
import type { World } from '../world/world';
import type { Instance } from './instance';

const ANSWER_MS = 180_000;
const KEPT_MS = 24 * 3_600_000;

export interface Emission {
  about?: About[];
  /** Digits of the customer concerned. */
  phone?: string;
  copies?: number;
  unheard?: boolean;
  /** In place of the instance's own, of a raw call. */
  headers?: Record<string, string>;
}

interface Queued extends Emission {
  receiptId: number;
  ref: string;
  event: string;
  body: string;
  at: number;
}

/**
 * What instances tell: one queue each, strictly in order. The next goes out only after HTTP 200; until then the same is
 * repeated, for a day at most. Without a webhook address it waits to be fetched.
 */
export class Notifications {
  private readonly table: Table<Queued>;
  private readonly busy = new Set<string>();
  private last = 0;

  constructor(private readonly world: World) {
    this.table = world.store.table('green-api-notifications');
    for (const { receiptId } of this.table.values()) this.last = Math.max(this.last, receiptId);
  }

  add(instance: Instance, event: string, body: object | string, emission: Emission = {}): void {
    const receiptId = ++this.last;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const at = this.world.clock.now();
    this.table.set(String(receiptId), { ...emission, receiptId, ref: instance.ref, event, body: text, at });
    void this.pump(instance);
  }

  /** The oldest that waits; for who fetches. */
  first({ ref }: Instance): { receiptId: number; body: unknown } | null {
    const head = this.head(ref);
    return head ? { receiptId: head.receiptId, body: JSON.parse(head.body) } : null;
  }

  remove({ ref }: Instance, receiptId: number): boolean {
    if (this.table.get(String(receiptId))?.ref !== ref) return false;
    this.table.delete(String(receiptId));
    return true;
  }

  forget(instance?: Instance): void {
    for (const one of [...this.table.values()]) {
      if (!instance || one.ref === instance.ref) this.table.delete(String(one.receiptId));
    }
  }

  /** Sends what waits, one after the other. */
  async pump(instance: Instance): Promise<void> {
    if (this.busy.has(instance.ref)) return;
    this.busy.add(instance.ref);
    try {
      for (let head = this.next(instance); head; head = this.next(instance)) {
        const sent = this.send(instance, head);
        // What is asked to come out of order cannot wait for its turn.
        const disordered = this.world.faults.of(instance).some(({ kind }) => kind === 'reorder');
        if (!disordered) await sent;
        if (this.world.webhooks.isClosed) return; // after the next start it goes out again
        this.table.delete(String(head.receiptId));
      }
    } finally {
      this.busy.delete(instance.ref);
    }
  }

  private head(ref: string): Queued | undefined {
    for (const one of this.table.values()) if (one.ref === ref) return one;
    return undefined;
  }

  private next(instance: Instance): Queued | undefined {
    return instance.wa.webhookUrl ? this.head(instance.ref) : undefined;
  }

  private send(instance: Instance, { event, body, about, phone, copies, unheard, headers, at }: Queued): Promise<void> {
    const token = String(instance.wa.webhookUrlToken ?? '');
    const outgoing: Outgoing = {
      accounts: [keyOf(instance)],
      event,
      url: String(instance.wa.webhookUrl),
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: /^(Bearer|Basic) /.test(token) ? token : `Bearer ${token}` }),
        ...headers,
      },
      body,
      about: about ?? [{ what: 'other', externalId: null, chat: null }],
      phone,
      copies,
      unheard,
    };
    return this.world.webhooks.send(outgoing, this.policy(instance, at));
  }

  private policy({ settings }: Instance, at: number): RetryPolicy {
    return {
      timeoutMs: ANSWER_MS,
      taken: (status) => status === 200,
      final: () => false,
      delayAfter: () => (this.world.clock.now() - at > KEPT_MS ? undefined : settings.retryMs),
    };
  }
}
