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

  /** What reached customers, in order. */
  sent(provider: ProviderName, ref: string): Promise<SimulatedSend[]> {
    return this.call('GET', `${provider}/accounts/${ref}/sent`);
  }

  journal(provider: ProviderName, ref: string): Promise<Record<string, unknown>[]> {
    return this.call('GET', `${provider}/accounts/${ref}/journal`);
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
