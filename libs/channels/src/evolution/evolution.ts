import { MAX_TEXT } from '@parley/contracts/content';
import { clean } from '../clean-text';
import { readObject } from '../json-body';
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
import { check, pairingCode, standing, subscribe } from './connect';
import { toConnection, toGone, toInstanceStatus, toLogout, toQr } from './connection';
import { EvolutionConfig } from './evolution.config';
import { each, Envelope, eventName } from './evolution.payloads';
import { fetchFile } from './files';
import { findSent } from './find-sent';
import { groups, names } from './groups';
import { history } from './history';
import { itemsOf } from './items';
import { toCall, toDeletion, toDelivery, toMessage, toProtocol } from './messages';
import { toContactName, toGroup, toParticipants, toTyping } from './people';
import { FILES, markRead, send, typing } from './send';
import { isAuthentic, SECRET_HEADER } from './verify';

type Evolution = Provider<EvolutionConfig> &
  Typing<EvolutionConfig> &
  MarkRead<EvolutionConfig> &
  FindSent<EvolutionConfig> &
  Files<EvolutionConfig> &
  Names<EvolutionConfig> &
  Groups<EvolutionConfig> &
  History<EvolutionConfig> &
  Connect<EvolutionConfig> &
  Pairing<EvolutionConfig> &
  Watch<EvolutionConfig>;

/** WhatsApp through an Evolution API server (v2, Baileys). Source: contract "Evolution API", read from the code of 2.3.7. */
export const evolution: Evolution = {
  name: 'evolution',
  channel: 'whatsapp',
  title: 'WhatsApp (Evolution API)',
  config: EvolutionConfig,
  bodyLimitBytes: 8 * 1024 * 1024, // thumbnails
  pacing: { account: { perSecond: 1, burst: 20 } }, // no limit of its own: WhatsApp bans what does not look human
  ingress: { path: 'whatsapp/evolution', by: 'token' },
  capabilities: () => ({
    maxTextLength: MAX_TEXT, // WhatsApp itself takes more
    quote: true,
    react: true,
    edit: false,
    delete: false,
    typing: true,
    seesTyping: true,
    receipts: 'read',
    windowHours: null,
    templates: false,
    lookUp: true,
    writeFirst: true,
    files: FILES,
  }),
  routing: ({ instance }) => ({ routingKey: instance }),
  secrets: ({ webhookSecret, jwtKey, apiKey, keyOpens }) => ({
    webhookSecret,
    ...(jwtKey !== undefined && { jwtKey }),
    ...(keyOpens === 'instance' && { instanceKey: apiKey }),
  }),
  webhookHeaders: ({ webhookSecret, jwtKey }) => ({
    [SECRET_HEADER]: webhookSecret,
    ...(jwtKey !== undefined && { jwt_key: jwtKey }), // taken out by the server, which sends a token made from it
  }),
  verify: isAuthentic,
  split: itemsOf,
  parse: ({ body }) => clean(eventsOf(Envelope.parse(readObject(body)))),
  send,
  typing: (to, _lastInbound, config, http) => typing(to, config, http),
  markRead,
  findSent,
  fetchFile,
  names,
  groups,
  history,
  check,
  codeLivesMs: 45_000,
  pairingCode,
  subscribe,
  standing,
};

function eventsOf({ event, data, sender }: Envelope): ChannelEvent[] {
  switch (eventName(event)) {
    case 'MESSAGES_UPSERT':
      return each(data).flatMap((one) => toMessage(one, sender));
    case 'SEND_MESSAGE':
      return each(data).flatMap((one) => toMessage(one, sender, 'api'));
    case 'MESSAGES_EDITED':
    case 'SEND_MESSAGE_UPDATE':
      return each(data).flatMap(toProtocol);
    case 'MESSAGES_DELETE':
      return each(data).flatMap(toDeletion);
    case 'MESSAGES_UPDATE':
      return each(data).flatMap(toDelivery);
    case 'CALL':
      return each(data).flatMap((one) => toCall(one, sender));
    case 'CONTACTS_UPSERT':
    case 'CONTACTS_UPDATE':
      return each(data).flatMap((one) => toContactName(one, sender));
    case 'PRESENCE_UPDATE':
      return toTyping(data, sender);
    case 'GROUPS_UPSERT':
    case 'GROUP_UPDATE':
    case 'GROUPS_UPDATE': // how the server names a change of the subject, where a version lets it through
      return each(data).flatMap(toGroup);
    case 'GROUP_PARTICIPANTS_UPDATE':
      return each(data).flatMap(toParticipants);
    case 'CONNECTION_UPDATE':
      return toConnection(data);
    case 'QRCODE_UPDATED':
      return toQr(data);
    case 'STATUS_INSTANCE':
      return toInstanceStatus(data);
    case 'LOGOUT_INSTANCE':
      return toLogout();
    case 'REMOVE_INSTANCE':
    case 'INSTANCE_DELETE':
      return toGone();
    default: // history, chats, labels, bots: not ours to show
      return [];
  }
}
