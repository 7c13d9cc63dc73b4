import { createHash } from 'node:crypto';
import { peek, peekName, readObject } from '../json-body';
import type { Item, WebhookCall } from '../provider';
import { peekSeconds } from '../shapes';
import { addressesOf, isGroup, isNobody } from '../whatsapp-jid';

/** One notification a call. Throws on what is no JSON object. */
export function itemsOf({ body }: WebhookCall): Item[] {
  const call = readObject(body);
  const chatId = chatIdIn(call);
  const chat = chatId === undefined ? undefined : chatIn(call, chatId);
  const at = peekSeconds(peek(call, 'timestamp'));
  return [
    {
      routingKey: routingKeyOf(call),
      key: keyOf(call, chatId, body),
      ...(chat !== undefined && { chat }),
      ...(at && { at }),
      body,
    },
  ];
}

function chatIn(call: object, chatId: string): string | undefined {
  if (isGroup(chatId)) return chatId;
  if (isNobody(chatId)) return undefined;
  const inbound = peek(call, 'typeWebhook') === 'incomingMessageReceived';
  return addressesOf([chatId, inbound ? peekName(call, 'senderData', 'sender') : undefined])[0]?.address;
}

/** A number, which with twelve digits is still a safe one; as text it is taken too. Without one it is nobody's (contract §2.2). */
function routingKeyOf(call: object): string {
  const id = peek(call, 'instanceData', 'idInstance');
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  return peekName(call, 'instanceData', 'idInstance') ?? 'none';
}

/** Of a message in `senderData`, of a status beside it, of a call the one who calls. */
const chatIdIn = (call: object) =>
  peekName(call, 'senderData', 'chatId') ?? peekName(call, 'chatId') ?? peekName(call, 'from');

/**
 * A notification is repeated until it is answered 200, and at times after that (issues 100, 541, 683). `idMessage` is unique
 * in its chat alone; what has none is known by its bytes.
 */
function keyOf(call: object, chatId: string | undefined, body: Uint8Array): string {
  const [type, id, status] = ['typeWebhook', 'idMessage', 'status'].map((name) => peek(call, name));
  if (typeof type === 'string' && typeof id === 'string' && id !== '') {
    return JSON.stringify([type, chatId ?? null, id, typeof status === 'string' ? status : null]);
  }
  return JSON.stringify([typeof type === 'string' ? type : null, createHash('sha256').update(body).digest('hex')]);
}
