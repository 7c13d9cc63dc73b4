import { z } from 'zod';
import type { Account } from '../world/account';
import { CommonSettings } from '../world/settings';

/** How addresses look, by the version of the server that sends them; `none` knows no LID, `only` tells nothing else. */
export const addressForms = ['none', 'only', '2.2', '2.3.0', '2.3.1', '2.3.6', '2.3.7', '2.4'] as const;
export type AddressForm = (typeof addressForms)[number];

export const EvolutionSettings = CommonSettings.extend({
  addresses: z.enum(addressForms),
  /** How binary fields look: 2.3.3 and later send objects with an index as key. */
  bytes: z.enum(['indexed', 'base64', 'buffer']),
  ts: z.enum(['number', 'string', 'long']),
  /** Which address of the customer a status names. */
  statusAddress: z.enum(['random', 'pn', 'lid']),
  /** Who types is told always, or only once we sent our own presence to that chat (as WhatsApp does). */
  presence: z.enum(['always', 'subscribed']),
  /** AUTHENTICATION_EXPOSE_IN_FETCH_INSTANCES of the server: the instance's token goes out in every webhook. */
  exposesToken: z.boolean(),
  /** DATABASE_SAVE_DATA_NEW_MESSAGE of the server. */
  storesMessages: z.boolean(),
  /** How long the socket is gone after a drop. */
  reconnectMs: z.number().min(0),
  qrSeconds: z.number().positive(),
  qrLimit: z.int().positive(),
});
export type EvolutionSettings = z.infer<typeof EvolutionSettings>;

export const evolutionDefaults: Omit<EvolutionSettings, keyof CommonSettings> = {
  addresses: '2.3.7',
  bytes: 'indexed',
  ts: 'number',
  statusAddress: 'random',
  presence: 'always',
  exposesToken: true,
  storesMessages: true,
  reconnectMs: 1500,
  qrSeconds: 45,
  qrLimit: 30,
};

export interface WebhookConfig {
  id: string;
  url: string;
  headers: Record<string, string>;
  enabled: boolean;
  events: string[];
  webhookByEvents: boolean;
  webhookBase64: boolean;
  createdAt: string;
  updatedAt: string;
}

/** `settings/set` of the server: kept and given back, without effect here. */
export interface ServerSettings {
  rejectCall: boolean;
  msgCall: string;
  groupsIgnore: boolean;
  alwaysOnline: boolean;
  readMessages: boolean;
  readStatus: boolean;
  syncFullHistory: boolean;
}

export const defaultServerSettings: ServerSettings = {
  rejectCall: false,
  msgCall: '',
  groupsIgnore: false,
  alwaysOnline: false,
  readMessages: false,
  readStatus: false,
  syncFullHistory: false,
};

interface Qr {
  code: string;
  count: number;
  pairingCode: string | null;
}

/** One WhatsApp number on the simulated server. Its ref is its instance name. */
export interface Instance extends Account {
  provider: 'evolution';
  id: string;
  token: string;
  integration: string;
  state: 'open' | 'connecting' | 'close';
  /** It was logged in once, so the server knows its number. */
  linked: boolean;
  webhook: WebhookConfig | null;
  server: ServerSettings;
  qr: Qr | null;
  disconnected: { code: number; at: string } | null;
  createdAt: string;
  updatedAt: string;
  settings: EvolutionSettings;
}
