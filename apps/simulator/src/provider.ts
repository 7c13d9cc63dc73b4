import type { FastifyInstance } from 'fastify';
import type { Past, Receive } from './receive';
import type { Account } from './world/account';
import type { CommonSettings } from './world/settings';
import type { World } from './world/world';

export interface NewAccount {
  ref: string;
  name?: string;
  /** Digits; a free number is found otherwise. */
  phone?: string;
  app: 'own' | 'platform';
  connected: boolean;
  /** Ref of an account whose business this one shares, where the provider groups numbers. */
  sameBusinessAs?: string;
  settings?: Record<string, unknown>;
}

export interface WebhookTarget {
  url: string;
  headers?: Record<string, string>;
  secret?: string;
  /** Asks the receiver first, where the provider does. */
  verify?: boolean;
}

/** What anyone needs to connect the account to Parley, and to call Parley in the provider's place. */
export interface AccountView {
  ref: string;
  config: Record<string, string>;
  webhook: { url: string | null; headers: Record<string, string>; secret: string | null };
}

/** What the channel can do; the phones' page shows only that. */
interface Features {
  typing: boolean;
  edit: boolean;
  delete: boolean;
  groups: boolean;
  /** The account is connected by scanning a code. */
  qr: boolean;
}

export type Connection = { state: 'open' | 'connecting' | 'close'; qr?: string; pairingCode?: string | null };

/** One provider, played. Its HTTP face is `routes`, mounted below its name; the rest is what people and tests do to it. */
export interface SimulatedProvider {
  readonly name: string;
  readonly features: Features;
  routes(scope: FastifyInstance): Promise<void> | void;
  /** What tests and people do to it beyond its accounts, mounted below its name in the control API. */
  controls?(scope: FastifyInstance): void;

  accounts(): Account[];
  find(ref: string): Account | undefined;
  create(input: NewAccount): Account;
  remove(account: Account): void;
  describe(account: Account): AccountView;
  connection(account: Account): Connection;
  /** Throws ControlError when the receiver does not confirm. */
  setWebhook(account: Account, target: WebhookTarget): Promise<void>;
  configure(account: Account, change: unknown): CommonSettings;

  /** Makes it happen and returns at once: the webhook is on its way. Throws ControlError for what cannot happen here. */
  receive(account: Account, event: Receive): { externalId: string | null };
  /** Writes a message of the past onto the customer's phone. */
  record(account: Account, past: Past): { externalId: string };

  /** After a start: timers of what an earlier run began. */
  resume(): void;
  /** Back to the first boot: the demo accounts, untouched but for their webhooks. */
  reset(): void;
}

export type ProviderFactory = (world: World) => SimulatedProvider;

/** Something asked of the control API that cannot be done. `message` is for the person who asked. */
export class ControlError extends Error {
  constructor(
    readonly status: 400 | 404 | 409 | 422,
    message: string,
  ) {
    super(message);
    this.name = 'ControlError';
  }
}
