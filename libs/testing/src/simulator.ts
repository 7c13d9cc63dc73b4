import type { ProviderName } from '@parley/contracts/accounts';

/** An account at the simulated provider, with what a person needs to post as it. */
export interface SimulatedAccount {
  ref: string;
  config: Record<string, unknown>;
  webhook: { url: string; headers: Record<string, string>; secret: string };
}

export interface SimulatedSend {
  to: string;
  kind: string;
  text?: string;
  externalId: string;
  at: string;
}

/** A webhook that the simulator sent, as it stands now. */
export interface WebhookEntry {
  type: 'webhook';
  seq: number;
  /** ISO 8601. */
  at: string;
  accounts: string[];
  event: string;
  about: { what: 'message' | 'echo' | 'status' | 'other'; externalId: string | null; chat: string | null }[];
  /** Their answers: `status` null means none was heard, `late` what was answered too late for the provider. */
  attempts: { at: string; ms: number; status: number | null; late?: number | null; error?: string }[];
  outcome: 'pending' | 'acked' | 'refused' | 'given-up' | 'lost';
}

/** A call that the simulated provider received. */
export interface CallEntry {
  type: 'call';
  seq: number;
  at: string;
  accounts: string[];
  method: string;
  path: string;
  body: unknown;
  status: number | null;
  externalId?: string;
}

export type JournalEntry = WebhookEntry | CallEntry | { type: 'happened'; seq: number; at: string; kind: string };

/** The simulator's control API. */
export class SimulatorClient {
  constructor(readonly url: string) {}

  accounts(provider: ProviderName): Promise<SimulatedAccount[]> {
    return this.call('GET', `${provider}/accounts`);
  }

  newAccount(provider: ProviderName, options: Record<string, unknown> = {}): Promise<SimulatedAccount> {
    return this.call('POST', `${provider}/accounts`, options);
  }

  setWebhook(
    provider: ProviderName,
    ref: string,
    webhook: Partial<SimulatedAccount['webhook']>,
  ): Promise<SimulatedAccount> {
    return this.call('PUT', `${provider}/accounts/${ref}`, { webhook });
  }

  setUp(provider: ProviderName, ref: string, settings: Record<string, unknown>): Promise<unknown> {
    return this.call('PUT', `${provider}/accounts/${ref}/settings`, settings);
  }

  receive(provider: ProviderName, ref: string, message: Record<string, unknown>): Promise<{ externalId: string }> {
    return this.call('POST', `${provider}/accounts/${ref}/receive`, message);
  }

  /** Many at once, in that order. */
  receiveMany(events: ({ provider: ProviderName; ref: string } & Record<string, unknown>)[]) {
    return this.call<({ externalId: string } | { error: string })[]>('POST', 'receive', events);
  }

  /** What reached customers, in order. */
  sent(provider: ProviderName, ref: string): Promise<SimulatedSend[]> {
    return this.call('GET', `${provider}/accounts/${ref}/sent`);
  }

  journal(provider: ProviderName, ref: string): Promise<Record<string, unknown>[]> {
    return this.call('GET', `${provider}/accounts/${ref}/journal`);
  }

  /** What was added to the journal, or changed in it, after the change of that number. */
  changes(after: number, limit = 10_000): Promise<{ entries: JournalEntry[]; upTo: number }> {
    return this.call('GET', `changes?after=${after}&limit=${limit}`);
  }

  /** `scale`: how many times faster than life delays pass. */
  setClock(change: { offsetMs?: number; scale?: number }): Promise<unknown> {
    return this.call('PUT', 'clock', change);
  }

  faults(provider: ProviderName, ref: string, faults: Record<string, unknown>[]): Promise<unknown> {
    return this.call('PUT', `${provider}/accounts/${ref}/faults`, faults);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`the simulator answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }
}
