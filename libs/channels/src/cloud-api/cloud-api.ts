import { clean } from '../clean-text';
import type { Answers, ChannelEvent, Connect, Files, MarkRead, Provider, Templates, Typing } from '../provider';
import { toAccountEvent, toContactName, toGroup, toTrouble, toUserId } from './account-events';
import { CloudApiConfig } from './cloud-api.config';
import { check, subscribe } from './connect';
import { fetchFile, FILES } from './files';
import { itemsOf } from './items';
import { toDelivery, toMessage } from './messages';
import { markRead, send, typing } from './send';
import { templates } from './templates';
import { unitsOf, type Unit } from './units';
import { handshake, isSigned } from './verify';
import { Unreadable } from '../unreadable';

type CloudApi = Provider<CloudApiConfig> &
  Answers &
  Typing<CloudApiConfig> &
  MarkRead<CloudApiConfig> &
  Templates<CloudApiConfig> &
  Files<CloudApiConfig> &
  Connect<CloudApiConfig>;

/** WhatsApp through Meta's Cloud API. Source: contract "WhatsApp Cloud API", from Meta's documentation of 2025 and 2026. */
export const cloudApi: CloudApi = {
  name: 'cloud-api',
  channel: 'whatsapp',
  title: 'WhatsApp (Cloud API)',
  config: CloudApiConfig,
  bodyLimitBytes: 3 * 1024 * 1024,
  pacing: { account: { perSecond: 80, burst: 80 }, chat: { perSecond: 1 / 6, burst: 45 } },
  ingress: { path: 'whatsapp/cloud-api', by: 'app' },
  platformSecrets: { appSecret: 'CLOUD_API_APP_SECRET', verifyToken: 'CLOUD_API_VERIFY_TOKEN' },
  capabilities: () => ({
    maxTextLength: 4096,
    quote: true,
    react: true,
    edit: false,
    delete: false,
    typing: true,
    seesTyping: false,
    receipts: 'read',
    windowHours: 24,
    templates: true,
    lookUp: false, // no history and no status by request: only webhooks tell
    writeFirst: true,
    files: FILES,
  }),
  routing: ({ phoneNumberId, wabaId }) => ({ routingKey: phoneNumberId, groupKey: wabaId }),
  secrets: ({ appSecret, verifyToken }) => ({
    ...(appSecret !== undefined && { appSecret }),
    ...(verifyToken !== undefined && { verifyToken }),
  }),
  webhookHeaders: () => ({}),
  verify: isSigned,
  handshake,
  split: itemsOf,
  parse: ({ body }) => clean(eventsOf(onlyUnit(body))),
  send,
  typing,
  markRead,
  templates,
  fetchFile,
  check,
  subscribe,
};

/** A row is of one account: were there more in it, they might be another's. */
function onlyUnit(body: Uint8Array): Unit {
  const [unit, ...others] = unitsOf(body);
  if (!unit || others.length > 0) throw new Unreadable('The body does not hold exactly one item');
  return unit;
}

function eventsOf(unit: Unit): ChannelEvent[] {
  switch (unit.kind) {
    case 'message':
      return toMessage(unit);
    case 'echo':
      return toMessage(unit, unit.standby ? 'unknown' : 'device');
    case 'status':
      return toDelivery(unit);
    case 'error':
      return toTrouble(unit);
    case 'address-book':
      return toContactName(unit);
    case 'user-id':
      return toUserId(unit);
    case 'group':
      return toGroup(unit);
    case 'change':
      return toAccountEvent(unit);
    case 'broken':
      throw new Unreadable('The call is broken here');
  }
}
