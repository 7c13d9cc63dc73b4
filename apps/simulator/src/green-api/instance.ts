import { z } from 'zod';
import type { Account } from '../world/account';
import type { Content } from '../world/content';
import { CommonSettings } from '../world/settings';

export const GreenApiSettings = CommonSettings.extend({
  /** 429 beyond the calls a second that each method takes. */
  limits: z.boolean(),
  /** How long the instance is "starting" after `setSettings` or `reboot`; 0: not at all. */
  restartMs: z.number().min(0),
  /** Pause before a notification that was not answered 200 goes out again. */
  retryMs: z.number().min(0),
  qrSeconds: z.number().positive(),
  /** Customers are told of by `…@lid`, as in the vendor's beta. */
  lidMode: z.boolean(),
  /** How long links to files work. */
  fileLinkMs: z.number().positive(),
});
export type GreenApiSettings = z.infer<typeof GreenApiSettings>;

export const greenApiDefaults: Omit<GreenApiSettings, keyof CommonSettings> = {
  limits: true,
  restartMs: 0,
  retryMs: 60_000,
  qrSeconds: 20,
  lidMode: false,
  fileLinkMs: 15 * 24 * 3_600_000,
};

export const states = ['notAuthorized', 'authorized', 'starting', 'suspended', 'blocked'] as const;
export type State = (typeof states)[number];

/** A phone is linked, so that what happens on it is known: also while the instance starts. */
export const isLinked = ({ state }: Pick<Instance, 'state'>) => state !== 'notAuthorized' && state !== 'blocked';

/** `setSettings` of the instance: "yes", "no", numbers and texts as they were given. All notifications begin as "no". */
export type InstanceSettings = Record<string, string | number>;

export const defaultInstanceSettings: InstanceSettings = {
  webhookUrl: '',
  webhookUrlToken: '',
  delaySendMessagesMilliseconds: 500,
  markIncomingMessagesReaded: 'no',
  markIncomingMessagesReadedOnReply: 'no',
  keepOnlineStatus: 'no',
  ...Object.fromEntries(
    [
      'incomingWebhook',
      'outgoingWebhook',
      'outgoingMessageWebhook',
      'outgoingAPIMessageWebhook',
      'stateWebhook',
      'editedMessageWebhook',
      'deletedMessageWebhook',
      'pollMessageWebhook',
      'incomingCallWebhook',
      'incomingBlockWebhook',
    ].map((flag) => [flag, 'no']),
  ),
};

/** A message that the instance took and has not sent yet: it waits for its turn, or for a phone. */
export interface Waiting {
  id: string;
  chat: string;
  content: Content;
  quoted?: string;
  /** When it was taken, ms. */
  at: number;
  /** Nothing is told of it once it is out. */
  silent?: boolean;
}

/** One WhatsApp number in the vendor's cloud. */
export interface Instance extends Account {
  provider: 'green-api';
  /** Digits. */
  idInstance: string;
  token: string;
  state: State;
  wa: InstanceSettings;
  queue: Waiting[];
  qr: { code: string; until: number } | null;
  history: { stateInstance: State; timestamp: number }[];
  settings: GreenApiSettings;
}
