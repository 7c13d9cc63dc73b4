import { MAX_TEXT } from '@parley/contracts/content';
import { clean } from '../clean-text';
import { peek, peekName, readObject } from '../json-body';
import type {
  ChannelEvent,
  Connect,
  Files,
  FindSent,
  Groups,
  History,
  MarkRead,
  Names,
  Pairing,
  Provider,
  Typing,
  Watch,
} from '../provider';
import { addressOf } from '../whatsapp-jid';
import { check, pairingCode, standing, subscribe } from './connect';
import { toConnection, toForeign, toQuota } from './connection';
import { fetchFile } from './files';
import { findSent } from './find-sent';
import { groups, names, toGroup } from './groups';
import { history } from './history';
import { GreenApiConfig } from './green-api.config';
import { GROUP_ASKED } from './green-api.payloads';
import { itemsOf } from './items';
import { toCall, toDelivery, toMessage } from './messages';
import { FILES, markRead, send, typing } from './send';
import { isAuthentic } from './verify';

type GreenApi = Provider<GreenApiConfig> &
  Typing<GreenApiConfig> &
  MarkRead<GreenApiConfig> &
  FindSent<GreenApiConfig> &
  Files<GreenApiConfig> &
  Names<GreenApiConfig> &
  Groups<GreenApiConfig> &
  History<GreenApiConfig> &
  Connect<GreenApiConfig> &
  Pairing<GreenApiConfig> &
  Watch<GreenApiConfig>;

/** WhatsApp through GREEN-API, a hosted service that nobody but its vendor runs. Source: contract "GREEN-API". */
export const greenApi: GreenApi = {
  name: 'green-api',
  channel: 'whatsapp',
  title: 'WhatsApp (GREEN-API)',
  config: GreenApiConfig,
  bodyLimitBytes: 1024 * 1024,
  // The instance takes 50/s into its queue and lets out one a second: WhatsApp bans what does not look human.
  pacing: { account: { perSecond: 1, burst: 20 } },
  ingress: { path: 'whatsapp/green-api', by: 'token' },
  capabilities: () => ({
    maxTextLength: MAX_TEXT, // it takes 20,000
    quote: true,
    react: false, // no documented method
    edit: false,
    delete: false,
    typing: true,
    seesTyping: false, // no notification tells
    receipts: 'read',
    windowHours: null,
    templates: false,
    lookUp: true,
    writeFirst: true,
    files: FILES,
  }),
  routing: ({ idInstance }) => ({ routingKey: idInstance }),
  secrets: ({ webhookUrlToken }) => ({ webhookUrlToken }),
  webhookHeaders: ({ webhookUrlToken }) => ({ Authorization: `Bearer ${webhookUrlToken}` }),
  verify: isAuthentic,
  split: itemsOf,
  parse: ({ body }) => clean(eventsOf(readObject(body))),
  send,
  typing: (to, _lastInbound, config, http) => typing(to, config, http),
  markRead,
  findSent,
  fetchFile,
  names,
  namesEveryMs: 1_100, // one getGroupData a second (contract §5)
  groups,
  history,
  check,
  codeLivesMs: 20_000,
  subscribe,
  standing,
  pairingCode,
};

function eventsOf(call: object): ChannelEvent[] {
  if ((peek(call, 'instanceData', 'typeInstance') ?? 'whatsapp') !== 'whatsapp') return toForeign();
  switch (peek(call, 'typeWebhook')) {
    case 'incomingMessageReceived':
      return toMessage(call);
    case 'outgoingMessageReceived':
      return toMessage(call, 'device');
    case 'outgoingAPIMessageReceived':
      return toMessage(call, 'api');
    case 'outgoingMessageStatus':
      return toDelivery(call);
    case 'incomingCall':
      return toCall(call);
    case 'stateInstanceChanged':
      return toConnection(call, addressOf(peekName(call, 'instanceData', 'wid') ?? '')?.address);
    case GROUP_ASKED:
      return toGroup(call);
    case 'quotaExceeded':
      return toQuota(call);
    case 'incomingBlock':
      return peek(call, 'quotaData') === undefined ? [] : toQuota(call); // as older documentation has it
    default: // our own calls, the socket, the dead battery: not ours to show
      return [];
  }
}
