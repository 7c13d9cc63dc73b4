import { Agent, request } from 'undici';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { About, Attempt, Journal, WebhookEntry } from './journal';

/** How stubborn a provider is. */
export interface RetryPolicy {
  timeoutMs: number;
  /** Whether an answer counts as taken. */
  taken(status: number): boolean;
  /** Milliseconds before the attempt that follows this many; `undefined` gives up. */
  delayAfter(attempts: number): number | undefined;
  /** Whether an answer is final although it was no success. */
  final(status: number): boolean;
  /** Whether the receiver asked, by a header, not to be tried again. */
  endsBy?(headers: Record<string, string | string[] | undefined>): boolean;
  /** Made anew for each try, beside those of the entry. */
  headers?(entry: WebhookEntry): Record<string, string>;
}

export interface Outgoing {
  accounts: string[];
  event: string;
  url: string;
  headers: Record<string, string>;
  body: string;
  about: About[];
  /** Digits of the customer concerned, for faults that name one. */
  phone?: string;
  /** Magic recipients whose webhooks come more than once. */
  copies?: number;
  /** The first answer comes too late for the provider, which asks again. */
  unheard?: boolean;
}

/** Calls Parley as the providers do, all at once, and writes down what it answered. */
export class Webhooks {
  private readonly agent = new Agent({ connections: 128, keepAliveTimeout: 10_000, connect: { timeout: 5_000 } });
  private closed = false;

  constructor(
    private readonly clock: Clock,
    private readonly journal: Journal,
    private readonly faults: Faults,
    private readonly onTaken: (entry: WebhookEntry) => void,
  ) {}

  /** Resolves once the webhook was taken, or nobody will try again. */
  async send(hook: Outgoing, policy: RetryPolicy): Promise<void> {
    if (this.fault(hook, 'drop')) return void this.enter(hook, 'lost');
    const copies = this.copiesOf(hook);
    await Promise.all(Array.from({ length: copies }, (_, copy) => this.sendOnce(hook, policy, copy)));
  }

  /** Goes on with what an earlier run left unfinished. */
  resume(entry: WebhookEntry, policy: RetryPolicy): Promise<void> {
    return this.untilTaken(entry, policy);
  }

  /** Nothing goes out any more, and what was under way may not have been taken. */
  get isClosed(): boolean {
    return this.closed;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.agent.destroy();
  }

  private async sendOnce(hook: Outgoing, policy: RetryPolicy, copy: number): Promise<void> {
    const entry = this.enter(hook, 'pending');
    const shifted = this.fault(hook, 'reorder');
    if (shifted) await this.clock.sleep(Math.random() * (shifted.ms ?? 400));
    await this.untilTaken(entry, policy, hook.unheard && copy === 0);
  }

  private enter(
    { phone: _phone, copies: _copies, unheard: _unheard, ...known }: Outgoing,
    outcome: WebhookEntry['outcome'],
  ): WebhookEntry {
    return this.journal.add<WebhookEntry>({ type: 'webhook', ...known, attempts: [], outcome });
  }

  private async untilTaken(entry: WebhookEntry, policy: RetryPolicy, unheard = false): Promise<void> {
    for (;;) {
      const attempt = await this.attempt(entry, policy);
      if (this.closed) return;
      const isLost = unheard && entry.attempts.length === 0;
      entry.attempts.push(isLost ? { ...attempt, status: null, late: attempt.status, error: TOO_LATE } : attempt);
      entry.outcome = outcomeOf(entry, policy);
      this.journal.changedEntry(entry);
      if (entry.outcome === 'acked') this.onTaken(entry);
      if (entry.outcome !== 'pending') return;
      await this.clock.sleep(policy.delayAfter(entry.attempts.length) ?? 0);
    }
  }

  private async attempt(entry: WebhookEntry, policy: RetryPolicy): Promise<Attempt> {
    const { timeoutMs } = policy;
    const at = new Date(this.clock.now()).toISOString();
    const start = performance.now();
    const took = () => Math.round(performance.now() - start);
    try {
      const answer = await request(entry.url, {
        method: 'POST',
        headers: { ...entry.headers, ...policy.headers?.(entry) },
        body: entry.body,
        dispatcher: this.agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      await answer.body.dump();
      const ends = policy.endsBy?.(answer.headers);
      return { at, ms: took(), status: answer.statusCode, ...(ends && { ends }) };
    } catch (error) {
      return {
        at,
        ms: took(),
        status: null,
        error: error instanceof Error ? error.message || error.name : String(error),
      };
    }
  }

  private copiesOf(hook: Outgoing): number {
    const fault = this.fault(hook, 'duplicate');
    return fault ? (fault.copies ?? 2) : (hook.copies ?? 1);
  }

  private fault(hook: Outgoing, kind: 'duplicate' | 'drop' | 'reorder') {
    for (const account of hook.accounts) {
      const fault = this.faults.take(account, [kind], hook.phone);
      if (fault) return fault;
    }
    return undefined;
  }
}

const TOO_LATE = 'the answer came too late';

function outcomeOf(entry: WebhookEntry, policy: RetryPolicy): WebhookEntry['outcome'] {
  const status = entry.attempts.at(-1)?.status ?? null;
  if (status !== null && policy.taken(status)) return 'acked';
  if (status !== null && (policy.final(status) || entry.attempts.at(-1)?.ends)) return 'refused';
  return policy.delayAfter(entry.attempts.length) === undefined ? 'given-up' : 'pending';
}
