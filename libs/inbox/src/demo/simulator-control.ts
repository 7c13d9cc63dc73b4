import type { ProviderName } from '@parley/contracts/accounts';
import { z } from 'zod';

const SimulatedAccount = z.looseObject({
  ref: z.string(),
  name: z.string(),
  config: z.record(z.string(), z.unknown()),
});
export type SimulatedAccount = z.infer<typeof SimulatedAccount>;

const SimulatedChat = z.looseObject({ key: z.string(), name: z.string(), phone: z.string().optional() });

/** A message of the past, as the simulator takes it. */
export interface PastMessage {
  from: string;
  name?: string;
  group?: string;
  kind: string;
  text?: string;
  at: string;
  direction: 'inbound' | 'outbound';
  externalId: string;
  status?: 'sent' | 'delivered' | 'read';
  answers?: string[];
  replyTo?: string;
  target?: string;
  emoji?: string;
}

/** What the demo asks of the simulator: who is there, and that it remembers what the customers' phones show. */
export class SimulatorControl {
  constructor(private readonly url: string) {}

  async accounts(provider: ProviderName): Promise<SimulatedAccount[]> {
    return z.array(SimulatedAccount).parse(await this.call('GET', `control/${provider}/accounts`));
  }

  /** Chats that it knows: by phone, groups by name. */
  async chats(provider: ProviderName, ref: string): Promise<Map<string, string>> {
    const chats = z.array(SimulatedChat).parse(await this.call('GET', `phone/${provider}/${ref}/chats`));
    return new Map(chats.map((chat) => [chat.phone ?? chat.name, chat.key]));
  }

  async record(provider: ProviderName, ref: string, messages: PastMessage[]): Promise<void> {
    await this.call('POST', `control/${provider}/accounts/${ref}/history`, messages);
  }

  async setWebhook(
    provider: ProviderName,
    ref: string,
    webhook: { url: string; headers: Record<string, string> },
  ): Promise<void> {
    await this.call('PUT', `control/${provider}/accounts/${ref}`, { webhook });
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url.replace(/\/$/, '')}/${path}`, {
      method,
      signal: AbortSignal.timeout(10_000),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`the simulator answered ${response.status} to ${method} ${path}: ${text.slice(0, 300)}`);
    return text ? JSON.parse(text) : undefined;
  }
}
