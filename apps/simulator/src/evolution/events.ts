import { createHmac } from 'node:crypto';
import { keyOf } from '../world/account';
import type { About } from '../world/journal';
import type { RetryPolicy } from '../world/webhooks';
import type { World } from '../world/world';
import { phoneJid } from './addresses';
import type { Instance, WebhookConfig } from './instance';

/** Contract §2.3: ten attempts, and some answers that end it. */
const DELAYS_S = [5, 10, 20, 40, 80, 160, 300, 300, 300];
const FINAL = [400, 401, 403, 404, 422];
const policy: RetryPolicy = {
  timeoutMs: 30_000,
  taken: (status) => status >= 200 && status < 300,
  final: (status) => FINAL.includes(status),
  delayAfter(attempts) {
    const seconds = DELAYS_S[attempts - 1];
    return seconds === undefined ? undefined : Math.max(5, seconds * (0.8 + Math.random() * 0.4)) * 1000;
  },
};

export const eventNames = (
  'APPLICATION_STARTUP QRCODE_UPDATED MESSAGES_SET MESSAGES_UPSERT MESSAGES_EDITED MESSAGES_UPDATE MESSAGES_DELETE SEND_MESSAGE ' +
  'SEND_MESSAGE_UPDATE CONTACTS_SET CONTACTS_UPSERT CONTACTS_UPDATE PRESENCE_UPDATE CHATS_SET CHATS_UPSERT CHATS_UPDATE CHATS_DELETE ' +
  'GROUPS_UPSERT GROUP_UPDATE GROUP_PARTICIPANTS_UPDATE CONNECTION_UPDATE LABELS_EDIT LABELS_ASSOCIATION CALL TYPEBOT_START ' +
  'TYPEBOT_CHANGE_STATUS REMOVE_INSTANCE LOGOUT_INSTANCE INSTANCE_CREATE INSTANCE_DELETE STATUS_INSTANCE'
).split(' ');

interface Emission {
  about?: About[];
  /** Digits of the customer concerned. */
  phone?: string;
  copies?: number;
  unheard?: boolean;
  /** Fields beside `data`, such as `isLatest`. */
  extra?: Record<string, unknown>;
}

/** Sends the events of instances to their webhooks, as configured on each. */
export class Events {
  constructor(private readonly world: World) {}

  /** `event` is the dotted name. Resolves once the webhook was taken or given up; at once if nobody wants it. */
  async emit(instance: Instance, event: string, data: unknown, emission: Emission = {}): Promise<void> {
    const { webhook } = instance;
    if (!webhook?.enabled || !wants(webhook, event)) return;
    const url = webhook.webhookByEvents ? `${webhook.url}/${event.replace(/[._]/g, '-')}` : webhook.url;
    await this.world.webhooks.send(
      {
        accounts: [keyOf(instance)],
        event,
        url,
        headers: { 'content-type': 'application/json', ...this.headers(webhook) },
        body: JSON.stringify(this.envelope(instance, webhook, event, data, emission.extra)),
        about: emission.about ?? [{ what: 'other', externalId: null, chat: null }],
        phone: emission.phone,
        copies: emission.copies,
        unheard: emission.unheard,
      },
      policy,
    );
  }

  /** A body of one's own, with the instance's headers. */
  async raw(instance: Instance, event: string, body: string, headers?: Record<string, string>): Promise<void> {
    if (!instance.webhook) return;
    const own = headers ?? this.headers(instance.webhook);
    const about: About[] = [{ what: 'other', externalId: null, chat: null }];
    const hook = { accounts: [keyOf(instance)], event, url: instance.webhook.url, body, about };
    await this.world.webhooks.send({ ...hook, headers: { 'content-type': 'application/json', ...own } }, policy);
  }

  private envelope(
    instance: Instance,
    webhook: WebhookConfig,
    event: string,
    data: unknown,
    extra: Record<string, unknown> = {},
  ) {
    return {
      event,
      instance: instance.ref,
      data,
      destination: webhook.url,
      date_time: localWallTime(this.world.clock.now()),
      ...(instance.linked && { sender: phoneJid(instance.phone) }),
      server_url: `${this.world.origin}/evolution`,
      apikey: instance.settings.exposesToken ? instance.token : null,
      ...extra,
    };
  }

  private headers(webhook: WebhookConfig): Record<string, string> {
    const { jwt_key: key, ...headers } = webhook.headers;
    if (key === undefined) return headers;
    const rest = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
    return { ...rest, Authorization: `Bearer ${webhookToken(key, this.world.clock.nowSeconds())}` };
  }
}

/** The subscription is UPPER_SNAKE, the event dotted; an empty list means all. */
function wants(webhook: WebhookConfig, event: string): boolean {
  return webhook.events.length === 0 || webhook.events.includes(event.replace(/[.-]/g, '_').toUpperCase());
}

/** HS256 over exactly the claims of contract §2.1. */
function webhookToken(key: string, nowSeconds: number): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iat: nowSeconds, exp: nowSeconds + 600, app: 'evolution', action: 'webhook' };
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

/** The server writes its local time and a Z all the same. */
function localWallTime(now: number): string {
  return new Date(now - new Date(now).getTimezoneOffset() * 60_000).toISOString();
}
