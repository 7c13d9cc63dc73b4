import { createHash } from 'node:crypto';
import { peek, peekName, readObject, writeJson } from '../json-body';
import type { Item, WebhookCall } from '../provider';
import { peekSeconds } from '../shapes';
import { addressesOf, isGroup } from '../whatsapp-jid';
import { eventName } from './evolution.payloads';
import { chatOf } from './identity';

/** Events whose arrays hold things that stand alone: each becomes an item of its own. The others are read as one. */
const SEPARATE = new Set(
  'MESSAGES_UPSERT SEND_MESSAGE MESSAGES_UPDATE MESSAGES_EDITED SEND_MESSAGE_UPDATE MESSAGES_DELETE CALL'.split(' '),
);
const MESSAGES = new Set(['MESSAGES_UPSERT', 'SEND_MESSAGE']);

/** More than any server gathers: such a call stays whole, or small elements would make thousands of rows. */
const MAX_ITEMS = 1_000;

/** Cuts a call into items: one, unless its `data` is an array. Throws on what is no JSON object. */
export function itemsOf({ body }: WebhookCall): Item[] {
  const call = readObject(body);
  const data = peek(call, 'data');
  const event = eventName(peekName(call, 'event') ?? '');
  const common = { event, routingKey: peekName(call, 'instance') ?? '', own: peekName(call, 'sender') };
  const elements: unknown[] = Array.isArray(data) && SEPARATE.has(event) ? data : [];
  if (elements.length < 2 || elements.length > MAX_ITEMS) {
    const element: unknown = Array.isArray(data) ? data[0] : data;
    return [itemOf({ ...common, element, body: withoutCredential(body, peek(call, 'apikey')) })];
  }
  return elements.map((element) => itemOf({ ...common, element, body: envelopeOf(call, element) }));
}

interface Piece {
  routingKey: string;
  own: string | undefined;
  event: string;
  element: unknown;
  body: Uint8Array;
}

function itemOf(piece: Piece): Item {
  const chat = chatIn(piece);
  const at = MESSAGES.has(piece.event) ? peekSeconds(peek(piece.element, 'messageTimestamp')) : undefined;
  return {
    routingKey: piece.routingKey,
    key: keyOf(piece),
    ...(chat !== undefined && { chat }),
    ...(at && { at }),
    body: piece.body,
  };
}

/**
 * Messages and acks are known by their ids: a server that reconnects sends them again in another envelope. All else is
 * known by its bytes, which are the same in every retry: a member who joins, leaves and joins again says the same twice.
 */
function keyOf({ event, element, body }: Piece): string {
  if (MESSAGES.has(event) && typeof peek(element, 'key', 'id') === 'string') {
    const who = ['id', 'remoteJid', 'fromMe', 'participant'].map((name) => peek(element, 'key', name));
    // A message that could not be decrypted comes again under its id, with its content.
    return keyFrom([event, ...who, peek(element, 'messageType')]);
  }
  if (event === 'MESSAGES_UPDATE' && typeof peek(element, 'keyId') === 'string' && isAck(element)) {
    return keyFrom([event, ...['keyId', 'status', 'fromMe', 'participant'].map((name) => peek(element, name))]);
  }
  return keyFrom([event, createHash('sha256').update(body).digest('hex')]);
}

const isAck = (update: unknown) =>
  peek(update, 'status') != null && peek(update, 'message') == null && peek(update, 'pollUpdates') == null;

/** Anything that is no text, number or flag is broken: it counts as one and the same. */
function keyFrom(parts: unknown[]): string {
  return JSON.stringify(parts.map((part) => (part !== null && typeof part === 'object' ? {} : (part ?? null))));
}

function chatIn({ event, element, own }: Piece): string | undefined {
  switch (event) {
    case 'MESSAGES_UPSERT':
    case 'SEND_MESSAGE':
      return chatOfKey(peek(element, 'key'), own);
    case 'MESSAGES_UPDATE':
      return chatOfKey(element, own);
    case 'MESSAGES_DELETE':
      return chatOfKey(peek(element, 'key') ?? element, own);
    case 'PRESENCE_UPDATE':
    case 'GROUP_PARTICIPANTS_UPDATE':
      return chatOfKey({ remoteJid: peek(element, 'id') }, own);
    case 'CALL':
      return chatOfKey({ remoteJid: peek(element, 'chatId') ?? peek(element, 'from') }, own);
    default:
      return undefined;
  }
}

function chatOfKey(key: unknown, own: string | undefined): string | undefined {
  const remoteJid = peekName(key, 'remoteJid');
  if (remoteJid === undefined) return undefined;
  const jid = (name: string) => peekName(key, name);
  const named = {
    remoteJid,
    remoteJidAlt: jid('remoteJidAlt'),
    previousRemoteJid: jid('previousRemoteJid'),
    senderPn: jid('senderPn'),
    senderLid: jid('senderLid'),
    fromMe: peek(key, 'fromMe') === true,
  };
  if (!isGroup(remoteJid) && addressesOf(Object.values(named).filter((one) => typeof one === 'string')).length === 0)
    return undefined;
  const chat = chatOf(named, own);
  return chat.kind === 'group' ? chat.externalId : chat.addresses[0].address;
}

/** An element as a call of its own, with as much of the envelope as is short. */
function envelopeOf(call: object, element: unknown): Uint8Array {
  const [event, instance, sender, date_time] = ['event', 'instance', 'sender', 'date_time'].map((name) =>
    peekName(call, name),
  );
  return writeJson({ event, instance, data: element, sender, date_time });
}

/**
 * The call as it came, but for the credential that some servers send along (an instance's token, or with the integration
 * WHATSAPP-BUSINESS Meta's): it is blotted out in place, for rows are kept for long.
 */
function withoutCredential(body: Uint8Array, credential: unknown): Uint8Array {
  if (typeof credential !== 'string' || credential === '') return body;
  const kept = Buffer.from(body);
  const value = Buffer.from(JSON.stringify(credential));
  const written = Buffer.concat([Buffer.from('"apikey":'), value]);
  for (let at = kept.indexOf(written); at !== -1; at = kept.indexOf(written, at + written.length)) {
    kept.fill('*', at + written.length - value.length + 1, at + written.length - 1);
  }
  return kept;
}
