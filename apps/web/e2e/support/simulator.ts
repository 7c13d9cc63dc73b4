import type { ProviderName } from '@parley/contracts/accounts';

export const simulatorUrl = process.env.SIMULATOR_URL ?? 'http://127.0.0.1:3110';

export interface Sent {
  to: string;
  kind: string;
  text?: string;
  externalId: string;
  status: string;
  replyTo?: string;
}

/** What goes wrong with calls and webhooks of an account, as the simulator names it. */
export interface Fault {
  kind: string;
  to?: string;
  times?: number;
  ms?: number;
}

/** Calls to the simulated providers among what came and went, oldest first: `tail=1`, `after=7` of its numbers. */
export async function callsIn(query: string): Promise<{ calls: { path: string; body: unknown }[]; upTo: number }> {
  const response = await fetch(`${simulatorUrl}/control/journal?${query}`);
  const entries = (await response.json()) as { seq: number; type: string; path: string; body: unknown }[];
  return { calls: entries.filter(({ type }) => type === 'call'), upTo: entries.at(-1)?.seq ?? 0 };
}

/** One of the demo's accounts, seen from the customers' side: what they do, and what reached them. */
export class SimulatedAccount {
  constructor(
    readonly provider: ProviderName,
    readonly ref: string,
  ) {}

  /** A new one over there, that no phone is linked to yet unless `more` says so; with what a form asks for it. */
  static async create(
    provider: ProviderName,
    phone: string,
    more: { connected?: boolean; app?: 'own' } = {},
  ): Promise<{ account: SimulatedAccount; config: Record<string, string> }> {
    const response = await fetch(`${simulatorUrl}/control/${provider}/accounts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ phone, connected: false, ...more }),
    });
    if (!response.ok) throw new Error(`The simulator made no account: ${response.status} ${await response.text()}`);
    const { ref, config } = (await response.json()) as { ref: string; config: Record<string, string> };
    return { account: new SimulatedAccount(provider, ref), config };
  }

  /** One that is there, by what it is called over there. */
  static async named(provider: ProviderName, name: string): Promise<SimulatedAccount> {
    const response = await fetch(`${simulatorUrl}/control/${provider}/accounts`);
    const accounts = (await response.json()) as { ref: string; name: string }[];
    const found = accounts.findLast((account) => account.name === name);
    if (!found) throw new Error(`The simulator has no account called ${name}`);
    return new SimulatedAccount(provider, found.ref);
  }

  /** Its phone scans the code, or has the code typed into it. */
  link(): Promise<unknown> {
    return this.receive({ kind: 'connection', state: 'open' });
  }

  /** Somebody enters over there where it is to post, and how it signs. */
  tell(url: string, secret: string): Promise<unknown> {
    return this.call('PUT', '', { webhook: { url, secret } });
  }

  /** The page on which a person plays this account's customers. */
  get phonePage(): string {
    return `${simulatorUrl}/#${this.provider}/${this.ref}`;
  }

  receive(event: Record<string, unknown>): Promise<{ externalId: string }> {
    return this.call('POST', 'receive', event);
  }

  /** What reached one customer, oldest first. */
  async sentTo(phone: string): Promise<Sent[]> {
    return (await this.sent()).filter(({ to }) => to === phone);
  }

  /** What reached any customer. */
  sent(): Promise<Sent[]> {
    return this.call<Sent[]>('GET', 'sent');
  }

  /** Replaces the faults of this account. */
  setFaults(faults: Fault[]): Promise<unknown> {
    return this.call('PUT', 'faults', faults);
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${simulatorUrl}/control/${this.provider}/accounts/${this.ref}${path && `/${path}`}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`${method} ${path}: the simulator answered ${response.status}, ${text.slice(0, 300)}`);
    return JSON.parse(text) as T;
  }
}
